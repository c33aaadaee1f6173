"""What cameras, phones and platforms do to a face, at random."""

from dataclasses import dataclass

import cv2
import numpy as np

from desktop_app.domain import UInt8Array
from desktop_app.domain.base import check_probability, require

Rng = np.random.Generator


@dataclass(frozen=True, slots=True)
class AugmentSpec:
    """Strengths and probabilities of the augmentation.

    Args:
        scale: Largest relative change of the crop's side.
        shift: Largest shift of the crop, share of its side.
        rotate_deg: Largest rotation.
        colour: Probability of a change of brightness, contrast, saturation and hue.
        downscale: Probability of a loss of resolution.
        blur, noise, jpeg: Probabilities of blur, sensor noise and JPEG compression.
        jpeg_quality: Lowest and highest quality.
    """

    scale: float = 0.12
    shift: float = 0.05
    rotate_deg: float = 8.0
    colour: float = 0.5
    downscale: float = 0.35
    blur: float = 0.1
    noise: float = 0.15
    jpeg: float = 0.8
    jpeg_quality: tuple[float, float] = (35.0, 95.0)

    def __post_init__(self) -> None:
        for name in ("colour", "downscale", "blur", "noise", "jpeg"):
            check_probability(name, getattr(self, name))
        low, high = self.jpeg_quality
        require(1 <= low <= high <= 100, f"jpeg_quality: expected 1 <= low <= high <= 100, got {self.jpeg_quality}")
        require(0 <= self.scale < 1, f"scale: expected a value in [0, 1), got {self.scale}")


def render_crop(image: UInt8Array, nominal: float, size_px: int, spec: AugmentSpec | None, rng: Rng) -> UInt8Array:
    """Cut the crop rule's square out of a training image, jittered, mirrored and turned when `spec` is given.

    Args:
        image: (H, W, 3) uint8 RGB, the face in its centre.
        nominal: Share of the image's side that the crop rule takes.
        size_px: Side of the result.
        spec: Strengths; None cuts the exact square.
        rng: Source of randomness.

    Returns:
        (size_px, size_px, 3) uint8 RGB.
    """
    height, width = image.shape[:2]
    side = nominal * min(height, width)
    angle, scale, dx, dy, flip = 0.0, 1.0, 0.0, 0.0, 1.0
    if spec is not None:
        angle = rng.uniform(-spec.rotate_deg, spec.rotate_deg)
        scale = 1.0 + rng.uniform(-spec.scale, spec.scale)
        dx, dy = (float(v) * side for v in rng.uniform(-spec.shift, spec.shift, 2))
        flip = rng.choice([-1.0, 1.0])
    zoom = size_px / (side * scale)
    if zoom < 0.7:
        # an affine warp samples points: shrink by area first, or fine detail aliases
        short = min(height, width)
        small = max(size_px, round(short * zoom))
        size = (round(width * small / short), round(height * small / short))
        image = np.asarray(cv2.resize(image, size, interpolation=cv2.INTER_AREA), dtype=np.uint8)
        dx, dy, zoom = dx * small / short, dy * small / short, zoom * short / small
        width, height = size
    matrix = cv2.getRotationMatrix2D((width / 2 + dx, height / 2 + dy), angle, zoom)
    matrix[0, 2] += size_px / 2 - (width / 2 + dx)
    matrix[1, 2] += size_px / 2 - (height / 2 + dy)
    if flip < 0:
        matrix[0] = -matrix[0]
        matrix[0, 2] += size_px
    how = cv2.INTER_LINEAR if zoom < 1 else cv2.INTER_CUBIC
    warped = cv2.warpAffine(image, matrix, (size_px, size_px), flags=how, borderMode=cv2.BORDER_REFLECT_101)
    return np.asarray(warped, dtype=np.uint8)


def change_colour(image: UInt8Array, rng: Rng, strength: float = 1.0) -> UInt8Array:
    """Change brightness, contrast, saturation, hue and white balance.

    Args:
        image: (H, W, 3) uint8 RGB.
        rng: Source of randomness.
        strength: 1 is what cameras differ by.
    """
    x = image.astype(np.float32)
    gain = 1 + rng.uniform(-0.2, 0.2) * strength
    balance = 1 + rng.uniform(-0.06, 0.06, 3).astype(np.float32) * strength
    mean = x.mean()
    x = (x - mean) * (1 + rng.uniform(-0.2, 0.2) * strength) + mean * gain
    grey = x.mean(axis=2, keepdims=True)
    x = (grey + (x - grey) * (1 + rng.uniform(-0.3, 0.3) * strength)) * balance
    return np.asarray(np.clip(x, 0, 255), dtype=np.uint8)


def lose_resolution(image: UInt8Array, rng: Rng, low: float = 0.3) -> UInt8Array:
    """Shrink and enlarge again by random methods."""
    size = image.shape[0]
    small = max(8, int(size * rng.uniform(low, 0.9)))
    how = int(rng.choice([cv2.INTER_AREA, cv2.INTER_LINEAR, cv2.INTER_CUBIC]))
    shrunk = cv2.resize(image, (small, small), interpolation=how)
    back = int(rng.choice([cv2.INTER_LINEAR, cv2.INTER_CUBIC]))
    return np.asarray(cv2.resize(shrunk, (size, size), interpolation=back), dtype=np.uint8)


def compress_jpeg(image: UInt8Array, quality: int) -> UInt8Array:
    """JPEG round trip.

    Args:
        image: (H, W, 3) uint8 RGB.
        quality: 1 to 100.
    """
    _, data = cv2.imencode(".jpg", image[:, :, ::-1], [cv2.IMWRITE_JPEG_QUALITY, quality])
    decoded = cv2.imdecode(data, cv2.IMREAD_COLOR)
    if decoded is None:
        raise ValueError("a JPEG that was just written does not decode")
    return np.ascontiguousarray(decoded[:, :, ::-1], dtype=np.uint8)


def degrade(image: UInt8Array, spec: AugmentSpec, rng: Rng) -> UInt8Array:
    """Colour, resolution, blur, noise and compression, each with its probability.

    Args:
        image: (S, S, 3) uint8 RGB.
        spec: Strengths and probabilities.
        rng: Source of randomness.
    """
    if rng.random() < spec.colour:
        image = change_colour(image, rng)
    if rng.random() < spec.downscale:
        image = lose_resolution(image, rng)
    if rng.random() < spec.blur:
        image = np.asarray(cv2.GaussianBlur(image, (0, 0), float(rng.uniform(0.4, 1.4))), dtype=np.uint8)
    if rng.random() < spec.noise:
        noise = rng.standard_normal(image.shape, dtype=np.float32) * rng.uniform(1, 8)
        image = np.clip(image + noise, 0, 255).astype(np.uint8)
    if rng.random() < spec.jpeg:
        low, high = spec.jpeg_quality
        image = compress_jpeg(image, int(rng.uniform(low, high)))
    return image
