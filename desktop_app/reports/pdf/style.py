"""Page, grid, colours and type of the PDF report."""

from functools import cache
from typing import Final

from reportlab.lib.colors import HexColor
from reportlab.lib.enums import TA_RIGHT
from reportlab.lib.pagesizes import A4
from reportlab.lib.styles import ParagraphStyle
from reportlab.pdfbase import pdfmetrics
from reportlab.pdfbase.ttfonts import TTFont

from desktop_app.domain import Band, Outcome, Verdict
from desktop_app.paths import resources_dir

PAGE_W: Final[float] = A4[0]
PAGE_H: Final[float] = A4[1]
MARGIN_X: Final = 51.0
MARGIN_TOP: Final = 66.0
MARGIN_BOTTOM: Final = 60.0
CONTENT_W: Final = PAGE_W - 2 * MARGIN_X
LABEL_W: Final = 126.0

REGULAR, BOLD, MONO = "CotejoSans", "CotejoSans-Bold", "CotejoMono"
_FILES = {
    REGULAR: "SourceSans3-Regular.ttf",
    BOLD: "SourceSans3-Semibold.ttf",
    MONO: "SourceCodePro-Regular.ttf",
}

# tables set a font even where all cells are paragraphs: without this, one that is not embedded
FONT = ("FONTNAME", (0, 0), (-1, -1), REGULAR)
# cells without any space around them
FLUSH = tuple((f"{side}PADDING", (0, 0), (-1, -1), 0) for side in ("LEFT", "RIGHT", "TOP", "BOTTOM"))

INK, MUTED, RULE, PALE, WHITE = "#1b1d21", "#5a606a", "#c8ccd2", "#f4f5f6", "#ffffff"
# blue and orange are told apart by every kind of colour vision; shape and words always go with them
GENUINE, FAKE, UNSURE = "#00599b", "#a84300", "#555a63"
GENUINE_TINT, FAKE_TINT, UNSURE_TINT = "#e7f0f8", "#fdeee2", "#eff0f1"
GENUINE_FILL, FAKE_FILL = "#b9d5ec", "#f3b98c"


@cache
def load_fonts() -> tuple[TTFont, ...]:
    """Make the shipped fonts known, once."""
    fonts = tuple(TTFont(name, str(resources_dir() / "fonts" / file)) for name, file in _FILES.items())
    for font in fonts:
        pdfmetrics.registerFont(font)
    pdfmetrics.registerFontFamily(REGULAR, normal=REGULAR, bold=BOLD, italic=REGULAR, boldItalic=BOLD)
    return fonts


@cache
def has_glyph(character: str) -> bool:
    """Whether every shipped font can draw a character."""
    return all(ord(character) in font.face.charToGlyph for font in load_fonts())


def colour_of(verdict: Verdict) -> str:
    """Dark colour of a verdict."""
    return band_colour(verdict.band if verdict.outcome is Outcome.SCORED else None)


def tint_of(verdict: Verdict) -> str:
    """Pale colour of a verdict, for grounds."""
    return {FAKE: FAKE_TINT, GENUINE: GENUINE_TINT}.get(colour_of(verdict), UNSURE_TINT)


def band_colour(band: Band | None) -> str:
    """Dark colour of a band."""
    if band in (Band.STRONG_FAKE, Band.MODERATE_FAKE):
        return FAKE
    return GENUINE if band in (Band.STRONG_GENUINE, Band.MODERATE_GENUINE) else UNSURE


def _style(name: str, size: float, leading: float, font: str = REGULAR, colour: str = INK) -> ParagraphStyle:
    return ParagraphStyle(
        name, fontName=font, fontSize=size, leading=leading, textColor=HexColor(colour), bulletFontName=REGULAR
    )


BODY = _style("body", 9.4, 13.6)
BODY_BOLD = _style("body-bold", 9.4, 13.6, font=BOLD)
SMALL = _style("small", 8.2, 11.2)
NOTE = _style("note", 8.2, 11.4, colour=MUTED)
LABEL = _style("label", 8.2, 11.4, colour=MUTED)
OVERLINE = _style("overline", 8.0, 11, font=BOLD, colour=MUTED)
OVERLINE_RIGHT = ParagraphStyle("overline-right", parent=OVERLINE, alignment=TA_RIGHT)
CELL = _style("cell", 8.4, 11)
CELL_RIGHT = ParagraphStyle("cell-right", parent=CELL, alignment=TA_RIGHT)
CELL_BOLD = _style("cell-bold", 8.4, 11, font=BOLD)
HEAD = _style("head", 7.8, 10, font=BOLD, colour=MUTED)
HEAD_RIGHT = ParagraphStyle("head-right", parent=HEAD, alignment=TA_RIGHT)
MONO_STYLE = _style("mono", 7.8, 11.4, font=MONO)
TITLE = _style("title", 21, 25, font=BOLD)
SECTION = _style("section", 14.5, 19, font=BOLD)
SUBSECTION = _style("subsection", 10.4, 14, font=BOLD)
QUOTE = _style("quote", 9.6, 13.6)
CELL_MUTED = _style("cell-muted", 8.4, 11, colour=MUTED)
SMALL_BOLD = _style("small-bold", 8.2, 12.4, font=BOLD)
BOX = _style("box", 10.0, 14.4)
HASH = _style("hash", 6.1, 11, font=MONO)
MONO_SMALL = _style("mono-small", 7.0, 11, font=MONO)
