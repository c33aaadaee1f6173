"""Opening, hashing, indexing and exact decoding of items."""

from desktop_app.media.decode import FrameReader
from desktop_app.media.frame_index import FrameIndex
from desktop_app.media.item import MediaItem, open_item

__all__ = ["FrameIndex", "FrameReader", "MediaItem", "open_item"]
