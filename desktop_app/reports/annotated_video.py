"""The item's frames with boxes and scores, as a video with the item's timing and its sound."""

from __future__ import annotations

import itertools
import logging
import time
from collections.abc import Iterator
from dataclasses import dataclass
from fractions import Fraction
from pathlib import Path

import av
import numpy as np
from av.audio.codeccontext import AudioCodecContext
from av.audio.frame import AudioFrame
from av.audio.resampler import AudioResampler
from av.audio.stream import AudioStream
from av.container import InputContainer, OutputContainer
from av.packet import Packet
from av.stream import Discard
from av.video.reformatter import ColorRange, Colorspace
from av.video.stream import VideoStream

from desktop_app.domain import AnalysisResult, Frame, UInt8Array
from desktop_app.errors import CaseError, InputError
from desktop_app.files import replacing
from desktop_app.progress import CancelToken, Progress, ProgressFn, ignore_progress
from desktop_app.reports.marks import FrameMarker

FALLBACK_TIME_BASE = Fraction(1, 90_000)
FALLBACK_RATE = Fraction(25)
MAX_DENOMINATOR = 1_000_000
PROGRESS_EVERY_S = 0.05
MAX_READ_ERRORS = 16
# what MP4 holds and players expect there; these four also need the decoder's settings that raw streams do not carry
COPIED_CODECS = frozenset({"aac", "mp3", "ac3", "alac", "opus", "flac"})
_NEEDS_SETTINGS = frozenset({"aac", "alac", "opus", "flac"})
AAC_RATES_HZ = (8000, 11025, 12000, 16000, 22050, 24000, 32000, 44100, 48000)
# a decoder needs some packets from before a cut; the file's edit list keeps them from being heard
PREROLL_S = 0.1
_BT709 = 1

_log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True, eq=False)
class Sound:
    """Where an annotated video takes its sound from.

    Args:
        container: The item, opened anew at its start; stays the caller's to close.
        origin_s: Time of the item's first frame by the container's clock.
    """

    container: InputContainer
    origin_s: float


def write_annotated_video(
    result: AnalysisResult,
    frames: Iterator[Frame],
    path: Path,
    language: str = "en",
    on_progress: ProgressFn = ignore_progress,
    cancel: CancelToken | None = None,
    sound: Sound | None = None,
    pixel_aspect: Fraction = Fraction(1),
) -> Path:
    """Write the frames with their marks as H.264 in MP4, with the sound that is heard meanwhile.

    Each frame is shown when the item shows it, also at a variable rate; the first one given stands at 0. The size is
    the item's, with a row or column repeated where it is odd. Sound is copied bit by bit where MP4 can hold it, and
    encoded as AAC otherwise.

    Args:
        result: A stored result.
        frames: Frames of the item in order; they need not be all.
        path: Where the video shall be; appears whole or not at all.
        language: ``"en"`` or ``"es"``.
        on_progress: Stage ``"video"`` in frames.
        cancel: Stops the work; nothing is left behind.
        sound: The item's sound; without it the video is silent.
        pixel_aspect: Width of a pixel by its height; the video is shown at the item's shape.

    Raises:
        CaseError: The file cannot be written there.
        InputError: There is no frame to write.
        Cancelled: `cancel` was called.
    """
    head = list(itertools.islice(frames, 2))
    if not head:
        raise InputError("The item has no frame to draw on.")
    token = cancel or CancelToken()
    with replacing(path, ".part.mp4") as temporary:
        try:
            with av.open(str(temporary), "w", format="mp4", options={"movflags": "+faststart"}) as container:
                writer = _Writer(container, head, result, sound, pixel_aspect)
                marker = FrameMarker(result, language)
                reported = 0.0
                for done, frame in enumerate(itertools.chain(head, frames), 1):
                    token.check()
                    writer.write(frame, marker.mark(frame), token)
                    if time.monotonic() - reported >= PROGRESS_EVERY_S:
                        reported = time.monotonic()
                        on_progress(Progress("video", done, max(done, result.media.frame_count)))
                writer.finish(token)
                on_progress(Progress("video", done, done))
        except av.FFmpegError as error:
            message = f"The annotated video could not be written: {error.strerror}."
            raise CaseError(message, "Check that the disk is not full, or choose another folder.") from error
    return path


class _Writer:
    """Settings of the encoder, and frames and sound as they are written.

    Args:
        container: The file.
        head: The first one or two frames.
        result: Says the item's rate.
        sound: The item's sound.
        aspect: Width of a pixel by its height.
    """

    def __init__(
        self,
        container: OutputContainer,
        head: list[Frame],
        result: AnalysisResult,
        sound: Sound | None,
        aspect: Fraction,
    ) -> None:
        height, width = head[0].image.shape[:2]
        rate = result.media.rate or FALLBACK_RATE
        self._container = container
        self._stream: VideoStream = container.add_stream("libx264")
        self._time_base, self._start_s, self._last_pts = time_base(head), head[0].time_s, -1
        self._step_s, self._end_s = float(1 / rate), 0.0
        self._stream.width, self._stream.height = width + width % 2, height + height % 2
        self._stream.pix_fmt = "yuv420p"
        self._stream.options = {"crf": "18", "preset": "veryfast"}
        context = self._stream.codec_context
        context.framerate, context.sample_aspect_ratio = rate, aspect
        context.time_base = self._stream.time_base = self._time_base
        context.colorspace = context.color_primaries = context.color_trc = _BT709
        context.color_range = ColorRange.MPEG
        self._sound = None if sound is None else _sound_writer(container, sound, self._start_s)

    def write(self, frame: Frame, image: UInt8Array, cancel: CancelToken) -> None:
        """A marked frame, after the sound that is heard before it."""
        height, width = image.shape[:2]
        expected = (self._stream.height, self._stream.width)
        if (height + height % 2, width + width % 2) != expected:
            raise InputError(f"Frame {frame.index} has another size than the first one.")
        if height % 2 or width % 2:
            image = np.pad(image, ((0, height % 2), (0, width % 2), (0, 0)), mode="edge")
        picture = av.VideoFrame.from_ndarray(image, format="rgb24").reformat(
            format="yuv420p", dst_colorspace=Colorspace.ITU709, dst_color_range=ColorRange.MPEG
        )
        at_s = frame.time_s - self._start_s
        if at_s > self._end_s:
            self._step_s, self._end_s = at_s - self._end_s, at_s
        if self._sound is not None:
            self._sound.write_until(at_s, cancel)
        self._last_pts = picture.pts = max(round(at_s / self._time_base), self._last_pts + 1)
        picture.time_base = self._time_base
        self._container.mux(self._stream.encode(picture))

    def finish(self, cancel: CancelToken) -> None:
        """What the encoders still hold, and the sound of the last frame."""
        self._container.mux(self._stream.encode(None))
        if self._sound is not None:
            self._sound.write_until(self._end_s + self._step_s, cancel)
            self._sound.finish()


class _CopiedSound:
    """Packets of the item as they are, at the times of the video.

    Args:
        container: The file.
        source: Packets and times.
    """

    def __init__(self, container: OutputContainer, source: _SoundSource) -> None:
        self._container, self._source, self._last = container, source, -(2**63)
        self._rate = source.context.sample_rate  # a container's own unit may be as coarse as a packet
        self._stream = container.add_stream_from_template(source.stream)

    def write_until(self, end_s: float, cancel: CancelToken) -> None:
        """Write what begins before a time."""
        for packet in self._source.until(end_s, cancel):
            at = round(self._source.time_of(packet) * self._rate)
            if at > self._last:  # a damaged item may go back in time, and MP4 may not
                packet.duration = round((packet.duration or 0) * self._source.unit * self._rate)
                packet.pts = packet.dts = self._last = at
                packet.time_base, packet.stream = Fraction(1, self._rate), self._stream
                self._container.mux(packet)

    def finish(self) -> None:
        """Nothing is held back."""


class _EncodedSound:
    """The item's sound as AAC; where it pauses there is silence.

    Args:
        container: The file.
        source: Packets and times.
    """

    def __init__(self, container: OutputContainer, source: _SoundSource) -> None:
        self._container, self._source = container, source
        context = source.context
        rate = min(AAC_RATES_HZ, key=lambda hz: abs(hz - context.sample_rate))
        layout = "mono" if context.layout.nb_channels == 1 else "stereo"
        self._stream: AudioStream = container.add_stream("aac", rate=rate, layout=layout)
        # fills gaps and cuts overlaps by the time stamps, and begins at 0
        options = {"async": "1", "first_pts": "0", "min_hard_comp": "0.02"}
        self._resampler = AudioResampler("fltp", layout, rate, 1024, options)

    def write_until(self, end_s: float, cancel: CancelToken) -> None:
        """Write what begins before a time."""
        for packet in self._source.until(end_s, cancel):
            for frame in self._decoded(packet):
                self._encode(frame)

    def _decoded(self, packet: Packet[AudioStream]) -> list[AudioFrame]:
        heard = []
        try:
            frames = packet.decode()
        except av.FFmpegError:
            return []
        for frame in frames:
            at = round(((frame.time or 0.0) - self._source.shift_s) * frame.sample_rate)
            if frame.time is not None and at + frame.samples > 0:
                frame.pts, frame.time_base = at, Fraction(1, frame.sample_rate)
                heard.append(frame)
        return heard

    def _encode(self, frame: AudioFrame | None) -> None:
        try:
            converted = self._resampler.resample(frame)
        except ValueError:
            return  # the item changes its layout or rate midway
        for part in converted:
            self._container.mux(self._stream.encode(part))

    def finish(self) -> None:
        """What resampler and encoder still hold."""
        self._encode(None)
        self._container.mux(self._stream.encode(None))


class _SoundSource:
    """Packets of an item's first sound stream, by the clock of the video that is written.

    Args:
        sound: Where from.
        start_s: Time of the video's first frame from the item's first frame.
    """

    def __init__(self, sound: Sound, start_s: float) -> None:
        self.stream: AudioStream = sound.container.streams.audio[0]
        self.context: AudioCodecContext = self.stream.codec_context
        for other in sound.container.streams:
            if other.index != self.stream.index:
                other.discard = Discard.all
        self.unit = self.stream.time_base or Fraction(1, 48_000)
        self.shift_s = sound.origin_s + start_s
        self._packets = self._read(sound.container)
        self._next = next(self._packets, None)

    @property
    def can_be_copied(self) -> bool:
        """Whether MP4 takes the packets as they are."""
        codec = self.context.codec.canonical_name
        if codec == "mp3" and self.context.sample_rate < 16_000:
            return False
        return codec in COPIED_CODECS and (codec not in _NEEDS_SETTINGS or bool(self.context.extradata))

    def until(self, end_s: float, cancel: CancelToken) -> Iterator[Packet[AudioStream]]:
        """The packets that begin before a time and were not given yet."""
        while self._next is not None and self.time_of(self._next) < end_s:
            packet, self._next = self._next, next(self._packets, None)
            cancel.check()
            if self.time_of(packet) >= -PREROLL_S:
                yield packet

    def time_of(self, packet: Packet[AudioStream]) -> float:
        """When a packet is heard in the video, in seconds."""
        return float((packet.pts or 0) * self.unit) - self.shift_s

    def _read(self, container: InputContainer) -> Iterator[Packet[AudioStream]]:
        errors = 0
        while errors < MAX_READ_ERRORS:
            try:
                for packet in container.demux(self.stream):
                    if packet.size and packet.pts is not None:
                        yield packet
                return
            except (av.FFmpegError, OSError):
                errors += 1


def _sound_writer(container: OutputContainer, sound: Sound, start_s: float) -> _CopiedSound | _EncodedSound | None:
    streams = sound.container.streams.audio
    if not streams:
        return None
    if streams[0].codec_context is None:
        _log.warning("The sound of the item is of a kind that cannot be read; the annotated video is silent.")
        return None
    source = _SoundSource(sound, start_s)
    return _CopiedSound(container, source) if source.can_be_copied else _EncodedSound(container, source)


def time_base(head: list[Frame]) -> Fraction:
    """The item's unit of time, from two frames with time stamps; 1/90000 s where it cannot be told.

    Args:
        head: The first frames.
    """
    if len(head) < 2 or head[0].pts is None or head[1].pts is None or head[1].pts <= head[0].pts:
        return FALLBACK_TIME_BASE
    ticks = head[1].pts - head[0].pts
    unit = Fraction((head[1].time_s - head[0].time_s) / ticks).limit_denominator(MAX_DENOMINATOR)
    return unit if unit > 0 else FALLBACK_TIME_BASE
