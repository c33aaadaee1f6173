"""How files that the command line writes are named."""

import os
from collections.abc import Sequence
from pathlib import Path


def fitting(name: str, limit: int = 200) -> str:
    """A name cut to so many bytes that endings still fit into the 255 that file systems allow.

    >>> fitting("é" * 250) == "é" * 100
    True
    """
    while len(os.fsencode(name)) > limit:
        name = name[:-1]
    return name


def unique_stems(paths: Sequence[Path]) -> list[str]:
    """A name for each item's files, none twice, also where upper and lower case are the same.

    >>> unique_stems([Path("a/x.mp4"), Path("b/X.mov"), Path("y.png")])
    ['x', 'X-2', 'y']
    """
    names: list[str] = []
    for path in paths:
        name, number = (stem := fitting(path.stem)), 1
        while name.casefold() in {n.casefold() for n in names}:
            number += 1
            name = f"{stem}-{number}"
        names.append(name)
    return names


def free_path(folder: Path, name: str, suffix: str, items: Sequence[Path]) -> Path:
    """Where a file may be written without replacing an item.

    Args:
        folder: The folder.
        name: Of the item, without its ending.
        suffix: With its dot.
        items: Files that must not be touched.
    """
    path, number = folder / f"{(name := fitting(name))}.cotejo{suffix}", 1
    while any(_is_same(path, item) for item in items):
        number += 1
        path = folder / f"{name}.cotejo-{number}{suffix}"
    return path


def _is_same(path: Path, item: Path) -> bool:
    try:
        return path.samefile(item)
    except (OSError, ValueError):
        # a stored result may name what cannot be a path
        return False
