"""Why a model scored a face as it did."""

from desktop_app.explain.gradcam import METHOD, TARGETS, GradCam, explain_face, explain_targets
from desktop_app.explain.overlay import colour_map, render_overlay

__all__ = ["METHOD", "TARGETS", "GradCam", "colour_map", "explain_face", "explain_targets", "render_overlay"]
