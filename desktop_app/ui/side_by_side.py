"""Other detectors beside the one whose result stands: their curves, the key to them, and where all agree."""

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
from PySide6.QtCore import QLocale, QObject
from PySide6.QtGui import QColor

from desktop_app.analysis.agreement import Comparison, Reading
from desktop_app.reports import wording
from desktop_app.ui import theme
from desktop_app.ui.agreement_lane import AgreementLane
from desktop_app.ui.curve_layer import LETTERS, CurveLayer, DrawnCurve
from desktop_app.ui.curves import smoothed, with_gaps
from desktop_app.ui.plot_area import PlotArea
from desktop_app.ui.timeline_words import DetectorKey, KeyEntry


@dataclass(frozen=True, slots=True, eq=False)
class Contrast:
    """A comparison, ready to be drawn.

    Args:
        comparison: What was found.
        curves: Curves of the other detectors by (number, person).
        person: The person to show where none is chosen: the one with the most compared faces.
        step_s: Time from one sample to the next.
    """

    comparison: Comparison
    curves: Mapping[tuple[int, int], DrawnCurve]
    person: int | None
    step_s: float


def prepare(comparison: Comparison, step_s: float) -> Contrast:
    """Make curves of a comparison. For the worker: an item of hours takes a moment.

    Args:
        comparison: What was found.
        step_s: Time from one sample to the next.
    """
    curves: dict[tuple[int, int], DrawnCurve] = {}
    persons, counts = np.unique(comparison.tracks[comparison.states > 1], return_counts=True)
    for track_id in np.unique(comparison.tracks).tolist():
        own = comparison.tracks == track_id
        for number in range(1, len(comparison.readings)):
            time_s, p_fake = with_gaps(comparison.time_s[own], comparison.p_fake[number, own], 1.6 * step_s)
            curves[number, track_id] = DrawnCurve(time_s, p_fake, smoothed(time_s, p_fake))
    person = int(persons[np.argmax(counts)]) if len(persons) else None
    return Contrast(comparison, curves, person, step_s)


class SideBySide(QObject):
    """Draws a comparison into the timeline: of one person at a time, else the lines could not be told apart.

    Args:
        plot: Where curves are drawn.
        lane: Shows the agreement.
        key: Names the detectors.
    """

    def __init__(self, plot: PlotArea, lane: AgreementLane, key: DetectorKey) -> None:
        super().__init__(plot)
        self._plot, self._lane, self._key = plot, lane, key
        self.contrast: Contrast | None = None
        self.layers: list[CurveLayer] = []

    def show(self, contrast: Contrast | None) -> None:
        """Show a comparison, None takes it away."""
        for layer in self.layers:
            layer.remove()
        self.layers, self.contrast = [], contrast
        if contrast is None:
            self._key.show_entries(())
            self._lane.set_states(np.empty(0), np.empty(0, dtype=np.uint8), 0.0)
            return
        for number in range(1, len(contrast.comparison.readings)):
            layer = CurveLayer(self._plot, number)
            for (owner, track_id), curve in contrast.curves.items():
                if owner == number:
                    layer.put(track_id, curve)
            self.layers.append(layer)

    def person(self, selected: int | None) -> int | None:
        """Whose curves are compared: the chosen person, else the one with the most to compare."""
        if self.contrast is None or selected is not None:
            return selected
        return self.contrast.person

    def style(self, person: int | None, tokens: theme.Tokens, shows_smooth: bool, language: str) -> None:
        """Dress the curves of a person, hide those of others, and show where all agree on that person."""
        if self.contrast is None:
            return
        # neutral: the colours belong to persons, and this one's to the result
        grey = QColor(tokens.text)
        for layer in self.layers:
            for track_id in layer.ids:
                layer.style(track_id, grey, 1.0 if track_id == person else 0.0, shows_smooth, is_behind=False)
            layer.letter(person, grey)
        comparison = self.contrast.comparison
        own = comparison.tracks == person
        self._lane.set_states(comparison.time_s[own], comparison.states[own], self.contrast.step_s)
        first = theme.track_color(tokens, person) if person is not None else grey
        self._key.show_entries(
            [
                KeyEntry(number, said(reading, language), first if number == 0 else grey)
                for number, reading in enumerate(comparison.readings)
            ]
        )

    def reading(self, person: int, time_s: float, reach_s: float) -> str:
        """What every detector says of a person at a moment, and whether they agree; empty where there is no face."""
        if self.contrast is None:
            return ""
        comparison = self.contrast.comparison
        rows = np.flatnonzero(comparison.tracks == person)
        place = int(np.searchsorted(comparison.time_s[rows], time_s + 1e-6, side="right")) - 1
        if place < 0 or time_s - comparison.time_s[rows[place]] > reach_s:
            return ""
        values = comparison.p_fake[:, rows[place]]
        parts = []
        for letter, value in zip(LETTERS, values, strict=False):
            parts.append(f"{letter} -" if np.isnan(value) else f"{letter} {QLocale().toString(float(value), 'f', 2)}")
        head = self.tr("Person {}: {}").format(person, "  ".join(parts))
        return f"{head}   {self._lane.state_at(time_s)}"


def said(reading: Reading, language: str) -> str:
    """A detector's name and its verdict on the item in two words."""
    return f"{reading.card.name}: {wording.short_headline(reading.verdict, language, reading.ratio)}"
