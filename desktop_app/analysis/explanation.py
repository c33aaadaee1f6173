"""Heatmaps on demand."""

from desktop_app.analysis.session import get_detector
from desktop_app.domain import FramePrediction, Heatmap
from desktop_app.explain import explain_face
from desktop_app.media import FrameReader, MediaItem


class ExplainSession:
    """Heatmaps of one model, the last item kept open. For one thread at a time.

    Args:
        model_id: The model.
        device: As in `detectors.pick_device`.

    Raises:
        ModelError: The model cannot be used.
        DeviceError: The device is not there.
    """

    def __init__(self, model_id: str, device: str = "auto") -> None:
        self._detector = get_detector(model_id, device, "heatmaps")
        self._item: MediaItem | None = None
        self._reader: FrameReader | None = None

    def heatmap(
        self,
        item: MediaItem,
        frame_index: int,
        face: FramePrediction,
        target: str = "predicted",
        layer: str | None = None,
    ) -> Heatmap:
        """Where the model looked in a face.

        Args:
            item: The opened item.
            frame_index: The frame.
            face: The person and the box in that frame.
            target: ``"predicted"``, ``"genuine"`` or ``"fake"``.
            layer: Dotted name; None is the architecture's own choice.

        Raises:
            InputError: Unknown target or layer, or the file changed or does not decode there.
            ModelError: The model cannot be explained.
        """
        frame = self._open(item).frame_at(frame_index)
        return explain_face(self._detector, frame.image, face.box_xyxy, frame_index, face.track_id, target, layer)

    def close(self) -> None:
        """Release the file."""
        if self._reader is not None:
            self._reader.close()
        self._reader = self._item = None

    def _open(self, item: MediaItem) -> FrameReader:
        if self._reader is None or self._item is not item:
            self.close()
            self._reader, self._item = FrameReader(item), item
        return self._reader
