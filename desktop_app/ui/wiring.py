"""What each action of the table does to a window."""

from collections.abc import Callable
from typing import TYPE_CHECKING

from desktop_app import paths
from desktop_app.ui.about_dialog import AboutDialog
from desktop_app.ui.dialogs import open_folder
from desktop_app.ui.hands import handlers, show_detectors
from desktop_app.ui.viewer import ZOOM_STEP

if TYPE_CHECKING:
    from desktop_app.ui.main_window import MainWindow

Handlers = dict[str, Callable[[], None]]


def handlers_of(window: "MainWindow") -> Handlers:
    """The handler of every action, by its key; looked up in the window only when it is called."""
    own = {**_file(window), **_case(window), **_playback(window), **_view(window), **_analysis(window)}
    return {**own, **handlers(window)}


def _file(window: "MainWindow") -> Handlers:
    desk = window.desk
    return {
        "open": lambda: window.asker.file(),
        "add_folder": lambda: window.asker.folder(),
        "demo": desk.open_demo,
        "close": desk.close_item,
        "export_pdf": lambda: window.front.report(),
        "export_csv": lambda: window.asker.export("csv"),
        "export_json": lambda: window.asker.export("json"),
        "export_video": lambda: window.asker.export("video"),
        "export_frames": lambda: window.asker.export("frames"),
        "verify": lambda: window.exchange.verify(),
        "settings": lambda: window.setup.show_settings(),
        "quit": window.quit,
    }


def _case(window: "MainWindow") -> Handlers:
    cases = window.desk.cases
    queue = cases.queue
    return {
        "new_case": lambda: window.front.new_case(),
        "open_case": lambda: window.front.open_case(),
        "save_case": lambda: window.front.save_case(),
        "export_case": lambda: window.exchange.export_case(),
        "import_case": lambda: window.exchange.import_case(),
        "analyse_all": cases.analyse_all,
        "pause": lambda: cases.set_paused(window.table["pause"].isChecked()),
        "queue_up": lambda: queue.move(window.case.current, -1),
        "queue_down": lambda: queue.move(window.case.current, 1),
        "queue_remove": lambda: queue.remove(window.case.current),
        "case_log": lambda: window.front.log(),
        "verify_case": lambda: window.front.verify(),
    }


def _playback(window: "MainWindow") -> Handlers:
    player = window.player
    return {
        "play": player.toggle,
        "step_back": lambda: player.step(-1),
        "step_forward": lambda: player.step(1),
        "second_back": lambda: player.jump(-1.0),
        "second_forward": lambda: player.jump(1.0),
        "first": lambda: player.seek(0),
        "last": lambda: player.step(1 << 40),
        "go_to": lambda: window.asker.place(),
        "next_suspicious": lambda: window.examination.jump_to_suspicious(1),
        "previous_suspicious": lambda: window.examination.jump_to_suspicious(-1),
    }


def _view(window: "MainWindow") -> Handlers:
    def panel(name: str) -> Callable[[], None]:
        return lambda: window.docks.want(name, window.table[f"panel_{name}"].isChecked())

    return {
        "fit": lambda: window.viewer.zoom_fit(),
        "actual": lambda: window.viewer.zoom_actual(),
        "zoom_in": lambda: window.viewer.zoom_by(ZOOM_STEP),
        "zoom_out": lambda: window.viewer.zoom_by(1 / ZOOM_STEP),
        "boxes": lambda: window.viewer.set_boxes_shown(window.table["boxes"].isChecked()),
        "whole_timeline": lambda: window.timeline.show_all(),
        "theme_system": lambda: window.set_theme("system"),
        "theme_light": lambda: window.set_theme("light"),
        "theme_dark": lambda: window.set_theme("dark"),
        "panel_case": panel("case"),
        "panel_findings": panel("findings"),
        "panel_timeline": panel("timeline"),
        "reset_layout": lambda: window.docks.reset(),
    }


def _analysis(window: "MainWindow") -> Handlers:
    desk = window.desk
    return {
        "analyse": desk.analyse,
        "resume": desk.resume,
        "cancel": desk.cancel,
        "explain": lambda: window.set_explaining(window.table["explain"].isChecked()),
        "detectors": lambda: show_detectors(window),
        "models": lambda: window.models.show(),
        "shortcuts": lambda: window.messenger.shortcuts(window.table.keys),
        "change_keys": lambda: window.setup.show_settings(at_keys=True),
        "tour": lambda: window.setup.show_tour(),
        "logs": lambda: open_folder(paths.log_dir()),
        "about": lambda: AboutDialog(window.tokens, window.desk.devices, window).open(),
    }
