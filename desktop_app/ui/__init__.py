"""The workstation: the only room that knows Qt."""

import ctypes
import sys

_SPARE_REFERENCES = 1 << 40


def _keep_constants_alive() -> None:
    """Make None, True and False as good as immortal, as they are by themselves from Python 3.12 on.

    PySide 6.12 gives back None without a reference of its own from calls that return nothing (`QPainter.drawLine`, …):
    after some ten thousand of them the interpreter would end with "deallocating None".
    """
    if sys.version_info < (3, 12) and sys.implementation.name == "cpython":
        for constant in (None, True, False):
            ctypes.c_ssize_t.from_address(id(constant)).value += _SPARE_REFERENCES


_keep_constants_alive()
