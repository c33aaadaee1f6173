"""The sound of an item as samples at the times of its pictures."""

from __future__ import annotations

from collections.abc import Iterator
from types import TracebackType

import av
import numpy as np
from av.audio.frame import AudioFrame
from av.audio.resampler import AudioResampler
from numpy.typing import NDArray

from desktop_app.domain import FloatArray
from desktop_app.errors import InputError
from desktop_app.files import open_read_only
from desktop_app.media.item import MediaItem
from desktop_app.media.source import open_container
from desktop_app.progress import CancelToken, Progress, ProgressFn, ignore_progress

RATE_HZ = 48_000
PEAK_RATE_HZ = 8_000
_MAX_ERRORS = 50
_SEEK_BACK_S = 0.5

SampleArray = NDArray[np.int16]


class AudioReader:
    """The first sound track of an item, decoded in order. For one thread at a time.

    Times are those of the pictures: 0.0 is the moment of the first frame, whatever the track's own start.

    Args:
        item: The item.

    Raises:
        InputError: The item holds no sound that can be decoded, or the file is gone.
    """

    def __init__(self, item: MediaItem) -> None:
        self._file = open_read_only(item.info.path)
        try:
            self._container = open_container(self._file)
        except BaseException:
            self._file.close()
            raise
        streams = [stream for stream in self._container.streams.audio if stream.codec_context is not None]
        if not streams:
            self.close()
            raise InputError("This item holds no sound that can be decoded.")
        self._stream = streams[0]
        index = item.index
        self._zero_s = float(int(index.pts[0]) * index.time_base) if index.has_pts[0] else 0.0
        self.duration_s = index.duration_s

    def __enter__(self) -> AudioReader:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, value: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    def close(self) -> None:
        """Release the file."""
        self._container.close()
        self._file.close()

    def blocks(self, start_s: float = 0.0) -> Iterator[SampleArray]:
        """Samples without a gap from a time on: where the track is silent or not yet begun, zeros.

        Args:
            start_s: Seconds from the first frame.

        Yields:
            (N, 2) int16 at `RATE_HZ`, until the end of the track.
        """
        place = round(start_s * RATE_HZ)
        for time_s, samples in self._decoded(start_s, RATE_HZ, "s16", "stereo"):
            block = samples.reshape(-1, 2)
            begin = round(time_s * RATE_HZ)
            if begin + len(block) <= place:
                continue
            if begin > place:
                # a hole is played as silence, a second at a time at most, so that the sound stays with the pictures
                yield from _silence(begin - place)
                place = begin
            block = block[place - begin :]
            place += len(block)
            yield np.ascontiguousarray(block)

    def peaks(
        self, columns: int, on_progress: ProgressFn = ignore_progress, cancel: CancelToken | None = None
    ) -> FloatArray:
        """How loud the item is through time, for drawing.

        Args:
            columns: Number of equal stretches of the item.
            on_progress: Told of seconds, stage ``"sound"``.
            cancel: Stops the work.

        Returns:
            (columns,) float32 highest absolute sample of each stretch in [0, 1]; NaN where there is no sound.

        Raises:
            Cancelled: The token was cancelled.
        """
        cancel = cancel or CancelToken()
        found = np.full(columns, np.nan, dtype=np.float32)
        scale = columns / max(self.duration_s, 1e-9)
        for time_s, samples in self._decoded(0.0, PEAK_RATE_HZ, "s16", "mono"):
            cancel.check()
            loud = np.abs(samples.reshape(-1).astype(np.float32)) / 32_768.0
            places = np.floor((time_s + np.arange(len(loud)) / PEAK_RATE_HZ) * scale).astype(np.int64)
            inside = (places >= 0) & (places < columns)
            np.fmax.at(found, places[inside], loud[inside])
            on_progress(Progress("sound", max(0, int(time_s)), int(self.duration_s)))
        return found

    def _decoded(self, start_s: float, rate_hz: int, kind: str, layout: str) -> Iterator[tuple[float, SampleArray]]:
        """(time of the first sample, samples); damaged packets are left out and played as silence by who listens."""
        if start_s > 0.0:
            self._seek(start_s)
        resampler = AudioResampler(format=kind, layout=layout, rate=rate_hz)
        errors = 0
        packets = self._container.demux(self._stream)
        while errors < _MAX_ERRORS:
            try:
                packet = next(packets, None)
                frames = packet.decode() if packet is not None else [None]
                for frame in frames:
                    for out in resampler.resample(frame):
                        yield (out.time or 0.0) - self._zero_s, _samples(out)
                if packet is None:
                    return
            except (av.FFmpegError, OSError):
                errors += 1
            except ValueError:
                # rate or layout changed on the way
                errors += 1
                resampler = AudioResampler(format=kind, layout=layout, rate=rate_hz)

    def _seek(self, start_s: float) -> None:
        base = self._stream.time_base
        if base is None:
            return
        stamp = round((start_s + self._zero_s - _SEEK_BACK_S) / float(base))
        try:
            self._container.seek(stamp, stream=self._stream, backward=True)
        except (av.FFmpegError, OSError):
            # decoding from the start is slow but right
            self._container.seek(0)


def _samples(frame: AudioFrame) -> SampleArray:
    return np.asarray(frame.to_ndarray(), dtype=np.int16)


def _silence(samples: int) -> Iterator[SampleArray]:
    while samples > 0:
        count = min(samples, RATE_HZ)
        yield np.zeros((count, 2), dtype=np.int16)
        samples -= count
