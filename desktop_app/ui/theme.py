"""Colours, icons and the one style sheet. Neutral greys, so that nothing tints the judgement of a picture."""

from dataclasses import dataclass
from functools import lru_cache

from PySide6.QtCore import QByteArray, QRectF, Qt
from PySide6.QtGui import QColor, QFont, QFontDatabase, QIcon, QImage, QPainter, QPalette, QPixmap
from PySide6.QtSvg import QSvgRenderer
from PySide6.QtWidgets import QApplication

from desktop_app.domain import Band
from desktop_app.paths import resources_dir


@dataclass(frozen=True, slots=True)
class Tokens:
    """The named colours of one theme.

    Args:
        name: ``"light"`` or ``"dark"``.
        window, surface, raised, border: Grounds from back to front, and the lines between them.
        faint: Text of what is disabled.
        text, muted: Text on any ground; both at least 4.5:1.
        accent, on_accent: The main action and its text.
        focus: Ring around what the keyboard acts on.
        stage: Ground around the picture.
        fake, unsure, genuine: Signal colours, always beside a word and a shape.
        tracks: One colour per face (after Okabe and Ito, told apart by colour-blind eyes), at least 3:1 on `surface`.
    """

    name: str
    window: str
    surface: str
    raised: str
    border: str
    text: str
    muted: str
    faint: str
    accent: str
    on_accent: str
    focus: str
    stage: str
    fake: str
    unsure: str
    genuine: str
    tracks: tuple[str, ...]


DARK = Tokens(
    name="dark",
    window="#1f1f1f",
    surface="#282828",
    raised="#343434",
    border="#474747",
    text="#ececec",
    muted="#b4b4b4",
    faint="#7c7c7c",
    accent="#dcdcdc",
    on_accent="#1a1a1a",
    focus="#6cb6ff",
    stage="#141414",
    fake="#f0935a",
    unsure="#c9c9c9",
    genuine="#7cbcec",
    tracks=("#56b4e9", "#e69f00", "#33c497", "#e58fc0", "#f0e442", "#e8763a"),
)

LIGHT = Tokens(
    name="light",
    window="#ececec",
    surface="#f8f8f8",
    raised="#ffffff",
    border="#c2c2c2",
    text="#1c1c1c",
    muted="#565656",
    faint="#929292",
    accent="#333333",
    on_accent="#ffffff",
    focus="#0a63c9",
    stage="#cfcfcf",
    fake="#a84300",
    unsure="#555555",
    genuine="#00599b",
    tracks=("#0072b2", "#a86a00", "#007a58", "#b0487f", "#7d7400", "#bf4a00"),
)

DISABLED_OPACITY = 0.4

# Boxes lie on pictures of any colour above a dark halo, so they use the bright set in both themes.
BOX_COLORS = DARK.tracks


def tokens_for(setting: str) -> Tokens:
    """The theme for a setting.

    Args:
        setting: ``"light"``, ``"dark"`` or ``"system"``.
    """
    if setting == "system":
        hints = QApplication.styleHints()
        return DARK if hints.colorScheme() == Qt.ColorScheme.Dark else LIGHT
    return DARK if setting == "dark" else LIGHT


def track_color(tokens: Tokens, track_id: int) -> QColor:
    """Colour of a face's curve."""
    return QColor(tokens.tracks[(track_id - 1) % len(tokens.tracks)])


def box_color(track_id: int) -> QColor:
    """Colour of a face's box on the picture."""
    return QColor(BOX_COLORS[(track_id - 1) % len(BOX_COLORS)])


def band_color(tokens: Tokens, band: Band | None) -> str:
    """Signal colour of a wording; None is *no usable face*."""
    if band in (Band.MODERATE_FAKE, Band.STRONG_FAKE):
        return tokens.fake
    if band in (Band.MODERATE_GENUINE, Band.STRONG_GENUINE):
        return tokens.genuine
    return tokens.unsure


def band_icon(band: Band | None) -> str:
    """Name of the shape that goes with a wording."""
    if band in (Band.MODERATE_FAKE, Band.STRONG_FAKE):
        return "band-fake"
    if band in (Band.MODERATE_GENUINE, Band.STRONG_GENUINE):
        return "band-genuine"
    return "band-unsure" if band is Band.INCONCLUSIVE else "no-face"


@lru_cache(maxsize=256)
def _svg(name: str) -> str:
    return (resources_dir() / "icons" / f"{name}.svg").read_text(encoding="utf-8")


# pictures of both themes; a QPixmap must not outlive the application, a QImage may
@lru_cache(maxsize=2048)
def _drawn(name: str, color: str, side_px: int, opacity: float) -> QImage:
    renderer = QSvgRenderer(QByteArray(_svg(name).replace("currentColor", color).encode()))
    image = QImage(side_px, side_px, QImage.Format.Format_ARGB32_Premultiplied)
    image.fill(Qt.GlobalColor.transparent)
    painter = QPainter(image)
    painter.setOpacity(opacity)
    renderer.render(painter, QRectF(0, 0, side_px, side_px))
    painter.end()
    return image


def _render(name: str, color: str, side_px: int, opacity: float = 1.0) -> QPixmap:
    return QPixmap.fromImage(_drawn(name, color, side_px, opacity))


def icon(name: str, color: str) -> QIcon:
    """An icon of the family in a colour, sharp at any scale up to 300 %.

    Args:
        name: File in resources/icons without its ending.
        color: Of the strokes; paler when disabled.
    """
    result = QIcon()
    for side_px in (16, 20, 24, 32, 48, 72):
        result.addPixmap(_render(name, color, side_px), QIcon.Mode.Normal)
        result.addPixmap(_render(name, color, side_px, DISABLED_OPACITY), QIcon.Mode.Disabled)
    return result


def pixmap(name: str, color: str, side_px: int, ratio: float = 1.0) -> QPixmap:
    """One picture of the family at a logical size and device pixel ratio."""
    result = _render(name, color, round(side_px * ratio))
    result.setDevicePixelRatio(ratio)
    return result


def app_icon() -> QIcon:
    """Icon of the program."""
    result = QIcon()
    for side_px in (16, 24, 32, 48, 64, 128, 256):
        result.addPixmap(_render("cotejo", "#000000", side_px))
    return result


def mono_font(points_delta: float = 0.0) -> QFont:
    """Font with digits of equal width, for times and numbers."""
    font = QFontDatabase.systemFont(QFontDatabase.SystemFont.FixedFont)
    base = QApplication.font().pointSizeF()
    if base > 0:
        font.setPointSizeF(base + points_delta)
    return font


def palette(tokens: Tokens) -> QPalette:
    """Qt palette of a theme."""
    result = QPalette()
    role = QPalette.ColorRole
    for target, color in (
        (role.Window, tokens.window),
        (role.WindowText, tokens.text),
        (role.Base, tokens.surface),
        (role.AlternateBase, tokens.raised),
        (role.Text, tokens.text),
        (role.Button, tokens.raised),
        (role.ButtonText, tokens.text),
        (role.ToolTipBase, tokens.raised),
        (role.ToolTipText, tokens.text),
        (role.PlaceholderText, tokens.muted),
        (role.Highlight, tokens.focus),
        (role.HighlightedText, "#ffffff" if tokens.name == "light" else "#101010"),
        (role.Link, tokens.focus),
        (role.Mid, tokens.border),
        (role.Accent, tokens.focus),
    ):
        result.setColor(target, QColor(color))
    for target in (role.WindowText, role.Text, role.ButtonText):
        result.setColor(QPalette.ColorGroup.Disabled, target, QColor(tokens.faint))
    return result


def style_sheet(tokens: Tokens) -> str:
    """The one style sheet; widgets opt in by object name or the `role` property."""
    sheet = (resources_dir() / "theme.qss").read_text(encoding="utf-8")
    for name in (
        "on_accent", "accent", "window", "surface", "raised", "border", "text", "muted", "faint", "focus", "stage",
        "fake", "unsure", "genuine",
    ):  # fmt: skip
        sheet = sheet.replace(f"@{name}", getattr(tokens, name))
    return sheet.replace("@folder", resources_dir().as_posix())


def apply(application: QApplication, tokens: Tokens) -> None:
    """Dress the whole application, unless it wears this theme already: every widget is gone through."""
    sheet = style_sheet(tokens)
    if application.styleSheet() != sheet:
        application.setPalette(palette(tokens))
        application.setStyleSheet(sheet)


def contrast(first: str, second: str) -> float:
    """Contrast ratio of two colours (WCAG 2.2, relative luminance).

    >>> round(contrast("#000000", "#ffffff"))
    21
    """

    def luminance(text: str) -> float:
        color = QColor(text)
        channels = [
            value / 12.92 if value <= 0.04045 else ((value + 0.055) / 1.055) ** 2.4
            for value in (color.redF(), color.greenF(), color.blueF())
        ]
        return 0.2126 * channels[0] + 0.7152 * channels[1] + 0.0722 * channels[2]

    low, high = sorted((luminance(first), luminance(second)))
    return (high + 0.05) / (low + 0.05)
