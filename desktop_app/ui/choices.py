"""What the settings come to: the language of the interface and the analysis that they ask for."""

from pathlib import Path

from PySide6.QtCore import QLibraryInfo, QLocale, QTranslator
from PySide6.QtWidgets import QApplication

from desktop_app.config import Settings
from desktop_app.domain import AnalysisRequest, Sampling, SamplingMode
from desktop_app.errors import AppError
from desktop_app.paths import resources_dir
from desktop_app.reports.error_texts import error_text
from desktop_app.ui.curves import signed_timecode, timecode

LANGUAGES = ("en", "es")


def language_of(settings: Settings) -> str:
    """Language of the interface: the setting, or the system's where Cotejo speaks it."""
    chosen = settings.get_str("language")
    if chosen in LANGUAGES:
        return chosen
    system = QLocale.system().name()[:2]
    return system if system in LANGUAGES else "en"


def request_for(settings: Settings, path: Path) -> AnalysisRequest:
    """The analysis that the settings ask for."""
    mode = SamplingMode(settings.get_str("sampling_mode"))
    value = settings.get_float("sampling_value")
    if mode is SamplingMode.EVERY_NTH:
        value = max(1.0, round(value))
    return AnalysisRequest(
        path=path,
        model_id=settings.get_str("model_id"),
        sampling=Sampling(mode, value),
        detect_every=settings.get_int("detect_every"),
        min_face_score=settings.get_float("min_face_score"),
        min_face_px=settings.get_int("min_face_px"),
        device=settings.get_str("device"),
        batch_size=settings.get_int("batch_size"),
        key_frames=settings.get_int("key_frames"),
    )


def translate(application: QApplication, language: str) -> None:
    """Let the application speak a language from now on; English needs no translator."""
    for older in application.findChildren(QTranslator):
        application.removeTranslator(older)
        older.setParent(None)
    QLocale.setDefault(QLocale(language) if QLocale.system().name()[:2] != language else QLocale.system())
    if language == "en":
        return
    # Qt has words of its own, such as names of keys and the menu of a text field
    qt = Path(QLibraryInfo.path(QLibraryInfo.LibraryPath.TranslationsPath))
    own = resources_dir() / "translations"
    for file in (qt / f"qtbase_{language}.qm", own / f"keys_{language}.qm", own / f"cotejo_{language}.qm"):
        translator = QTranslator(application)
        if translator.load(str(file)):
            application.installTranslator(translator)


def shown_time(time_s: float) -> str:
    """A timecode with the decimal mark of the language, for reading."""
    return timecode(time_s).replace(".", QLocale().decimalPoint())


def shown_offset(time_s: float) -> str:
    """A difference of times with the decimal mark of the language, for reading."""
    return signed_timecode(time_s).replace(".", QLocale().decimalPoint())


def error_words(error: AppError) -> tuple[str, str]:
    """Message and hint of an error in the language that `translate` chose."""
    return error_text(error, QLocale().name()[:2])
