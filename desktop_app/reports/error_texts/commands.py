"""Errors of what is typed on the command line."""

COMMANDS = (
    # analyses
    ("“{text}” is no range.", "«{text}» no es un intervalo."),
    (
        "Write seconds as START:END, such as 2.5:10 or 5:.",
        "Escriba los segundos como INICIO:FIN, por ejemplo 2.5:10 o 5:.",
    ),
    ("The range {range} ends before it begins.", "El intervalo {range} termina antes de empezar."),
    (
        "Choose either every n-th frame or so many per second, not both.",
        "Elija uno de cada n fotogramas o tantos por segundo, no ambas cosas.",
    ),
    ("--per-second takes a number of frames.", "--per-second admite un número de fotogramas."),
    ("Such as 2 or 0.5.", "Por ejemplo, 2 o 0.5."),
    ("No files can be written to “{folder}”: {CAUSE}.", "No se puede escribir en «{folder}»: {CAUSE}."),
    ("Choose another folder with --out.", "Elija otra carpeta con --out."),
    ("Reports cannot be written in “{language}”.", "No se pueden escribir informes en «{language}»."),
    ("Choose en or es.", "Elija en o es."),
    # cases
    (
        "Name the items by their numbers, or take --all.",
        "Indique los materiales por su número o use --all.",
    ),
    ("`cotejo case list` shows them.", "`cotejo case list` los muestra."),
    (
        '{HINT} To accept: cotejo case accept "{case}" {check} --reason "…"',
        '{HINT} Para aceptarlo: cotejo case accept "{case}" {check} --reason "…"',
    ),
    ("“{text}” is no end of a log.", "«{text}» no es el final de un registro."),
    (
        "Give the number of entries, a colon and 64 digits.",
        "Indique el número de entradas, dos puntos y 64 cifras.",
    ),
    ("This case has no analysis yet.", "Este caso aún no tiene ningún análisis."),
    (
        "Analyse an item with `cotejo case analyze`.",
        "Analice un material con `cotejo case analyze`.",
    ),
    ("Nothing was asked for.", "No se pidió nada."),
    (
        "Choose of --json, --csv, --frames and --video.",
        "Elija entre --json, --csv, --frames y --video.",
    ),
    # reports
    ("Reports have no “{key}”.", "Los informes no tienen «{key}»."),
    ("They have: {known}.", "Tienen: {known}."),
    (
        "The version of a report is a number from 1.",
        "La versión de un informe es un número a partir de 1.",
    ),
    ("A report is draft or final.", "Un informe es draft (borrador) o final."),
    ("The details in “{path}” cannot be read: {CAUSE}.", "No se pueden leer los datos de «{path}»: {CAUSE}."),
    ("They are a TOML file.", "Son un archivo TOML."),
    ("issued is no date and time.", "issued no es una fecha con hora."),
    ("Such as issued = 2026-03-15T10:00:00Z.", "Por ejemplo, issued = 2026-03-15T10:00:00Z."),
    ("“{name}” is no detail of a report.", "«{name}» no es un dato de un informe."),
    ("There are issued, {known}.", "Existen issued, {known}."),
    ("{name} is no number.", "{name} no es un número."),
    ("{name} is no text.", "{name} no es un texto."),
    ("version counts from 1.", "version se cuenta a partir de 1."),
    ("status is one of {known}, not “{status}”.", "status no puede ser «{status}»; elija entre {known}."),
    ("There is no passphrase for the certificate.", "No hay contraseña para el certificado."),
    (
        "Give it with --passphrase-file or in the variable COTEJO_PASSPHRASE.",
        "Indíquela con --passphrase-file o en la variable COTEJO_PASSPHRASE.",
    ),
    ("The passphrase in “{name}” cannot be read.", "No se puede leer la contraseña de «{name}»."),
    (
        "Give a text file with nothing but the passphrase.",
        "Indique un archivo de texto que solo contenga la contraseña.",
    ),
    ("There is no certificate in “{name}”.", "En «{name}» no hay ningún certificado."),
    ("The certificates in “{name}” cannot be read.", "No se pueden leer los certificados de «{name}»."),
    ("Give a file in PEM form.", "Indique un archivo en formato PEM."),
)
