"""Forgeries for training, made of genuine photographs.

A face, changed in colour, sharpness, expression or identity, is blended into a photograph through a soft mask. What a
network can learn from it is the seam and the disagreement of two pictures, which manipulations share: self-blended
images after Shiohara and Yamasaki (CVPR 2022), cross-identity blends after Li et al. (face X-ray, CVPR 2020), and
imitations of what reenactment and generators leave behind.
"""

from dataclasses import dataclass, replace

import cv2
import numpy as np

from desktop_app.domain import UInt8Array
from desktop_app.domain.base import check_probability, require
from desktop_app.training import inserts
from desktop_app.training.augment import Rng
from desktop_app.training.manifest import Sample
from desktop_app.training.masks import (
    PARTS,
    FaceFrame,
    Points,
    deform,
    face_frame,
    part_contour,
    soft_mask,
    usual_landmarks,
)
from desktop_app.training.partners import adapt, is_alike, lay_over

MAX_TRIES = 4
# Two different faces show through each other where neither is opaque; a weak reenactment is none.
_LEAST_OPACITY = {"self": 0.0, "reenact": 0.5, "resynth": 0.5, "cross": 0.75}
_LARGEST_TURN = 0.35
# The inner face in its own frame.
_EXTENT = ((-0.8, -0.4), (0.8, -0.4), (0.8, 1.4), (-0.8, 1.4))
# How often each of PARTS is what a kind of forgery replaces.
_REENACTED = (0.2, 0.0, 0.4, 0.4, 0.0, 0.0)
_GENERATED = (0.6, 0.2, 0.1, 0.1, 0.0, 0.0)
_SWAPPED = (0.94, 0.0, 0.0, 0.06, 0.0, 0.0)


@dataclass(frozen=True, slots=True)
class BlendSpec:
    """Which forgeries are made, and how strong they are.

    Args:
        self_blend, reenact, resynth: Weights of the kinds that need one photograph: a blend of it with itself; mouth,
            jaw or brows moved; the face redrawn as smoothly as a generator does.
        cross: Share of forgeries for which the caller should look for a partner; with a partner the face is his.
        parts: Weights of whole face, head, lower face, mouth, eyes and nose in self-blends.
        opacities: The blending ratios, one of which is drawn.
        target: Probability that a self-blend changes the picture instead of the face that is pasted into it.
        shift: Largest shift of the pasted face, share of the distance of eyes and mouth.
        zoom: Largest relative change of its size.
        colour: Strength of its change of colour; 1 is as published.
        expression: Largest displacement of a reenactment, share of the distance of eyes and mouth.
        elastic: Deformation of the mask, likewise.
        feather: Least and largest softening of the mask's edge, likewise.
        seamless: Share of cross blends whose gradients are blended (Poisson) instead of their colours.
        min_trace: Least mean difference of pasted and covered pixels in grey levels; below it the forgery is redrawn.
    """

    self_blend: float = 0.55
    reenact: float = 0.25
    resynth: float = 0.2
    cross: float = 0.2
    parts: tuple[float, float, float, float, float, float] = (0.5, 0.08, 0.14, 0.12, 0.1, 0.06)
    opacities: tuple[float, ...] = (0.25, 0.5, 0.75, 1.0, 1.0, 1.0)
    target: float = 0.5
    shift: float = 0.05
    zoom: float = 0.05
    colour: float = 1.0
    expression: float = 0.12
    elastic: float = 0.12
    feather: tuple[float, float] = (0.015, 0.12)
    seamless: float = 0.1
    min_trace: float = 1.5

    def __post_init__(self) -> None:
        kinds = (self.self_blend, self.reenact, self.resynth)
        for name, weights in (("self_blend, reenact, resynth", kinds), ("parts", self.parts)):
            require(min(weights) >= 0 < sum(weights), f"{name}: expected weights >= 0, not all 0, got {weights}")
        for name in ("cross", "target", "seamless"):
            check_probability(name, getattr(self, name))
        require(len(self.opacities) > 0, "opacities: expected at least one")
        require(all(0 < o <= 1 for o in self.opacities), f"opacities: expected values in (0, 1], got {self.opacities}")
        for name in ("shift", "zoom", "expression", "elastic"):
            value = getattr(self, name)
            require(0 <= value <= 0.5, f"{name}: expected a value in [0, 0.5], got {value}")
        low, high = self.feather
        require(0 < low <= high <= 0.5, f"feather: expected 0 < low <= high <= 0.5, got {self.feather}")
        require(self.colour >= 0, f"colour: expected a value >= 0, got {self.colour}")
        require(self.min_trace >= 0, f"min_trace: expected a value >= 0, got {self.min_trace}")


@dataclass(frozen=True, slots=True, eq=False)
class Forgery:
    """A forged picture and how it came about.

    Args:
        image: (H, W, 3) uint8 RGB.
        mask: (H, W) uint8, how much of each pixel was replaced.
        kind: ``"self"``, ``"reenact"``, ``"resynth"`` or ``"cross"``.
    """

    image: UInt8Array
    mask: UInt8Array
    kind: str


def forge(
    image: UInt8Array,
    sample: Sample,
    face_share: float,
    partner: tuple[UInt8Array, Sample] | None,
    rng: Rng,
    spec: BlendSpec,
) -> Forgery:
    """Make a forgery of a genuine photograph.

    Args:
        image: (H, W, 3) uint8 RGB, the picture of `sample` in its own pixels.
        sample: Its landmarks place the mask; without them the face is taken to be in the middle.
        face_share: Longer side of the face's box, share of the image's shorter side; for a sample without landmarks.
        partner: Picture and sample of a similar face of another person, see `PartnerIndex`; its face is pasted in.
            None makes the forgery of `image` alone.
        rng: Source of randomness.
        spec: Which forgeries, how strong.
    """
    height, width = image.shape[:2]
    points = usual_landmarks(height, width, face_share) if sample.landmarks is None else np.array(sample.landmarks)
    frame = face_frame(points)
    laid = None if partner is None or sample.landmarks is None else _laid_partner(image, partner, points, frame)
    weights = np.array([spec.self_blend, spec.reenact, spec.resynth])
    kind = "cross" if laid is not None else str(rng.choice(["self", "reenact", "resynth"], p=weights / weights.sum()))
    laid = image if laid is None else laid
    for _ in range(MAX_TRIES):
        result, trace = _blend(image, laid, frame, kind, rng, spec)
        if trace >= spec.min_trace:
            break
    return result


def _laid_partner(
    image: UInt8Array, partner: tuple[UInt8Array, Sample], points: Points, frame: FaceFrame
) -> UInt8Array | None:
    """The partner's face in its place, or None where it cannot be placed or would show at a glance."""
    # the outline of a face that is turned away is another with every person
    if partner[1].landmarks is None or abs(frame.turn) > _LARGEST_TURN:
        return None
    height, width = image.shape[:2]
    laid = lay_over(partner[0], np.array(partner[1].landmarks), points, (width, height))
    left, top, wide, high = cv2.boundingRect(np.round(frame.to_image(np.array(_EXTENT))).astype(np.int32))
    area = np.s_[max(0, top) : max(0, top + high), max(0, left) : max(0, left + wide)]
    return laid if is_alike(laid, image, area) else None


def _blend(
    image: UInt8Array, laid: UInt8Array, frame: FaceFrame, kind: str, rng: Rng, spec: BlendSpec
) -> tuple[Forgery, float]:
    """One try, and the mean difference of what was pasted and what it covers, in grey levels."""
    mask = _random_mask(image.shape[0], image.shape[1], frame, kind, rng, spec)
    x, y, w, h = cv2.boundingRect(mask)
    if w == 0 or h == 0:
        return Forgery(image, mask, kind), 0.0
    # all that follows happens in the part of the picture that the mask touches
    pad = int(2 * spec.shift * frame.unit_px) + 8
    area = np.s_[max(0, y - pad) : y + h + pad, max(0, x - pad) : x + w + pad]
    local = replace(frame, origin=frame.origin - (area[1].start, area[0].start))
    is_target = kind == "self" and rng.random() < spec.target
    source = _insert(laid[area], image[area], mask[area], local, "still" if is_target else kind, rng, spec)
    target = _self_change(image, rng, spec) if is_target else image.copy()
    if kind == "cross" and rng.random() < spec.seamless:
        source = _blend_gradients(source, target[area], mask[area])
    opacity = float(rng.choice([o for o in spec.opacities if o >= _LEAST_OPACITY[kind]] or [1.0]))
    alpha = mask[area].astype(np.float32) * np.float32(opacity / 255)
    blended = np.asarray(cv2.blendLinear(source, target[area], alpha, 1 - alpha), dtype=np.uint8)
    trace = opacity * cv2.norm(blended, target[area], cv2.NORM_L1) / (3 * max(float(alpha.sum()), 1.0))
    target[area] = blended
    return Forgery(target, np.asarray(np.round(mask * opacity), dtype=np.uint8), kind), trace


def _random_mask(height: int, width: int, frame: FaceFrame, kind: str, rng: Rng, spec: BlendSpec) -> UInt8Array:
    weights = {"self": spec.parts, "reenact": _REENACTED, "resynth": _GENERATED, "cross": _SWAPPED}[kind]
    part = str(rng.choice(PARTS, p=np.array(weights) / sum(weights)))
    contour = deform(part_contour(part, rng, rng.random() < 0.4), spec.elastic, rng)
    low, high = np.log(spec.feather)
    feather = float(np.exp(rng.uniform(low, high if part in ("face", "head", "lower") else (low + high) / 2)))
    return soft_mask(height, width, frame.to_image(contour), max(0.6, feather * frame.unit_px), rng)


def _insert(
    laid: UInt8Array, covered: UInt8Array, mask: UInt8Array, frame: FaceFrame, kind: str, rng: Rng, spec: BlendSpec
) -> UInt8Array:
    """What is pasted, already in its place."""
    if kind == "cross":
        source = adapt(laid, covered, mask, rng)
        return inserts.resynthesise(source, rng) if rng.random() < 0.4 else source
    if kind == "reenact":
        source = inserts.change_expression(laid, frame, spec.expression, rng)
        source = inserts.shift_colour(source, rng, 0.3 * spec.colour)
        return inserts.resynthesise(source, rng) if rng.random() < 0.7 else source
    if kind == "resynth":
        # a generator also draws what it understood of the face, not quite the face
        seen = inserts.change_expression(laid, frame, 0.5 * spec.expression, rng) if rng.random() < 0.5 else laid
        source = inserts.resynthesise(seen, rng)
        source = inserts.shift_colour(source, rng, 0.4 * spec.colour)
        return inserts.nudge(source, 0.4 * spec.shift * frame.unit_px, 0.4 * spec.zoom, rng)
    source = _self_change(laid, rng, spec) if kind == "self" else laid
    return inserts.nudge(source, spec.shift * frame.unit_px, spec.zoom, rng)


def _self_change(image: UInt8Array, rng: Rng, spec: BlendSpec) -> UInt8Array:
    """Colour, sharpness or both."""
    way = rng.integers(3)
    if way != 1:
        image = inserts.shift_colour(image, rng, spec.colour)
    return inserts.change_sharpness(image, rng) if way != 0 else image.copy()


def _blend_gradients(source: UInt8Array, target: UInt8Array, mask: UInt8Array) -> UInt8Array:
    inside = np.asarray(mask > 127, dtype=np.uint8) * np.uint8(255)
    inside[[0, -1]] = 0
    inside[:, [0, -1]] = 0
    x, y, w, h = cv2.boundingRect(inside)
    if w < 8 or h < 8:
        return source
    cloned = cv2.seamlessClone(source, target, inside, (x + w // 2, y + h // 2), cv2.NORMAL_CLONE)
    return np.asarray(cloned, dtype=np.uint8)
