"""The one table of actions; menus, shortcuts, tool bar and the help page all derive from it."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from enum import Flag, auto

from PySide6.QtCore import QCoreApplication, QObject, Qt
from PySide6.QtGui import QAction, QKeySequence

from desktop_app.ui import theme


class Need(Flag):
    """What must be there for an action to make sense."""

    NOTHING = 0
    ITEM = auto()
    MOTION = auto()
    RESULT = auto()
    FACE = auto()
    IDLE = auto()
    BUSY = auto()
    CASE = auto()
    UNNAMED = auto()
    WRITABLE = auto()
    ENTRIES = auto()
    FREE = auto()
    PARTIAL = auto()
    QUEUE = auto()
    QUEUED = auto()
    WAITING = auto()
    COMPARED = auto()


def _mark(text: str) -> str:
    """Marks a text of the table for translation in the context ``Actions``."""
    return text


@dataclass(frozen=True, slots=True)
class ActionSpec:
    """One row of the table.

    Args:
        key: Stable name.
        menu: Key of the menu, see `MENUS`.
        text: English text with its mnemonic; a translation of context ``Actions``.
        shortcuts: Key sequences in Qt's portable text, the first is shown.
        icon: Name in resources/icons; empty is none.
        needs: What must be there.
        checkable: Whether it is a switch.
        starts_group: Whether a line precedes it in the menu.
        in_toolbar: Whether the tool bar shows it.
        short: Text of the tool bar, where it differs.
    """

    key: str
    menu: str
    text: str
    shortcuts: tuple[str, ...] = ()
    icon: str = ""
    needs: Need = Need.NOTHING
    checkable: bool = False
    starts_group: bool = False
    in_toolbar: bool = False
    short: str = ""


MENUS: dict[str, str] = {
    "file": _mark("&File"),
    "case": _mark("&Case"),
    "playback": _mark("&Playback"),
    "marks": _mark("&Marks"),
    "view": _mark("&View"),
    "compare": _mark("C&ompare"),
    "analysis": _mark("&Analysis"),
    "help": _mark("&Help"),
}

_EXPORT = Need.RESULT | Need.IDLE
_PLAY = Need.ITEM | Need.MOTION

ACTIONS: tuple[ActionSpec, ...] = (
    ActionSpec("open", "file", _mark("&Open…"), ("Ctrl+O",), "open", in_toolbar=True, short=_mark("Open")),
    ActionSpec("add_folder", "file", _mark("Open a &folder…"), ("Ctrl+Shift+O",), "add-folder"),
    ActionSpec("demo", "file", _mark("Try the &demo clip"), (), "demo", Need.IDLE | Need.UNNAMED),
    ActionSpec("close", "file", _mark("&Close item"), ("Ctrl+W",), "", Need.ITEM),
    ActionSpec(
        "export_pdf", "file", _mark("&Report (PDF)…"), ("Ctrl+E",), "report", _EXPORT,
        starts_group=True, in_toolbar=True, short=_mark("Report"),
    ),
    ActionSpec("export_csv", "file", _mark("Export per-frame &table (CSV)…"), (), "table", _EXPORT),
    ActionSpec("export_json", "file", _mark("Export result (&JSON)…"), (), "data", _EXPORT),
    ActionSpec("export_video", "file", _mark("Export annotated &video…"), (), "film", _EXPORT | Need.ITEM),
    ActionSpec("export_frames", "file", _mark("Export &key frames…"), (), "film", _EXPORT),
    ActionSpec("verify", "file", _mark("&Verify a report or case…"), (), "check", Need.IDLE, starts_group=True),
    ActionSpec("settings", "file", _mark("&Settings…"), ("Ctrl+,",), "settings", starts_group=True),
    ActionSpec("quit", "file", _mark("&Quit"), ("Ctrl+Q",), starts_group=True),
    ActionSpec("new_case", "case", _mark("&New case"), ("Ctrl+N",), "", Need.CASE),
    ActionSpec("open_case", "case", _mark("&Open case…"), ("Ctrl+Alt+O",), "case"),
    ActionSpec("save_case", "case", _mark("&Save case as…"), ("Ctrl+S",), "", Need.CASE),
    ActionSpec("export_case", "case", _mark("E&xport the case as zip…"), (), "", Need.CASE | Need.IDLE,
               starts_group=True),
    ActionSpec("import_case", "case", _mark("&Import a case…"), (), "", Need.IDLE),
    ActionSpec("analyse_all", "case", _mark("&Analyse all items"), ("Ctrl+Shift+R",), "analyse",
               Need.ENTRIES | Need.WRITABLE, starts_group=True),
    ActionSpec("pause", "case", _mark("&Pause the queue"), ("Ctrl+P",), "pause", Need.QUEUE, checkable=True),
    ActionSpec("queue_up", "case", _mark("Move &up in the queue"), ("Alt+Up",), "up", Need.WAITING),
    ActionSpec("queue_down", "case", _mark("Move &down in the queue"), ("Alt+Down",), "down", Need.WAITING),
    ActionSpec("queue_remove", "case", _mark("&Take out of the queue"), ("Alt+Del",), "close", Need.QUEUED),
    ActionSpec("case_log", "case", _mark("&Log of the case…"), ("Ctrl+L",), "log", Need.CASE, starts_group=True),
    ActionSpec("verify_case", "case", _mark("&Verify the case"), (), "check", Need.CASE),
    ActionSpec("play", "playback", _mark("&Play or pause"), ("Space",), "play", _PLAY),
    ActionSpec("shuttle_back", "playback", _mark("Play back&wards, faster each time"), ("J",), "", _PLAY),
    ActionSpec("stop", "playback", _mark("&Stop"), ("K",), "", _PLAY),
    ActionSpec("shuttle_forward", "playback", _mark("Play for&wards, faster each time"), ("L",), "", _PLAY),
    ActionSpec("slower", "playback", _mark("Slo&wer"), ("[",), "", _PLAY),
    ActionSpec("faster", "playback", _mark("Fas&ter"), ("]",), "", _PLAY),
    ActionSpec("mute", "playback", _mark("&Mute"), ("Shift+M",), "sound", _PLAY, checkable=True),
    ActionSpec("step_back", "playback", _mark("One frame &back"), ("Left",), "step-back", _PLAY, starts_group=True),
    ActionSpec("step_forward", "playback", _mark("One frame &forward"), ("Right",), "step-forward", _PLAY),
    ActionSpec("second_back", "playback", _mark("One second back"), ("Shift+Left",), "", _PLAY),
    ActionSpec("second_forward", "playback", _mark("One second forward"), ("Shift+Right",), "", _PLAY),
    ActionSpec("first", "playback", _mark("F&irst frame"), ("Home",), "first", _PLAY),
    ActionSpec("last", "playback", _mark("&Last frame"), ("End",), "last", _PLAY),
    ActionSpec("go_to", "playback", _mark("&Go to frame or time…"), ("Ctrl+G",), "", _PLAY),
    ActionSpec(
        "next_suspicious", "playback", _mark("&Next suspicious frame"), ("N",), "next-mark", Need.RESULT | Need.MOTION,
        starts_group=True,
    ),
    ActionSpec(
        "previous_suspicious", "playback", _mark("Pre&vious suspicious frame"), ("P",), "previous-mark",
        Need.RESULT | Need.MOTION,
    ),
    ActionSpec("next_cut", "playback", _mark("Next shot &cut"), ("Ctrl+Right",), "", _PLAY),
    ActionSpec("previous_cut", "playback", _mark("Previous shot c&ut"), ("Ctrl+Left",), "", _PLAY),
    ActionSpec("mark_in", "marks", _mark("Mark &in"), ("I",), "mark-in", _PLAY),
    ActionSpec("mark_out", "marks", _mark("Mark &out"), ("O",), "mark-out", _PLAY),
    ActionSpec("clear_range", "marks", _mark("&Clear the range"), ("X",), "", _PLAY),
    ActionSpec("loop", "marks", _mark("&Repeat the range"), ("R",), "loop", _PLAY, checkable=True),
    ActionSpec(
        "bookmark", "marks", _mark("Set or remove a &bookmark"), ("M",), "bookmark", Need.ITEM, starts_group=True
    ),
    ActionSpec("next_bookmark", "marks", _mark("&Next bookmark"), ("Alt+Right",), "", _PLAY),
    ActionSpec("previous_bookmark", "marks", _mark("&Previous bookmark"), ("Alt+Left",), "", _PLAY),
    ActionSpec("note", "marks", _mark("&Write a note"), ("Ctrl+Shift+N",), "edit", Need.ITEM, starts_group=True),
    ActionSpec("link_frame", "marks", _mark("&Link this frame in the note"), ("Ctrl+Shift+L",), "", Need.ITEM),
    ActionSpec("undo", "marks", _mark("&Undo"), ("Ctrl+Z",), "", Need.ITEM, starts_group=True),
    ActionSpec("redo", "marks", _mark("R&edo"), ("Ctrl+Shift+Z", "Ctrl+Y"), "", Need.ITEM),
    ActionSpec(
        "copy_frame", "marks", _mark("Copy the &frame with its caption"), ("Ctrl+C",), "", Need.ITEM, starts_group=True
    ),
    ActionSpec("save_frame", "marks", _mark("&Save the frame…"), ("Ctrl+Shift+S",), "", Need.ITEM),
    ActionSpec("fit", "view", _mark("&Fit to window"), ("Ctrl+0", "F"), "fit", Need.ITEM),
    ActionSpec("actual", "view", _mark("&Actual size (100 %)"), ("Ctrl+1",), "actual", Need.ITEM),
    ActionSpec("zoom_in", "view", _mark("Zoom &in"), ("Ctrl++", "Ctrl+="), "zoom-in", Need.ITEM),
    ActionSpec("zoom_out", "view", _mark("Zoom &out"), ("Ctrl+-",), "zoom-out", Need.ITEM),
    ActionSpec("zoom_pixels", "view", _mark("Zoom to the &pixels (800 %)"), ("Ctrl+2",), "", Need.ITEM),
    ActionSpec("clear_region", "view", _mark("Clear the marked re&gion"), ("Shift+Esc",), "", Need.ITEM),
    ActionSpec("view_heat", "view", _mark("Beside it: &attention"), ("1",), "", Need.ITEM, True, True),
    ActionSpec("view_face", "view", _mark("Beside it: &face as the model sees it"), ("2",), "", Need.ITEM, True),
    ActionSpec("view_error", "view", _mark("Beside it: &error level"), ("3",), "", Need.ITEM, True),
    ActionSpec("view_noise", "view", _mark("Beside it: &noise"), ("4",), "", Need.ITEM, True),
    ActionSpec("boxes", "view", _mark("Show &boxes"), ("B",), "boxes", Need.ITEM, checkable=True, starts_group=True),
    ActionSpec("whole_timeline", "view", _mark("&Whole timeline"), ("Ctrl+Shift+0",), "", Need.ITEM),
    ActionSpec("time_in", "view", _mark("Zoom in on the ti&meline"), ("+", "="), "", _PLAY),
    ActionSpec("time_out", "view", _mark("Zoom out of the tim&eline"), ("-",), "", _PLAY),
    ActionSpec("smoothing", "view", _mark("Smoothed c&urves"), ("S",), "", _PLAY, checkable=True),
    ActionSpec("theme_system", "view", _mark("Theme: follow the &system"), checkable=True, starts_group=True),
    ActionSpec("theme_light", "view", _mark("Theme: &light"), checkable=True),
    ActionSpec("theme_dark", "view", _mark("Theme: &dark"), checkable=True),
    ActionSpec("panel_case", "view", _mark("Panel: &case"), ("Ctrl+Alt+1",), checkable=True, starts_group=True),
    ActionSpec("panel_findings", "view", _mark("Panel: &inspector"), ("Ctrl+Alt+2",), checkable=True),
    ActionSpec("panel_timeline", "view", _mark("Panel: &timeline"), ("Ctrl+Alt+3",), checkable=True),
    ActionSpec("reset_layout", "view", _mark("&Reset the layout")),
    ActionSpec("compare", "compare", _mark("Compare with &another item…"), ("C",), "compare", Need.ITEM | Need.IDLE),
    ActionSpec("compare_close", "compare", _mark("&Close the comparison"), ("Shift+C",), "", Need.COMPARED),
    ActionSpec(
        "compare_link", "compare", _mark("Link: the frames shown are the same &moment"), ("Shift+L",), "link",
        Need.COMPARED, checkable=True, starts_group=True,
    ),
    ActionSpec(
        "compare_back", "compare", _mark("Compared item one frame &back"), (",",), "step-back", Need.COMPARED
    ),
    ActionSpec(
        "compare_forward", "compare", _mark("Compared item one frame for&ward"), (".",), "step-forward", Need.COMPARED
    ),
    ActionSpec("compare_reset", "compare", _mark("Link the two &starts"), (), "first", Need.COMPARED),
    ActionSpec(
        "find_moment", "compare", _mark("&Find this moment in the compared item"), ("Ctrl+F",), "find",
        Need.COMPARED | Need.IDLE,
    ),
    ActionSpec(
        "compare_side", "compare", _mark("Si&de by side"), (), "side", Need.COMPARED, checkable=True, starts_group=True
    ),
    ActionSpec(
        "compare_flip", "compare", _mark("One at a &time, in turn"), ("V",), "flip", Need.COMPARED, checkable=True
    ),
    ActionSpec("compare_difference", "compare", _mark("Diffe&rence"), ("D",), "difference", Need.COMPARED, True),
    ActionSpec("compare_zoom", "compare", _mark("Same &zoom and place"), (), "zoom-link", Need.COMPARED, True),
    ActionSpec(
        "copy_comparison", "compare", _mark("Co&py both frames with captions"), ("Ctrl+Shift+C",), "copy",
        Need.COMPARED, starts_group=True,
    ),
    ActionSpec("save_comparison", "compare", _mark("Sa&ve both frames…"), (), "save", Need.COMPARED),
    ActionSpec(
        "analyse", "analysis", _mark("&Analyse"), ("Ctrl+R", "F5"), "analyse",
        Need.ITEM | Need.IDLE | Need.FREE | Need.WRITABLE, in_toolbar=True,
    ),
    ActionSpec(
        "resume", "analysis", _mark("&Resume the analysis"), ("Ctrl+Shift+F5",), "partial",
        Need.ITEM | Need.PARTIAL | Need.FREE | Need.WRITABLE,
    ),
    ActionSpec("cancel", "analysis", _mark("&Cancel"), ("Esc",), "cancel", Need.BUSY),
    ActionSpec(
        "explain", "analysis", _mark("Show the model's a&ttention"), ("G",), "attention", Need.ITEM | Need.FACE,
        checkable=True, starts_group=True, in_toolbar=True, short=_mark("Attention"),
    ),
    ActionSpec(
        "detectors", "analysis", _mark("Compare &detectors…"), ("Ctrl+D",), "", Need.RESULT, starts_group=True
    ),
    ActionSpec("models", "analysis", _mark("&Models…"), ("Ctrl+M",)),
    ActionSpec("shortcuts", "help", _mark("&Keyboard shortcuts"), ("F1",), "keyboard"),
    ActionSpec("change_keys", "help", _mark("&Change the shortcuts…")),
    ActionSpec("tour", "help", _mark("&Tour of the window")),
    ActionSpec("logs", "help", _mark("Open the &log folder")),
    ActionSpec("about", "help", _mark("&About Cotejo"), starts_group=True),
)  # fmt: skip


def translated(text: str) -> str:
    """A text of the table in the language of the interface."""
    return QCoreApplication.translate("Actions", text)


def plain(text: str) -> str:
    """A translated text without its mnemonic and ellipsis, for tooltips and lists."""
    return translated(text).replace("&", "").rstrip("…")


class Actions(QObject):
    """The live actions of a window, by key."""

    def __init__(self, parent: QObject, handlers: Mapping[str, Callable[[], None]]) -> None:
        super().__init__(parent)
        self._handlers = dict(handlers)
        self.by_key: dict[str, QAction] = {}
        for spec in ACTIONS:
            action = QAction(translated(spec.text), self)
            action.setObjectName(spec.key)
            action.setIconText(translated(spec.short) if spec.short else plain(spec.text))
            action.setCheckable(spec.checkable)
            action.setShortcutContext(Qt.ShortcutContext.WindowShortcut)
            action.triggered.connect(self._on_triggered)
            self.by_key[spec.key] = action
        self.set_keys({spec.key: spec.shortcuts for spec in ACTIONS})

    def __getitem__(self, key: str) -> QAction:
        return self.by_key[key]

    def _on_triggered(self) -> None:
        sender = self.sender()
        if sender is not None:
            self._handlers[sender.objectName()]()

    def set_keys(self, keys: Mapping[str, tuple[str, ...]]) -> None:
        """Give every action the keys that count now, in its menu and its tool tip too."""
        self.keys = dict(keys)
        for spec in ACTIONS:
            action = self.by_key[spec.key]
            action.setShortcuts([QKeySequence(text) for text in keys[spec.key]])
            first = action.shortcut().toString(QKeySequence.SequenceFormat.NativeText)
            action.setToolTip(f"{plain(spec.text)} ({first})" if first else plain(spec.text))

    def dress(self, tokens: theme.Tokens) -> None:
        """Give the actions their icons in the colours of a theme."""
        for spec in ACTIONS:
            if spec.icon:
                self.by_key[spec.key].setIcon(theme.icon(spec.icon, tokens.text))

    def update(self, have: Need) -> None:
        """Enable exactly the actions whose needs are met."""
        for spec in ACTIONS:
            self.by_key[spec.key].setEnabled(spec.needs & have == spec.needs)
