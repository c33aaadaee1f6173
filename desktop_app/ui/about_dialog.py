"""What this program is: version, device, and the libraries it stands on with their licences."""

import platform
from importlib import metadata

from PySide6.QtWidgets import QGridLayout, QVBoxLayout, QWidget

from desktop_app import __version__
from desktop_app.ui import theme
from desktop_app.ui.dialogs import MessageDialog
from desktop_app.ui.widgets import label, scrolled

LIBRARIES = (
    "PySide6", "torch", "torchvision", "facenet-pytorch", "onnxruntime", "av", "opencv-python-headless", "numpy",
    "scipy", "scikit-learn", "scikit-image", "pillow", "pyqtgraph", "reportlab", "pikepdf", "pyhanko", "cryptography",
    "pymediainfo", "c2pa-python", "imagehash", "h5py", "safetensors",
)  # fmt: skip
LIST_PX = 210


def library(name: str) -> tuple[str, str] | None:
    """Version and licence of a library as its own package states them, None when it is not there."""
    try:
        facts = metadata.metadata(name)
    except metadata.PackageNotFoundError:
        return None
    if "License-Expression" in facts:
        return facts["Version"], facts["License-Expression"]
    stated = facts["License"] if "License" in facts else ""
    named = [line.rsplit("::", 1)[1].strip() for line in facts.get_all("Classifier") or () if "License ::" in line]
    # some put the whole text of the licence there
    is_short = stated and "\n" not in stated and len(stated) < 60
    return facts["Version"], stated if is_short else ", ".join(named)


class AboutDialog(MessageDialog):
    """Version, device, libraries.

    Args:
        tokens: The theme.
        devices: What the networks can compute on, the best first; empty while it is not known.
        parent: The window.
    """

    def __init__(self, tokens: theme.Tokens, devices: tuple[str, ...], parent: QWidget | None) -> None:
        super().__init__(tokens, "", f"Cotejo {__version__}", "", parent, "analyse")
        self.setWindowTitle(self.tr("About Cotejo"))
        text = self.tr(
            "Offline workstation for the forensic examination of faces in video. Nothing leaves this computer.\n\n"
            "Free software under the GNU General Public Licence 3 or later, without any warranty."
        )
        device = ", ".join(devices).upper() or self.tr("not known yet")
        where = self.tr("Python {} on {}\nThe networks can compute on: {}")
        where = where.format(platform.python_version(), platform.platform(terse=True), device)
        self.say(self.message, f"{text}\n\n{where}")
        body = QWidget()
        grid = QGridLayout(body)
        grid.setContentsMargins(0, 0, 8, 0)
        grid.setHorizontalSpacing(18)
        grid.setVerticalSpacing(2)
        grid.setColumnStretch(2, 1)
        for row, name in enumerate(LIBRARIES):
            version, licence = library(name) or ("", self.tr("not there"))
            grid.addWidget(label(name), row, 0)
            grid.addWidget(label(version, "muted"), row, 1)
            grid.addWidget(label(licence or self.tr("see its site"), "muted", wrap=True), row, 2)
        area = scrolled(body)
        area.setFixedHeight(LIST_PX)
        area.setAccessibleName(self.tr("Libraries and their licences"))
        column = self.layout()
        if isinstance(column, QVBoxLayout):
            column.insertWidget(1, label(self.tr("Libraries and their licences"), "heading"))
            column.insertWidget(2, area)
        self.setMinimumWidth(580)
