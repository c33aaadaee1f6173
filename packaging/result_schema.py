"""Renews `docs/result.schema.json`, the published form of a stored result.

Usage:
    python packaging/result_schema.py
"""

import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
TARGET = ROOT / "docs" / "result.schema.json"


def main() -> None:
    """Write the file."""
    sys.path.insert(0, str(ROOT))
    from desktop_app.reports.schema import schema_text

    TARGET.write_text(schema_text(), encoding="utf-8", newline="\n")


if __name__ == "__main__":
    main()
