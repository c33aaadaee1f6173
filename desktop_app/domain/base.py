"""What the records share: array types and checks."""

import numpy as np
from numpy.typing import NDArray

UInt8Array = NDArray[np.uint8]


FloatArray = NDArray[np.float32]


Box = tuple[float, float, float, float]


RESULT_SCHEMA_VERSION = 1


def require(condition: bool, message: str) -> None:
    """Raise ValueError with a message that states expected and actual value."""
    if not condition:
        raise ValueError(message)


def check_box(box_xyxy: Box) -> None:
    """Raise ValueError unless the box has an area."""
    require(len(box_xyxy) == 4, f"box_xyxy: expected 4 numbers, got {len(box_xyxy)}")
    x1, y1, x2, y2 = box_xyxy
    require(x2 > x1 and y2 > y1, f"box_xyxy: expected x2 > x1 and y2 > y1, got {box_xyxy}")


def check_probability(name: str, value: float | None) -> None:
    """Raise ValueError unless the value is absent or in [0, 1]."""
    require(value is None or 0.0 <= value <= 1.0, f"{name}: expected a value in [0, 1], got {value}")
