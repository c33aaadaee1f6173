"""A whole case in one zip file: the case, the items' files, a list with their hashes, and words for who finds it."""

import json
import os
import shutil
import tempfile
import unicodedata
import zipfile
from contextlib import suppress
from datetime import UTC, datetime
from pathlib import Path
from typing import BinaryIO

from desktop_app import __version__
from desktop_app.cases.items import compare
from desktop_app.cases.schema import SUFFIX
from desktop_app.cases.store import CaseStore
from desktop_app.domain.archives import ArchivedFile, ArchivedItem, ArchiveManifest, CaseArchive
from desktop_app.domain.cases import CaseItem, ItemState, Occasion
from desktop_app.domain.codec import to_plain
from desktop_app.errors import CaseError, InputError
from desktop_app.files import HASH_BYTES, FileDigest, FileHashes, checksum_line, hash_file, open_read_only, replacing
from desktop_app.progress import CancelToken, Progress, ProgressFn, ignore_progress

KIND, SCHEMA = "cotejo-case-archive", 1
MANIFEST, README, SUMS, ITEMS = "manifest.json", "README.txt", "SHA256SUMS", "items"
SPARE_BYTES = 16 * 1024 * 1024
MAX_NAME_BYTES = 180
_RESERVED = {"con", "prn", "aux", "nul", *(f"{port}{n}" for port in ("com", "lpt") for n in range(1, 10))}
EARLIEST = (1980, 1, 1, 0, 0, 0)  # what a zip file can say
_FILE_MODE = 0o100644

_WORDS = """\
This is a case of Cotejo, an offline workstation for the forensic examination of faces in video.

  {case}
      the case: items, analyses, notes and the audit log
  items
      the files under examination, as they were found when this archive was written
  manifest.json, SHA256SUMS
      what belongs here, with hashes; `sha256sum -c SHA256SUMS` checks them without the program

To work with it on another computer: cotejo case import THIS.zip FOLDER
That checks every hash and the chain of the audit log, and says what is intact. The items are evidence:
do not open them with other programs, and do not change them.

---

Esto es un caso de Cotejo, una estación de trabajo sin conexión para el examen forense de rostros en vídeo.

  {case}
      el caso: elementos, análisis, notas y el registro de auditoría
  items
      los archivos examinados, tal como estaban cuando se escribió este archivo comprimido
  manifest.json, SHA256SUMS
      lo que hay aquí, con sus hashes; `sha256sum -c SHA256SUMS` los comprueba sin el programa

Para trabajar con él en otro equipo: cotejo case import ESTE.zip CARPETA
Eso comprueba todos los hashes y la cadena del registro de auditoría, y dice qué está íntegro. Los elementos son
pruebas: no los abra con otros programas ni los modifique.
"""


def export_archive(
    case: CaseStore,
    path: Path,
    with_items: bool = True,
    on_progress: ProgressFn = ignore_progress,
    cancel: CancelToken | None = None,
    purpose: str = "",
) -> CaseArchive:
    """Pack a case, and the items' files as they are found; what was found is recorded in the case.

    Nothing is compressed: pictures and sound hardly shrink, and an archive that cannot grow when it is unpacked needs
    no trust. Files beyond 4 GB are no matter (ZIP64).

    Args:
        case: An open case; it stays open.
        path: Where the archive shall be; appears whole or not at all.
        with_items: Whether the items' files are packed too; what is missing is said and left out.
        on_progress: Stage ``"archive"`` in bytes, then ``"hash"``.
        cancel: Stops the work; nothing is left behind.
        purpose: What for, for the audit log.

    Raises:
        CaseError: There is no room, or the archive or the case cannot be written.
        InputError: An item cannot be read, or changes meanwhile.
        Cancelled: `cancel` was called.
    """
    path, token = path.absolute(), cancel or CancelToken()
    items = case.items.all()
    _check_target(case, items, path)
    sizes = {item.item_id: _size(item.path) for item in items} if with_items else {}
    needed = sum(sizes.values()) + 2 * _size(case.path) + SPARE_BYTES
    check_room(path.parent, needed)
    with replacing(path, ".part.zip") as temporary:
        with zipfile.ZipFile(temporary, "w", zipfile.ZIP_STORED) as file:
            writer = _Writer(file, needed - SPARE_BYTES - _size(case.path), on_progress, token)
            writer.add_text(README, _WORDS.format(case=case_name(case)))
            packed = tuple(_pack(case, item, writer, with_items, purpose) for item in items)
            _finish(case, writer, packed, path, purpose)
        sha256 = hash_file(temporary, on_progress, token).sha256
        token.check()
    if not case.read_only:
        count = sum(item.file is not None for item in packed)
        case.log("case.archived", purpose, name=path.name, sha256=sha256, items=count)
    return CaseArchive(path, sha256, packed)


def check_room(folder: Path, needed: int) -> None:
    """Refuse to begin what the disk has no room for.

    Args:
        folder: Where the work will write.
        needed: Bytes.

    Raises:
        CaseError: There is less.
    """
    with suppress(OSError):  # what is wrong with the folder is said when it is written to
        free = shutil.disk_usage(folder).free
        if free < needed:
            raise CaseError(
                f"There is no room: {needed // 1_000_000:,} MB are needed, and {free // 1_000_000:,} MB are free.",
                "Make room, or choose another disk.",
            )


def safe_name(name: str) -> str:
    """A file name that every system takes, as near to the given one as can be.

    >>> safe_name("a:b?.mp4"), safe_name("nul.txt"), safe_name("..")
    ('a_b_.mp4', '_nul.txt', '_')
    """
    text = unicodedata.normalize("NFC", name)
    text = "".join(c if c.isprintable() and c not in '<>:"/\\|?*' else "_" for c in text).strip(" ").rstrip(". ")
    stem, dot, suffix = text.rpartition(".")
    suffix, stem = (dot + suffix, stem) if stem and len(suffix.encode()) < MAX_NAME_BYTES // 4 else ("", text)
    room = MAX_NAME_BYTES - len(suffix.encode())
    stem = stem.encode()[:room].decode("utf-8", "ignore").rstrip(". ")
    text = stem + suffix or "_"
    return f"_{text}" if text.split(".")[0].strip().casefold() in _RESERVED else text


def case_name(case: CaseStore) -> str:
    """What a case is called in an archive: its own name, with the ending of cases."""
    return f"{safe_name(case.path.name.removesuffix(SUFFIX))}{SUFFIX}"


def sums_text(files: tuple[ArchivedFile, ...], manifest: bytes) -> str:
    """The checksums of an archive.

    Args:
        files: Of its list.
        manifest: The list itself.
    """
    digest = FileDigest()
    digest.update(manifest)
    return "".join(checksum_line(f.sha256, f.path) for f in files) + checksum_line(digest.sha256, MANIFEST)


class _Writer:
    """Adds files to an archive and keeps the list of them.

    Args:
        file: The archive.
        total: Bytes to come, for progress.
        on_progress: Stage ``"archive"``.
        cancel: Stops the work.
    """

    def __init__(self, file: zipfile.ZipFile, total: int, on_progress: ProgressFn, cancel: CancelToken) -> None:
        self.files: list[ArchivedFile] = []
        self.created_utc = datetime.now(UTC)
        self._file, self._total, self._done = file, total, 0
        self._on_progress, self._cancel = on_progress, cancel

    def _entry(self, name: str, size: int) -> zipfile.ZipInfo:
        entry = zipfile.ZipInfo(name, max(EARLIEST, self.created_utc.timetuple()[:6]))
        # said beforehand, so that the library knows whether it takes ZIP64
        entry.create_system, entry.external_attr, entry.file_size = 3, _FILE_MODE << 16, size
        return entry

    def add_file(self, name: str, source: Path) -> FileHashes:
        """Copy a file in and hash what was copied.

        Raises:
            InputError: It cannot be read, or changed meanwhile.
        """
        digest, done = FileDigest(), 0
        with open_read_only(source) as file:
            before = os.fstat(file.fileno())
            with self._file.open(self._entry(name, before.st_size), "w") as target:
                # no further than its size: a file that is still written has no end
                while done <= before.st_size and (data := _read(file, source)):
                    self._cancel.check()
                    target.write(data)
                    digest.update(data)
                    done += len(data)
                    self._on_progress(Progress("archive", self._done + done, max(self._total, self._done + done)))
            after = os.fstat(file.fileno())
        if (after.st_size, after.st_mtime_ns) != (before.st_size, before.st_mtime_ns) or done != after.st_size:
            raise InputError(
                f"The file “{source.name}” changed while it was read.", "Wait until it is written completely."
            )
        self._done += done
        self.files.append(ArchivedFile(name, done, digest.sha256))
        modified = datetime.fromtimestamp(before.st_mtime_ns / 1e9, UTC)
        return FileHashes(digest.sha256, digest.sha512, done, modified)

    def add_text(self, name: str, text: str, is_listed: bool = True) -> bytes:
        """Add a text, and say what its bytes are."""
        data, digest = text.encode("utf-8"), FileDigest()
        digest.update(data)
        self._file.writestr(self._entry(name, len(data)), data)
        if is_listed:
            self.files.append(ArchivedFile(name, len(data), digest.sha256))
        return data


def _read(file: BinaryIO, source: Path) -> bytes:
    try:
        return file.read(HASH_BYTES)
    except OSError as error:
        raise InputError(
            f"The file “{source.name}” cannot be read to its end.", "Check the drive it lies on."
        ) from error


def _pack(case: CaseStore, item: CaseItem, writer: _Writer, is_wanted: bool, purpose: str) -> ArchivedItem:
    name = item.path.name
    if not is_wanted:
        return ArchivedItem(item.item_id, name, None, None)
    if _is_missing(item.path):
        _record(case, item, None, purpose)
        return ArchivedItem(item.item_id, name, ItemState.MISSING, None)
    inside = f"{ITEMS}/{item.item_id:04d}/{safe_name(name)}"
    hashes = writer.add_file(inside, item.path)
    _record(case, item, hashes, purpose)
    return ArchivedItem(item.item_id, name, compare(item, hashes, item.path), inside)


def _is_missing(path: Path) -> bool:
    try:
        path.stat()
    except (FileNotFoundError, NotADirectoryError):
        return True
    except OSError:
        pass  # what is in the way is said where the file is read
    return False


def _record(case: CaseStore, item: CaseItem, hashes: FileHashes | None, purpose: str) -> None:
    if not case.read_only:
        case.items.record_check(item.item_id, Occasion.EXPORT, hashes, purpose)


def _finish(case: CaseStore, writer: _Writer, packed: tuple[ArchivedItem, ...], path: Path, purpose: str) -> None:
    head, name = case.head(), case_name(case)
    with tempfile.TemporaryDirectory(prefix=".cotejo-", dir=path.parent, ignore_cleanup_errors=True) as scratch:
        writer.add_file(name, case.save_copy(Path(scratch) / name, purpose))
    files = tuple(writer.files)
    manifest = ArchiveManifest(
        KIND, SCHEMA, __version__, writer.created_utc, name, head.count, head.sha256, packed, files
    )
    data = writer.add_text(MANIFEST, json.dumps(to_plain(manifest), indent=1) + "\n", is_listed=False)
    writer.add_text(SUMS, sums_text(files, data), is_listed=False)


def _check_target(case: CaseStore, items: tuple[CaseItem, ...], path: Path) -> None:
    # by what lies there, not by name: the same file has several names where case does not count
    for kept in (case.path, *(item.path for item in items)):
        with suppress(OSError, ValueError):
            if path.samefile(kept):
                raise CaseError(
                    f"“{path.name}” belongs to the case and must not be overwritten.", "Choose another name."
                )


def _size(path: Path) -> int:
    try:
        return path.stat().st_size
    except OSError:
        return 0
