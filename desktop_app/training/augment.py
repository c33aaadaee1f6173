"""What cameras, phones and platforms do to a face, at random."""

from dataclasses import dataclass

import cv2
import numpy as np

from desktop_app.domain import UInt8Array
from desktop_app.domain.base import check_probability, require
from desktop_app.media.roundtrip import compress_h264

Rng = np.random.Generator


@dataclass(frozen=True, slots=True)
class AugmentSpec:
    """Strengths and probabilities of the augmentation.

    The first ten are what recipes have always had; the others are off unless a recipe asks for them.

    Args:
        scale: Largest relative change of the crop's side.
        shift: Largest shift of the crop, share of its side.
        rotate_deg: Largest rotation.
        colour: Probability of a change of brightness, contrast, saturation and hue.
        downscale: Probability of a loss of resolution.
        blur, noise, jpeg: Probabilities of blur, even noise and JPEG compression.
        jpeg_quality: Lowest and highest quality.
        flip: Probability of mirroring.
        brightness: Largest relative change of brightness, of every image.
        gamma: Probability of another gamma, 0.7 to 1.4.
        downscale_least: Smallest share of the side that a loss of resolution leaves.
        sharpen: Probability of sharpening, so that a sharpened photograph alone is no sign of a forgery.
        motion_blur: Probability of blur in one direction.
        sensor_noise: Probability of a sensor's noise: more in the dark than even noise has, and blotches of colour.
        jpeg_twice: Probability that a second JPEG compression follows the first, on another grid of blocks.
        h264: Probability of H.264 compression, before or after JPEG.
        h264_crf: Lowest and highest constant rate factor.
        erase: Probability that a rectangle is filled with noise (random erasing, Zhong et al. 2020).
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
    flip: float = 0.5
    brightness: float = 0.0
    gamma: float = 0.0
    downscale_least: float = 0.3
    sharpen: float = 0.0
    motion_blur: float = 0.0
    sensor_noise: float = 0.0
    jpeg_twice: float = 0.0
    h264: float = 0.0
    h264_crf: tuple[float, float] = (18.0, 40.0)
    erase: float = 0.0

    def __post_init__(self) -> None:
        for name in ("colour", "downscale", "blur", "noise", "jpeg", "flip", "gamma", "motion_blur", "sensor_noise"):
            check_probability(name, getattr(self, name))
        for name in ("sharpen", "jpeg_twice", "h264", "erase"):
            check_probability(name, getattr(self, name))
        low, high = self.jpeg_quality
        require(1 <= low <= high <= 100, f"jpeg_quality: expected 1 <= low <= high <= 100, got {self.jpeg_quality}")
        low, high = self.h264_crf
        require(0 <= low <= high <= 51, f"h264_crf: expected 0 <= low <= high <= 51, got {self.h264_crf}")
        for name in ("scale", "shift", "brightness"):
            value = getattr(self, name)
            require(0 <= value < 1, f"{name}: expected a value in [0, 1), got {value}")
        least = self.downscale_least
        require(0 < least <= 0.9, f"downscale_least: expected a value in (0, 0.9], got {least}")


def render_crop(image: UInt8Array, nominal: float, size_px: int, spec: AugmentSpec | None, rng: Rng) -> UInt8Array:
    """Cut the crop rule's square out of a training image, jittered, mirrored and turned when `spec` is given.

    Args:
        image: (H, W, 3) uint8 RGB, the face in its centre.
        nominal: Share of the image's side that the crop rule takes; what lies beyond the image repeats its border.
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
        flip = -1.0 if rng.random() < spec.flip else 1.0
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
    warped = cv2.warpAffine(image, matrix, (size_px, size_px), flags=how, borderMode=cv2.BORDER_REPLICATE)
    return np.asarray(warped, dtype=np.uint8)


def change_colour(image: UInt8Array, rng: Rng, strength: float = 1.0) -> UInt8Array:
    """Change brightness, contrast, saturation, hue and white balance.

    Args:
        image: (H, W, 3) uint8 RGB.
        rng: Source of randomness.
        strength: 1 is what cameras differ by.
    """
    gain = 1 + rng.uniform(-0.2, 0.2) * strength
    balance = 1 + rng.uniform(-0.06, 0.06, 3) * strength
    contrast = 1 + rng.uniform(-0.2, 0.2) * strength
    saturation = 1 + rng.uniform(-0.3, 0.3) * strength
    # all of them are affine in RGB: one pass
    grey = np.full((3, 3), 1 / 3)
    linear = balance[:, None] * (grey + (np.eye(3) - grey) * saturation) * contrast
    offset = balance * float(np.mean(cv2.mean(image)[:3])) * (gain - contrast)
    return np.asarray(cv2.transform(image, np.column_stack([linear, offset])), dtype=np.uint8)


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


def change_gamma(image: UInt8Array, rng: Rng) -> UInt8Array:
    """Another gamma, 0.7 to 1.4."""
    curve = np.arange(256) / 255
    table = np.round(255 * curve ** np.exp(rng.uniform(np.log(0.7), np.log(1.4)))).astype(np.uint8)
    return np.asarray(cv2.LUT(image, table), dtype=np.uint8)


def sharpen(image: UInt8Array, rng: Rng) -> UInt8Array:
    """Unsharp mask, as cameras and platforms apply it."""
    soft = cv2.GaussianBlur(image, (0, 0), float(rng.uniform(0.7, 1.8)))
    amount = rng.uniform(0.3, 1.2)
    return np.asarray(cv2.addWeighted(image, 1 + amount, soft, -amount, 0), dtype=np.uint8)


def blur_motion(image: UInt8Array, rng: Rng) -> UInt8Array:
    """Blur along a line of 3 to 9 pixels in any direction."""
    half, angle = rng.uniform(1.0, 4.0), rng.uniform(0, np.pi)
    size = 2 * int(np.ceil(half)) + 1
    end = 16 * half * np.array([np.cos(angle), np.sin(angle)])
    centre = 16 * (size // 2)
    kernel = np.zeros((size, size), np.uint8)
    first, last = (tuple(np.round(centre + sign * end).astype(int).tolist()) for sign in (-1, 1))
    cv2.line(kernel, first, last, 255, 1, cv2.LINE_AA, 4)
    weights = kernel.astype(np.float32) / max(float(kernel.sum()), 1.0)
    return np.asarray(cv2.filter2D(image, -1, weights), dtype=np.uint8)


def add_sensor_noise(image: UInt8Array, rng: Rng) -> UInt8Array:
    """Noise of the brightness that falls with it, and coarser noise of the colours."""
    height, width = image.shape[:2]
    luma = rng.standard_normal((height, width), dtype=np.float32) * np.float32(rng.uniform(1, 7))
    coarse = rng.standard_normal((max(1, height // 3), max(1, width // 3), 3), dtype=np.float32)
    chroma = cv2.resize(coarse * np.float32(rng.uniform(1, 7)), (width, height), interpolation=cv2.INTER_LINEAR)
    strength = np.sqrt(1.25 - image.mean(axis=2, dtype=np.float32) / 255)
    noisy = image + (luma * strength)[:, :, None] + chroma
    return np.asarray(np.clip(noisy, 0, 255), dtype=np.uint8)


def compress_unaligned(image: UInt8Array, quality: int, rng: Rng) -> UInt8Array:
    """JPEG round trip whose blocks begin anywhere, as after a crop of a compressed picture."""
    top, left = (int(v) for v in rng.integers(0, 8, 2))
    moved = np.asarray(cv2.copyMakeBorder(image, top, 0, left, 0, cv2.BORDER_REFLECT_101), dtype=np.uint8)
    return np.ascontiguousarray(compress_jpeg(moved, quality)[top:, left:])


def erase_patch(image: UInt8Array, rng: Rng) -> UInt8Array:
    """Fill a rectangle of 2 to 15 % of the area with noise."""
    height, width = image.shape[:2]
    area, ratio = rng.uniform(0.02, 0.15), np.exp(rng.uniform(-1, 1))
    h, w = (max(1, int(n * np.sqrt(area * r))) for n, r in ((height, ratio), (width, 1 / ratio)))
    top, left = int(rng.integers(0, height - h + 1)), int(rng.integers(0, width - w + 1))
    result = image.copy()
    result[top : top + h, left : left + w] = rng.integers(0, 256, (h, w, 3), dtype=np.uint8)
    return result


def degrade(image: UInt8Array, spec: AugmentSpec, rng: Rng) -> UInt8Array:
    """Colour, resolution, blur, noise and compression, each with its probability.

    Args:
        image: (S, S, 3) uint8 RGB.
        spec: Strengths and probabilities.
        rng: Source of randomness.
    """
    if spec.brightness:
        image = np.asarray(cv2.convertScaleAbs(image, alpha=1 + rng.uniform(-1, 1) * spec.brightness), dtype=np.uint8)
    if rng.random() < spec.colour:
        image = change_colour(image, rng)
    # what is off draws nothing, so that recipes without it see the images they always saw
    if spec.gamma and rng.random() < spec.gamma:
        image = change_gamma(image, rng)
    if rng.random() < spec.downscale:
        image = lose_resolution(image, rng, spec.downscale_least)
    if rng.random() < spec.blur:
        image = np.asarray(cv2.GaussianBlur(image, (0, 0), float(rng.uniform(0.4, 1.4))), dtype=np.uint8)
    if spec.sharpen and rng.random() < spec.sharpen:
        image = sharpen(image, rng)
    if spec.motion_blur and rng.random() < spec.motion_blur:
        image = blur_motion(image, rng)
    if rng.random() < spec.noise:
        noise = rng.standard_normal(image.shape, dtype=np.float32) * np.float32(rng.uniform(1, 8))
        image = np.clip(image + noise, 0, 255).astype(np.uint8)
    if spec.sensor_noise and rng.random() < spec.sensor_noise:
        image = add_sensor_noise(image, rng)
    if spec.erase and rng.random() < spec.erase:
        image = erase_patch(image, rng)
    return _compress(image, spec, rng)


def _compress(image: UInt8Array, spec: AugmentSpec, rng: Rng) -> UInt8Array:
    is_video = bool(spec.h264) and rng.random() < spec.h264
    is_video_first = is_video and rng.random() < 0.5
    if is_video_first:
        image = compress_h264(image, round(rng.uniform(*spec.h264_crf)))
    if rng.random() < spec.jpeg:
        image = compress_jpeg(image, int(rng.uniform(*spec.jpeg_quality)))
        if spec.jpeg_twice and rng.random() < spec.jpeg_twice:
            image = compress_unaligned(image, int(rng.uniform(*spec.jpeg_quality)), rng)
    if is_video and not is_video_first:
        image = compress_h264(image, round(rng.uniform(*spec.h264_crf)))
    return image
