"""Every text and every control of a part of the window, for tests that walk through it."""

from collections.abc import Iterator

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QComboBox, QDialog, QTableWidget, QTabWidget, QWidget

TEXTS = ("text", "windowTitle", "toolTip", "accessibleName", "accessibleDescription", "placeholderText", "title")
# actions that open a dialog which needs nothing but an item with a result
DIALOGS = ("settings", "change_keys", "shortcuts", "about", "export_pdf", "case_log", "go_to")


def texts_of(root: QWidget) -> Iterator[str]:
    """What a part says, shown or read out: of itself and of all that lies in it and is not put away."""
    for widget in (root, *root.findChildren(QWidget)):
        if widget is not root and not widget.isVisibleTo(root):
            continue
        for name in TEXTS:
            read = getattr(widget, name, None)
            if callable(read):
                yield str(read())
        if isinstance(widget, QTabWidget):
            yield from (widget.tabText(place) for place in range(widget.count()))
        if isinstance(widget, QComboBox):
            yield from (widget.itemText(place) for place in range(widget.count()))
        if isinstance(widget, QTableWidget):
            yield from (head.text() for i in range(widget.columnCount()) if (head := widget.horizontalHeaderItem(i)))
        yield from (action.text() for action in widget.actions())


def stops_of(root: QWidget) -> list[QWidget]:
    """What the Tab key comes to, in one window."""
    return [
        widget
        for widget in root.findChildren(QWidget)
        if widget.focusPolicy() & Qt.FocusPolicy.TabFocus
        and widget.isVisible()
        and widget.isEnabled()
        and widget.focusProxy() is None
        and widget.window() is root.window()
    ]


def parts_of(window: QWidget, qtbot: object) -> Iterator[QWidget]:
    """The window with each tab of the inspector in front, then one dialog after the other with each of its tabs."""
    for place in range(window.side.count()):
        window.side.setCurrentIndex(place)
        yield window
    for key in DIALOGS:
        window.table[key].trigger()
        qtbot.waitUntil(lambda: any(d.isVisible() for d in window.findChildren(QDialog)), timeout=20_000)
        for dialog in [d for d in window.findChildren(QDialog) if d.isVisible()]:
            pages = dialog.findChild(QTabWidget)
            for place in range(pages.count() if pages is not None else 1):
                if pages is not None:
                    pages.setCurrentIndex(place)
                yield dialog
            dialog.close()
    window.table["tour"].trigger()
    for _ in range(4):
        if window.setup.tour is not None:
            yield window.setup.tour.card
            window.setup.tour.go(1)
