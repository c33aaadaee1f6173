"""The words for results, English and Spanish side by side: (English, Spanish)."""

Pair = tuple[str, str]

BANDS: dict[str, Pair] = {
    "strong_genuine": ("Strong evidence of a genuine face", "Indicio fuerte de rostro genuino"),
    "moderate_genuine": ("Moderate evidence of a genuine face", "Indicio moderado de rostro genuino"),
    "inconclusive": ("Inconclusive", "No concluyente"),
    "moderate_fake": ("Moderate evidence of manipulation", "Indicio moderado de manipulación"),
    "strong_fake": ("Strong evidence of manipulation", "Indicio fuerte de manipulación"),
    "none": ("No usable face", "Ningún rostro utilizable"),
}

BANDS_SHORT: dict[str, Pair] = {
    "strong_genuine": ("strong: genuine", "fuerte: genuino"),
    "moderate_genuine": ("moderate: genuine", "moderado: genuino"),
    "inconclusive": ("inconclusive", "no concluyente"),
    "moderate_fake": ("moderate: manipulated", "moderado: manipulado"),
    "strong_fake": ("strong: manipulated", "fuerte: manipulado"),
    "none": ("no usable face", "sin rostro utilizable"),
}

OUTCOMES: dict[str, Pair] = {
    "scored": ("Scored", "Evaluado"),
    "inconclusive": ("Inconclusive", "No concluyente"),
    "no_usable_face": ("No usable face", "Ningún rostro utilizable"),
}

GATES: dict[str, Pair] = {
    "too_small": ("face too small", "rostro demasiado pequeño"),
    "too_blurred": ("face too blurred", "rostro demasiado borroso"),
    "too_dark": ("face too dark", "rostro demasiado oscuro"),
    "too_bright": ("face too bright", "rostro demasiado claro"),
    "turned_away": ("face turned away", "rostro demasiado girado"),
}

STAGES: dict[str, Pair] = {
    "media": ("Media", "Medio"),
    "faces": ("Faces", "Rostros"),
    "quality": ("Quality", "Calidad"),
    "detector": ("Model", "Modelo"),
    "analysis": ("Analysis", "Análisis"),
}

NOTICES: dict[str, Pair] = {
    "corrupt_frame": (
        "The frame is damaged; part of what it shows was made up by the decoder.",
        "El fotograma está dañado; parte de lo que muestra la ha inventado el decodificador.",
    ),
    "undecodable": (
        "Parts of the video could not be decoded and are left out.",
        "Algunas partes del vídeo no se pudieron decodificar y quedan fuera.",
    ),
    "truncated": (
        "The file is damaged or cut off: it holds less than it declares.",
        "El archivo está dañado o cortado: contiene menos de lo que declara.",
    ),
    "time_estimated": (
        "The time of some frames is missing or contradictory in the file and was estimated.",
        "La hora de algunos fotogramas falta o es contradictoria en el archivo y se ha estimado.",
    ),
    "not_displayed": (
        "Frames that the file marks as not to be displayed were left out.",
        "Se han omitido los fotogramas que el archivo marca como no visibles.",
    ),
    "alpha_flattened": (
        "The picture has transparent parts; they were laid on a plain background.",
        "La imagen tiene partes transparentes; se han colocado sobre un fondo liso.",
    ),
    "only_first_picture": (
        "The file holds several pictures; only the first or main one was examined.",
        "El archivo contiene varias imágenes; solo se ha examinado la primera o la principal.",
    ),
    "odd_rotation": (
        "The video asks for a turn that is no multiple of 90 degrees; the nearest was used.",
        "El vídeo pide un giro que no es múltiplo de 90 grados; se ha usado el más cercano.",
    ),
    "mirrored": (
        "The video asks to be mirrored for display; it is shown and examined that way.",
        "El vídeo pide mostrarse reflejado; así se muestra y se examina.",
    ),
    "non_square_pixels": (
        "The pixels are not square; the picture is examined as it is stored.",
        "Los píxeles no son cuadrados; la imagen se examina tal como está almacenada.",
    ),
    "hdr": (
        "The video has a high dynamic range; it is examined without tone mapping and looks flat.",
        "El vídeo es de alto rango dinámico; se examina sin conversión de tonos y parece apagado.",
    ),
    "interlaced": (
        "The video is interlaced; it is examined as it is stored, with both fields in a frame.",
        "El vídeo es entrelazado; se examina tal como está almacenado, con ambos campos en cada fotograma.",
    ),
    "several_video_streams": (
        "The file holds several video streams; one of them is examined.",
        "El archivo contiene varias pistas de vídeo; se examina una de ellas.",
    ),
    "too_small": (
        "The face is too small for the model's figures to hold; it was not scored.",
        "El rostro es demasiado pequeño para que valgan las cifras del modelo; no se ha puntuado.",
    ),
    "too_blurred": ("The face is too blurred; it was not scored.", "El rostro está demasiado borroso; sin puntuar."),
    "too_dark": ("The face is too dark; it was not scored.", "El rostro está demasiado oscuro; sin puntuar."),
    "too_bright": ("The face is too bright; it was not scored.", "El rostro está demasiado claro; sin puntuar."),
    "turned_away": (
        "The face is turned too far away; it was not scored.",
        "El rostro está demasiado girado; sin puntuar.",
    ),
    "undecodable_frame": (
        "The frame is damaged and could not be decoded.",
        "El fotograma está dañado y no se pudo decodificar.",
    ),
    "unconfirmed_face": (
        "What looked like a face was seen too briefly to be one, and left out.",
        "Algo que parecía un rostro se vio demasiado poco tiempo para serlo y se omitió.",
    ),
    "no_face": ("No face was found in the frame.", "No se ha encontrado ningún rostro en el fotograma."),
    "shot_cut": ("The shot changes here; tracks end.", "Aquí cambia el plano; los seguimientos terminan."),
    "no_heatmaps": (
        "The model cannot show where it looked: the key frames have no heatmaps.",
        "El modelo no puede mostrar dónde miró: los fotogramas clave no tienen mapas de calor.",
    ),
    "device_fallback": (
        "The chosen device ran out of memory or failed; the analysis went on with another one.",
        "El dispositivo elegido se quedó sin memoria o falló; el análisis siguió con otro.",
    ),
    "aborted": ("The analysis was stopped before its end.", "El análisis se detuvo antes de terminar."),
    "short_track": (
        "A person with too few scored frames does not count for the verdict of the item.",
        "Una persona con muy pocos fotogramas puntuados no cuenta para el resultado del material.",
    ),
    "unscored_track": (
        "A person could not be scored in any frame: the verdict says nothing of this person.",
        "Una persona no se pudo puntuar en ningún fotograma: el resultado no dice nada de ella.",
    ),
}

# reasons of verdicts, recognised by their English wording: (pattern, Spanish)
REASONS: tuple[Pair, ...] = (
    (r"Person (\d+) of (\d+) decides\. (.*)", r"Decide la persona \1 de \2. {rest}"),
    (r"No face was found\.", "No se ha encontrado ningún rostro."),
    (r"No face was fit to be scored\.", "Ningún rostro era apto para puntuarse."),
    (r"Mean of (\d+) scored frames\.", r"Media de \1 fotogramas puntuados."),
    (r"Score of a single picture\.", "Puntuación de una sola imagen."),
    (
        r"Only (\d+) frames could be scored; at least (\d+) are needed\.",
        r"Solo se pudieron puntuar \1 fotogramas; se necesitan al menos \2.",
    ),
    (
        r"The score lies where genuine and manipulated faces are about equally frequent\.",
        "La puntuación cae donde los rostros genuinos y los manipulados son casi igual de frecuentes.",
    ),
    (
        r"This model came without a measured calibration: its scores support no verdict\.",
        "Este modelo llegó sin una calibración medida: sus puntuaciones no sustentan ningún resultado.",
    ),
    (
        r"The faces are smaller \((\d+) px\) than those the model was validated on \(from (\d+) px\)\.",
        r"Los rostros son más pequeños (\1 px) que aquellos con los que se validó el modelo (desde \2 px).",
    ),
    (
        r"The faces are larger \((\d+) px\) than those the model was validated on \(up to (\d+) px\)\.",
        r"Los rostros son más grandes (\1 px) que aquellos con los que se validó el modelo (hasta \2 px).",
    ),
    (
        r"The faces are less sharp \((\d+)\) than those the model was validated on \(from (\d+)\)\.",
        r"Los rostros son menos nítidos (\1) que aquellos con los que se validó el modelo (desde \2).",
    ),
    (
        r"The faces are sharper or noisier \((\d+)\) than those the model was validated on \(up to (\d+)\)\.",
        r"Los rostros son más nítidos o ruidosos (\1) que aquellos con los que se validó el modelo (hasta \2).",
    ),
    (
        r"The faces are darker \((\d+) %\) than those the model was validated on \(from (\d+) %\)\.",
        r"Los rostros son más oscuros (\1 %) que aquellos con los que se validó el modelo (desde \2 %).",
    ),
    (
        r"The faces are brighter \((\d+) %\) than those the model was validated on \(up to (\d+) %\)\.",
        r"Los rostros son más claros (\1 %) que aquellos con los que se validó el modelo (hasta \2 %).",
    ),
    (
        r"The faces are turned further \((\d+) degrees\) than those the model was validated on \(up to (\d+)\)\.",
        r"Los rostros están más girados (\1 grados) que aquellos con los que se validó el modelo (hasta \2).",
    ),
    (
        r"The frames disagree: the interval reaches from genuine to manipulated\.",
        "Los fotogramas discrepan: el intervalo va de genuino a manipulado.",
    ),
    (
        r"The frames as a whole look genuine, but ([\d.]+) s to ([\d.]+) s do not: see this stretch\.",
        r"Los fotogramas en conjunto parecen genuinos, pero no de \1 s a \2 s: véase ese tramo.",
    ),
    (
        r"The frames as a whole do not decide, but ([\d.]+) s to ([\d.]+) s look manipulated: see this stretch\.",
        r"Los fotogramas en conjunto no deciden, pero de \1 s a \2 s parecen manipulados: véase ese tramo.",
    ),
)

SENTENCES: dict[str, Pair] = {
    "verdict.strong_fake": (
        "In the faces examined, the model finds strong evidence of manipulation.",
        "En los rostros examinados, el modelo encuentra indicios fuertes de manipulación.",
    ),
    "verdict.moderate_fake": (
        "In the faces examined, the model finds moderate evidence of manipulation.",
        "En los rostros examinados, el modelo encuentra indicios moderados de manipulación.",
    ),
    "verdict.inconclusive": (
        "The result is inconclusive: on this item the model's scores support neither a finding of manipulation nor "
        "one of genuine faces.",
        "El resultado no es concluyente: en este material las puntuaciones del modelo no permiten afirmar ni que "
        "los rostros estén manipulados ni que sean genuinos.",
    ),
    "verdict.moderate_genuine": (
        "In the faces examined, the model finds moderate evidence against the kinds of manipulation it knows.",
        "En los rostros examinados, el modelo encuentra indicios moderados en contra de los tipos de manipulación que "
        "conoce.",
    ),
    "verdict.strong_genuine": (
        "In the faces examined, the model finds strong evidence against the kinds of manipulation it knows.",
        "En los rostros examinados, el modelo encuentra indicios fuertes en contra de los tipos de manipulación que "
        "conoce.",
    ),
    "verdict.no_usable_face": (
        "No usable face was found, so nothing was scored. This says nothing about whether the item is genuine.",
        "No se ha encontrado ningún rostro utilizable, así que no se ha puntuado nada. Esto no dice nada sobre si el "
        "material es auténtico.",
    ),
    "score": (
        "Calibrated score {p} on a scale from 0 (genuine) to 1 (manipulated)",
        "Puntuación calibrada {p} en una escala de 0 (genuino) a 1 (manipulado)",
    ),
    "score.interval": (
        "95% interval over the frames {low} to {high}",
        "intervalo del 95\u00a0% entre fotogramas: de {low} a {high}",
    ),
    "indication": (
        "This is a statistical indication by one model ({model}), not proof.",
        "Es un indicio estadístico de un solo modelo ({model}), no una prueba.",
    ),
    "rates.both": (
        "At its decision threshold it wrongly flagged {fpr} of genuine and missed {fnr} of manipulated {level} in its "
        "test ({dataset}, {condition}; {n}).",
        "Con su umbral de decisión señaló por error el {fpr} de {level} genuinos y pasó por alto el {fnr} de los "
        "manipulados en su prueba ({dataset}, {condition}; {n}).",
    ),
    "rates.strong": (
        "Of those genuine {level} {strong} stood in the strongest band for manipulation.",
        "De esos {level} genuinos el {strong} quedó en la franja más fuerte de manipulación.",
    ),
    "rates.fpr": (
        "At its decision threshold it wrongly flagged {fpr} of genuine {level} in its test ({dataset}, {condition}; "
        "{n}); how many manipulated ones it misses was not measured.",
        "Con su umbral de decisión señaló por error el {fpr} de {level} genuinos en su prueba ({dataset}, "
        "{condition}; {n}); no se ha medido cuántos manipulados pasa por alto.",
    ),
    "rates.fnr": (
        "At its decision threshold it missed {fnr} of manipulated {level} in its test ({dataset}, {condition}; {n}); "
        "how many genuine ones it wrongly flags was not measured.",
        "Con su umbral de decisión pasó por alto el {fnr} de {level} manipulados en su prueba ({dataset}, "
        "{condition}; {n}); no se ha medido cuántos genuinos señala por error.",
    ),
    "rates.none": (
        "Its error rates were not measured, so its scores must not be relied upon.",
        "No se han medido sus tasas de error, así que sus puntuaciones no son fiables.",
    ),
    "aborted": (
        "The analysis was stopped before its end: it speaks only of the part that was examined.",
        "El análisis se detuvo antes de terminar: solo habla de la parte examinada.",
    ),
    "level.image": ("faces", "los rostros"),
    "level.video": ("videos", "los vídeos"),
    "level.item": ("items", "los materiales"),
    "counts": ("{genuine} genuine, {fake} manipulated", "{genuine} genuinos, {fake} manipulados"),
}

LIMITS: dict[str, Pair] = {
    "limit.not_probability": (
        "The score is not how likely the item is to be manipulated: that also depends on its origin and on everything "
        "else that is known of the case.",
        "La puntuación no indica cuán probable es que el material esté manipulado: eso depende también de su origen y "
        "de todo lo demás que se sepa del caso.",
    ),
    "limit.faces_only": (
        "Only faces were examined. Voice, background, editing, captions and context were not.",
        "Solo se han examinado rostros, no la voz, el fondo, el montaje, los rótulos ni el contexto.",
    ),
    "limit.known_kinds": (
        "A manipulation of a kind that the model was never tested on can go unnoticed. Finding nothing does not make "
        "an item genuine.",
        "Una manipulación de un tipo con el que nunca se probó el modelo puede pasar inadvertida. No encontrar nada "
        "no hace auténtico un material.",
    ),
    "limit.false_alarm": (
        "Filters, retouching, strong compression and poor light can look like manipulation to the model.",
        "Los filtros, los retoques, la compresión fuerte y la mala luz pueden parecerle manipulación al modelo.",
    ),
    "limit.interval": (
        "The interval says how much the score varies from frame to frame. It does not contain the error of the model.",
        "El intervalo indica cuánto varía la puntuación de un fotograma a otro. No incluye el error del modelo.",
    ),
    "limit.expert": (
        "A finding of this weight needs a second method and a qualified examiner before it is acted upon.",
        "Un hallazgo de este peso requiere un segundo método y un perito cualificado antes de actuar en consecuencia.",
    ),
    "limit.nothing_scored": (
        "No score means no evidence in either direction. It is not a score of zero.",
        "Sin puntuación no hay indicio en ningún sentido. No equivale a una puntuación de cero.",
    ),
    "limit.inconclusive": (
        "Inconclusive is a result: on this material the model cannot tell.",
        "«No concluyente» es un resultado: con este material el modelo no puede decidir.",
    ),
    "limit.aborted": (
        "The analysis was stopped before its end. What was not examined may change the result.",
        "El análisis se detuvo antes de terminar. Lo que no se examinó puede cambiar el resultado.",
    ),
}
