"""What the actions of viewer, transport and timeline do: one entry per row of the action table."""

from collections.abc import Callable
from typing import TYPE_CHECKING

from desktop_app.ui.board import VIEWS
from desktop_app.ui.companion import Mode
from desktop_app.ui.timeline import ZOOM_STEP

if TYPE_CHECKING:
    from desktop_app.ui.main_window import MainWindow


def write_note(window: "MainWindow") -> None:
    """Bring the notes forward and let the user write one."""
    window.docks.want("findings", True)
    window.side.setCurrentWidget(window.notes)
    window.notes.begin_note()


def write_conclusion(window: "MainWindow") -> None:
    """Bring the notes forward and let the user write the conclusion."""
    window.docks.want("findings", True)
    window.side.setCurrentWidget(window.notes)
    window.notes.conclusion.setFocus()


def link_frame(window: "MainWindow") -> None:
    """Put a link to the present frame into what the user writes."""
    window.docks.want("findings", True)
    window.side.setCurrentWidget(window.notes)
    window.notes.insert_link(window.player.position)


def show_detectors(window: "MainWindow") -> None:
    """Bring the detectors forward, and show those that analysed the item already."""
    window.docks.want("findings", True)
    window.docks.want("timeline", True)
    window.side.setCurrentWidget(window.model)
    window.model.show_head()
    window.detector_panel.focus_first()
    window.detectors.begin()


def handlers(window: "MainWindow") -> dict[str, Callable[[], None]]:
    """By key of the action; parts of the window are looked up when an action is triggered, not before."""
    player, marks = window.player, window.marks

    def show(name: str) -> Callable[[], None]:
        def toggle() -> None:
            is_shown = window.table[f"view_{name}"].isChecked()
            window.views.show_view(name, is_shown)
            must_explain = name == "heat" and is_shown and not window.table["explain"].isChecked()
            if must_explain and window.examination.can_explain():
                window.set_explaining(True)

        return toggle

    return {
        **_comparing(window),
        **{f"view_{name}": show(name) for name in VIEWS},
        "shuttle_back": lambda: player.shuttle(-1),
        "shuttle_forward": lambda: player.shuttle(1),
        "slower": lambda: player.change_speed(-1),
        "faster": lambda: player.change_speed(1),
        "stop": player.pause,
        "mute": lambda: player.sound.set_muted(window.table["mute"].isChecked()),
        "next_cut": lambda: window.navigation.jump_to_cut(1),
        "previous_cut": lambda: window.navigation.jump_to_cut(-1),
        "mark_in": lambda: window.navigation.mark_in(),
        "mark_out": lambda: window.navigation.mark_out(),
        "clear_range": marks.clear_range,
        "loop": lambda: window.navigation.set_looping(window.table["loop"].isChecked()),
        "bookmark": lambda: window.navigation.toggle_bookmark(),
        "next_bookmark": lambda: window.navigation.jump_to_bookmark(1),
        "previous_bookmark": lambda: window.navigation.jump_to_bookmark(-1),
        "undo": marks.undo_stack.undo,
        "redo": marks.undo_stack.redo,
        "note": lambda: write_note(window),
        "link_frame": lambda: link_frame(window),
        "copy_frame": lambda: window.navigation.copy_frame(),
        "save_frame": lambda: window.navigation.save_frame(),
        "zoom_pixels": lambda: window.viewer.zoom_pixels(),
        "clear_region": lambda: window.viewer.clear_region(),
        "time_in": lambda: window.timeline.zoom_at_playhead(ZOOM_STEP**2),
        "time_out": lambda: window.timeline.zoom_at_playhead(ZOOM_STEP**-2),
        "smoothing": lambda: window.timeline.set_smoothing(window.table["smoothing"].isChecked()),
    }


def _comparing(window: "MainWindow") -> dict[str, Callable[[], None]]:
    companion = window.companion
    return {
        "compare": lambda: window.comparison.choose(),
        "compare_close": companion.close,
        "compare_link": lambda: window.comparison.link(),
        "compare_back": lambda: companion.step(-1),
        "compare_forward": lambda: companion.step(1),
        "compare_reset": companion.reset,
        "find_moment": companion.find_moment,
        "compare_side": lambda: companion.set_mode(Mode.SIDE),
        "compare_flip": companion.flip,
        "compare_difference": lambda: window.comparison.set_difference(),
        "compare_zoom": lambda: window.comparison.link_zoom(),
        "copy_comparison": lambda: window.taking.copy(),
        "save_comparison": lambda: window.taking.save(),
    }
