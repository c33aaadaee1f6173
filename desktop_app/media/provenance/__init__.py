"""What a file tells of its own history, apart from its picture."""

from desktop_app.media.provenance.hashes import NEAR_BITS, NearPair, near_duplicates, perceptual_distance
from desktop_app.media.provenance.reading import read_traces

__all__ = ["NEAR_BITS", "NearPair", "near_duplicates", "perceptual_distance", "read_traces"]
