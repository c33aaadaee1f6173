"""What the check of a case finds in it, see `cases.verify`, and sentences of its log."""

FINDINGS = (
    # why an analysis ended, as the log has it
    ("The program ended while the analysis ran.", "El programa terminó durante el análisis."),
    ("It was cancelled before anything was analysed.", "Se canceló antes de analizar nada."),
    ("A fault of the program ended the analysis.", "Un fallo del programa interrumpió el análisis."),
    ("Unpacked from “{name}”, SHA-256 {sha256}.", "Extraído de «{name}», SHA-256 {sha256}."),
    # the file
    ("A part of the file cannot be read: {WHAT}.", "Una parte del archivo no se puede leer: {WHAT}."),
    ("The file is damaged: {what}.", "El archivo está dañado: {what}."),
    ("A record refers to another that is not there.", "Un registro remite a otro que no está."),
    # the log
    ("{RANGE} missing from the log.", "En el registro {RANGE}."),
    ("The log was cut off: {RANGE} missing at its end.", "El registro se cortó: al final {RANGE}."),
    ("Entry {entry} is", "falta la entrada {entry}"),
    ("Entries {first} to {last} are", "faltan las entradas {first} a {last}"),
    ("entry {entry} is", "falta la entrada {entry}"),
    ("entries {first} to {last} are", "faltan las entradas {first} a {last}"),
    (
        "Entry {entry} was edited: it does not match its hash.",
        "La entrada {entry} se modificó: no corresponde a su hash.",
    ),
    ("Entry {entry} cannot be read.", "La entrada {entry} no se puede leer."),
    (
        "Entry {entry} is out of its place: it was written as entry {other}.",
        "La entrada {entry} está fuera de su sitio: se escribió como entrada {other}.",
    ),
    (
        "Entry {entry} was replaced: entry {other} was written after another one.",
        "La entrada {entry} se sustituyó: la entrada {other} se escribió después de una distinta.",
    ),
    (
        "Entry {entry}, which analysis {analysis} names, {SAID}.",
        "La entrada {entry}, que nombra el análisis {analysis}, {SAID}.",
    ),
    ("is no longer in the log", "ya no está en el registro"),
    ("was replaced", "se sustituyó"),
    (
        "The log has {entries} entries, but the note of its end speaks of {noted}.",
        "El registro tiene {entries} entradas, pero la nota de su final habla de {noted}.",
    ),
    (
        "The log was rewritten: its last entry is not the one that was noted. Entry {entry} is the last proved.",
        "El registro se reescribió: su última entrada no es la que se anotó. La última probada es la {entry}.",
    ),
    (
        "Entry {entry} is not the one that was noted outside of the case.",
        "La entrada {entry} no es la que se anotó fuera del caso.",
    ),
    # records; no word of these sentences agrees with the name
    (
        "{NAME} was added outside the program: no entry of the log speaks of it.",
        "Se añadió fuera del programa {NAME}: ninguna entrada del registro lo menciona.",
    ),
    (
        "{NAME} was removed by entry {entry} and is there again.",
        "La entrada {entry} eliminó {NAME}, y vuelve a estar ahí.",
    ),
    (
        "{NAME} was changed after entry {entry} wrote it.",
        "Cambió {NAME} después de que se escribiera en la entrada {entry}.",
    ),
    ("{NAME} of entry {entry} is missing.", "Falta {NAME}, de la entrada {entry}."),
    (
        "The numbers of prediction chunk {number} do not match their hash.",
        "Los números de la parte de predicciones {number} no corresponden a su hash.",
    ),
    (
        "The picture of exhibit {number} does not match its hash.",
        "La imagen de la prueba {number} no corresponde a su hash.",
    ),
    (
        "The findings of set of traces {number} do not match their hash.",
        "Los hallazgos del conjunto de indicios {number} no corresponden a su hash.",
    ),
    (
        "The result of analysis {number} does not match its hash.",
        "El resultado del análisis {number} no corresponde a su hash.",
    ),
    ("Setting {number}", "el ajuste {number}"),
    ("Item {number}", "el material {number}"),
    ("Check {number}", "la comprobación {number}"),
    ("Analysis {number}", "el análisis {number}"),
    ("Prediction chunk {number}", "la parte de predicciones {number}"),
    ("List of notices {number}", "la lista de avisos {number}"),
    ("Exhibit {number}", "la prueba {number}"),
    ("Note {number}", "la nota {number}"),
    ("Bookmark {number}", "el marcador {number}"),
    ("Set of traces {number}", "el conjunto de indicios {number}"),
)
