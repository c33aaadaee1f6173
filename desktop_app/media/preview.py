"""A small picture of an item, to be kept with it: it shows the item also where the file is away."""

import cv2
import numpy as np

from desktop_app.domain import UInt8Array
from desktop_app.errors import InputError
from desktop_app.media.decode import FrameReader
from desktop_app.media.item import MediaItem

HEIGHT_PX = 128
_QUALITY = 80


def preview_of(item: MediaItem) -> bytes | None:
    """The middle frame as a JPEG of `HEIGHT_PX` pixels, None where it does not decode.

    Args:
        item: The item.
    """
    try:
        with FrameReader(item) as reader:
            image = reader.frame_at(len(item.index) // 2).image
    except InputError:
        return None
    return _encode(image)


def _encode(image: UInt8Array) -> bytes | None:
    height, width = image.shape[:2]
    size = (max(1, round(width * HEIGHT_PX / height)), HEIGHT_PX)
    small = cv2.resize(image, size, interpolation=cv2.INTER_AREA)
    done, data = cv2.imencode(".jpg", cv2.cvtColor(small, cv2.COLOR_RGB2BGR), [cv2.IMWRITE_JPEG_QUALITY, _QUALITY])
    return np.asarray(data).tobytes() if done else None
