"""The picture and, beside it, other ways to look at the same frame; all show the same place at the same zoom."""

from PySide6.QtCore import QPointF, Qt, Signal
from PySide6.QtWidgets import QFrame, QGridLayout, QHBoxLayout, QToolButton, QVBoxLayout, QWidget

from desktop_app.ui import theme
from desktop_app.ui.compare_pane import Pair
from desktop_app.ui.viewer import Viewer
from desktop_app.ui.widgets import label

HEAD_PX = 33
VIEWS = ("heat", "face", "error", "noise")
# (row, column, rows, columns) of the picture and of the panes, by the number of panes
_PLACES = (
    ((0, 0, 1, 1),),
    ((0, 0, 1, 1), (0, 1, 1, 1)),
    ((0, 0, 2, 1), (0, 1, 1, 1), (1, 1, 1, 1)),
    ((0, 0, 1, 1), (0, 1, 1, 1), (1, 0, 1, 1), (1, 1, 1, 1)),
    ((0, 0, 2, 1), (0, 1, 1, 1), (0, 2, 1, 1), (1, 1, 1, 1), (1, 2, 1, 1)),
)


class Pane(QFrame):
    """A view with its name and what it shows.

    Args:
        name: Of the view.
        title: Its name for the user.
        caption: What it shows and what not.
    """

    closed = Signal(str)

    def __init__(self, name: str, title: str, caption: str) -> None:
        super().__init__()
        self.name = name
        self.viewer = Viewer()
        self.viewer.setAccessibleName(title)
        self.viewer.setMinimumSize(120, 80)
        self._close = QToolButton()
        self._close.setProperty("role", "tight")
        self._close.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        self._close.setAccessibleName(self.tr("Close the view {}").format(title))
        self._close.setToolTip(self._close.accessibleName())
        self._close.clicked.connect(lambda: self.closed.emit(self.name))
        self.setToolTip(caption)
        head = QHBoxLayout()
        head.setContentsMargins(8, 2, 2, 2)
        name_label = label(title, "heading")
        name_label.setMinimumHeight(HEAD_PX - 4)
        head.addWidget(name_label, 1)
        head.addWidget(self._close)
        foot = QVBoxLayout()
        foot.setContentsMargins(8, 3, 8, 4)
        foot.addWidget(label(caption, "muted", wrap=True))
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        column.addLayout(head)
        column.addWidget(self.viewer, 1)
        column.addLayout(foot)

    def dress(self, tokens: theme.Tokens) -> None:
        """Take the colours of a theme."""
        self._close.setIcon(theme.icon("close", tokens.muted))
        self.viewer.dress(tokens)


class Board(QWidget):
    """The viewer and the panes beside it; another item beside them all, where two are compared.

    Args:
        viewer: The picture itself.
    """

    view_closed = Signal(str)

    def __init__(self, viewer: Viewer, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.viewer = viewer
        texts = {
            "heat": (
                self.tr("Attention"),
                self.tr("What moved the score, not what was tampered with."),
            ),
            "face": (
                self.tr("Face as the model sees it"),
                self.tr("What lies outside of this crop had no part in the score."),
            ),
            "error": (
                self.tr("Error level"),
                self.tr(
                    "Difference to the frame as a JPEG of quality 90, 20 times. Edges stand out in every picture: no "
                    "verdict lies in it, least of all in video."
                ),
            ),
            "noise": (
                self.tr("Noise"),
                self.tr(
                    "Frame minus its median of 3 x 3 pixels, 8 times about grey. Smooth places may be soft, denoised "
                    "or compressed: no verdict lies in it."
                ),
            ),
        }
        self.panes = {name: Pane(name, *texts[name]) for name in VIEWS}
        self._open: set[str] = set()
        self._main = QWidget()
        self._names = (label(self.tr("Original"), "heading"), label(self.tr("As decoded."), "muted"))
        for name in self._names:
            name.setContentsMargins(8, 5, 8, 5)
        self._names[0].setMinimumHeight(HEAD_PX)
        column = QVBoxLayout(self._main)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        column.addWidget(self._names[0])
        column.addWidget(viewer, 1)
        column.addWidget(self._names[1])
        views = QWidget()
        self.pair = Pair(views)
        whole = QVBoxLayout(self)
        whole.setContentsMargins(0, 0, 0, 0)
        whole.addWidget(self.pair)
        self._grid = QGridLayout(views)
        self._grid.setContentsMargins(0, 0, 0, 0)
        self._grid.setSpacing(1)
        viewer.place_changed.connect(self._on_place)
        for pane in self.panes.values():
            pane.setParent(views)
            pane.hide()
            pane.closed.connect(self.view_closed)
            if pane.name != "face":
                pane.viewer.place_changed.connect(self._on_place)
        self._arrange()

    @property
    def shown(self) -> tuple[str, ...]:
        """Names of the panes that are open."""
        return tuple(name for name in VIEWS if name in self._open)

    def dress(self, tokens: theme.Tokens) -> None:
        """Take the colours of a theme."""
        for pane in self.panes.values():
            pane.dress(tokens)
        self.pair.dress(tokens)

    def set_pixel_aspect(self, aspect: float) -> None:
        """Draw the pixels of the frame as wide as they are meant, in every view of it; a face keeps those of the model.

        Args:
            aspect: Width of a pixel by its height.
        """
        for viewer in (self.viewer, *(pane.viewer for pane in self.panes.values() if pane.name != "face")):
            viewer.set_pixel_aspect(aspect)

    def set_shown(self, name: str, is_shown: bool) -> None:
        """Open or close a pane."""
        (self._open.add if is_shown else self._open.discard)(name)
        self._arrange()
        self.panes[name].setVisible(is_shown)

    def clear(self) -> None:
        """Empty all panes."""
        for pane in self.panes.values():
            pane.viewer.clear()

    def follow(self, name: str) -> None:
        """Let a pane that got its first picture look at the place that the others look at."""
        if name != "face" and not self.viewer.is_fit:
            self.panes[name].viewer.follow(self.viewer.zoom, self.viewer.center, False)

    def _arrange(self) -> None:
        for name in self._names:
            name.setVisible(bool(self._open))
        for part in (self._main, *self.panes.values()):
            self._grid.removeWidget(part)
        places = _PLACES[len(self._open)]
        for part, place in zip((self._main, *(self.panes[name] for name in self.shown)), places, strict=True):
            self._grid.addWidget(part, *place)
        for line in range(3):
            self._grid.setRowStretch(line, any(r <= line < r + h for r, _, h, _ in places))
            self._grid.setColumnStretch(line, any(c <= line < c + w for _, c, _, w in places))

    def _on_place(self, zoom: float, center: QPointF, is_fit: bool) -> None:
        sender = self.sender()
        for part in (self.viewer, *(self.panes[name].viewer for name in self.shown if name != "face")):
            # to fit is each view's own matter where they differ in size
            if part is not sender and not (is_fit and part.is_fit):
                part.follow(zoom, center, is_fit)
                if part is self.viewer:
                    part.zoom_changed.emit(part.zoom, part.is_fit)
