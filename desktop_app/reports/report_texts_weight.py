# ruff: noqa: RUF001 - dashes and multiplication signs are meant
"""The words of the report on method, validation and the weight of the findings: (English, Spanish)."""

from desktop_app.reports.texts import Pair

WEIGHT: dict[str, Pair] = {
    "section.method": ("Method", "Método"),
    "section.validation": ("How well the model was tested", "Cómo se probó el modelo"),
    "section.weight": ("What the findings are worth", "Cuánto valen los hallazgos"),
    "section.terms": ("Terms and references", "Términos y referencias"),
    "method.model.title": ("Model", "Modelo"),
    "method.run.title": ("This analysis", "Este análisis"),
    "method.repeat.title": ("To repeat it", "Para repetirlo"),
    "method.repeat": (
        "With the same file, model, program and settings this command gives the same scores. On another device or with "
        "other versions of the libraries the last digits may differ.",
        "Con el mismo archivo, modelo, programa y ajustes, esta orden da las mismas puntuaciones. En otro dispositivo "
        "o con otras versiones de las bibliotecas pueden variar los últimos dígitos.",
    ),
    "method.faces": ("Face search", "Búsqueda de rostros"),
    "method.faces.value": (
        "MTCNN from confidence {score}, faces from {px} px, on one chosen frame in {n}; boxes between are interpolated",
        "MTCNN desde una confianza de {score}, rostros desde {px} px, en uno de cada {n} fotogramas elegidos; los "
        "recuadros intermedios se interpolan",
    ),
    "method.faces.every": (
        "MTCNN from confidence {score}, faces from {px} px, on every chosen frame",
        "MTCNN desde una confianza de {score}, rostros desde {px} px, en todos los fotogramas elegidos",
    ),
    "cover.strip": ("Over the time of the item", "A lo largo del material"),
    "cover.key.scored": ("scored", "puntuado"),
    "cover.key.gated": ("seen, not scored", "visto sin puntuar"),
    "cover.key.no_face": ("no face", "sin rostro"),
    "cover.key.out": ("not examined", "sin examinar"),
    "cover.out.title": ("Left out", "Excluido"),
    "cover.out.range": (
        "{start} to {end}: outside the range that was asked for",
        "{start} a {end}: fuera del intervalo pedido",
    ),
    "cover.out.stopped": (
        "{start} to {end}: the analysis was stopped before",
        "{start} a {end}: el análisis se detuvo antes",
    ),
    "cover.out.sampling": (
        "{n} frames between the chosen ones: sampling ({sampling})",
        "{n} fotogramas entre los elegidos: muestreo ({sampling})",
    ),
    "cover.out.undecoded": ("{n} chosen frames that did not decode", "{n} fotogramas elegidos que no se decodificaron"),
    "cover.gates": ("Why faces were not scored", "Por qué no se puntuaron rostros"),
    "intervals.title": ("By interval", "Por intervalos"),
    "intervals.time": ("Interval", "Intervalo"),
    "intervals.mean": ("Mean score", "Puntuación media"),
    "intervals.spread": ("Lowest–highest", "Mínima–máxima"),
    "intervals.share": ("Frames above / in / below the band", "Fotogramas sobre / en / bajo la franja"),
    "intervals.scored": ("Scored / seen", "Puntuados / vistos"),
    "keys.box": ("box {box}", "recuadro {box}"),
    "keys.crop": ("crop {crop}", "recorte {crop}"),
    "keys.size": ("face {px} px", "rostro de {px} px"),
    "keys.interpolated": ("box interpolated", "recuadro interpolado"),
    "keys.heat": (
        "{method}, layer {layer}, for the class “{target}”; strongest raw activation {raw}",
        "{method}, capa {layer}, para la clase «{target}»; activación bruta máxima {raw}",
    ),
    "keys.attention": (
        "A heatmap shows the model's attention, not tampered pixels. It is divided by its own maximum: the raw "
        "activation tells whether there was any attention to speak of.",
        "Un mapa de calor muestra la atención del modelo, no píxeles alterados. Se divide por su propio máximo: la "
        "activación bruta indica si hubo una atención digna de mención.",
    ),
    "keys.faithful": (
        "Faithfulness comes from a deletion test: what the map marks most is blurred, and the face is scored again. It "
        "is the share of masks of the same size, placed by chance, that lower the score less: 1 is best, 0.5 is "
        "chance. With so few masks it is rough: a map that shows nothing beats all {n} once in {times} times. A blur "
        "can itself count as a trace for the model.",
        "La fidelidad sale de una prueba de borrado: se difumina lo que el mapa más señala y se vuelve a puntuar el "
        "rostro. Es la parte de las máscaras del mismo tamaño, puestas al azar, que bajan menos la puntuación: 1 es lo "
        "mejor, 0,5 es azar. Con tan pocas máscaras es aproximada: un mapa que no muestra nada supera a las {n} una "
        "vez de cada {times}. Difuminar puede contar por sí mismo como huella para el modelo.",
    ),
    "keys.faith": (
        "Faithfulness {value}: without the strongest {share}% of the map the class goes from {base} to {strongest}; "
        "without as much chosen by chance to {chance} (mean of {masks} masks).",
        "Fidelidad {value}: sin el {share} % más intenso del mapa la clase pasa de {base} a {strongest}; sin otro "
        "tanto elegido al azar, a {chance} (media de {masks} máscaras).",
    ),
    "keys.faith.yes": (
        "More than chance in this small test.",
        "Más que el azar en esta prueba pequeña.",
    ),
    "keys.faith.part": (
        "Somewhat more than chance in this small test.",
        "Algo más que el azar en esta prueba pequeña.",
    ),
    "keys.faith.no": (
        "No more than chance: do not rely on this map.",
        "No más que el azar: no se fíe de este mapa.",
    ),
    "keys.faith.still": (
        "Without what it marks the score does not fall: do not rely on this map.",
        "Sin lo que señala, la puntuación no baja: no se fíe de este mapa.",
    ),
    "keys.untested": (
        "Faithfulness not tested: the map is empty.",
        "Fidelidad sin probar: el mapa está vacío.",
    ),
    "keys.unfaithful": (
        "How faithful it is to the score was not measured.",
        "No se ha medido su fidelidad a la puntuación.",
    ),
    "range.title": ("Does this item resemble what the model was tested on?",
                    "¿Se parece este material a aquello con lo que se probó el modelo?"),
    "range.measure": ("Quality of the faces", "Calidad de los rostros"),
    "range.validated": ("Validated range", "Rango validado"),
    "range.item": ("This item (median, 5–95%)", "Este material (mediana, 5–95 %)"),
    "range.within": ("Faces within", "Rostros dentro"),
    "range.is.inside": (
        "The faces that were scored lie within the validated range.",
        "Los rostros puntuados están dentro del rango validado.",
    ),
    "range.is.outside": (
        "OUTSIDE THE VALIDATED RANGE in {what}: more than half of the scored faces lie beyond it. The figures below "
        "were not measured on faces like these.",
        "FUERA DEL RANGO VALIDADO en {what}: más de la mitad de los rostros puntuados quedan fuera. Las cifras de "
        "abajo no se midieron con rostros como estos.",
    ),
    "range.is.unknown": (
        "The model's card states no validated range beyond the smallest face of {px} px.",
        "La ficha del modelo no indica más rango validado que el rostro mínimo de {px} px.",
    ),
    "range.no_faces": (
        "No face was scored, so there is nothing to compare.",
        "No se puntuó ningún rostro, así que no hay nada que comparar.",
    ),
    "match.rows": (
        "Marked rows match this item: {what}.",
        "Las filas señaladas corresponden a este material: {what}.",
    ),
    "match.none": (
        "The card has no figures for items like this one by face size or compression ({what}): for these conditions "
        "the model's errors are not known.",
        "La ficha no tiene cifras por tamaño de rostro ni compresión para materiales como este ({what}): en estas "
        "condiciones no se conocen los errores del modelo.",
    ),
    "match.face": ("faces of {px} px", "rostros de {px} px"),
    "match.bits": ("{bits} bit per pixel and frame", "{bits} bits por píxel y fotograma"),
    "rates.intervals": (
        "In brackets 95% intervals: of AUC and EER as in the card, by bootstrap or, where both classes are perfectly "
        "apart, by Clopper and Pearson (1934); of FPR and FNR by Wilson (1927) from their counts. Few samples give "
        "wide intervals.",
        "Entre paréntesis, intervalos del 95 %: del AUC y la EER según la ficha, por bootstrap o, donde ambas clases "
        "quedan perfectamente separadas, según Clopper y Pearson (1934); de FPR y FNR según Wilson (1927) a partir de "
        "sus recuentos. Pocas muestras dan intervalos amplios.",
    ),
    "weight.intro": (
        "The findings are weighed between two propositions. The likelihood ratio says how much more probable such "
        "scores are if the first is true than if the second is. It does not say how probable either proposition is: "
        "that also depends on everything else that is known of the case, which is not for the machine to judge.",
        "Los hallazgos se sopesan entre dos proposiciones. La razón de verosimilitud dice cuánto más probables son "
        "estas puntuaciones si es cierta la primera que si lo es la segunda. No dice cuán probable es cada "
        "proposición: eso depende también de todo lo demás que se sepa del caso, y no le corresponde juzgarlo a la "
        "máquina.",
    ),
    "weight.p1": ("Proposition 1", "Proposición 1"),
    "weight.p1.value": (
        "The face that decides the result was manipulated, in a way that resembles what the model was tested on.",
        "El rostro que decide el resultado fue manipulado de una forma parecida a aquellas con las que se probó el "
        "modelo.",
    ),
    "weight.p2": ("Proposition 2", "Proposición 2"),
    "weight.p2.value": (
        "That face is an unmanipulated recording of a person.",
        "Ese rostro es la grabación sin manipular de una persona.",
    ),
    "weight.finding": ("Finding", "Hallazgo"),
    "weight.ratio": ("Likelihood ratio", "Razón de verosimilitud"),
    "weight.words": ("In words", "En palabras"),
    "weight.inconclusive": (
        "The result is inconclusive: the findings support neither proposition over the other.",
        "El resultado no es concluyente: los hallazgos no apoyan ninguna proposición frente a la otra.",
    ),
    "weight.no_face": (
        "Nothing was scored: there is no finding to weigh.",
        "No se puntuó nada: no hay hallazgo que sopesar.",
    ),
    "weight.unmeasured": (
        "For this model no likelihood ratio was measured. Its bands are words for its score alone, and the error rates "
        "of section {n} are all that is known of its worth.",
        "Para este modelo no se ha medido ninguna razón de verosimilitud. Sus franjas solo ponen palabras a su "
        "puntuación, y las tasas de error de la sección {n} son todo lo que se sabe de su valor.",
    ),
    "weight.axis.genuine": ("supports proposition 2", "apoya la proposición 2"),
    "weight.axis.fake": ("supports proposition 1", "apoya la proposición 1"),
    "weight.scale": ("Scale of words", "Escala verbal"),
    "weight.scale.value": (
        "{none} up to 2; {weak} up to 10; {moderate} up to 100; {moderately_strong} up to 1,000; {strong} up to "
        "10,000; {very_strong} up to 1,000,000; {extremely_strong} beyond. Below 1 the inverse counts, for "
        "proposition 2. The bound nearer to 1 decides.",
        "{none} hasta 2; {weak} hasta 10; {moderate} hasta 100; {moderately_strong} hasta 1000; {strong} hasta 10 000; "
        "{very_strong} hasta 1 000 000; {extremely_strong} por encima. Por debajo de 1 cuenta el inverso, a favor de "
        "la proposición 2. Decide el extremo más cercano a 1.",
    ),
    "contrary.title": ("What speaks against it", "Lo que habla en contra"),
    "contrary.title.both": ("What speaks for either side", "Lo que habla a favor de cada lado"),
    "contrary.below": (
        "{n} of {total} scored faces ({share}) do not reach above the inconclusive band.",
        "{n} de {total} rostros puntuados ({share}) no superan la franja no concluyente.",
    ),
    "contrary.above": (
        "{n} of {total} scored faces ({share}) lie above the inconclusive band.",
        "{n} de {total} rostros puntuados ({share}) están por encima de la franja no concluyente.",
    ),
    "contrary.people": (
        "{n} of {total} people have a result of their own that does not support manipulation.",
        "{n} de {total} personas tienen un resultado propio que no apoya la manipulación.",
    ),
    "contrary.stretches": (
        "Stretches that stay above the inconclusive band for a second: {n} (section {section}).",
        "Tramos que se mantienen un segundo por encima de la franja no concluyente: {n} (sección {section}).",
    ),
    "contrary.fpr": (
        "In its test the model flagged {rate} of genuine {level} by error ({dataset}, {condition}).",
        "En su prueba el modelo señaló por error el {rate} de {level} genuinos ({dataset}, {condition}).",
    ),
    "contrary.fnr": (
        "In its test the model missed {rate} of manipulated {level} ({dataset}, {condition}).",
        "En su prueba el modelo pasó por alto el {rate} de {level} manipulados ({dataset}, {condition}).",
    ),
    "contrary.gated": (
        "{n} of {total} faces seen were not fit to be scored: what they would have shown is not known.",
        "{n} de {total} rostros vistos no eran aptos para puntuarse: no se sabe qué habrían mostrado.",
    ),
    "contrary.credentials": (
        "The file carries valid Content Credentials (section {section}).",
        "El archivo lleva credenciales de contenido válidas (sección {section}).",
    ),
    "contrary.traces": (
        "Findings in the file's structure with notable or strong weight: {n} (section {section}).",
        "Hallazgos en la estructura del archivo con peso notable o fuerte: {n} (sección {section}).",
    ),
    "contrary.outside": (
        "The faces lie outside the validated range (section {section}).",
        "Los rostros están fuera del rango validado (sección {section}).",
    ),
    "contrary.none": (
        "Nothing in the stored result. That does not prove the finding.",
        "Nada en el resultado guardado. Eso no demuestra el hallazgo.",
    ),
    "alternatives.title": ("Other explanations", "Otras explicaciones"),
    "alternatives.compression": (
        "Strong or repeated compression, as by messengers and social networks, leaves marks like those of a "
        "manipulation.",
        "La compresión fuerte o repetida, como la de mensajería y redes sociales, deja marcas parecidas a las de una "
        "manipulación.",
    ),
    "alternatives.filters": (
        "Beauty filters, make-up, smoothing by the camera, upscaling and noise removal change faces without a swap.",
        "Los filtros de belleza, el maquillaje, el suavizado de la cámara, el reescalado y la reducción de ruido "
        "cambian rostros sin suplantarlos.",
    ),
    "alternatives.light": (
        "Poor light, motion blur, glasses, hands and hair in front of the face can raise the score.",
        "La mala luz, el desenfoque por movimiento, las gafas, las manos o el pelo ante el rostro pueden subir la "
        "puntuación.",
    ),
    "alternatives.unknown": (
        "A manipulation of a kind that the model was not tested on, or a very good one, can score as genuine.",
        "Una manipulación de un tipo con el que no se probó el modelo, o muy buena, puede puntuar como genuina.",
    ),
    "alternatives.washed": (
        "Compression and scaling after a manipulation can wash its traces out.",
        "La compresión y el reescalado posteriores a una manipulación pueden borrar sus huellas.",
    ),
    "alternatives.elsewhere": (
        "The manipulation can lie elsewhere: in the voice, the mouth alone, the cut, the background, or in frames that "
        "were not examined.",
        "La manipulación puede estar en otra parte: en la voz, solo en la boca, en el montaje, en el fondo o en "
        "fotogramas no examinados.",
    ),
    "alternatives.staged": (
        "A genuine recording can show a double, a mask, a screen or a staged scene.",
        "Una grabación genuina puede mostrar a un doble, una máscara, una pantalla o una escena montada.",
    ),
    "limits.title": ("Limits", "Límites"),
    "examiner.adds": ("The examiner adds", "El perito añade"),
}  # fmt: skip
