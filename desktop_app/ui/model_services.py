"""What the worker does with models: list, test, import, remove. Called on the worker's thread only."""

import json
import logging
from collections.abc import Mapping
from dataclasses import asdict, dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING

from desktop_app import paths
from desktop_app.domain import ModelCard
from desktop_app.errors import AppError, ModelError
from desktop_app.files import replacing
from desktop_app.ui.case_services import CaseFile
from desktop_app.ui.jobs import Job

if TYPE_CHECKING:
    from desktop_app.detectors.importing import ImportOptions

log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class TestRecord:
    """How a self-test went.

    Args:
        at_utc: When.
        passed: Whether it passed.
        outputs: Pictures and scores of each, as "6 x 2"; empty when it did not pass.
        batch_difference: Largest difference between scores alone and in a batch.
        spread: Largest difference between pictures.
        problem: Why it did not pass, in English; empty when it did.
        hint: What to do about it.
    """

    __test__ = False

    at_utc: datetime
    passed: bool
    outputs: str = ""
    batch_difference: float = 0.0
    spread: float = 0.0
    problem: str = ""
    hint: str = ""


@dataclass(frozen=True, slots=True)
class Installed:
    """A model that can be used.

    Args:
        card: Its card.
        folder: Where it lies.
        is_shipped: Whether it came with the program.
        is_usual: Whether it is used where the settings name none.
        test: Its last self-test, of these very weights.
        uses: Names of items of the open case that it analysed.
    """

    card: ModelCard
    folder: Path
    is_shipped: bool
    is_usual: bool
    test: TestRecord | None = None
    uses: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Shelf:
    """All models.

    Args:
        models: Shipped ones first.
        architectures: Names of the networks that checkpoints can be of.
        imported: Id of the model that was imported just now.
    """

    models: tuple[Installed, ...]
    architectures: tuple[str, ...]
    imported: str = ""


@dataclass(frozen=True, slots=True)
class Wish:
    """A model to import.

    Args:
        file: Checkpoint, MesoNet of Keras or ONNX classifier.
        card: Template or whole card, None without one.
        stated: What the user states beside it, by field of `ImportOptions`.
    """

    file: Path
    card: Path | None
    stated: Mapping[str, object] = field(default_factory=dict)


def names(job: Job) -> tuple[tuple[str, str], ...]:
    """Id, and name with version, of every model."""
    from desktop_app.detectors import list_models

    return tuple((card.model_id, f"{card.name} {card.version}") for card, _ in list_models())


def list_shelf(job: Job, file: CaseFile, imported: str = "") -> Shelf:
    """All models with their last self-tests and where the open case used them."""
    from desktop_app.detectors import find_card, list_models
    from desktop_app.detectors.nets import NETS

    tests, uses = _read_tests(), _uses(file)
    try:
        usual = find_card()[0].model_id
    except ModelError:
        usual = ""  # the shipped default is damaged; the list says what there is
    models = []
    for card, folder in list_models():
        job.token.check()
        is_shipped = folder.parent == paths.shipped_models_dir()
        test, used = tests.get(card.weights_sha256), uses.get(card.identity, ())
        models.append(Installed(card, folder, is_shipped, card.model_id == usual, test, used))
    return Shelf(tuple(models), tuple(sorted(NETS)), imported)


def _uses(file: CaseFile) -> dict[tuple[str, str], tuple[str, ...]]:
    if file.store is None:
        return {}
    names = {item.item_id: item.path.name for item in file.store.items.all()}
    found: dict[tuple[str, str], tuple[str, ...]] = {}
    for stored in file.store.analyses.all():
        key, name = stored.plan.card.identity, names[stored.item_id]
        if name not in found.get(key, ()):
            found[key] = (*found.get(key, ()), name)
    return found


def test_model(job: Job, file: CaseFile, model_id: str) -> Shelf:
    """Run the self-test of a model and note how it went."""
    from desktop_app.detectors import find_card, load_detector
    from desktop_app.detectors.importing import run_self_test

    card, folder = find_card(model_id)
    now = datetime.now(UTC).replace(microsecond=0)
    try:
        test = run_self_test(load_detector(card, folder, "cpu"))
        shape = " x ".join(map(str, test.logits.shape))
        record = TestRecord(now, True, shape, test.batch_difference, test.spread)
    except AppError as error:
        record = TestRecord(now, False, problem=error.user_message, hint=error.hint)
    _write_test(card.weights_sha256, record)
    return list_shelf(job, file)


test_model.__test__ = False  # type: ignore[attr-defined]  # no test of pytest's


def import_model(job: Job, file: CaseFile, wish: Wish) -> Shelf:
    """Convert, test and install a model.

    Raises:
        ModelError: The file, the card or what was stated cannot be used, or the self-test failed.
    """
    from desktop_app.detectors.importing import import_model as install

    done = install(wish.file, _options(wish.stated), wish.card)
    now, shape = datetime.now(UTC).replace(microsecond=0), " x ".join(map(str, done.test.logits.shape))
    _write_test(done.card.weights_sha256, TestRecord(now, True, shape, done.test.batch_difference, done.test.spread))
    return list_shelf(job, file, done.card.model_id)


def _options(stated: Mapping[str, object]) -> "ImportOptions":
    from desktop_app.detectors.importing import ImportOptions

    try:
        return ImportOptions(**stated)  # type: ignore[arg-type]  # as the form gives them
    except (ValueError, TypeError) as error:
        raise ModelError("What is said of the model cannot be right.", str(error)) from error


def remove_model(job: Job, file: CaseFile, model_id: str) -> Shelf:
    """Delete a model of the user's own; results that it gave stay as they are.

    Raises:
        ModelError: It came with the program, there is none, or it cannot be deleted.
    """
    from desktop_app.detectors.registry import remove_model as delete

    delete(model_id)
    return list_shelf(job, file)


def _tests_file() -> Path:
    return paths.user_data_dir() / "self-tests.json"


def _read_tests() -> dict[str, TestRecord]:
    try:
        table = json.loads(_tests_file().read_text(encoding="utf-8"))
        return {
            key: TestRecord(**{**row, "at_utc": datetime.fromisoformat(row["at_utc"])}) for key, row in table.items()
        }
    except FileNotFoundError:
        return {}
    except (OSError, ValueError, TypeError, KeyError, AttributeError) as error:
        # only a memory of what can be tested again
        log.warning("self-tests cannot be read: %s", error)
        return {}


def _write_test(weights_sha256: str, record: TestRecord) -> None:
    table = {**_read_tests(), weights_sha256: record}
    rows = {key: {**asdict(row), "at_utc": row.at_utc.isoformat()} for key, row in table.items()}
    try:
        paths.user_data_dir().mkdir(parents=True, exist_ok=True)
        with replacing(_tests_file()) as part:
            part.write_text(json.dumps(rows, indent=1), encoding="utf-8")
    except (AppError, OSError) as error:
        log.warning("self-tests cannot be kept: %s", error)
