"""A small clip, an untrained model and a case around them; `python -m` runs an analysis that a test kills."""

import sys
from dataclasses import replace
from pathlib import Path

from desktop_app.analysis import casework
from desktop_app.cases import CaseStore, analyses
from desktop_app.domain import AnalysisRequest
from desktop_app.progress import Cancelled, CancelToken
from desktop_app.reports.document import result_to_json
from tests.unit.analysis_scenes import MODEL_ID

FRAMES = 24
BATCH = 4


def ask(path, **changes):
    return replace(AnalysisRequest(path, MODEL_ID, device="cpu", batch_size=BATCH, key_frames=1), **changes)


def plain(result):
    """A result without the times at which it came about."""
    document = result_to_json(result)
    for key in ("started_utc", "finished_utc"):
        document["provenance"].pop(key)
    return document


class Stop:
    """Cancels a run after some batches."""

    def __init__(self, batches):
        self.token = CancelToken()
        self._left = batches

    def __call__(self, _):
        self._left -= 1
        if self._left <= 0:
            self.token.cancel()


def broken_off(case, request, batches=2):
    """The number of an analysis that was cancelled."""
    stop = Stop(batches)
    try:
        number, _ = casework.analyze_in_case(case, 1, request, cancel=stop.token, on_prediction=stop)
    except Cancelled:
        number = case.analyses.all()[-1].analysis_id
    return number


def main(path, clip):
    """Analyse and say after each batch how far it came; wait for ever after the third."""
    analyses.CHUNK_S = 0.0
    count = 0

    def say(batch):
        nonlocal count
        count += 1
        sys.stdout.write(f"{batch[-1].frame_index}\n")
        sys.stdout.flush()
        if count == 3:
            sys.stdin.read()

    casework.analyze_in_case(CaseStore.open(path), 1, ask(clip), on_prediction=say)


if __name__ == "__main__":
    main(Path(sys.argv[1]), Path(sys.argv[2]))
