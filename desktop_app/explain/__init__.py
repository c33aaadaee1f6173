"""Why a model scored a face as it did, and how far the answer can be trusted."""

from desktop_app.explain.faithfulness import Deletion, deletion
from desktop_app.explain.gradcam import METHOD, METHODS, TARGETS, GradCam, explain_face, explain_targets
from desktop_app.explain.layers import Layer, list_layers
from desktop_app.explain.overlay import colour_map, render_overlay
from desktop_app.explain.regions import REGIONS, RegionShare, attention_shares, region_map

__all__ = [
    "METHOD",
    "METHODS",
    "REGIONS",
    "TARGETS",
    "Deletion",
    "GradCam",
    "Layer",
    "RegionShare",
    "attention_shares",
    "colour_map",
    "deletion",
    "explain_face",
    "explain_targets",
    "list_layers",
    "region_map",
    "render_overlay",
]
