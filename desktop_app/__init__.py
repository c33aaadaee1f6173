"""Cotejo: an offline desktop workstation for the forensic examination of faces in video."""

__version__ = "0.1.0"
