# ruff: noqa: RUF001 - dashes and multiplication signs are meant
"""The words of the report on request, custody, file and signatures: (English, Spanish)."""

from desktop_app.reports.texts import Pair

CASE: dict[str, Pair] = {
    "not_stated": ("not stated", "sin indicar"),
    "draft": ("DRAFT", "BORRADOR"),
    "draft.margin": ("DRAFT – may still change", "BORRADOR – aún puede cambiar"),
    "status.draft": ("Draft: it may still change", "Borrador: aún puede cambiar"),
    "status.final": ("Final", "Definitivo"),
    "section.assignment": ("Request", "Encargo"),
    "section.item": ("Item and custody", "Material y custodia"),
    "section.file": ("The file: structure and origin", "El archivo: estructura y origen"),
    "section.conclusion": ("The examiner's conclusion", "Conclusión del perito"),
    "case.report": ("Report", "Informe"),
    "case.version": ("Version", "Versión"),
    "case.supersedes": ("{version}; takes the place of {report}", "{version}; sustituye a {report}"),
    "case.status": ("Status", "Estado"),
    "case.issued": ("Issued", "Fecha"),
    "case.number": ("Case", "Caso"),
    "case.laboratory": ("Laboratory", "Laboratorio"),
    "case.examiner": ("Examiner", "Perito"),
    "case.requester": ("Requested by", "Solicitante"),
    "case.reviewer": ("Reviewer", "Revisor"),
    "case.question": ("Question", "Pregunta"),
    "case.file": ("Case file", "Archivo del caso"),
    "case.file.value": ("{name}, id {id}, analysis {n}", "{name}, id {id}, análisis {n}"),
    "case.scope": (
        "This report answers the question only as far as faces in the picture can answer it. The machine's findings "
        "stand in sections {first} to {last}; what the examiner concludes from them stands apart, in section {own}.",
        "Este informe responde a la pregunta solo en la medida en que los rostros de la imagen pueden responderla. Los "
        "hallazgos de la máquina figuran en las secciones {first} a {last}; lo que el perito concluye de ellos figura "
        "aparte, en la sección {own}.",
    ),
    "custody.received": ("Received from", "Recibido de"),
    "custody.note": ("Note at intake", "Nota de ingreso"),
    "custody.title": ("Is it the same file?", "¿Es el mismo archivo?"),
    "custody.when": ("When (UTC)", "Cuándo (UTC)"),
    "custody.occasion": ("Occasion", "Ocasión"),
    "custody.hash": ("SHA-256 of the file", "SHA-256 del archivo"),
    "custody.match": ("Match", "Coincidencia"),
    "custody.match.reference": ("reference", "referencia"),
    "custody.match.same": ("✓ the same", "✓ el mismo"),
    "custody.match.different": ("≠ different", "≠ distinto"),
    "custody.match.none": ("not checked", "sin comprobar"),
    "custody.match.missing": ("file missing", "archivo ausente"),
    "custody.occasion.intake": ("Intake", "Ingreso"),
    "custody.occasion.analysis": ("Analysis", "Análisis"),
    "custody.occasion.export": ("Export", "Exportación"),
    "custody.occasion.review": ("Review", "Revisión"),
    "custody.state.intact": ("intact", "intacto"),
    "custody.state.changed": ("changed", "cambiado"),
    "custody.state.moved": ("moved", "movido"),
    "custody.state.missing": ("missing", "ausente"),
    "custody.accepted": ("accepted by {who}: {why}", "aceptado por {who}: {why}"),
    "custody.same": (
        "The file that was analysed is the file that was taken in: both hashes agree.",
        "El archivo analizado es el que se recibió: ambos hashes coinciden.",
    ),
    "custody.differs": (
        "The file that was analysed is NOT the file that was taken in. What this report says holds for the analysed "
        "file only.",
        "El archivo analizado NO es el que se recibió. Lo que dice este informe vale solo para el archivo analizado.",
    ),
    "custody.no_case": (
        "The item was examined without a case file. Its hash was taken when it was analysed; what happened to it "
        "before and after was not recorded.",
        "El material se examinó sin archivo de caso. Su hash se tomó al analizarlo; lo que le ocurrió antes y después "
        "no quedó registrado.",
    ),
    "custody.checks": ("Checks of the file", "Comprobaciones del archivo"),
    "custody.who": ("Who", "Quién"),
    "custody.purpose": ("Purpose", "Finalidad"),
    "custody.outcome": ("Outcome", "Resultado"),
    "custody.log": ("Log of the case", "Registro del caso"),
    "custody.log.note": (
        "Entries that speak of this item. Each entry's hash covers the one before it; the beginning of each is shown. "
        "Whoever keeps the head of the chain can later prove that the log was not changed: “cotejo verify”.",
        "Entradas que hablan de este material. El hash de cada entrada cubre la anterior; se muestra el principio de "
        "cada uno. Quien conserve el final de la cadena podrá probar más tarde que el registro no se ha cambiado: "
        "«cotejo verify».",
    ),
    "custody.log.more": ("{n} entries between are left out here; the case file has them.",
                         "Aquí se omiten {n} entradas intermedias; figuran en el archivo del caso."),
    "custody.action": ("Action", "Acción"),
    "custody.entry": ("Hash begins", "Inicio del hash"),
    "custody.head": ("Head of the chain", "Final de la cadena"),
    "custody.head.value": ("entry {n}", "entrada {n}"),
    "notes.title": ("Notes of the examiner", "Notas del perito"),
    "file.media": ("What was decoded", "Lo que se decodificó"),
    "file.container": ("Container", "Contenedor"),
    "file.stream": ("Stream {n}", "Pista {n}"),
    "file.location": ("Place stated in the file", "Lugar indicado en el archivo"),
    "file.location.value": ("latitude {lat}, longitude {lon}", "latitud {lat}, longitud {lon}"),
    "file.thumbnail": ("Picture embedded in the file", "Imagen incrustada en el archivo"),
    "file.perceptual": ("Perceptual hash", "Hash perceptual"),
    "file.perceptual.more": ("{first} … ({n} key frames)", "{first} … ({n} fotogramas clave)"),
    "file.structure": ("Structure", "Estructura"),
    "file.findings": ("What stands out", "Lo que llama la atención"),
    "file.findings.note": (
        "What container, streams and metadata tell apart from the picture. None of it shows by itself that the picture "
        "was manipulated: innocent explanations come first.",
        "Lo que cuentan contenedor, pistas y metadatos aparte de la imagen. Nada de ello demuestra por sí solo que la "
        "imagen esté manipulada: primero figuran las explicaciones inocentes.",
    ),
    "file.findings.none": (
        "Nothing in the structure stands out. Metadata can be removed or rewritten, so this does not show that the "
        "file is untouched.",
        "Nada llama la atención en la estructura. Los metadatos pueden borrarse o reescribirse, así que esto no "
        "demuestra que el archivo esté intacto.",
    ),
    "file.unread": (
        "The structure of the file was not read for this report.",
        "La estructura del archivo no se leyó para este informe.",
    ),
    "file.other": (
        "These facts were read from a file with another hash: they do not speak of the item that was analysed.",
        "Estos datos se leyeron de un archivo con otro hash: no hablan del material analizado.",
    ),
    "file.weight": ("Weight", "Peso"),
    "file.found": ("Finding", "Hallazgo"),
    "file.meaning": ("What it can come from", "A qué puede deberse"),
    "credentials": ("Content Credentials (C2PA)", "Credenciales de contenido (C2PA)"),
    "credentials.absent": (
        "None. Their absence proves nothing: few programs write them and many services remove them.",
        "No hay. Su ausencia no prueba nada: pocos programas las escriben y muchos servicios las eliminan.",
    ),
    "credentials.valid": (
        "Valid, by a signer that is trusted here: the file is as it was when it was signed. That says nothing of what "
        "happened before the signature.",
        "Válidas, de un firmante de confianza: el archivo está como cuando se firmó. Nada dice de lo que ocurrió antes "
        "de la firma.",
    ),
    "credentials.untrusted": (
        "Intact, but by a signer that is not on the list of trusted ones: anyone can have made them.",
        "Intactas, pero de un firmante que no está en la lista de confianza: cualquiera puede haberlas hecho.",
    ),
    "credentials.invalid": (
        "Invalid: the file or its credentials changed after the signature, or the signature does not hold.",
        "No válidas: el archivo o sus credenciales cambiaron tras la firma, o la firma no se sostiene.",
    ),
    "credentials.unreadable": (
        "Present, but they could not be read. This proves nothing in either direction.",
        "Presentes, pero no se pudieron leer. Esto no prueba nada en ningún sentido.",
    ),
    "credentials.issuer": ("Signer", "Firmante"),
    "credentials.generator": ("Program", "Programa"),
    "credentials.signed": ("Signed", "Fecha de firma"),
    "credentials.actions": ("Actions claimed", "Acciones declaradas"),
    "credentials.problems": ("Failed checks", "Comprobaciones fallidas"),
    "conclusion.own": ("Stated by the examiner, not by the machine", "Expresada por el perito, no por la máquina"),
    "conclusion.none": (
        "The examiner has not stated a conclusion. What precedes is the output of a machine and no expert opinion.",
        "El perito no ha expresado ninguna conclusión. Lo anterior es el resultado de una máquina, no un dictamen.",
    ),
    "conclusion.signatures": ("Signatures", "Firmas"),
    "conclusion.date": ("Place and date", "Lugar y fecha"),
    "conclusion.sign": ("Signature", "Firma"),
    "conclusion.draft": (
        "A draft is not signed. Signatures belong on the final report only.",
        "Un borrador no se firma. Las firmas corresponden solo al informe definitivo.",
    ),
    "references.title": ("References", "Referencias"),
    "summary.title": ("Summary", "Resumen"),
    "summary.checked": ("What was checked", "Qué se comprobó"),
    "summary.checked.video": (
        "The faces in a video of {length}: {decoded} of {total} frames, {people}, {scored} faces scored.",
        "Los rostros de un vídeo de {length}: {decoded} de {total} fotogramas, {people}, {scored} rostros puntuados.",
    ),
    "summary.checked.image": (
        "The faces in a picture: {people}, {scored} of them scored.",
        "Los rostros de una imagen: {people}, de ellos {scored} puntuados.",
    ),
    "summary.person": ("1 person", "1 persona"),
    "summary.people": ("{n} people", "{n} personas"),
    "summary.not_checked": (
        "Not checked: the voice, the background, cuts and captions, where the item comes from, and whether the scene "
        "was staged.",
        "No se comprobó: la voz, el fondo, los cortes y rótulos, de dónde procede el material ni si la escena se "
        "montó.",
    ),
    "summary.cannot": ("What this cannot say", "Lo que esto no puede decir"),
    "summary.examiner": ("The examiner concludes", "El perito concluye"),
    "summary.pictures": ("Frames of the item", "Fotogramas del material"),
    "summary.picture": ("{time} · frame {frame} · score {p}", "{time} · fotograma {frame} · puntuación {p}"),
    "summary.picture.unscored": ("{time} · frame {frame}", "{time} · fotograma {frame}"),
    "summary.full": (
        "The full report has the same number, {id}. It gives method, validation, custody and all figures; {who} has "
        "it, and the stored result {result} redraws it.",
        "El informe completo tiene el mismo número, {id}. Contiene método, validación, custodia y todas las cifras; lo "
        "tiene {who}, y el resultado guardado {result} permite volver a generarlo.",
    ),
    "summary.full.anyone": ("whoever made this summary", "quien hizo este resumen"),
    "alt.curve": (
        "Curve of the calibrated score of person {id} from {start} to {end}; mean {p}; {segments} stretches above the "
        "inconclusive band.",
        "Curva de la puntuación calibrada de la persona {id} de {start} a {end}; media {p}; {segments} tramos por "
        "encima de la franja no concluyente.",
    ),
    "alt.frame": ("Frame {frame} at {time} with boxes around {n} faces.",
                  "Fotograma {frame} en {time} con recuadros en {n} rostros."),
    "alt.crop": ("Face of person {id} in frame {frame} as the model saw it.",
                 "Rostro de la persona {id} en el fotograma {frame} tal como lo vio el modelo."),
    "alt.heat": ("Heatmap over the face of person {id} in frame {frame}.",
                 "Mapa de calor sobre el rostro de la persona {id} en el fotograma {frame}."),
    "alt.thumbnail": ("Picture embedded in the file.", "Imagen incrustada en el archivo."),
    "alt.bar": ("Bar: {percent}", "Barra: {percent}"),
    "alt.scale": ("Scale of five bands from genuine to manipulated; score {p}.",
                  "Escala de cinco franjas de genuino a manipulado; puntuación {p}."),
    "alt.ratio": ("Likelihood ratio {lr} on a logarithmic axis, 95% from {low} to {high}.",
                  "Razón de verosimilitud {lr} en un eje logarítmico, 95 % de {low} a {high}."),
    "alt.coverage": ("Strip over the time of the item: what was examined, scored, seen without score, or left out.",
                     "Banda sobre el tiempo del material: qué se puntuó, se vio sin puntuar o quedó fuera."),
}  # fmt: skip
