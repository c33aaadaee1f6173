"""The words of the audit log in English and Spanish: one table for the window, the command line and the report."""

from collections.abc import Mapping

from desktop_app.reports.error_texts import finding_text
from desktop_app.reports.texts import Pair
from desktop_app.reports.wording import LANGUAGES, count_text

ACTIONS: dict[str, Pair] = {
    "case.created": ("case created", "caso creado"),
    "case.opened": ("case opened", "caso abierto"),
    "case.saved": ("case saved under a name", "caso guardado con nombre"),
    "case.copied": ("case copied", "caso copiado"),
    "case.migrated": ("case brought to a newer format", "caso pasado a un formato más nuevo"),
    "case.archived": ("case written as an archive", "caso escrito como archivo comprimido"),
    "case.imported": ("case taken from an archive", "caso tomado de un archivo comprimido"),
    "item.added": ("item taken in", "material recibido"),
    "item.checked": ("file checked", "archivo comprobado"),
    "item.accepted": ("deviation accepted", "desviación aceptada"),
    "item.annotated": ("item annotated", "material anotado"),
    "item.traces": ("structure of the file read", "estructura del archivo leída"),
    "analysis.started": ("analysis started", "análisis iniciado"),
    "analysis.chunk": ("predictions stored", "predicciones guardadas"),
    "analysis.resumed": ("analysis resumed", "análisis reanudado"),
    "analysis.finished": ("analysis finished", "análisis terminado"),
    "analysis.aborted": ("analysis stopped", "análisis detenido"),
    "analysis.imported": ("analysis taken over", "análisis incorporado"),
    "note.added": ("note added", "nota añadida"),
    "note.changed": ("note changed", "nota cambiada"),
    "note.removed": ("note removed", "nota eliminada"),
    "bookmark.added": ("bookmark set", "marcador añadido"),
    "bookmark.removed": ("bookmark removed", "marcador eliminado"),
    "setting.changed": ("particulars changed", "datos del caso cambiados"),
    "result.exported": ("result exported", "resultado exportado"),
    "report.exported": ("report written", "informe escrito"),
    "report.signed": ("report signed", "informe firmado"),
}

# in the order in which they are said
DETAILS: dict[str, Pair] = {
    "case": ("case", "caso"),
    "item": ("item", "material"),
    "analysis": ("analysis", "análisis"),
    "check": ("check", "comprobación"),
    "occasion": ("occasion", "ocasión"),
    "state": ("state", "estado"),
    "accepted_with": ("accepted as in check", "aceptado como en la comprobación"),
    "key": ("what", "qué"),
    "value": ("value", "valor"),
    "before": ("before", "antes"),
    "name": ("file", "archivo"),
    "note": ("note", "nota"),
    "bookmark": ("bookmark", "marcador"),
    "frame": ("frame", "fotograma"),
    "model": ("model", "modelo"),
    "weights_sha256": ("SHA-256 of the weights", "SHA-256 de los pesos"),
    "chunk": ("part", "parte"),
    "through_frame": ("up to frame", "hasta el fotograma"),
    "rows": ("faces", "rostros"),
    "findings": ("findings", "hallazgos"),
    "exhibits": ("pictures", "imágenes"),
    "result": ("result", "resultado"),
    "report": ("report", "informe"),
    "version": ("version", "versión"),
    "status": ("status", "estado"),
    "template": ("template", "plantilla"),
    "signed": ("signed", "firmado"),
    "files": ("files", "archivos"),
    "items": ("files of items", "archivos de materiales"),
    "entries": ("entries", "entradas"),
    "head": ("head of the chain", "final de la cadena"),
    "sha256": ("SHA-256", "SHA-256"),
    "reason": ("reason", "motivo"),
    "from": ("from format", "desde el formato"),
    "to": ("to format", "al formato"),
    "format": ("format", "formato"),
    "program": ("program", "programa"),
}

# values that are words of the program, by the key of the detail
VALUES: dict[str, dict[str, Pair]] = {
    "state": {
        "intact": ("intact", "intacto"),
        "changed": ("changed", "cambiado"),
        "moved": ("moved", "movido"),
        "missing": ("missing", "ausente"),
    },
    "occasion": {
        "intake": ("intake", "ingreso"),
        "analysis": ("analysis", "análisis"),
        "export": ("export", "exportación"),
        "review": ("review", "revisión"),
    },
    "status": {"draft": ("draft", "borrador"), "final": ("final", "definitivo")},
    "template": {"full": ("full", "completa"), "summary": ("summary", "resumen")},
    "key": {
        "alternatives": ("other explanations", "otras explicaciones"),
        "case_number": ("case number", "número de caso"),
        "conclusion": ("conclusion", "conclusión"),
        "contrary": ("what speaks against it", "lo que habla en contra"),
        "examiner": ("examiner", "perito"),
        "examiner_role": ("role of the examiner", "cargo del perito"),
        "laboratory": ("laboratory", "laboratorio"),
        "laboratory_address": ("address of the laboratory", "dirección del laboratorio"),
        "limitations": ("limitations", "limitaciones"),
        "question": ("question", "pregunta"),
        "range": ("range", "tramo"),
        "requester": ("requester", "solicitante"),
        "reviewer": ("reviewer", "revisor"),
        "reviewer_role": ("role of the reviewer", "cargo del revisor"),
        "status": ("status of the report", "estado del informe"),
        "supersedes": ("report that it replaces", "informe al que sustituye"),
        "version": ("version of the report", "versión del informe"),
        "setting.model_id": ("model", "modelo"),
        "setting.sampling_mode": ("how frames are chosen", "cómo se eligen los fotogramas"),
        "setting.sampling_value": ("frames that are analysed", "fotogramas que se analizan"),
        "setting.detect_every": ("distance of the search for faces", "distancia entre búsquedas de rostros"),
        "setting.min_face_score": ("smallest confidence of a face", "confianza mínima de un rostro"),
        "setting.min_face_px": ("smallest face in pixels", "rostro mínimo en píxeles"),
        "setting.key_frames": ("number of key frames", "número de fotogramas clave"),
    },
}
# a case counts its own rows, a number of which is a name rather than an amount
_AMOUNTS = frozenset(("entries", "exhibits", "findings", "items", "rows"))
_NO_VALUE: Pair = ("none", "ninguno")
_SWITCH: tuple[Pair, Pair] = (("no", "no"), ("yes", "sí"))


def action_text(action: str, language: str) -> str:
    """What an entry says was done; an action that is not known as it is.

    >>> action_text("item.added", "es"), action_text("moon.landed", "es")
    ('material recibido', 'moon.landed')
    """
    return ACTIONS[action][LANGUAGES.index(language)] if action in ACTIONS else action


def details_text(details: Mapping[str, object], language: str) -> tuple[str, ...]:
    """The details of an entry, each with its name; what is not known as it is, what is not there left out.

    >>> details_text({"item": 1, "state": "moved", "pace": 2, "note": None}, "es")
    ('material: 1', 'estado: movido', 'pace: 2')
    """
    at = LANGUAGES.index(language)
    # a setting that was taken away has no value, which is what the entry is there to say
    said = [key for key, value in details.items() if value is not None or key == "value"]
    keys = [*(key for key in DETAILS if key in said), *(key for key in said if key not in DETAILS)]
    return tuple(
        f"{DETAILS[key][at] if key in DETAILS else key}: {_value(key, details[key], language)}" for key in keys
    )


def _value(key: str, value: object, language: str) -> str:
    at = LANGUAGES.index(language)
    if value is None or value == "":
        return _NO_VALUE[at]
    if isinstance(value, bool):
        return _SWITCH[value][at]
    if isinstance(value, int) and key in _AMOUNTS:
        return count_text(value, language)
    if isinstance(value, Mapping):
        return ", ".join(f"{name} {part}" for name, part in value.items())
    text = str(value)
    if key == "reason":
        return finding_text(text, language)
    name, _, owner = text.partition("@") if key == "key" else (text, "", "")
    if name not in VALUES.get(key, {}):
        return text
    return VALUES[key][name][at] + (f" ({DETAILS['item'][at]} {owner})" if owner else "")
