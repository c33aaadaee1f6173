"""Opening, hashing, indexing and exact decoding of items."""

from desktop_app.media.decode import FrameReader
from desktop_app.media.frame_index import FrameIndex
from desktop_app.media.item import MediaItem, open_item
from desktop_app.media.source import hash_file

__all__ = ["FrameIndex", "FrameReader", "MediaItem", "hash_file", "open_item"]
