"""The workstation: the only room that knows Qt."""
