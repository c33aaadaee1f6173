"""Terms of a report and what they mean, in both languages."""

from desktop_app.reports.texts import Pair

GLOSSARY: tuple[tuple[Pair, Pair], ...] = (
    (
        ("Item", "Material"),
        ("The file under examination.", "El archivo que se examina."),
    ),
    (
        ("Track", "Seguimiento"),
        ("One person's face followed through time.", "El rostro de una persona seguido en el tiempo."),
    ),
    (
        ("PTS", "PTS"),
        (
            "Presentation time stamp: the time of a frame as the file stores it, in the file's own unit.",
            "Marca de tiempo de presentación: la hora de un fotograma tal como la guarda el archivo, en su unidad.",
        ),
    ),
    (
        ("Calibrated score", "Puntuación calibrada"),
        (
            "The model's output from 0 (genuine) to 1 (manipulated), adjusted on validation data so that it matches "
            "the frequencies observed there.",
            "La salida del modelo de 0 (genuino) a 1 (manipulado), ajustada con datos de validación para que coincida "
            "con las frecuencias observadas en ellos.",
        ),
    ),
    (
        ("Decision threshold", "Umbral de decisión"),
        (
            "The score at which the model's error rates are stated.",
            "La puntuación para la que se indican las tasas de error del modelo.",
        ),
    ),
    (
        ("Inconclusive band", "Franja no concluyente"),
        (
            "Scores that do not allow a statement in either direction.",
            "Puntuaciones que no permiten afirmar nada en ningún sentido.",
        ),
    ),
    (
        ("Likelihood ratio", "Razón de verosimilitud"),
        (
            "How many times more probable the finding is if the face is manipulated than if it is genuine. It weighs "
            "the finding; how probable manipulation is depends also on all else that is known.",
            "Cuántas veces más probable es el hallazgo si el rostro está manipulado que si es genuino. Pesa el "
            "hallazgo; cuán probable es la manipulación depende también de todo lo demás que se sepa.",
        ),
    ),
    (
        ("FPR, FNR", "FPR, FNR"),
        (
            "False positive rate: share of genuine samples flagged as manipulated. False negative rate: share of "
            "manipulated samples that were missed.",
            "Tasa de falsos positivos: parte de las muestras genuinas señaladas como manipuladas. Tasa de falsos "
            "negativos: parte de las manipuladas que pasaron inadvertidas.",
        ),
    ),
    (
        ("AUC", "AUC"),
        (
            "How well scores separate manipulated from genuine samples: 0.5 is chance, 1 is perfect.",
            "Cómo de bien separan las puntuaciones lo manipulado de lo genuino: 0,5 es el azar, 1 es perfecto.",
        ),
    ),
    (
        ("EER", "EER"),
        (
            "Equal error rate: the rate at which both kinds of error are equally frequent.",
            "Tasa de igual error: aquella en la que ambos tipos de error son igual de frecuentes.",
        ),
    ),
    (
        ("ECE", "ECE"),
        (
            "Expected calibration error: mean distance between scores and observed frequencies.",
            "Error de calibración esperado: distancia media entre las puntuaciones y las frecuencias observadas.",
        ),
    ),
    (
        ("Heatmap", "Mapa de calor"),
        (
            "Where the model looked (its attention). It does not show which pixels were manipulated.",
            "Dónde miró el modelo (su atención). No muestra qué píxeles se manipularon.",
        ),
    ),
    (
        ("SHA-256", "SHA-256"),
        (
            "A fingerprint of a file: any change to the file changes it.",
            "Una huella del archivo: cualquier cambio en él la altera.",
        ),
    ),
)
