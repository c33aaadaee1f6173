"""The lists of an extraction, written as it goes and true after a kill at any moment."""

import csv
import io
import json
from collections import Counter
from collections.abc import Mapping, Sequence
from pathlib import Path
from types import TracebackType
from typing import TextIO

from desktop_app.errors import InputError, plain_cause
from desktop_app.files import replacing
from desktop_app.training.manifest import COLUMNS, OPTIONAL_COLUMNS, Sample, write_table

MANIFEST = "manifest.csv"
SKIPPED = "skipped.csv"
ITEMS = "items.csv"
SETTINGS = "extract.json"
MISSING = "missing"
REASONS = ("no_face", "too_small", "unreadable", MISSING)
Row = dict[str, str]
_NAMES: dict[str, tuple[str, ...]] = {
    MANIFEST: (*COLUMNS, *OPTIONAL_COLUMNS, "item", "frame_index", "time_s"),
    SKIPPED: ("item", "frame_index", "reason", "detail"),
    ITEMS: ("item", "crops", "skipped"),
}


class Journal:
    """Appends what was found; on entry it takes up what an earlier run left.

    An item counts as done when its row in ``items.csv`` is whole, its other rows are all there, its crops exist and it
    was not missing; all else is forgotten and done again.

    Args:
        folder: Folder of the crops; made.
        settings: What decides how crops look and which are made.
        jobs: Samples by item.

    Raises:
        InputError: The folder holds crops of other settings, or cannot be read.
    """

    def __init__(self, folder: Path, settings: Mapping[str, object], jobs: Mapping[str, Sample]) -> None:
        self._folder = folder
        self._jobs = jobs
        self._order = {item: place for place, item in enumerate(jobs)}
        folder.mkdir(parents=True, exist_ok=True)
        self._check_settings(settings)
        self._rows: dict[str, list[Row]] = {name: _whole_rows(folder / name) for name in _NAMES}
        self.done = self._find_done()
        for name in _NAMES:
            self._rows[name] = [row for row in self._rows[name] if row["item"] in self.done]
        for row in self._rows[MANIFEST]:
            sample = jobs[row["item"]]
            row |= {"group": sample.group, "split": sample.split}
        self._files: dict[str, TextIO] = {}

    def __enter__(self) -> "Journal":
        self._write_all()
        for name in _NAMES:
            self._files[name] = (self._folder / name).open("a", newline="", encoding="utf-8")
        return self

    def __exit__(
        self, kind: type[BaseException] | None, value: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._close()

    @property
    def kept(self) -> int:
        """Crops so far."""
        return len(self._rows[MANIFEST])

    def add(self, item: str, kept: Sequence[Row], skipped: Sequence[Row]) -> None:
        """Note a finished item, whose crops are written."""
        self._append(MANIFEST, kept)
        self._append(SKIPPED, skipped)
        self._append(ITEMS, [{"item": item, "crops": str(len(kept)), "skipped": str(len(skipped))}])

    def finish(self) -> dict[str, int]:
        """Put all rows in the order of the items; counts of what was kept and skipped."""
        self._close()
        for rows in self._rows.values():
            rows.sort(key=lambda row: self._order[row["item"]])
        self._write_all()
        reasons = Counter(row["reason"] for row in self._rows[SKIPPED])
        return {"items": len(self._jobs), "kept": self.kept} | {reason: reasons[reason] for reason in REASONS}

    def _append(self, name: str, rows: Sequence[Row]) -> None:
        text = io.StringIO()
        csv.DictWriter(text, _NAMES[name], lineterminator="\n").writerows(rows)
        self._files[name].write(text.getvalue())
        self._files[name].flush()
        self._rows[name] += rows

    def _close(self) -> None:
        for file in self._files.values():
            file.close()
        self._files.clear()

    def _write_all(self) -> None:
        for name, rows in self._rows.items():
            write_table(rows, _NAMES[name], self._folder / name)

    def _check_settings(self, settings: Mapping[str, object]) -> None:
        path = self._folder / SETTINGS
        try:
            before = json.loads(path.read_text(encoding="utf-8")) if path.exists() else None
        except (OSError, ValueError) as error:
            raise InputError(f"The settings {path} of earlier crops cannot be read.", plain_cause(error)) from error
        if before is None and (self._folder / MANIFEST).exists():
            raise InputError(f"The folder {self._folder} holds another list.", "Give a new folder.")
        if before is not None and before != settings:
            changed = ", ".join(k for k in settings if before.get(k) != settings[k])
            raise InputError(
                f"The folder {self._folder} holds crops of other settings: {changed}.",
                "Give the same settings to go on, or a new folder.",
            )
        with replacing(path) as part:
            part.write_text(json.dumps(dict(settings), indent=1) + "\n", encoding="utf-8")

    def _find_done(self) -> set[str]:
        crops = Counter(
            row["item"]
            for row in self._rows[MANIFEST]
            if row["item"] in self._jobs and self._fits(row, self._jobs[row["item"]])
        )
        skipped = Counter(row["item"] for row in self._rows[SKIPPED])
        missing = {row["item"] for row in self._rows[SKIPPED] if row["reason"] == MISSING}
        return {
            row["item"]
            for row in self._rows[ITEMS]
            if row["item"] in self._jobs
            and row["item"] not in missing
            and (str(crops[row["item"]]), str(skipped[row["item"]])) == (row["crops"], row["skipped"])
        }

    def _fits(self, row: Row, sample: Sample) -> bool:
        """Whether a crop is there and its item has the label and kind it had."""
        is_same = (row["label"] == "fake") == sample.is_fake and row["kind"] == sample.kind
        return is_same and (self._folder / row["path"]).exists()


def _whole_rows(path: Path) -> list[Row]:
    """Rows of a list; what a kill left of its last line is dropped."""
    try:
        content = path.read_bytes()
        text = content[: content.rfind(b"\n") + 1].decode("utf-8")
    except FileNotFoundError:
        return []
    except (OSError, UnicodeDecodeError) as error:
        raise InputError(f"The list {path} of earlier crops cannot be read.", plain_cause(error)) from error
    rows = csv.DictReader(io.StringIO(text), restval="")
    names = _NAMES[path.name]
    return [{name: row[name] for name in names} for row in rows if set(names) <= set(row)]
