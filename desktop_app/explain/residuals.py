"""Pictures of what the eye does not see in a frame: compression and noise. No verdict lies in them."""

import cv2
import numpy as np

from desktop_app.domain import UInt8Array

JPEG_QUALITY = 90
GAIN_ERROR = 20.0
GAIN_NOISE = 8.0


def error_level(image: UInt8Array, quality: int = JPEG_QUALITY, gain: float = GAIN_ERROR) -> UInt8Array:
    """Error level analysis (Krawetz, "A Picture's Worth", 2007): difference to the same picture as a JPEG, amplified.

    Parts of another compression history may stand out, and so do edges and texture of any picture. Frames of a video
    were compressed in another way already, so that it says less there than of photographs.

    Args:
        image: (H, W, 3) uint8 RGB.
        quality: Of the JPEG.
        gain: Factor of the difference.

    Returns:
        (H, W, 3) uint8 RGB.
    """
    _, data = cv2.imencode(".jpg", cv2.cvtColor(image, cv2.COLOR_RGB2BGR), [cv2.IMWRITE_JPEG_QUALITY, quality])
    again = np.asarray(cv2.imdecode(data, cv2.IMREAD_COLOR), dtype=np.uint8)[:, :, ::-1]
    return np.asarray(cv2.convertScaleAbs(cv2.absdiff(image, again), alpha=gain), dtype=np.uint8)


def noise_residual(image: UInt8Array, gain: float = GAIN_NOISE) -> UInt8Array:
    """What a median of 3 x 3 pixels takes away, amplified about mid grey: grain, and the lack of it.

    Args:
        image: (H, W, 3) uint8 RGB.
        gain: Factor of the difference.

    Returns:
        (H, W, 3) uint8 RGB.
    """
    difference = image.astype(np.int16) - cv2.medianBlur(image, 3)
    return np.asarray(np.clip(128.0 + gain * difference, 0, 255), dtype=np.uint8)
