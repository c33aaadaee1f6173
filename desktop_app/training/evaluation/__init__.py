"""Evaluation of a model on labelled items: what is measured, under which conditions, and how it is shown."""
