"""The workstation: the only room that knows Qt."""

import ctypes
import sys

_SPARE_REFERENCES = 1 << 40


def _keep_none_alive() -> None:
    """Make None as good as immortal, as it is by itself from Python 3.12 on.

    PySide 6.12 gives back None without a reference of its own from calls that return nothing (`QPainter.drawLine`, …):
    after some ten thousand of them the interpreter would end with "deallocating None".
    """
    if sys.version_info < (3, 12) and sys.implementation.name == "cpython":
        ctypes.c_ssize_t.from_address(id(None)).value += _SPARE_REFERENCES


_keep_none_alive()
