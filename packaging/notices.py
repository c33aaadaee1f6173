"""Writes the licences of every library that an installer carries, from the libraries themselves.

Usage:
    python packaging/notices.py THIRD_PARTY_NOTICES.txt
"""

import argparse
import re
import sys
from collections.abc import Sequence
from dataclasses import dataclass
from importlib import metadata
from pathlib import Path

from packaging.requirements import Requirement

# proprietary, installed by the user's own pip and never part of an installer: docs/adr/0001-licence.md
NEVER_BUNDLED = re.compile(r"(nvidia|cuda)-|triton$")
LICENCE_FILE = re.compile(r"(licen[cs]e|copying|notice|copyright|authors)", re.IGNORECASE)

NATIVE_PARTS = """\
Some of these libraries carry native code of others:

PyAV      FFmpeg (LGPL-3.0-or-later as built) with libx264 and libx265 (both GPL-2.0-or-later), dav1d, SVT-AV1, libvpx,
          Opus, LAME, opencore-amr, GnuTLS and more. It is because of x264 and x265 that Cotejo is under the GPL.
PySide6   Qt, used under LGPL-3.0.
OpenCV    see LICENSE-3RD-PARTY below.
pikepdf   qpdf (Apache-2.0), OpenSSL or GnuTLS, libjpeg-turbo.
MediaInfo libmediainfo and ZenLib (BSD-2-Clause, Zlib), carried by pymediainfo.
pillow-heif  libheif and libde265 (both LGPL-3.0-or-later) and libx265 (GPL-2.0-or-later).
C2PA      c2pa-rs (MIT or Apache-2.0) and the Rust libraries it is built of, carried by c2pa-python.
cryptography  OpenSSL (Apache-2.0).
Python    Python Software Foundation License.

The corresponding sources of the parts under the GPL and the LGPL are those that the named versions are published with;
whoever distributes an installer must offer them along with it.
"""


class NoticeError(Exception):
    """A library does not say under which licence it is."""


@dataclass(frozen=True, slots=True)
class Library:
    """One installed library.

    Args:
        name, version: As published.
        licence: SPDX expression or what the library says instead.
        texts: (file name, text) of the licence files it brings.
    """

    name: str
    version: str
    licence: str
    texts: tuple[tuple[str, str], ...]


def canonical(name: str) -> str:
    """Name as package indexes compare it."""
    return re.sub(r"[-_.]+", "-", name).lower()


def requirement_closure(root: str) -> list[str]:
    """Names of all libraries that a distribution needs here, itself left out, in order.

    Raises:
        importlib.metadata.PackageNotFoundError: One of them is not installed.
    """
    seen: set[str] = set()
    waiting = [(canonical(root), frozenset[str]())]
    done: set[tuple[str, frozenset[str]]] = set()
    while waiting:
        name, extras = entry = waiting.pop()
        if entry in done or NEVER_BUNDLED.match(name):
            continue
        done.add(entry)
        seen.add(name)
        for line in metadata.distribution(name).requires or ():
            need = Requirement(line)
            wanted = need.marker is None or any(need.marker.evaluate({"extra": extra}) for extra in ("", *extras))
            if wanted:
                waiting.append((canonical(need.name), frozenset(need.extras)))
    return sorted(seen - {canonical(root)})


def describe(name: str) -> Library:
    """Licence of an installed library.

    Raises:
        NoticeError: Neither its metadata nor its files state one.
    """
    distribution = metadata.distribution(name)
    head = distribution.metadata
    classifiers = [c.split(" :: ")[-1] for c in head.get_all("Classifier") or () if c.startswith("License ::")]
    expression = "".join(head.get_all("License-Expression") or ())
    stated = expression or "; ".join(classifiers) or "".join(head.get_all("License") or ()).split("\n")[0]
    texts = []
    for file in sorted(distribution.files or (), key=str):
        is_own = ".dist-info" in file.parts[0] and file.suffix not in (".py", ".pyc")
        if is_own and (LICENCE_FILE.search(file.name) or "licenses" in file.parts):
            texts.append((file.name, Path(str(file.locate())).read_text(encoding="utf-8", errors="replace").strip()))
    if not stated and not texts:
        raise NoticeError(f"{name} does not state its licence; look it up and add it to packaging/notices.py")
    return Library(head["Name"], distribution.version, stated or "see its text below", tuple(texts))


def compose(libraries: Sequence[Library]) -> str:
    """The whole notice: an overview, the native parts, then every text once."""
    width = max(len(library.name) for library in libraries)
    overview = [f"{library.name:<{width}}  {library.version:<14} {library.licence}" for library in libraries]
    parts = ["Cotejo uses these libraries:", "", *overview, "", NATIVE_PARTS]
    shown: dict[str, str] = {}
    for library in libraries:
        for file_name, text in library.texts:
            title = f"{library.name} {library.version}: {file_name}"
            parts += ["=" * 100, title, "=" * 100]
            parts += [f"The same text as that of {shown[text]}.", ""] if text in shown else [text, ""]
            shown.setdefault(text, title)
    return "\n".join(parts) + "\n"


def main(argv: Sequence[str] | None = None) -> int:
    """Entry point."""
    parser = argparse.ArgumentParser(description="Write the licences of every library that an installer carries.")
    parser.add_argument("out", type=Path)
    out: Path = parser.parse_args(argv).out
    try:
        libraries = [describe(name) for name in requirement_closure("cotejo")]
    except NoticeError as error:
        print(error, file=sys.stderr)
        return 1
    out.write_text(compose(libraries), encoding="utf-8")
    print(f"{len(libraries)} libraries -> {out}")
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
