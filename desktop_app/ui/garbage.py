"""Python's search for garbage, kept on the interface's thread."""

import gc

from PySide6.QtCore import QObject, QTimer, Slot

INTERVAL_MS = 500


class Collector(QObject):
    """Looks for garbage from time to time, here and nowhere else.

    By itself Python does so on whichever thread happens to make objects. A widget that is found there is taken apart
    there, while the interface works with its neighbours, which crashes the program.
    """

    def __init__(self, parent: QObject) -> None:
        super().__init__(parent)
        gc.disable()
        self._is_warm = False
        self._timer = QTimer(self)
        self._timer.timeout.connect(self._look)
        self._timer.start(INTERVAL_MS)

    @Slot()
    def _look(self) -> None:
        # as Python decides it: how much was made since each generation was looked through last
        due = [count > limit for count, limit in zip(gc.get_count(), gc.get_threshold(), strict=True)]
        # counting what is frozen goes through all of it: once is enough
        self._is_warm = self._is_warm or gc.get_freeze_count() > 0
        if not self._is_warm:
            # the libraries are being imported: to look through all of them takes a third of a second
            due = due[:-1]
        if any(due):
            gc.collect(max(generation for generation, is_due in enumerate(due) if is_due))

    @Slot()
    def stop(self) -> None:
        """Leave it to Python again."""
        self._timer.stop()
        gc.enable()
