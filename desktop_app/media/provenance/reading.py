"""All traces of a file."""

from datetime import UTC, datetime
from pathlib import Path

from desktop_app.domain.traces import ItemTraces
from desktop_app.files import open_read_only, reading_whole
from desktop_app.media.images import is_picture
from desktop_app.media.provenance.catalogue import by_weight, found
from desktop_app.media.provenance.credentials import credential_traces, read_credentials
from desktop_app.media.provenance.pictures import PictureTraces, picture_kind, read_picture
from desktop_app.media.provenance.videos import VideoTraces, read_video
from desktop_app.progress import CancelToken, ProgressFn, ignore_progress

HEAD_BYTES = 32


def read_traces(
    path: Path,
    sha256: str,
    on_progress: ProgressFn = ignore_progress,
    cancel: CancelToken | None = None,
    trust_pem: str = "",
) -> ItemTraces:
    """Read what a video or picture tells of its own history. It is opened read-only and nothing goes online.

    Args:
        path: A local file.
        sha256: Its hash, as the caller has just computed it; it is kept with the traces.
        on_progress: Stage ``"traces"`` in bytes.
        cancel: Stops the work.
        trust_pem: Certificates of authorities whose Content Credentials are trusted, PEM.

    Raises:
        InputError: The file cannot be used, or changed while it was read.
        Cancelled: The token was cancelled.
    """
    cancel = cancel or CancelToken()
    with reading_whole(path) as state:
        modified = datetime.fromtimestamp(state.st_mtime_ns / 1e9, UTC)
        traces = _read(path, sha256, modified, on_progress, cancel, trust_pem)
    return traces


def _read(
    path: Path, sha256: str, modified: datetime, on_progress: ProgressFn, cancel: CancelToken, trust_pem: str
) -> ItemTraces:
    with open_read_only(path) as file:
        head = file.read(HEAD_BYTES)
    if is_picture(path, head):
        with open_read_only(path) as file:
            kind = picture_kind(file)
            file.seek(0)
            found_in: PictureTraces | VideoTraces = read_picture(file, modified)
    else:
        found_in = read_video(path, modified, on_progress, cancel)
        kind = "boxes" if found_in.is_boxes else "avi" if head[:4] == b"RIFF" else "other"
    with open_read_only(path) as file:
        credentials = read_credentials(file, kind, trust_pem)
    cancel.check()
    findings = [*found_in.findings, *credential_traces(credentials)]
    if found_in.location is not None:
        latitude, longitude = found_in.location
        findings.append(found("location", latitude=f"{latitude:.5f}", longitude=f"{longitude:.5f}"))
    return ItemTraces(
        sha256=sha256,
        container=found_in.container,
        streams=found_in.streams,
        location=found_in.location,
        thumbnail=found_in.thumbnail,
        credentials=credentials,
        perceptual_hash=found_in.perceptual_hash,
        findings=by_weight(findings),
    )
