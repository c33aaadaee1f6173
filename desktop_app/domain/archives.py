"""A whole case in one file: what lies in it, and what came out of it on another machine."""

from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from desktop_app.domain.cases import CaseCheck, ItemFinding, ItemState


@dataclass(frozen=True, slots=True)
class ArchivedFile:
    """A file of an archive.

    Args:
        path: Where it lies in the archive, parts divided by ``/``.
        size_bytes: Its size.
        sha256: Its hash.
    """

    path: str
    size_bytes: int
    sha256: str


@dataclass(frozen=True, slots=True)
class ArchivedItem:
    """An item of the case.

    Args:
        item_id: Its number in the case.
        name: Name of its file.
        state: How its file compared with the intake when it was packed; None when it was not looked at.
        file: Path of its file in the archive, None when it is not there.
    """

    item_id: int
    name: str
    state: ItemState | None
    file: str | None


@dataclass(frozen=True, slots=True)
class ArchiveManifest:
    """The list of an archive.

    Args:
        kind: What the document is: ``"cotejo-case-archive"``.
        schema: Version of its form.
        program: Version of the program that wrote it.
        created_utc: When.
        case_file: Path of the case in the archive.
        entries: Entries of its audit log.
        head: Hash of the last one.
        items: All items of the case.
        files: All files but the list itself and the checksums.
    """

    kind: str
    schema: int
    program: str
    created_utc: datetime
    case_file: str
    entries: int
    head: str
    items: tuple[ArchivedItem, ...]
    files: tuple[ArchivedFile, ...]


@dataclass(frozen=True, slots=True)
class CaseArchive:
    """An archive that was written.

    Args:
        path: Where it lies.
        sha256: Its hash.
        items: All items of the case, with what became of them.
    """

    path: Path
    sha256: str
    items: tuple[ArchivedItem, ...]


@dataclass(frozen=True, slots=True)
class ImportedCase:
    """A case that came out of an archive.

    Args:
        path: The case.
        sha256: Hash of the archive.
        check: What a verification found of the case as it lay in the archive.
        items: State of each item's unpacked file; None where none was unpacked.
        damaged: Files of the archive that are not what its list says; those were left out.
    """

    path: Path
    sha256: str
    check: CaseCheck
    items: tuple[ItemFinding, ...]
    damaged: tuple[str, ...]

    @property
    def is_intact(self) -> bool:
        """Whether all that was packed is as it was."""
        return self.check.is_intact and not self.damaged and all(i.state is not ItemState.CHANGED for i in self.items)
