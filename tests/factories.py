"""Results that look like real ones, made from the real records, for tests without the pipeline."""

import hashlib
import io
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from fractions import Fraction
from functools import cache
from pathlib import Path

import numpy as np
from PIL import Image

from desktop_app.domain import (
    AnalysisRequest,
    AnalysisResult,
    Band,
    BandRatio,
    Box,
    CalibrationTrial,
    Coverage,
    DataSource,
    ErrorRates,
    Exhibit,
    ExhibitKind,
    FaceQuality,
    FaceTrack,
    FramePrediction,
    ItemKind,
    MediaInfo,
    ModelCard,
    Notice,
    Outcome,
    Provenance,
    QualityRange,
    Segment,
    Stage,
    Thresholds,
    Verdict,
    support_of,
)
from desktop_app.domain.result_id import make_result_id

WIDTH_PX, HEIGHT_PX = 1280, 720
RATE = Fraction(25)
PTS_STEP = 512
STARTED = datetime(2026, 3, 14, 9, 26, 53, tzinfo=UTC)
TRUTHS = (2.6, -2.8, 0.1, -3.4, 1.2)


def make_card(**changes):
    """A card with plausible figures; `changes` replace fields."""
    card = ModelCard(
        model_id="cotejo-mobilenetv2-5",
        name="Cotejo MobileNetV2",
        version="1",
        architecture="mobilenet_v2",
        weights_file="weights.pt",
        weights_sha256=hashlib.sha256(b"weights").hexdigest(),
        classes=("genuine", "fake"),
        genuine_class="genuine",
        input_size_px=224,
        mean=(0.485, 0.456, 0.406),
        std=(0.229, 0.224, 0.225),
        crop_margin=0.3,
        temperature=1.4,
        bias=-0.1,
        thresholds=Thresholds(0.5, 0.1, 0.35, 0.65, 0.9),
        min_face_px=50,
        parameters=2_225_153,
        training_data=(
            DataSource("dfdc", 87_994, "research"),
            DataSource("openforensics", 35_004, "research"),
            DataSource("lfw", 13_233, "research"),
        ),
        error_rates=(
            ErrorRates(
                "dfdc test", "all", "image", True, 1500, 7300, 0.912, 0.901, 0.923, 0.161, 0.031, 0.12, 0.19, 0.01
            ),
            ErrorRates(
                "dfdc test", "face 50-100 px", "image", True, 420, 1900, 0.871, 0.85, 0.89, 0.2, 0.05, 0.16, 0.24
            ),
            ErrorRates("FF++ c23", "Deepfakes", "video", False, 10, 10, 0.96, 0.86, 1.0, 0.1, 0.08, 0.1, 0.1, 0.0),
            ErrorRates("FF++ c23", "FaceShifter", "video", False, 10, 10, 0.51, 0.25, 0.77, 0.5, 0.3, 0.1, 0.8, 0.0),
            ErrorRates("driving clips", "all", "video", False, 13, 0, fpr=0.077),
        ),
        limits=(
            "It was not shown to recognise faces that are generated as a whole.",
            "Faces under 50 px were not part of its tests.",
        ),
        licence="CC-BY-NC-4.0",
        created="2026-03-01",
    )
    return replace(card, **changes)


def make_measured_card(**changes):
    """A card with likelihood ratios, calibration trials and validated quality."""
    counts = ((1900, 12), (700, 140), (310, 330), (130, 900), (30, 2600))
    limits = (0.0, 0.1, 0.35, 0.65, 0.9, 1.0)
    ratios = ((0.0049, 0.0028, 0.0091), (0.16, 0.13, 0.19), (0.83, 0.7, 0.98), (5.3, 4.4, 6.5), (66.0, 46.0, 98.0))
    bands = tuple(
        BandRatio(band, limits[i], limits[i + 1], *counts[i], *ratios[i], support_of(*ratios[i][1:]), "image")
        for i, band in enumerate(Band)
    )
    measured = {
        "bands": bands,
        "calibrations": (
            CalibrationTrial("raw", 0.412, 0.093, False),
            CalibrationTrial("temperature", 0.391, 0.061, False),
            CalibrationTrial("platt", 0.372, 0.032, True),
            CalibrationTrial("isotonic", 0.374, 0.028, False),
        ),
        "validated": (QualityRange("sharpness", 9.4, 760.0), QualityRange("pose_deg", None, 39.2)),
    }
    return make_card(**measured | changes)


def make_media(frames=200, name="interview_2026-03-02.mp4", **changes):
    """Facts of a 720p clip, or of a still picture when `frames` is 1."""
    is_image = frames == 1
    media = MediaInfo(
        path=Path("/evidence") / name,
        sha256=hashlib.sha256(name.encode("utf-8", "surrogateescape")).hexdigest(),
        size_bytes=8_412_773,
        modified_utc=datetime(2026, 3, 2, 18, 4, 11, tzinfo=UTC),
        kind=ItemKind.IMAGE if is_image else ItemKind.VIDEO,
        container="png" if is_image else "mov,mp4,m4a,3gp,3g2,mj2",
        video_codec="png" if is_image else "h264",
        pixel_format="rgb24" if is_image else "yuv420p",
        bit_depth=8,
        color_space="bt709",
        color_range="tv",
        color_primaries="bt709",
        color_transfer="bt709",
        width_px=WIDTH_PX,
        height_px=HEIGHT_PX,
        rate=None if is_image else RATE,
        duration_s=0.0 if is_image else float(frames / RATE),
        rotation_deg=0,
        is_vfr=False,
        frame_count=frames,
        audio_codec=None if is_image else "aac",
        audio_rate_hz=None if is_image else 48_000,
        tags=(("major_brand", "isom"), ("encoder", "Lavf60.16.100"), ("creation_time", "2026-03-02T18:04:11.000000Z")),
    )
    return replace(media, **changes)


def make_result(tracks=2, frames=200, seed=0, truths=TRUTHS, exhibits=True, aborted=False, **media):
    """A whole result.

    `truths` are the middles of each track's log-odds in turn; from 30 % to 70 % of a track that is above zero it is
    high, elsewhere lower. Every track has a stretch in which faces are gated and one in which none is found.
    """
    random = np.random.default_rng(seed)
    info, card = make_media(frames, **media), make_card()
    last = frames // 2 if aborted else frames
    curves = [_predict_track(card, t + 1, tracks, last, truths[t % len(truths)], random) for t in range(tracks)]
    rows = tuple(sorted((row for curve in curves for row in curve), key=lambda row: (row.frame_index, row.track_id)))
    people = tuple(_sum_up(card, t + 1, curve) for t, curve in enumerate(curves) if curve)
    scored = [row for row in rows if row.p_fake is not None]
    verdicts = [person.verdict for person in people if person.verdict.p_fake is not None]
    verdict = max(verdicts, key=lambda v: v.p_fake, default=no_face_verdict())
    request = AnalysisRequest(info.path, card.model_id, device="cpu")
    provenance = _provenance(card, aborted)
    return AnalysisResult(
        result_id=make_result_id(info.sha256, card.weights_sha256, provenance.settings, rows),
        request=request,
        media=info,
        card=card,
        verdict=verdict,
        tracks=people,
        predictions=rows,
        coverage=Coverage(
            frames, frames, frames, last, 2, len({r.frame_index for r in rows}), len(scored), len(rows) - len(scored)
        ),
        notices=_notices(rows, last),
        exhibits=_exhibits(scored, tracks) if exhibits else (),
        provenance=provenance,
    )


def no_face_verdict():
    return Verdict(Outcome.NO_USABLE_FACE, None, None, None, "No face was found that could be scored.")


def inconclusive_verdict(p_fake=0.48):
    thresholds = make_card().thresholds
    reason = "The interval of the score reaches across the inconclusive band."
    return Verdict(Outcome.INCONCLUSIVE, thresholds.band(p_fake), p_fake, (0.31, 0.66), reason)


def without_faces(result):
    """The same result as if no face had been found."""
    return replace(
        result,
        verdict=no_face_verdict(),
        tracks=(),
        predictions=(),
        exhibits=(),
        coverage=replace(result.coverage, with_face=0, faces_scored=0, faces_gated=0),
    )


def sigmoid(x):
    return 1.0 / (1.0 + np.exp(-x))


def box_of(track, tracks, index) -> Box:
    """Where a track's face is: side by side, swaying a little."""
    pitch = WIDTH_PX / max(tracks, 1)
    side = min(260.0, 0.7 * pitch)
    x = (track - 0.5) * pitch - side / 2 + 6.0 * np.sin(index / 20)
    y = 0.42 * HEIGHT_PX - side / 2 + 4.0 * np.cos(index / 17)
    return float(x), float(y), float(x + side), float(y + 1.2 * side)


def _predict_track(card, track, tracks, frames, truth, random):
    noise = np.convolve(random.normal(0, 1.0, frames + 8), np.ones(9) / 4, "valid")
    start, stop = (0, frames) if tracks < 4 or frames < 100 else sorted(random.choice(frames, 2, replace=False))
    rows = []
    for index in range(start, stop):
        share = (index - start) / max(1, stop - start)
        if frames > 20 and 0.80 <= share < 0.86:
            continue
        gate = "too_blurred" if frames > 20 and 0.12 <= share < 0.18 else None
        logit = truth if truth < 0 or frames < 20 or 0.3 <= share < 0.7 else truth - 2.5
        logit = float(logit + noise[index])
        p_fake = float(sigmoid(logit / card.temperature + card.bias))
        box = box_of(track, tracks, index)
        rows.append(
            FramePrediction(
                frame_index=index,
                pts=index * PTS_STEP,
                time_s=float(index / RATE),
                track_id=track,
                box_xyxy=box,
                face_score=0.9987,
                is_interpolated=index % 5 != 0,
                quality=FaceQuality(box[2] - box[0], float(180 + 9 * noise[index]), 0.46, float(4 * noise[index])),
                model_id=card.model_id,
                gate=gate,
                logit=None if gate else logit,
                p_fake=None if gate else p_fake,
                label=None if gate else ("fake" if p_fake >= 0.5 else "genuine"),
            )
        )
    return rows


def _sum_up(card, track, rows):
    scored = [row for row in rows if row.p_fake is not None]
    verdict = no_face_verdict()
    if scored:
        logits = np.array([row.logit for row in scored]) / card.temperature + card.bias
        p_fake, spread = float(sigmoid(logits.mean())), float(logits.std() / np.sqrt(max(1, len(scored) / 25)))
        interval = tuple(float(sigmoid(logits.mean() + sign * 1.96 * spread)) for sign in (-1, 1))
        band = card.thresholds.band(p_fake)
        outcome = Outcome.INCONCLUSIVE if band == "inconclusive" else Outcome.SCORED
        verdict = Verdict(outcome, band, p_fake, interval, "Mean over the scored frames.")
    return FaceTrack(
        track_id=track,
        start_frame=rows[0].frame_index,
        end_frame=rows[-1].frame_index,
        start_s=rows[0].time_s,
        end_s=rows[-1].time_s,
        frames_seen=len(rows),
        frames_scored=len(scored),
        median_size_px=float(np.median([row.quality.size_px for row in rows])),
        label=None if not scored else "fake" if verdict.p_fake >= 0.5 else "genuine",
        verdict=verdict,
        segments=_segments(card, track, scored),
    )


def _segments(card, track, scored):
    if len(scored) < 25:
        return ()
    values = np.array([row.p_fake for row in scored])
    smooth = np.convolve(values, np.ones(15) / 15, "same") > card.thresholds.decision
    edges = np.flatnonzero(np.diff(np.concatenate([[0], smooth.astype(int), [0]])))
    found = []
    for start, stop in zip(edges[::2], edges[1::2], strict=True):
        p_fake = float(values[start:stop].mean())
        first, last = scored[start], scored[stop - 1]
        span = (first.frame_index, last.frame_index, first.time_s, last.time_s)
        if stop - start >= 10:
            found.append(Segment(track, *span, p_fake, card.thresholds.band(p_fake)))
    return tuple(found)


def _notices(rows, last):
    gated = [row for row in rows if row.gate]
    notices = [
        Notice(Stage.MEDIA, "corrupt_frame", "This frame is damaged; what it shows is partly made up.", index)
        for index in (3, 4)
        if index < last
    ]
    if gated:
        message = "The face is too blurred to be scored."
        notices.append(Notice(Stage.QUALITY, "too_blurred", message, gated[0].frame_index, len(gated)))
    return tuple(notices)


def _provenance(card, aborted):
    return Provenance(
        app_version="0.1.0",
        weights_sha256=card.weights_sha256,
        device="cpu",
        started_utc=STARTED,
        finished_utc=STARTED + timedelta(seconds=41.25),
        aborted=aborted,
        libraries=(("av", "18.1.0"), ("facenet-pytorch", "2.5.3"), ("numpy", "2.4.6"), ("torch", "2.15.0")),
        platform="Linux 6.1 x86_64, Python 3.11.2",
        settings=(("sampling", "every_nth 1"), ("detect_every", "5"), ("min_face_score", "0.95"), ("batch_size", "16")),
    )


def picture(index, tracks):
    """(720, 1280, 3) uint8 RGB: the portrait where each track's face is."""
    frame = np.empty((HEIGHT_PX, WIDTH_PX, 3), np.uint8)
    frame[:] = np.linspace(70, 130, HEIGHT_PX, dtype=np.uint8)[:, None, None]
    for track in range(1, tracks + 1):
        x1, y1, x2, y2 = (round(v) for v in box_of(track, tracks, index))
        side = round(2.4 * (x2 - x1))
        portrait = np.asarray(Image.fromarray(_astronaut()).resize((side, side), Image.Resampling.BILINEAR))
        # the face of the portrait is centred on (0.435, 0.235) of its size
        left, top = round((x1 + x2) / 2 - 0.435 * side), round((y1 + y2) / 2 - 0.235 * side)
        ys, xs = slice(max(0, top), min(HEIGHT_PX, top + side)), slice(max(0, left), min(WIDTH_PX, left + side))
        frame[ys, xs] = portrait[ys.start - top : ys.stop - top, xs.start - left : xs.stop - left]
    return frame


def to_png(image):
    buffer = io.BytesIO()
    Image.fromarray(image).save(buffer, "png")
    return buffer.getvalue()


@cache
def _astronaut():
    from skimage import data

    return np.asarray(data.astronaut())


def _exhibits(scored, tracks):
    best = sorted(scored, key=lambda row: -row.p_fake)[: 400 if scored else 0]
    chosen = [best[i] for i in range(0, len(best), max(1, len(best) // 3))][:3]
    exhibits = []
    for row in sorted(chosen, key=lambda row: row.frame_index):
        image = picture(row.frame_index, min(tracks, 5))
        x1, y1, x2, y2 = (max(0, round(v)) for v in row.box_xyxy)
        crop = np.asarray(Image.fromarray(image[y1:y2, x1:x2]).resize((224, 224)))
        heat = np.exp(-((np.indices((224, 224)) - np.array([130, 105])[:, None, None]) ** 2).sum(0) / 4000)[..., None]
        glow = (crop * (1 - 0.6 * heat) + np.array([250, 170, 40]) * 0.6 * heat).astype(np.uint8)
        for kind, shown, track in (
            (ExhibitKind.KEY_FRAME, image, None),
            (ExhibitKind.FACE_CROP, crop, row.track_id),
            (ExhibitKind.HEATMAP, glow, row.track_id),
        ):
            png = to_png(shown)
            digest = hashlib.sha256(png).hexdigest()
            exhibits.append(Exhibit(kind, row.frame_index, row.pts, row.time_s, track, png, digest, "Key frame."))
    return tuple(exhibits)
