"""A case out of an archive: nothing of it is trusted before it is checked, and everything of it is checked."""

import json
import os
import stat
import struct
import zipfile
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager, suppress
from dataclasses import replace
from pathlib import Path

from desktop_app.cases.archive import (
    ITEMS,
    KIND,
    MANIFEST,
    README,
    SCHEMA,
    SPARE_BYTES,
    SUMS,
    check_room,
    safe_name,
    sums_text,
)
from desktop_app.cases.locks import lock_file_of
from desktop_app.cases.schema import SUFFIX
from desktop_app.cases.store import CaseStore
from desktop_app.cases.verify import verify_case
from desktop_app.domain.archives import ArchiveManifest, ImportedCase
from desktop_app.domain.cases import CaseCheck, ChainHead, ItemFinding, ItemState, Occasion
from desktop_app.domain.codec import from_plain
from desktop_app.errors import CaseError
from desktop_app.files import HASH_BYTES, FileDigest, FileHashes, check_file, filling, hash_file
from desktop_app.progress import CancelToken, Progress, ProgressFn, ignore_progress

# what the library raises for a damaged or foreign file
ZIP_FAULTS = (zipfile.BadZipFile, NotImplementedError, RuntimeError, EOFError, struct.error, OverflowError)
MAX_LIST_BYTES = 64 * 1024 * 1024
_AGAIN = "Ask for the archive again, and compare its hash with the one that was noted when it was written."


def import_archive(
    archive: Path,
    folder: Path,
    actor: str = "",
    on_progress: ProgressFn = ignore_progress,
    cancel: CancelToken | None = None,
    purpose: str = "",
) -> ImportedCase:
    """Unpack a case and its items, check every hash and the case's log, and let the case look for its items there.

    Where the case is not intact it is unpacked and left as it is, so that it can be examined. A file of an item that
    is not what the archive's list says is left out.

    Args:
        archive: What `export_archive` wrote.
        folder: A new or empty folder for the case and its items; appears whole or not at all.
        actor: Who imports; empty is the user of this computer.
        on_progress: Stages ``"hash"`` and ``"unpack"`` in bytes.
        cancel: Stops the work; nothing is left behind.
        purpose: What for, for the audit log.

    Raises:
        CaseError: It is no such archive, is damaged, holds what no such archive holds, or cannot be unpacked there.
        InputError: The archive cannot be read.
        Cancelled: `cancel` was called.
    """
    folder, token = folder.absolute(), cancel or CancelToken()
    sha256 = hash_file(archive, on_progress, token).sha256
    with _opened(archive) as (file, manifest):
        check_room(folder.parent, sum(f.size_bytes for f in manifest.files) + SPARE_BYTES)
        with filling(folder) as temporary:
            hashes = _unpack(file, manifest, temporary, on_progress, token)
            if manifest.case_file not in hashes:
                raise CaseError(f"The case in “{archive.name}” is damaged: its hash is another.", _AGAIN)
            damaged = tuple(f.path for f in manifest.files if f.path not in hashes)
            head = ChainHead(manifest.entries, manifest.head)
            check = verify_case(temporary / manifest.case_file, with_items=False, head=head)
            states: dict[int, ItemState] = {}
            if check.is_intact:
                reason = f"Unpacked from “{archive.name}”, SHA-256 {sha256}."
                states = _relocate(temporary, folder, manifest, hashes, actor, reason, purpose)
        return _said(folder, manifest, check, states, damaged, sha256)


@contextmanager
def _opened(archive: Path) -> Iterator[tuple[zipfile.ZipFile, ArchiveManifest]]:
    """An archive and its list, once they agree.

    Raises:
        CaseError: They do not, or it is none.
    """
    with ExitStack() as stack:
        try:
            file = stack.enter_context(zipfile.ZipFile(archive))
            manifest = _manifest(file, _entries(file, archive), archive)
        except ZIP_FAULTS as error:
            raise CaseError(f"“{archive.name}” is no archive of a case, or it is damaged.", _AGAIN) from error
        except OSError as error:
            raise CaseError(f"“{archive.name}” cannot be read to its end.", "Check the drive it lies on.") from error
        yield file, manifest


def _entries(file: zipfile.ZipFile, archive: Path) -> dict[str, zipfile.ZipInfo]:
    """The entries by name, once none of them is anything but a plain file within the folder.

    Raises:
        CaseError: One is.
    """
    found: dict[str, zipfile.ZipInfo] = {}
    known: set[str] = set()
    for entry in file.infolist():
        kind = stat.S_IFMT(entry.external_attr >> 16)
        is_plain = entry.compress_type == zipfile.ZIP_STORED and entry.compress_size == entry.file_size
        is_file = kind in (0, stat.S_IFREG) and not entry.is_dir() and not entry.flag_bits & 1
        is_named = _is_place(entry.filename) and entry.filename == entry.orig_filename
        if not (is_plain and is_file and is_named) or entry.filename.casefold() in known:
            raise _foreign(archive, entry.orig_filename)
        known.add(entry.filename.casefold())
        found[entry.filename] = entry
    # entries that overlap could fill a disk out of a small file
    if sum(entry.file_size for entry in found.values()) > check_file(archive).st_size:
        raise CaseError(f"“{archive.name}” claims to hold more than it can.", _AGAIN)
    return found


def _is_place(name: str) -> bool:
    """Whether a name is one that this program gives: never outside of the folder, on no system."""
    parts = name.split("/")
    if any(part != safe_name(part) for part in parts):
        return False
    return len(parts) == 1 or (len(parts) == 3 and parts[0] == ITEMS and parts[1].isdecimal())


def _foreign(archive: Path, name: str) -> CaseError:
    return CaseError(
        f"“{archive.name}” holds “{name}”, which no archive of a case holds; nothing was unpacked.", _AGAIN
    )


def _manifest(file: zipfile.ZipFile, entries: dict[str, zipfile.ZipInfo], archive: Path) -> ArchiveManifest:
    """The list of an archive, once it agrees with what is there.

    Raises:
        CaseError: It is missing, damaged, of a newer program, or of other files.
    """
    not_ours = CaseError(f"“{archive.name}” is no archive of a case.", "Choose a file that `cotejo case export` wrote.")
    if MANIFEST not in entries or SUMS not in entries:
        raise not_ours
    if max(entries[MANIFEST].file_size, entries[SUMS].file_size) > MAX_LIST_BYTES:
        raise CaseError(f"The list of “{archive.name}” is too long.", _AGAIN)
    data = file.read(MANIFEST)
    try:
        content = json.loads(data)
        if content.get("kind") != KIND:
            raise not_ours
        if type(content.get("schema")) is int and content["schema"] > SCHEMA:
            raise CaseError(f"“{archive.name}” was written by a newer version of the program.", "Update the program.")
        manifest = from_plain(ArchiveManifest, content, "manifest")
    except (ValueError, TypeError, AttributeError, RecursionError) as error:
        raise CaseError(f"The list of “{archive.name}” is damaged ({error}).", _AGAIN) from error
    _check_list(manifest, entries, archive)
    if file.read(SUMS) != sums_text(manifest.files, data).encode("utf-8"):
        raise CaseError(f"The list of “{archive.name}” was altered: its checksums are others.", _AGAIN)
    return manifest


def _check_list(manifest: ArchiveManifest, entries: dict[str, zipfile.ZipInfo], archive: Path) -> None:
    sizes = {f.path: f.size_bytes for f in manifest.files}
    there = {name: entry.file_size for name, entry in entries.items() if name not in (MANIFEST, SUMS)}
    for name in sorted(sizes.keys() ^ there.keys()):
        if name in there:
            raise _foreign(archive, name)
        raise CaseError(f"“{name}” is missing from “{archive.name}”.", _AGAIN)
    wrong = [name for name in sizes if sizes[name] != there[name]]
    packed = [item.file for item in manifest.items if item.file is not None]
    ids = {item.item_id for item in manifest.items}
    owned = sorted([*packed, manifest.case_file, README])
    is_case = manifest.case_file.endswith(SUFFIX) and "/" not in manifest.case_file
    if (
        wrong
        or not is_case
        or len(sizes) != len(manifest.files)
        or owned != sorted(sizes)
        or len(ids) != len(manifest.items)
    ):
        raise CaseError(f"The list of “{archive.name}” contradicts what is there.", _AGAIN)


def _unpack(
    file: zipfile.ZipFile, manifest: ArchiveManifest, folder: Path, on_progress: ProgressFn, cancel: CancelToken
) -> dict[str, FileHashes]:
    """Hashes of the files that are what the list says; those of case and items lie in the folder then."""
    total, done, found = sum(f.size_bytes for f in manifest.files), 0, {}
    for listed in manifest.files:
        target = folder / listed.path
        target.parent.mkdir(parents=True, exist_ok=True)
        digest = FileDigest()
        with target.open("xb") as out:
            for data in _content(file, listed.path):
                cancel.check()
                out.write(data)
                digest.update(data)
                done += len(data)
                on_progress(Progress("unpack", done, total))
        if digest.sha256 == listed.sha256:
            found[listed.path] = FileHashes(digest.sha256, digest.sha512, listed.size_bytes, manifest.created_utc)
        if listed.path not in found or listed.path == README:
            target.unlink()
            with suppress(OSError):
                target.parent.rmdir()
    return found


def _content(file: zipfile.ZipFile, name: str) -> Iterator[bytes]:
    try:
        with file.open(name) as source:
            while data := source.read(HASH_BYTES):
                yield data
    except ZIP_FAULTS:
        return  # what was read has another hash then


def _relocate(
    temporary: Path,
    folder: Path,
    manifest: ArchiveManifest,
    hashes: dict[str, FileHashes],
    actor: str,
    reason: str,
    purpose: str,
) -> dict[int, ItemState]:
    """Let the case look for its items where they will lie; the log says so. How each compares with its intake."""
    states, case_path = {}, temporary / manifest.case_file
    with CaseStore.open(case_path, actor, read_only=False, purpose=purpose) as case:
        case.log("case.imported", purpose or reason, reason=reason, entries=manifest.entries, head=manifest.head)
        for packed in manifest.items:
            if packed.file not in hashes or packed.file is None:
                continue
            item, place = case.items.get(packed.item_id), folder / packed.file
            check = case.items.record_check(item.item_id, Occasion.REVIEW, hashes[packed.file], purpose, place)
            states[item.item_id] = check.state
            if check.state is ItemState.MOVED:
                case.items.accept(check.check_id, reason)
                states[item.item_id] = ItemState.INTACT
            # the file keeps the date that the item had
            modified_ns = int(item.modified_utc.timestamp() * 1e9)
            os.utime(temporary / packed.file, ns=(modified_ns, modified_ns))
    lock_file_of(case_path).unlink(missing_ok=True)
    return states


def _said(
    folder: Path,
    manifest: ArchiveManifest,
    check: CaseCheck,
    states: dict[int, ItemState],
    damaged: tuple[str, ...],
    sha256: str,
) -> ImportedCase:
    case = folder / manifest.case_file
    items = tuple(ItemFinding(p.item_id, folder / (p.file or p.name), states.get(p.item_id)) for p in manifest.items)
    return ImportedCase(case, sha256, replace(check, path=case), items, damaged)
