# ruff: noqa: RUF001 - dashes and multiplication signs are meant
"""The words of the PDF report, English and Spanish side by side: (English, Spanish)."""

from desktop_app.reports.texts import Pair

REPORT: dict[str, Pair] = {
    "title": ("Report on the examination of faces", "Informe del examen de rostros"),
    "subject": (
        "Search for face manipulation by a statistical model",
        "Búsqueda de manipulación de rostros con un modelo estadístico",
    ),
    "report": ("Report", "Informe"),
    "page": ("Page {page} of {pages}", "Página {page} de {pages}"),
    "partial": ("Partial result: stopped before its end", "Resultado parcial: detenido antes de terminar"),
    "result": ("Result", "Resultado"),
    "limits": ("Read it with these limits", "Léase con estos límites"),
    "quote": ("In words that can be quoted", "En palabras que pueden citarse"),
    "in_full": ("In full", "Por extenso"),
    "scale.genuine": ("genuine", "genuino"),
    "scale.fake": ("manipulated", "manipulado"),
    "scale.strong": ("strong", "fuerte"),
    "scale.moderate": ("moderate", "moderado"),
    "scale.unsure": ("inconclusive", "no concluyente"),
    "card.interval": (
        "95% interval over the frames: {low} to {high}",
        "Intervalo del 95 % entre fotogramas: {low} a {high}",
    ),
    "card.why": ("Why", "Motivo"),
    "aborted.title": ("Stopped before its end", "Detenido antes de terminar"),
    "aborted.text": (
        "The analysis was cancelled after {decoded} of {sampled} chosen frames. Everything below speaks only of the "
        "part that was examined.",
        "El análisis se canceló tras {decoded} de {sampled} fotogramas elegidos. Todo lo que sigue habla solo de la "
        "parte examinada.",
    ),
    "glance.people": ("people in view", "personas a la vista"),
    "glance.person": ("person in view", "persona a la vista"),
    "glance.frames": ("of {total} frames examined", "de {total} fotogramas examinados"),
    "glance.picture": ("picture examined", "imagen examinada"),
    "glance.scored": ("faces scored", "rostros puntuados"),
    "glance.gated": ("faces seen, not scored", "rostros vistos sin puntuar"),
    "glance.notices": ("notices", "avisos"),
    "errs": ("How often this model errs", "Con qué frecuencia yerra este modelo"),
    "errs.genuine": ("of genuine {level} wrongly flagged", "de {level} genuinos señalados por error"),
    "errs.fake": ("of manipulated {level} missed", "de {level} manipulados no detectados"),
    "errs.unknown": ("not measured", "sin medir"),
    "errs.set": ("Measured on {dataset}, {condition}.", "Medido con {dataset}, {condition}."),
    "errs.by.face": ("It matches the face size of this item.", "Corresponde al tamaño de rostro de este material."),
    "errs.by.bits": ("It matches the compression of this item.", "Corresponde a la compresión de este material."),
    "errs.by.none": (
        "No test of enough items matches this item.",
        "Ninguna prueba con materiales suficientes corresponde a este material.",
    ),
    "errs.none": ("Its error rates were not measured.", "No se han medido sus tasas de error."),
    "errs.other": (
        "Under some conditions it errs more often: see section {n}.",
        "En algunas condiciones yerra más: véase la sección {n}.",
    ),
    "errs.other.full": (
        "Under some conditions it errs more often: see the full report.",
        "En algunas condiciones yerra más: véase el informe completo.",
    ),
    "overview": ("Where in the item", "En qué parte del material"),
    "overview.key": (
        "Dashed: decision threshold. Grey: inconclusive. Hatched: face not scored. Break: no usable face.",
        "Discontinua: umbral de decisión. Gris: no concluyente. Rayado: rostro sin puntuar. Corte: ningún rostro "
        "utilizable.",
    ),
    "overview.more": (
        "Shown: {shown} of {total}, the highest scores first; all are in section {n}.",
        "Se muestran {shown} de {total}, primero las puntuaciones más altas; todas figuran en la sección {n}.",
    ),
    "overview.more.full": (
        "Shown: {shown} of {total}, the highest scores first; all are in the full report.",
        "Se muestran {shown} de {total}, primero las puntuaciones más altas; todas figuran en el informe completo.",
    ),
    "legend": (
        "Height is the calibrated score from 0 to 1. Dashed line: decision threshold {decision}. Grey band: "
        "inconclusive, {low} to {high}. Orange above that band, blue below it. Breaks: no usable face. Hatched: face "
        "seen but not scored. Bar on top: stretch whose mean over a second stays above that band.",
        "La altura es la puntuación calibrada de 0 a 1. Línea discontinua: umbral de decisión {decision}. Franja gris: "
        "no concluyente, de {low} a {high}. Naranja por encima de esa franja, azul por debajo. Cortes: ningún rostro "
        "utilizable. Rayado: rostro visto pero sin puntuar. Barra superior: tramo cuya media de un segundo se mantiene "
        "por encima de esa franja.",
    ),
    "legend.dense": (
        "The line is the mean and the shade the range of all frames that share a column.",
        "La línea es la media y la sombra el rango de todos los fotogramas que comparten columna.",
    ),
    "person": ("Person {id}", "Persona {id}"),
    "section.people": ("Result for each person", "Resultado de cada persona"),
    "section.key_frames": ("Key frames", "Fotogramas clave"),
    "section.coverage": ("Coverage and notices", "Cobertura y avisos"),
    "item.name": ("File name", "Nombre del archivo"),
    "item.path": ("Path", "Ruta"),
    "item.size": ("Size", "Tamaño"),
    "item.bytes": ("{n} bytes", "{n} bytes"),
    "item.modified": ("Last modified", "Última modificación"),
    "item.kind": ("Kind", "Tipo"),
    "item.kind.video": ("Video", "Vídeo"),
    "item.kind.image": ("Still picture", "Imagen fija"),
    "item.container": ("Container", "Contenedor"),
    "item.codec": ("Picture codec", "Códec de imagen"),
    "item.codec.value": ("{codec}, {pixels}, {depth} bits", "{codec}, {pixels}, {depth} bits"),
    "item.colour": ("Colour tags", "Etiquetas de color"),
    "item.untagged": ("none", "ninguna"),
    "item.picture": ("Picture size", "Tamaño de imagen"),
    "item.rotated": ("{size}, turned by {angle}° for display", "{size}, girada {angle}° para mostrarse"),
    "item.rate": ("Frame rate", "Frecuencia"),
    "item.rate.value": (
        "{rate} frames per second ({fraction}), {kind}",
        "{rate} fotogramas por segundo ({fraction}), {kind}",
    ),
    "item.constant": ("constant", "constante"),
    "item.variable": ("variable", "variable"),
    "item.unknown": ("unknown", "desconocida"),
    "item.length": ("Length", "Duración"),
    "item.length.value": ("{time} ({frames} frames)", "{time} ({frames} fotogramas)"),
    "item.audio": ("Audio", "Audio"),
    "item.audio.value": ("{codec}, {rate} Hz; not examined", "{codec}, {rate} Hz; no examinado"),
    "item.audio.none": ("none", "ninguno"),
    "item.tags": ("Tags in the file", "Etiquetas del archivo"),
    "item.escaped": (
        "Characters that the report's fonts lack, or that would hide or reorder text, are written as codes such as "
        "\\u91c7.",
        "Los caracteres que faltan en las fuentes del informe, o que ocultarían o reordenarían el texto, se escriben "
        "como códigos del tipo \\u91c7.",
    ),
    "people.none": (
        "No face was found in the frames that were examined, so there is no person to report on.",
        "No se ha encontrado ningún rostro en los fotogramas examinados, así que no hay ninguna persona que describir.",
    ),
    "people.intro": (
        "A person is one face followed through time. Someone who leaves the picture and returns may count twice.",
        "Una persona es un rostro seguido en el tiempo. Quien sale de la imagen y vuelve puede contar dos veces.",
    ),
    "people.person": ("Person", "Persona"),
    "people.result": ("Result", "Resultado"),
    "people.score": ("Score", "Puntuación"),
    "people.interval": ("95% interval", "Intervalo 95 %"),
    "people.seen": ("In view", "A la vista"),
    "people.frames": ("Scored / seen", "Puntuados / vistos"),
    "people.size": ("Face,\u00a0px", "Rostro,\u00a0px"),
    "people.label": ("Class", "Clase"),
    "people.scored_of": ("{scored} of {seen} frames scored", "{scored} de {seen} fotogramas puntuados"),
    "segments.title": ("Stretches above the inconclusive band", "Tramos por encima de la franja no concluyente"),
    "segments.row": (
        "{start} to {end} (frames {first}–{last}), mean score {p}, {band}",
        "{start} a {end} (fotogramas {first}–{last}), puntuación media {p}, {band}",
    ),
    "segments.more": ("and {n} more", "y {n} más"),
    "keys.none": (
        "No key frames were kept with this result.",
        "Con este resultado no se han guardado fotogramas clave.",
    ),
    "keys.intro": (
        "Left: the frame, with the face's box. Middle: the face as the model saw it. Right: where the model looked. "
        "Pictures are reduced for print; the exhibits are the stored pictures with these hashes.",
        "Izquierda: el fotograma con el recuadro del rostro. Centro: el rostro tal como lo vio el modelo. "
        "Derecha: dónde miró el modelo. Las imágenes se reducen "
        "para imprimir; las pruebas son las imágenes guardadas con estos hashes.",
    ),
    "keys.where": ("Frame {frame} · PTS {pts} · {time}", "Fotograma {frame} · PTS {pts} · {time}"),
    "keys.no_pts": ("missing", "falta"),
    "keys.score": ("score {p}", "puntuación {p}"),
    "keys.broken": ("This picture could not be read.", "No se pudo leer esta imagen."),
    "keys.frame_hash": ("Frame", "Fotograma"),
    "keys.crop_hash": ("Face", "Rostro"),
    "keys.heat_hash": ("Heatmap", "Mapa de calor"),
    "cover.in_item": ("Frames of the item", "Fotogramas del material"),
    "cover.in_range": ("In the asked range", "En el intervalo pedido"),
    "cover.sampled": ("Chosen for analysis", "Elegidos para el análisis"),
    "cover.decoded": ("Decoded", "Decodificados"),
    "cover.with_face": ("With at least one face", "Con al menos un rostro"),
    "cover.corrupt": ("Flagged as damaged", "Señalados como dañados"),
    "cover.scored": ("Faces scored", "Rostros puntuados"),
    "cover.gated": ("Faces seen but not scored", "Rostros vistos sin puntuar"),
    "cover.intro": (
        "What the result rests on. Frames that were not examined are not spoken of.",
        "En qué se apoya el resultado. Nada se dice de los fotogramas no examinados.",
    ),
    "notices.title": ("Notices", "Avisos"),
    "notices.none": ("Nothing was skipped or estimated.", "No se ha omitido ni estimado nada."),
    "notices.what": ("What", "Qué"),
    "notices.stage": ("Stage", "Etapa"),
    "notices.count": ("Times", "Veces"),
    "notices.frames": ("Frames", "Fotogramas"),
    "notices.item": ("whole item", "todo el material"),
    "notices.from": ("from {frames} on", "desde {frames}"),
    "notices.more": ("and {n} more ranges", "y {n} rangos más"),
    "notices.like": ("(one of several like it)", "(uno de varios parecidos)"),
    "method.text": (
        "Faces are found in the chosen frames and followed through time. Each fit face is cut out as a "
        "square and given "
        "to the model, which answers with one number. That number is calibrated to a score from 0 to 1; the "
        "scores of a "
        "person are averaged as log-odds, and the interval shows how they vary over the frames (block bootstrap). The "
        "strongest finding of manipulation decides for the item; without one, doubt about one person leaves the item "
        "inconclusive.",
        "Se buscan rostros en los fotogramas elegidos y se siguen en el tiempo. Cada rostro apto se recorta en un "
        "cuadrado y se entrega al modelo, que responde con un número. Ese número se calibra a una puntuación de 0 a 1; "
        "las puntuaciones de una persona se promedian como log-odds y el intervalo muestra cómo varían entre "
        "fotogramas (bootstrap por bloques). El hallazgo de manipulación más fuerte decide sobre el material; si "
        "no lo hay, la duda sobre una persona deja el material sin conclusión.",
    ),
    "method.model": ("Model", "Modelo"),
    "method.model.value": ("{name}, version {version} ({id})", "{name}, versión {version} ({id})"),
    "method.network": ("Network", "Red"),
    "method.network.value": (
        "{architecture}, {parameters} parameters, input {size} × {size} px, crop margin {margin}",
        "{architecture}, {parameters} parámetros, entrada {size} × {size} px, margen de recorte {margin}",
    ),
    "method.classes": ("Classes", "Clases"),
    "method.classes.value": ("{classes}; genuine is “{genuine}”", "{classes}; genuino es «{genuine}»"),
    "method.weights": ("Weights, SHA-256", "Pesos, SHA-256"),
    "method.weights.differ": (
        "The weights that were loaded do not match the card: {loaded}",
        "Los pesos cargados no coinciden con la ficha: {loaded}",
    ),
    "method.calibration": ("Calibration", "Calibración"),
    "method.bands": ("Bands", "Franjas"),
    "method.bands.value": (
        "strong genuine below {sg}, inconclusive {low} to {high}, strong manipulated above {sf}; decision "
        "threshold {d}",
        "genuino fuerte por debajo de {sg}, no concluyente de {low} a {high}, manipulado fuerte por encima de {sf}; "
        "umbral de decisión {d}",
    ),
    "method.bands.measured": (
        "inconclusive {low} to {high}; decision threshold {d}; what each band is worth stands in section {n}",
        "no concluyente de {low} a {high}; umbral de decisión {d}; lo que vale cada franja figura en la sección {n}",
    ),
    "method.min_face": ("Smallest face", "Rostro mínimo"),
    "method.validated": ("Faces of validation", "Rostros de validación"),
    "method.training": ("Trained on", "Entrenado con"),
    "method.training.value": ("{name}: {n} images ({terms})", "{name}: {n} imágenes ({terms})"),
    "method.licence": ("Licence, date", "Licencia, fecha"),
    "rates.title": ("Measured error rates", "Tasas de error medidas"),
    "rates.none": (
        "No error rates were measured for this model. Its scores must not be relied upon.",
        "No se han medido tasas de error de este modelo. Sus puntuaciones no son fiables.",
    ),
    "rates.set": ("Test set", "Conjunto de prueba"),
    "rates.condition": ("Condition", "Condición"),
    "rates.level": ("Unit", "Unidad"),
    "rates.image": ("face", "rostro"),
    "rates.video": ("video", "vídeo"),
    "rates.n": ("Genuine / manip.", "Genuinos / manip."),
    "rates.auc": ("AUC (95%)", "AUC (95 %)"),
    "rates.strong": ("strong", "fuerte"),
    "rates.note": (
        "FPR: genuine samples wrongly flagged; FNR: manipulated samples missed; both at the decision threshold {d}; "
        "strong: genuine samples in the strongest band for manipulation. "
        "● of the kind the model was trained on; ○ of another kind, closer to an unknown item. “–” was not measured. "
        "In bold: the figures quoted on the first page.",
        "FPR: muestras genuinas señaladas por error; FNR: manipuladas no detectadas; ambas con el umbral de decisión "
        "{d}; fuerte: muestras genuinas en la franja más fuerte de manipulación. "
        "● del tipo con que se entrenó el modelo; ○ de otro tipo, más cercano a un material desconocido. «–» no "
        "se ha medido. En negrita: las cifras citadas en la primera página.",
    ),
    "card.limits": ("Limits stated in the model's card", "Límites declarados en la ficha del modelo"),
    "prov.result": ("Result", "Resultado"),
    "prov.app": ("Program", "Programa"),
    "prov.device": ("Device", "Dispositivo"),
    "prov.platform": ("System", "Sistema"),
    "prov.started": ("Started", "Inicio"),
    "prov.finished": ("Finished", "Fin"),
    "prov.status": ("Status", "Estado"),
    "prov.complete": ("complete", "completo"),
    "prov.aborted": ("stopped before its end", "detenido antes de terminar"),
    "prov.range": ("Range", "Intervalo"),
    "prov.whole": ("whole item", "todo el material"),
    "prov.range.value": ("{start} to {end}", "de {start} a {end}"),
    "prov.end": ("end", "el final"),
    "prov.sampling": ("Sampling", "Muestreo"),
    "prov.every_nth": ("every frame", "todos los fotogramas"),
    "prov.nth": ("one frame in {n}", "un fotograma de cada {n}"),
    "prov.per_second": ("{n} frames per second", "{n} fotogramas por segundo"),
    "prov.libraries": ("Libraries", "Bibliotecas"),
    "prov.settings": ("Settings", "Ajustes"),
    "prov.repeat": (
        "The same file, model and settings give the same numbers. This report was drawn from the stored result alone.",
        "El mismo archivo, modelo y ajustes dan los mismos números. Este informe se ha generado solo a partir del "
        "resultado guardado.",
    ),
    "video.unscored": ("not scored: {why}", "sin puntuar: {why}"),
    "video.foot": ("frame {frame} · {time}", "fotograma {frame} · {time}"),
}
