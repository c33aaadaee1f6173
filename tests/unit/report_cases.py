"""Dossiers for tests of the report."""

import hashlib
from datetime import UTC, datetime, timedelta
from pathlib import Path

from desktop_app.domain.cases import AuditEntry, CaseItem, ChainHead, ItemCheck, ItemState, Occasion
from desktop_app.domain.dossier import Custody, Dossier, ReportDetails, ReportStatus
from desktop_app.domain.traces import Credentials, CredentialState, ItemTraces, Trace, TraceWeight

INTAKE = datetime(2026, 3, 13, 16, 2, 5, tzinfo=UTC)
ISSUED = datetime(2026, 3, 15, 10, 0, tzinfo=UTC)

DETAILS = ReportDetails(
    status=ReportStatus.FINAL,
    version=2,
    supersedes="R-0011-2233-4455",
    case_number="2026/17",
    question="Was the face of the person who speaks in this clip manipulated?",
    requester="Redacción de «El Faro», María Núñez",
    laboratory="Laboratory of Digital Evidence",
    laboratory_address="12 Harbour Street\nValencia",
    examiner="Ana Ibáñez",
    examiner_role="forensic video analyst",
    reviewer="Ruth Okafor",
    reviewer_role="head of the laboratory",
    conclusion=(
        "The findings support the proposition that the face of person 1 was manipulated between 0:01 and 0:03.\n"
        "I base this on the machine's finding and on my own comparison of the hairline frame by frame."
    ),
    contrary="The speaker says that the camera smoothed the skin.",
    alternatives="A beauty filter of the recording app was tried and ruled out.",
    limitations="The original recording was not available.",
)

TRACES = ItemTraces(
    sha256="0" * 64,
    container=(("format", "mov,mp4,m4a,3gp,3g2,mj2"), ("major_brand", "isom"), ("encoder", "Lavf60.16.100")),
    streams=((("codec", "h264 High"), ("GOP", "250, regular")), (("codec", "aac LC"), ("rate", "48000"))),
    location=(39.46975, -0.37739),
    thumbnail=None,
    credentials=Credentials(CredentialState.ABSENT),
    perceptual_hash=("c3d1a5f09e8b7766", "c3d1a5f09e8b7767"),
    findings=(
        Trace(
            "encoder",
            TraceWeight.NOTABLE,
            "The file was written by Lavf60.16.100, not by a camera.",
            "Any conversion, download or messenger does this; so does every editing program.",
        ),
        Trace("no_dates", TraceWeight.NEUTRAL, "The file states no date of recording.", "Many services remove it."),
    ),
)


def make_custody(sha256, checks=3, entries=6, exported=None):
    """The custody of an item whose file was checked so often; `exported` is the hash at export, None is the same."""
    item = CaseItem(
        1, Path("/evidence/clip.mp4"), sha256, "5" * 128, 8_412_773, INTAKE, INTAKE, "as received", "M. Núñez, by USB"
    )
    occasions = (Occasion.INTAKE, *[Occasion.ANALYSIS] * (checks - 2), Occasion.EXPORT)
    rows = tuple(
        ItemCheck(
            number + 1,
            1,
            occasion,
            ItemState.INTACT if occasion is not Occasion.EXPORT or exported in (None, sha256) else ItemState.CHANGED,
            INTAKE + timedelta(hours=number),
            "Ana Ibáñez",
            "casework",
            item.path,
            sha256 if occasion is not Occasion.EXPORT or exported is None else exported,
        )
        for number, occasion in enumerate(occasions)
    )
    return Custody("9f86d081884c7d65", "2026-17.cotejo", item, rows, make_log(entries), ChainHead(entries, "e" * 64), 1)


def make_log(entries):
    """So many entries of an audit log; their hashes are not real ones."""
    actions = ("case.created", "item.added", "item.checked", "analysis.started", "analysis.finished", "item.checked")
    return tuple(
        AuditEntry(
            number + 1,
            INTAKE + timedelta(minutes=7 * number),
            "Ana Ibáñez",
            actions[number % len(actions)],
            "casework",
            {"item": 1},
            {},
            hashlib.sha256(str(number).encode()).hexdigest(),
            hashlib.sha256(str(number + 1).encode()).hexdigest(),
        )
        for number in range(entries)
    )


def make_dossier(result, **changes):
    """A dossier of a result with everything stated; `changes` replace fields."""
    from dataclasses import replace

    full = Dossier(
        issued_utc=ISSUED,
        details=DETAILS,
        custody=make_custody(result.media.sha256),
        traces=replace(TRACES, sha256=result.media.sha256),
        notes=((INTAKE, "Ana Ibáñez", "The hairline flickers from 0:01 on."),),
    )
    return replace(full, **changes)
