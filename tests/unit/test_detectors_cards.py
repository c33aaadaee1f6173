import logging

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from desktop_app.detectors import CARD_FILE, DEFAULT_MODEL_ID, find_card, list_cards, list_models, load_card, write_card
from desktop_app.detectors import registry as registry_module
from desktop_app.domain import DataSource, ErrorRates, Thresholds
from desktop_app.errors import ModelError
from tests.factories import make_card

TEXT = st.text(st.characters(exclude_categories=["Cs"]), max_size=20)
SHARE = st.floats(0, 1)
NUMBER = st.floats(-1e6, 1e6)
POSITIVE = st.floats(1e-6, 1e6)
RATE = st.none() | SHARE
COUNT = st.integers(0, 10**9)
SOURCES = st.builds(DataSource, TEXT, COUNT, TEXT)
ROWS = st.builds(
    ErrorRates, TEXT, TEXT, TEXT, st.booleans(), COUNT, COUNT, RATE, RATE, RATE, RATE, RATE, RATE, RATE, RATE
)


@st.composite
def cards(draw):
    low, mid_low, mid_high, high = sorted(draw(st.lists(SHARE, min_size=4, max_size=4)))
    classes = tuple(draw(st.lists(TEXT, min_size=2, max_size=5, unique=True)))
    triple = st.tuples(NUMBER, NUMBER, NUMBER)
    return make_card(
        model_id=draw(st.from_regex(r"[a-z0-9][a-z0-9.-]{0,10}[a-z0-9]", fullmatch=True)),
        name=draw(TEXT),
        classes=classes,
        genuine_class=draw(st.sampled_from(classes)),
        outputs=draw(st.sampled_from([None, len(classes), 1 if len(classes) == 2 else None])),
        mean=draw(triple),
        std=draw(st.tuples(POSITIVE, POSITIVE, POSITIVE)),
        crop_margin=draw(st.floats(-0.99, 10)),
        temperature=draw(POSITIVE),
        bias=draw(NUMBER),
        thresholds=Thresholds(draw(st.floats(low, high)), low, mid_low, mid_high, high),
        training_data=tuple(draw(st.lists(SOURCES, max_size=3))),
        error_rates=tuple(draw(st.lists(ROWS, max_size=3))),
        limits=tuple(draw(st.lists(TEXT, max_size=3))),
        licence=draw(TEXT),
    )


@given(cards())
def test_a_card_survives_writing_and_reading(tmp_path_factory, card):
    path = tmp_path_factory.mktemp("card") / CARD_FILE
    write_card(card, path)
    assert load_card(path) == card
    assert [p.name for p in path.parent.iterdir()] == [CARD_FILE]


def test_numbers_of_numpy_are_written_as_numbers(tmp_path):
    card = make_card(temperature=np.float64(1.5), bias=np.float64(-0.25))
    write_card(card, tmp_path / CARD_FILE)
    assert load_card(tmp_path / CARD_FILE) == card


def test_a_byte_order_mark_does_no_harm(tmp_path):
    path = tmp_path / CARD_FILE
    write_card(make_card(), path)
    path.write_bytes(b"\xef\xbb\xbf" + path.read_bytes())
    assert load_card(path) == make_card()


SHA = f'weights_sha256 = "{make_card().weights_sha256}"'


@pytest.mark.parametrize(
    ("old", "new", "complaint"),
    [
        ('version = "1"', 'version = "1"\ncolour = "blue"', "unknown entries: colour"),
        ('version = "1"', 'version = "1"\noutputs = 3', "outputs: expected 2"),
        ('version = "1"', 'version = "1"\noutputs = 0', "outputs: expected 2"),
        ('classes = ["genuine", "fake"]', 'classes = ["genuine", "swap", "gan"]\noutputs = 1', "outputs: expected 3"),
        ('version = "1"', "", "lacks: version"),
        ("crop_margin = 0.3", "", "lacks: crop_margin"),
        ('version = "1"', "version = 1", "version should be str"),
        ("min_face_px = 50", "min_face_px = 50.5", "min_face_px should be int"),
        ("temperature = 1.4", "temperature = true", "temperature should be float"),
        ("temperature = 1.4", "temperature = 0", "temperature: expected > 0"),
        ("temperature = 1.4", "temperature = inf", "finite"),
        ("bias = -0.1", "bias = nan", "finite"),
        ("mean = [0.485, 0.456, 0.406]", "mean = [0.5]", "mean should have 3 values"),
        ("mean = [0.485, 0.456, 0.406]", 'mean = ["a", 0.456, 0.406]', "mean should be float"),
        ("std = [0.229, 0.224, 0.225]", "std = [0.0, 0.224, 0.225]", "std: expected values > 0"),
        ('classes = ["genuine", "fake"]', 'classes = ["genuine"]', "two or more"),
        ('classes = ["genuine", "fake"]', 'classes = ["genuine", "fake", "fake"]', "twice"),
        ('classes = ["genuine", "fake"]', 'classes = "genuine"', "classes should be"),
        ('genuine_class = "genuine"', 'genuine_class = "real"', "not in"),
        ('weights_file = "weights.pt"', 'weights_file = "../weights.pt"', "no file beside the card"),
        ('model_id = "cotejo-mobilenetv2-5"', 'model_id = "../x"', "no plain name"),
        (SHA, 'weights_sha256 = "abc"', "64 hexadecimal digits"),
        ("strong_fake = 0.9", "strong_fake = 0.6", "ascending"),
        ("decision = 0.5", "decision = 0.95", "band of strong evidence"),
        ("decision = 0.5", "decision = nan", "expected ascending values in [0, 1]"),
        ("[thresholds]", "[limits_of_bands]", "unknown entries: limits_of_bands"),
        ("[thresholds]", "[[thresholds]]", "thresholds should be"),
    ],
)
def test_a_card_with_a_fault_is_refused(tmp_path, old, new, complaint):
    path = tmp_path / CARD_FILE
    write_card(make_card(), path)
    text = path.read_text(encoding="utf-8")
    assert text.count(old) == 1
    path.write_text(text.replace(old, new), encoding="utf-8")
    with pytest.raises(ModelError) as caught:
        load_card(path)
    assert "contradicts itself" in caught.value.user_message
    assert complaint in caught.value.hint


@pytest.mark.parametrize("content", [b"\xff\xfe", b"a = ", b"[[[", b"x = " + b"[" * 5000])
def test_what_is_no_toml_is_refused(tmp_path, content):
    (tmp_path / CARD_FILE).write_bytes(content)
    with pytest.raises(ModelError):
        load_card(tmp_path / CARD_FILE)


def test_a_missing_card_is_refused(tmp_path):
    with pytest.raises(ModelError, match="cannot be read"):
        load_card(tmp_path / CARD_FILE)


@pytest.fixture
def shipped(tmp_path, monkeypatch):
    folder = tmp_path / "shipped"
    monkeypatch.setattr(registry_module, "shipped_models_dir", lambda: folder)
    return folder


def put(root, model_id, name="A model", folder=None):
    place = root / (folder or model_id)
    place.mkdir(parents=True)
    write_card(make_card(model_id=model_id, name=name), place / CARD_FILE)
    return place


def test_shipped_and_user_models_are_found(shipped, cotejo_home):
    own = put(cotejo_home / "models", "a-own")
    first, second = put(shipped, DEFAULT_MODEL_ID), put(shipped, "z-other")
    assert [(card.model_id, folder) for card, folder in list_models()] == [
        (DEFAULT_MODEL_ID, first),
        ("z-other", second),
        ("a-own", own),
    ]
    assert find_card("a-own")[1] == own
    assert find_card()[1] == find_card("")[1] == first
    with pytest.raises(ModelError) as caught:
        find_card("b")
    assert "a-own" in caught.value.hint


def test_without_any_folder_there_is_no_model(shipped):
    assert list_cards() == []
    with pytest.raises(ModelError) as caught:
        find_card()
    assert "none" in caught.value.hint


def test_a_damaged_card_is_left_out_with_a_warning(shipped, cotejo_home, caplog):
    put(shipped, "good")
    bad = put(cotejo_home / "models", "bad")
    (bad / CARD_FILE).write_text("model_id = ", encoding="utf-8")
    with caplog.at_level(logging.WARNING):
        assert [card.model_id for card in list_cards()] == ["good"]
    assert "bad" in caplog.text
    assert "damaged" in caplog.text


def test_a_user_model_does_not_take_the_place_of_a_shipped_one(shipped, cotejo_home, caplog):
    place = put(shipped, "cotejo-mobilenetv2-5", "Shipped")
    put(cotejo_home / "models", "cotejo-mobilenetv2-5", "Mine", folder="mine")
    with caplog.at_level(logging.WARNING):
        assert [card.name for card in list_cards()] == ["Shipped"]
    assert "ignored" in caplog.text
    (place / CARD_FILE).write_text("damaged", encoding="utf-8")
    assert list_cards() == []


def test_a_model_that_could_not_be_deleted_whole_is_out_of_the_list(shipped, cotejo_home, monkeypatch):
    put(cotejo_home / "models", "a-own")

    def fail(path):
        raise PermissionError(13, "in use", str(path))

    monkeypatch.setattr(registry_module.shutil, "rmtree", fail)
    with pytest.raises(ModelError, match="cannot be removed"):
        registry_module.remove_model("a-own")
    assert any((cotejo_home / "models").glob(f"*/{CARD_FILE}"))
    assert list_cards() == []
