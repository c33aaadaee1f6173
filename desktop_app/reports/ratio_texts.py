"""The words for likelihood ratios, calibration and validated quality, side by side: (English, Spanish)."""

from desktop_app.reports.texts import Pair

SUPPORT: dict[str, Pair] = {
    "none": ("no", "ningún"),
    "weak": ("weak", "débil"),
    "moderate": ("moderate", "moderado"),
    "moderately_strong": ("moderately strong", "moderadamente fuerte"),
    "strong": ("strong", "fuerte"),
    "very_strong": ("very strong", "muy fuerte"),
    "extremely_strong": ("extremely strong", "extremadamente fuerte"),
}

# for the cells of the scale, which are narrow
SUPPORT_SHORT: dict[str, Pair] = SUPPORT | {
    "moderately_strong": ("mod. strong", "mod. fuerte"),
    "extremely_strong": ("extr. strong", "extr. fuerte"),
}

RATIOS: dict[str, Pair] = {
    "headline.fake": ("{support} support for manipulation", "Apoyo {support} a la manipulación"),
    "headline.genuine": ("{support} support for a genuine face", "Apoyo {support} a un rostro genuino"),
    "short.fake": ("{support}: manipulated", "{support}: manipulado"),
    "short.genuine": ("{support}: genuine", "{support}: genuino"),
    "short.none": ("supports neither", "no apoya ninguna"),
    "finding.fake": (
        "The scores of the faces examined give {support} support to the proposition that they are manipulated, over "
        "the proposition that they are genuine.",
        "Las puntuaciones de los rostros examinados dan un apoyo {support} a la proposición de que están manipulados "
        "frente a la de que son genuinos.",
    ),
    "finding.genuine": (
        "The scores of the faces examined give {support} support to the proposition that they are genuine, over the "
        "proposition that they are manipulated in a way the model knows.",
        "Las puntuaciones de los rostros examinados dan un apoyo {support} a la proposición de que son genuinos "
        "frente a la de que están manipulados de una forma que el modelo conoce.",
    ),
    "ratio.fake": (
        "A score in this band is {lr} times more probable if the face is manipulated than if it is genuine (95%: "
        "{low} to {high}; measured on {level} of validation: {n}).",
        "Una puntuación en esta franja es {lr} veces más probable si el rostro está manipulado que si es genuino "
        "(95 %: de {low} a {high}; medido con {level} de validación: {n}).",
    ),
    "ratio.genuine": (
        "A score in this band is {lr} times more probable if the face is genuine than if it is manipulated in a way "
        "the model knows (95%: {low} to {high}; measured on {level} of validation: {n}).",
        "Una puntuación en esta franja es {lr} veces más probable si el rostro es genuino que si está manipulado de "
        "una forma que el modelo conoce (95 %: de {low} a {high}; medido con {level} de validación: {n}).",
    ),
    "ratio.other_level": (
        "The score of a video is the mean of many faces, for which this ratio was not measured.",
        "La puntuación de un vídeo es la media de muchos rostros, para la que no se ha medido esta razón.",
    ),
    "level.image": ("single faces", "rostros sueltos"),
    "level.video": ("videos", "vídeos"),
    "counts": ("{genuine} genuine and {fake} manipulated", "{genuine} genuinos y {fake} manipulados"),
    "title": ("What a score is worth", "Cuánto vale una puntuación"),
    "column.scores": ("Score", "Puntuación"),
    "column.genuine": ("Genuine", "Genuinos"),
    "column.fake": ("Manipulated", "Manipulados"),
    "column.lr": ("Likelihood ratio (95%)", "Razón de verosimilitud (95 %)"),
    "column.support": ("Support", "Apoyo"),
    "note": (
        "Measured on {level} of validation: {n}. The likelihood ratio says how many times more probable a score in "
        "the band is for a manipulated face than for a genuine one; below 1 it speaks for a genuine face. Counts are "
        "smoothed by one; the interval is that of two Beta posteriors with as many samples as are independent. The "
        "words follow the ENFSI guideline for evaluative reporting (2015), by the bound that is nearer to 1. The "
        "ratios hold for items like those of validation.",
        "Medido con {level} de validación: {n}. La razón de verosimilitud dice cuántas veces más probable es una "
        "puntuación de la franja en un rostro manipulado que en uno genuino; por debajo de 1 habla a favor de un "
        "rostro genuino. Los recuentos se suavizan sumando uno; el intervalo es el de dos distribuciones Beta "
        "a posteriori con tantas muestras como sean independientes. Las palabras siguen la guía de ENFSI para "
        "informes evaluativos (2015), según el extremo más cercano a 1. Las razones valen para materiales como los "
        "de validación.",
    ),
    "calibration.polyline": ("isotonic, a line through {n} points", "isotónica, una línea de {n} puntos"),
    "calibration.line": ("temperature {t}, bias {b}", "temperatura {t}, sesgo {b}"),
    "calibration.trials": (
        "chosen by log loss on groups left out (ECE in brackets): {trials}",
        "elegida por pérdida logarítmica en grupos no usados (ECE entre paréntesis): {trials}",
    ),
    "trial.raw": ("none", "ninguna"),
    "trial.temperature": ("temperature", "temperatura"),
    "trial.platt": ("Platt", "Platt"),
    "trial.isotonic": ("isotonic", "isotónica"),
    "range.between": ("{low} to {high}", "de {low} a {high}"),
    "range.from": ("from {low}", "desde {low}"),
    "range.to": ("up to {high}", "hasta {high}"),
    "measure.size_px": ("size in pixels", "tamaño en píxeles"),
    "measure.sharpness": ("sharpness", "nitidez"),
    "measure.exposure": ("brightness in %", "brillo en %"),
    "measure.pose_deg": ("turn in degrees", "giro en grados"),
    "validated.none": ("not measured", "sin medir"),
}
