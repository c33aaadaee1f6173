"""Small bars that show a share."""

from reportlab.pdfbase.pdfmetrics import stringWidth
from reportlab.pdfgen.canvas import Canvas

from desktop_app.reports.pdf.style import BOLD, CONTENT_W, INK, LABEL_W, MUTED, REGULAR, RULE, WHITE
from desktop_app.reports.pdf.tags import Figure
from desktop_app.reports.pdf.text import elide


class ShareBar(Figure):
    """A count, a bar for its share of the whole, and the share as a percentage; one line of a table of facts.

    Args:
        count: As text.
        share: In [0, 1]; more is drawn as 1.
        percent: As text.
    """

    _BAR_X, _BAR_W = 62.0, 220.0

    def __init__(self, count: str, share: float, percent: str) -> None:
        super().__init__()
        self._count, self._share, self._percent = count, min(1.0, max(0.0, share)), percent
        self.alt = f"{count}, {percent}"

    def wrap(self, _width: float, _height: float) -> tuple[float, float]:
        """Size in points."""
        return CONTENT_W - LABEL_W - 14, 11.0

    def paint(self) -> None:
        """Draw on one base line."""
        canvas = self.canv
        canvas.setFont(REGULAR, 8.4)
        canvas.setFillColor(INK)
        canvas.drawString(0, 2.6, self._count)
        draw_share(canvas, self._BAR_X, 2.4, self._BAR_W, 6.0, self._share, MUTED)
        canvas.setFillColor(MUTED)
        canvas.drawString(self._BAR_X + self._BAR_W + 9, 2.6, self._percent)


def draw_share(canvas: Canvas, x: float, y: float, width: float, height: float, share: float, colour: str) -> None:
    """An outlined bar, filled from the left.

    Args:
        canvas: Where to draw.
        x: Left edge in points.
        y: Lower edge.
        width: Of the whole.
        height: Of the bar.
        share: Filled part in [0, 1].
        colour: Of the filled part.
    """
    canvas.setLineWidth(0.5)
    canvas.setStrokeColor(RULE)
    canvas.setFillColor(WHITE)
    canvas.rect(x, y, width, height, stroke=1, fill=1)
    canvas.setFillColor(colour)
    canvas.rect(x, y, width * share, height, stroke=0, fill=1)


class ErrorBar(Figure):
    """A large percentage, what it is a share of, and a bar under both.

    Args:
        width: In points.
        share: In [0, 1], None where it was not measured.
        percent: As text.
        words: What it is a share of.
    """

    def __init__(self, width: float, share: float | None, percent: str, words: str) -> None:
        super().__init__()
        self.width, self.height = width, 34.0
        self._share, self._percent, self._words = share, percent, words
        self.alt = f"{percent} {words}"

    def wrap(self, _width: float, _height: float) -> tuple[float, float]:
        """Size in points."""
        return self.width, self.height

    def paint(self) -> None:
        """Draw the words above the bar."""
        canvas = self.canv
        canvas.setFillColor(INK)
        canvas.setFont(BOLD, 12)
        canvas.drawString(0, 17, self._percent)
        start = stringWidth(self._percent, BOLD, 12) + 5
        canvas.setFont(REGULAR, 8.2)
        canvas.drawString(start, 17, elide(self._words, REGULAR, 8.2, self.width - start))
        if self._share is None:
            return
        draw_share(canvas, 0, 6, self.width, 6.0, self._share, INK)
