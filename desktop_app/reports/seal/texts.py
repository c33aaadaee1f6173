"""Sentences on a report's seal, in English and Spanish."""

from desktop_app.reports.texts import Pair
from desktop_app.reports.wording import pick

SEAL: dict[str, Pair] = {
    "file.result.json": (
        "The stored result that the pages are drawn from.",
        "El resultado guardado con el que se dibujan las páginas.",
    ),
    "file.frames.csv": ("The table of all faces and frames.", "La tabla de todos los rostros y fotogramas."),
    "file.dossier.json": (
        "What the pages say beside the result: order, custody, notes, conclusion.",
        "Lo que dicen las páginas aparte del resultado: encargo, custodia, notas, conclusión.",
    ),
    "file.manifest.json": (
        "The hashes of the other files and of every page.",
        "Los hashes de los demás archivos y de cada página.",
    ),
    "sign.reason": ("I issue this report.", "Emito este informe."),
    "intact": ("intact", "íntegro"),
    "not_intact": ("NOT intact", "NO íntegro"),
    "report": ("report {id} of {date}, result {result}", "informe {id} del {date}, resultado {result}"),
    "hash": ("SHA-256 of the file: {sha256}", "SHA-256 del archivo: {sha256}"),
    "unsigned": (
        "signature: none. Without one, who rewrites the whole file can make one that agrees with itself.",
        "firma: ninguna. Sin ella, quien reescriba el archivo entero puede hacer uno coherente consigo mismo.",
    ),
    "signature": (
        "signature of {signer} ({issuer}), {date}: {state}",
        "firma de {signer} ({issuer}), {date}: {state}",
    ),
    "signature.certificate": ("certificate SHA-256: {sha256}", "SHA-256 del certificado: {sha256}"),
    "signature.valid": (
        "valid, and the certificate is trusted; the date is the signer's own",
        "válida, y el certificado es de confianza; la fecha es la del firmante",
    ),
    "signature.untrusted": (
        "sound, but nothing here vouches for the certificate{problem}; compare it, or use --trust",
        "correcta, pero aquí nada avala el certificado{problem}; compárelo o use --trust",
    ),
    "signature.changed": ("the file was changed after it was signed", "el archivo se modificó después de firmarlo"),
    "signature.invalid": ("INVALID{problem}", "NO VÁLIDA{problem}"),
    "problem.bytes": (": bytes under it were changed", ": se cambiaron bytes que cubre"),
    "problem.forged": (": it does not come from this certificate", ": no procede de este certificado"),
    "problem.expired": (": it had expired", ": había caducado"),
    "problem.not_yet_valid": (": it was not valid yet", ": aún no era válido"),
    "date.none": ("undated", "sin fecha"),
    "attachment": ("attachment {name}: {state}", "adjunto {name}: {state}"),
    "attachment.intact": ("matches its hash", "coincide con su hash"),
    "attachment.changed": ("does NOT match", "NO coincide"),
    "pages.match": (
        "pages: drawn again from the data inside, they are the same",
        "páginas: dibujadas de nuevo con los datos del archivo, son las mismas",
    ),
    "pages.sealed": (
        "pages: as they were written; not compared with the data inside (left out, or another version drew them)",
        "páginas: como se escribieron; sin comparar con los datos (se omitió, o las dibujó otra versión)",
    ),
    "pages.differ": ("pages: NOT those that were written", "páginas: NO son las que se escribieron"),
    "pages.unknown": ("pages: nothing to compare them with", "páginas: no hay con qué compararlas"),
    "case.same": (
        "case {name}: its analysis {analysis} holds the same result",
        "caso {name}: su análisis {analysis} contiene el mismo resultado",
    ),
    "case.head": (
        "case {name}: entry {count}, which the report names, stands in its log",
        "caso {name}: la entrada {count}, que cita el informe, está en su registro",
    ),
    "case.no_head": (
        "case {name}: the report names no end of its log",
        "caso {name}: el informe no cita el final de su registro",
    ),
    "case.exported": (
        "case {name}: entry {entry} notes the export of this very file",
        "caso {name}: la entrada {entry} anota la exportación de este mismo archivo",
    ),
    "case.later": (
        "case {name}: a LATER report on this item was written, {report}",
        "caso {name}: sobre este material se escribió un informe POSTERIOR, {report}",
    ),
    "no_case": (
        "The report was not compared with its case; see --case.",
        "El informe no se comparó con su caso; véase --case.",
    ),
}
FINDINGS: dict[str, Pair] = {
    "unreadable": ("The file is damaged and cannot be read.", "El archivo está dañado y no se puede leer."),
    "damaged": (
        "The file is damaged: it could be read only after a repair.",
        "El archivo está dañado: solo se pudo leer tras repararlo.",
    ),
    "appended": (
        "Something was appended after the report was written or signed.",
        "Se añadió algo después de escribir o firmar el informe.",
    ),
    "differs": (
        "The pages are right, but another part of the file is not as it was written.",
        "Las páginas son correctas, pero otra parte del archivo no es como se escribió.",
    ),
    "no_manifest": (
        "It is no report of this program, or the data inside were removed.",
        "No es un informe de este programa, o se le quitaron los datos.",
    ),
    "identifier": (
        "The file names itself report {found}; its data are those of {expected}.",
        "El archivo se presenta como informe {found}; sus datos son los de {expected}.",
    ),
    "signatures_unreadable": ("The signatures cannot be read.", "Las firmas no se pueden leer."),
    "signature_changed": (
        "The file was changed after {signer} signed it.",
        "El archivo se modificó después de que {signer} lo firmara.",
    ),
    "signature_invalid": ("The signature of {signer} is invalid.", "La firma de {signer} no es válida."),
    "not_signed": ("Nobody signed the report.", "Nadie firmó el informe."),
    "not_signed_by_trusted": (
        "None of the given certificates vouches for a signature of the report.",
        "Ninguno de los certificados indicados avala una firma del informe.",
    ),
    "attachment_unreadable": ("The attachment {name} cannot be read.", "El adjunto {name} no se puede leer."),
    "attachment_missing": ("The attachment {name} was removed.", "Se quitó el adjunto {name}."),
    "attachment_changed": (
        "The attachment {name} is not the one that was attached.",
        "El adjunto {name} no es el que se adjuntó.",
    ),
    "attachment_added": ("The attachment {name} was added later.", "El adjunto {name} se añadió después."),
    "result_id": (
        "The result is numbered {found}, but what it holds has the number {expected}.",
        "El resultado lleva el número {found}, pero a su contenido le corresponde {expected}.",
    ),
    "report_id": (
        "The report is numbered {found}, but result and dossier inside have another number.",
        "El informe lleva el número {found}, pero a su resultado y expediente les corresponde otro.",
    ),
    "table": (
        "The table inside does not agree with the result inside.",
        "La tabla adjunta no concuerda con el resultado adjunto.",
    ),
    "pages_changed": ("These pages were changed: {pages}.", "Se modificaron estas páginas: {pages}."),
    "pages_count": (
        "The report has {found} pages; {expected} were written.",
        "El informe tiene {found} páginas; se escribieron {expected}.",
    ),
    "undrawable": (
        "The data inside cannot be drawn as a report.",
        "Con los datos adjuntos no se puede dibujar un informe.",
    ),
    "case_result": (
        "The case {name} holds no analysis with this result.",
        "El caso {name} no contiene ningún análisis con este resultado.",
    ),
    "case_result_differs": (
        "Analysis {analysis} of the case {name} has the same number, but another result.",
        "El análisis {analysis} del caso {name} tiene el mismo número, pero otro resultado.",
    ),
    "case_head": (
        "Entry {count}, which the report names as the end of the log, is not in the log of {name}.",
        "La entrada {count}, que el informe cita como final del registro, no está en el registro de {name}.",
    ),
    "case_broken": ("The case {name} is not intact: {message}", "El caso {name} no está íntegro: {message}"),
}


def seal_text(key: str, language: str, **values: object) -> str:
    """A sentence on a report's seal.

    Raises:
        KeyError: There is none with this key.
        ValueError: The language is neither ``"en"`` nor ``"es"``.
    """
    return pick(SEAL, key, language, **values)


def problem_text(problem: str, language: str) -> str:
    """What is wrong with a signature, to stand behind its state; see `domain.seals.SignatureCheck`."""
    key = f"problem.{problem}"
    return seal_text(key, language) if key in SEAL else f" ({problem})" if problem else ""


def finding_text(code: str, language: str, **facts: object) -> str:
    """The sentence of a finding; see `domain.seals.ReportFinding`.

    Raises:
        KeyError: There is none with this code.
        ValueError: The language is neither ``"en"`` nor ``"es"``.
    """
    return pick(FINDINGS, code, language, **facts)
