import errno
import pickle

import pytest

from desktop_app.errors import AppError, CaseError, DeviceError, InputError, ModelError, plain_cause
from desktop_app.progress import Cancelled


@pytest.mark.parametrize("kind", [InputError, ModelError, CaseError, DeviceError])
def test_message_and_hint(kind: type[AppError]) -> None:
    error = kind("The file is empty.", "Choose another one.")
    assert isinstance(error, AppError)
    assert str(error) == error.user_message == "The file is empty."
    assert error.hint == "Choose another one."
    assert kind("x").hint == ""


def test_the_kinds_do_not_overlap() -> None:
    kinds = (InputError, ModelError, CaseError, DeviceError, Cancelled)
    assert not any(issubclass(a, b) for a in kinds for b in kinds if a is not b)


def test_the_cause_is_kept() -> None:
    def read() -> None:
        try:
            raise OSError("disk")
        except OSError as cause:
            raise InputError("The file cannot be read.") from cause

    with pytest.raises(InputError) as caught:
        read()
    assert isinstance(caught.value.__cause__, OSError)


def test_an_error_crosses_a_process_boundary() -> None:
    again = pickle.loads(pickle.dumps(InputError("The file is empty.", "Choose another one.")))
    assert (again.user_message, again.hint) == ("The file is empty.", "Choose another one.")


@pytest.mark.parametrize(
    ("error", "cause"),
    [
        (FileNotFoundError(errno.ENOENT, "No such file or directory", "/a/b"), "There is no such file or folder."),
        (PermissionError(errno.EACCES, "Permission denied"), "You may not read or write there."),
        (OSError(errno.ENOSPC, "No space left on device"), "The disk is full."),
        (OSError(errno.EIO, "Input/output error", "/a/b"), "Input/output error."),
        (OSError("odd"), "Odd."),
        (UnicodeDecodeError("utf-8", b"a", 0, 1, "invalid start byte"), "It is not text in UTF-8."),
        (ValueError("Another sentence."), "Another sentence."),
    ],
)
def test_causes_are_said_without_numbers_and_paths(error, cause):
    assert plain_cause(error) == cause
