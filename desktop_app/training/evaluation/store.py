"""What is measured already, kept in the output folder so that an evaluation which was broken off goes on."""

import dataclasses
import hashlib
import json
import logging
from pathlib import Path

import desktop_app
from desktop_app.domain import ModelCard
from desktop_app.errors import CaseError, plain_cause
from desktop_app.records import build_record
from desktop_app.training.evaluation.items import EvalItem, ItemScore

log = logging.getLogger(__name__)

STORE_FILE = "scores.jsonl"
FORMAT = 2
_FIELDS = {field.name for field in dataclasses.fields(ItemScore)}


def judgement_of(card: ModelCard) -> str:
    """Everything of a card that scores and bands depend on, as text."""
    bare = dataclasses.replace(card, name="", error_rates=(), limits=(), training_data=(), licence="", created="")
    return repr(bare)


def make_folder(folder: Path) -> None:
    """Make a folder for what an evaluation writes, unless it is there.

    Raises:
        CaseError: It cannot be made.
    """
    try:
        folder.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        cause = "A file of that name is there." if folder.is_file() else plain_cause(error)
        raise CaseError(f"The folder “{folder}” cannot be made.", cause) from error


class ScoreStore:
    """Scores by item, in a file of one JSON object per line; without a file nothing is kept.

    An item is known again by its path, size, time of change and what its list says of the face, the model and the
    settings. What another version of the app scored is not used. What could not be scored because of an error is not
    kept: the next run tries again.

    Args:
        path: The file, made if need be; None keeps nothing.
        settings: Text of all that influences a score: model and settings.

    Raises:
        CaseError: The file cannot be read or written.
    """

    def __init__(self, path: Path | None, settings: str) -> None:
        self._path = path
        self._settings = hashlib.sha256(f"{FORMAT} {settings}".encode()).hexdigest()
        self._kept: dict[str, dict[str, object]] = {}
        if path is not None:
            self._open(path)

    def _open(self, path: Path) -> None:
        make_folder(path.parent)
        try:
            text = path.read_text(encoding="utf-8") if path.exists() else ""
            if text and not text.endswith("\n"):
                # a kill in the middle of a line must not spoil the next one
                with path.open("a", encoding="utf-8") as file:
                    file.write("\n")
        except (OSError, UnicodeDecodeError) as error:
            raise CaseError(f"The folder “{path.parent}” cannot keep the scores.", plain_cause(error)) from error
        others = 0
        for line in text.splitlines():
            try:
                record = json.loads(line)
                key, version = record.pop("key"), record.pop("app", "")
                if version == desktop_app.__version__:
                    self._kept[key] = record
                else:
                    others += 1
            except (ValueError, KeyError, AttributeError, TypeError):
                continue
        if others:
            log.warning("%d kept scores are of another version of Cotejo and are not used", others)

    def _key(self, item: EvalItem) -> str:
        try:
            facts = item.path.stat()
            file = f"{facts.st_size} {facts.st_mtime_ns}"
        except OSError:
            file = "missing"
        said = (item.is_crop, item.nominal, item.box_xyxy, item.landmarks, item.face_px, item.compression)
        return hashlib.sha256(f"{self._settings} {item.path.resolve()} {file} {said}".encode()).hexdigest()

    def get(self, item: EvalItem) -> ItemScore | None:
        """The score of an item, None where it is not known."""
        record = self._kept.get(self._key(item))
        if record is None or {*record, "item"} != _FIELDS:
            return None
        try:
            return build_record(ItemScore, {**record, "item": item})
        except (ValueError, TypeError):
            return None

    def add(self, score: ItemScore) -> None:
        """Keep a score.

        Raises:
            CaseError: The file cannot be written.
        """
        if self._path is None or score.outcome == "failed":
            return
        record = {"key": self._key(score.item), "app": desktop_app.__version__, **dataclasses.asdict(score)}
        del record["item"]
        try:
            with self._path.open("a", encoding="utf-8") as file:
                file.write(json.dumps(record) + "\n")
        except OSError as error:
            raise CaseError(f"The folder “{self._path.parent}” cannot keep the scores.", plain_cause(error)) from error
