import importlib.util
import subprocess
import sys
from pathlib import Path

import pytest

SCRIPT = Path(__file__).resolve().parents[2] / "packaging" / "notices.py"


@pytest.fixture(scope="module")
def notices():
    spec = importlib.util.spec_from_file_location("cotejo_notices", SCRIPT)
    module = importlib.util.module_from_spec(spec)
    sys.modules[spec.name] = module
    spec.loader.exec_module(module)
    yield module
    del sys.modules[spec.name]


def test_the_closure_reaches_indirect_needs_and_leaves_cuda_out(notices) -> None:
    names = notices.requirement_closure("cotejo")
    assert {"pyside6", "pyside6-essentials", "av", "torch", "reportlab", "requests", "urllib3", "numpy"} <= set(names)
    assert not {"cotejo", "pytest", "ruff", "triton"} & set(names)
    assert not any(name.startswith(("nvidia-", "cuda-")) for name in names)


def test_every_library_states_its_licence(notices, tmp_path: Path) -> None:
    out = tmp_path / "notices.txt"
    assert notices.main([str(out)]) == 0
    text = out.read_text(encoding="utf-8")
    for mark in ("libx264", "GNU GENERAL PUBLIC LICENSE", "Mozilla Public License", "Apache License"):
        assert mark in text, mark


def test_a_library_without_a_licence_stops_it(notices, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    info = tmp_path / "nameless-1.0.dist-info"
    info.mkdir()
    (info / "METADATA").write_text("Metadata-Version: 2.1\nName: nameless\nVersion: 1.0\n")
    (info / "RECORD").write_text("nameless-1.0.dist-info/METADATA,,\n")
    monkeypatch.syspath_prepend(str(tmp_path))
    with pytest.raises(notices.NoticeError, match="nameless"):
        notices.describe("nameless")


def test_a_text_is_printed_once(notices) -> None:
    libraries = [notices.Library(name, "1", "MIT", (("LICENSE", "the long text"),)) for name in ("a", "b")]
    text = notices.compose(libraries)
    assert text.count("the long text") == 1
    assert "The same text as that of a 1: LICENSE." in text


def test_the_wheel_of_pyav_still_is_the_reason_for_the_licence() -> None:
    code = "import av; print('libx264' in av.codecs_available, 'libx265' in av.codecs_available)"
    answer = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, timeout=60)
    assert answer.stdout.split() == ["True", "True"], answer.stderr
