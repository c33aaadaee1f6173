"""The pictures that a result keeps, as PNG files with a list that says what each shows and what its hash is."""

import hashlib
import io
import json
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
from PIL import Image

from desktop_app.domain import AnalysisResult, Exhibit, ExhibitKind, Frame
from desktop_app.errors import InputError
from desktop_app.files import checksum_line, filling
from desktop_app.progress import CancelToken, Progress, ProgressFn, ignore_progress
from desktop_app.reports.marks import FrameMarker

KIND, SCHEMA = "cotejo-key-frames", 1
LIST, SUMS = "manifest.json", "SHA256SUMS"
MARKED = "marked_frame"
_ENDINGS = {ExhibitKind.KEY_FRAME: "", ExhibitKind.FACE_CROP: "-face", ExhibitKind.HEATMAP: "-heatmap"}


def write_key_frames(
    result: AnalysisResult,
    folder: Path,
    language: str = "en",
    on_progress: ProgressFn = ignore_progress,
    cancel: CancelToken | None = None,
) -> Path:
    """Write a folder with each picture as it is stored, and each whole frame also with its boxes and scores.

    Beside them lie ``manifest.json`` and ``SHA256SUMS``. A folder of an earlier run is replaced.

    Args:
        result: A stored result.
        folder: Where the folder shall be; appears whole or not at all.
        language: ``"en"`` or ``"es"``, of the words on marked frames.
        on_progress: Stage ``"exhibits"`` in pictures.
        cancel: Stops the work; nothing is left behind.

    Raises:
        InputError: The result keeps no pictures.
        CaseError: The folder holds other files, or cannot be written.
        Cancelled: `cancel` was called.
    """
    if not result.exhibits:
        raise InputError(
            "This result keeps no pictures.", "Analyse the item with key frames; a cancelled analysis keeps none."
        )
    token, entries = cancel or CancelToken(), []
    with filling(folder, is_own_folder) as temporary:
        for done, (name, png, facts) in enumerate(_pictures(result, language), 1):
            token.check()
            (temporary / name).write_bytes(png)
            entries.append({"file": name, **facts, "sha256": hashlib.sha256(png).hexdigest()})
            on_progress(Progress("exhibits", done, max(done, len(result.exhibits))))
        text = json.dumps(_manifest(result, entries), indent=1, allow_nan=False) + "\n"
        (temporary / LIST).write_text(text, encoding="ascii", newline="\n")
        lines = [checksum_line(entry["sha256"], entry["file"]) for entry in entries]
        lines.append(checksum_line(hashlib.sha256(text.encode("ascii")).hexdigest(), LIST))
        (temporary / SUMS).write_text("".join(lines), encoding="ascii", newline="\n")
    return folder


def is_own_folder(folder: Path) -> bool:
    """Whether a folder holds nothing but what `write_key_frames` wrote."""
    try:
        content = json.loads((folder / LIST).read_bytes())
        listed = {entry["file"] for entry in content["pictures"]} | {LIST, SUMS}
        return content["kind"] == KIND and {file.name for file in folder.iterdir()} <= listed
    except (OSError, ValueError, KeyError, TypeError):
        return False


def _pictures(result: AnalysisResult, language: str) -> Iterator[tuple[str, bytes, dict[str, Any]]]:
    taken: set[str] = set()
    for exhibit in result.exhibits:
        stem = _free_stem(exhibit, taken)
        facts = _facts(exhibit)
        yield f"{stem}.png", exhibit.png, facts
        if exhibit.kind is ExhibitKind.KEY_FRAME:
            caption = f"Frame {exhibit.frame_index} with boxes and scores, drawn on {stem}.png."
            marked = facts | {"shows": MARKED, "caption": caption}
            yield f"{stem}-marked.png", _marked(result, exhibit, language), marked


def _free_stem(exhibit: Exhibit, taken: set[str]) -> str:
    person = "" if exhibit.track_id is None else f"-person-{exhibit.track_id}"
    stem = name = f"frame-{exhibit.frame_index:06d}{person}{_ENDINGS[exhibit.kind]}"
    number = 1
    while name in taken:
        number += 1
        name = f"{stem}-{number}"
    taken.add(name)
    return name


def _facts(exhibit: Exhibit) -> dict[str, Any]:
    return {
        "shows": exhibit.kind.value,
        "frame": exhibit.frame_index,
        "pts": exhibit.pts,
        "time_s": exhibit.time_s,
        "track": exhibit.track_id,
        "caption": exhibit.caption,
    }


def _marked(result: AnalysisResult, exhibit: Exhibit, language: str) -> bytes:
    with Image.open(io.BytesIO(exhibit.png)) as stored:
        image = np.asarray(stored.convert("RGB"))
    # stored frames may be smaller than the item's, which boxes speak of
    across, down = image.shape[1] / result.media.width_px, image.shape[0] / result.media.height_px
    factors = (across, down, across, down)
    near = [p for p in result.predictions if p.frame_index == exhibit.frame_index]
    rows = [replace(p, box_xyxy=tuple(v * factor for v, factor in zip(p.box_xyxy, factors, strict=True))) for p in near]
    frame = Frame(exhibit.frame_index, exhibit.pts, exhibit.time_s, image)
    marked = FrameMarker(replace(result, predictions=tuple(rows)), language).mark(frame)
    buffer = io.BytesIO()
    Image.fromarray(marked).save(buffer, "png")
    return buffer.getvalue()


def _manifest(result: AnalysisResult, entries: list[dict[str, Any]]) -> dict[str, Any]:
    media = result.media
    return {
        "kind": KIND,
        "schema": SCHEMA,
        "program": result.provenance.app_version,
        "result_id": result.result_id,
        "item": {
            "name": media.path.name,
            "sha256": media.sha256,
            "sha512": media.sha512,
            "size_bytes": media.size_bytes,
            "width_px": media.width_px,
            "height_px": media.height_px,
        },
        "model": {"id": result.card.model_id, "weights_sha256": result.provenance.weights_sha256},
        "pictures": entries,
    }
