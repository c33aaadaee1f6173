"""The limits that models state of themselves, in Spanish: cards are written in English."""

import re
from collections.abc import Iterable

_NETWORK = re.compile(r"(\S+) \((\w+), (\d+) px\)")

# a sentence of a card as a pattern, and what it says in Spanish; unknown sentences stay as they are
_SPANISH = (
    (
        r"Trained on face swaps of DFDC and OpenForensics and on forgeries blended from genuine photographs: "
        r"reenactment, lip-sync and attribute editing are recognised less reliably\.",
        r"Entrenado con intercambios de rostro de DFDC y OpenForensics y con falsificaciones mezcladas a partir de "
        r"fotografías genuinas: la recreación de gestos, la sincronización de labios y la edición de rasgos "
        r"se reconocen con menos fiabilidad.",
    ),
    (
        r"Fully synthetic faces are recognised poorly: it saw about a thousand portraits of one generator\.",
        r"Los rostros del todo sintéticos se reconocen mal: vio unos mil retratos de un solo generador.",
    ),
    (
        r"The sets of FaceForensics\+\+ and Celeb-DF on which it was measured are small: differences of 0\.1 "
        r"in their AUC are noise\.",
        r"Los conjuntos de FaceForensics++ y Celeb-DF con los que se midió son pequeños: diferencias de 0,1 "
        r"en su AUC son ruido.",
    ),
    (
        r"(?:The runs before the last one|Earlier runs) saw part of the images on which it was calibrated; "
        r"the figures of test sets are not touched by that\.",
        r"Los entrenamientos anteriores vieron parte de las imágenes con las que se calibró; las cifras de "
        r"los conjuntos de prueba no se ven afectadas.",
    ),
    (
        r"Of the genuine photographs of OpenForensics' test part ([\d.]+) % stood in the strongest band, against "
        r"(?:at most )?([\d.]+) % on validation: be careful with photographs from the web\.",
        r"De las fotografías genuinas de la parte de prueba de OpenForensics, el \1 % quedó en la franja más fuerte, "
        r"frente al \2 % en la validación: cuidado con las fotografías de internet.",
    ),
    (
        r"It was calibrated on forgeries made of genuine photographs alone: its probabilities, bands and error rates "
        r"speak of no other manipulation\.",
        r"Se calibró solo con falsificaciones hechas de fotografías genuinas: sus probabilidades, franjas y tasas de "
        r"error no hablan de ninguna otra manipulación.",
    ),
    (
        r"Likelihood ratios are measured on single faces, not on videos\.",
        r"Las razones de verosimilitud se midieron con rostros sueltos, no con vídeos.",
    ),
    (
        r"Strong compression, low light, faces below (\d+) px and faces turned away by more than (\d+) degrees lie "
        r"outside the validated range\.",
        r"La compresión fuerte, la poca luz, los rostros de menos de \1 px y los girados más de \2 grados "
        r"quedan fuera de lo validado.",
    ),
    (
        r"The score speaks of the pixels of faces only: not of sound, of text, of context, nor of whether a "
        r"scene was staged\.",
        r"La puntuación habla solo de los píxeles de los rostros: no del sonido, del texto, del contexto ni de si la "
        r"escena se montó.",
    ),
    (
        r"Probabilities assume that genuine and manipulated items are equally frequent beforehand\.",
        r"Las probabilidades suponen que lo genuino y lo manipulado son igual de frecuentes de antemano.",
    ),
    (
        r"Blended forgeries are taken for genuine: on validation none of (\d+) was named so\. It tells four families "
        r"apart\.",
        r"Las falsificaciones mezcladas pasan por genuinas: en la validación no se nombró así ninguna de \1. "
        r"Distingue cuatro familias.",
    ),
    (
        r"Half of the blended forgeries are taken for genuine: on validation (\d+) of (\d+), and (\d+) were named so\.",
        r"La mitad de las falsificaciones mezcladas pasan por genuinas: en la validación \1 de \2, y \3 se nombraron "
        r"así.",
    ),
    (
        r"Whether a face is manipulated at all, the default detector judges better on face swaps: this one is for the "
        r"name\.",
        r"Si un rostro está manipulado lo juzga mejor, en los intercambios, el detector por defecto: este es para el "
        r"nombre.",
    ),
    (
        r"Names a family, not a program: a swap that it never saw is given the family that it resembles most\.",
        r"Nombra una familia, no un programa: a un intercambio que nunca vio le da la familia a la que más se "
        r"parece.",
    ),
    (
        r"Fully synthetic means about a thousand portraits of one generator\.",
        r"«Del todo sintético» significa unos mil retratos de un solo generador.",
    ),
    (
        r"Its head and last layers were trained for a short time on the network of (?:the default|an earlier) "
        r"detector, whose score is the better one\.",
        r"Su cabeza y sus últimas capas se entrenaron poco tiempo sobre la red de otro detector, cuya puntuación es "
        r"mejor.",
    ),
    (
        r"Its score is the mean of a face and its mirror image; heatmaps are of the face as it is\.",
        r"Su puntuación es la media de un rostro y de su imagen especular; los mapas de calor son del rostro "
        r"tal cual.",
    ),
    (
        r"Its score is the mean of the logits of (.+); heatmaps show where the first of them looked\.",
        r"Su puntuación es la media de los logits de \1; los mapas de calor muestran dónde miró la primera red.",
    ),
    (
        r"Its networks are shown squares of ([\d.]+) to ([\d.]+) times the longer side of a face's box\.",
        r"Sus redes ven cuadrados de \1 a \2 veces el lado mayor de la caja del rostro.",
    ),
    (
        r"Exported from (\S+): on test pictures its logits differ by up to (\S+)\.",
        r"Exportado de \1: en imágenes de prueba sus logits difieren en hasta \2.",
    ),
    (
        r"Eight-bit form of (.+), its ranges measured on (\d+) crops\.",
        r"Forma de ocho bits de \1, con márgenes medidos en \2 recortes.",
    ),
    (
        r"On (\d+) crops its AUC is ([\d.]+) against ([\d.]+) of the original\.",
        r"En \1 recortes su AUC es \2, frente a \3 del original.",
    ),
    (r"The limits of its bands are those of the original\.", r"Los límites de sus franjas son los del original."),
    (
        r"Not validated: it came without a measured calibration, so every verdict stays inconclusive\.",
        r"Sin validar: llegó sin calibración medida, así que todo dictamen queda como no concluyente.",
    ),
    (
        r"Its figures come with the card it was imported with; they were not measured on this computer\.",
        r"Sus cifras vienen con la ficha con la que se importó; no se midieron en este equipo.",
    ),
    (r"Imported from (.+) \(SHA-256 (\w+)\)\.", r"Importado de \1 (SHA-256 \2)."),
    (
        r"Assumed at import, because nothing said otherwise: (.+)\.",
        r"Supuesto al importar, porque nada indicaba otra cosa: \1.",
    ),
)


def limit_texts(limits: Iterable[str], language: str) -> tuple[str, ...]:
    """Limits of a card in a language; a sentence that is not known stays in English.

    Args:
        limits: As the card states them.
        language: ``"en"`` or ``"es"``.
    """
    return tuple(limits) if language != "es" else tuple(map(_in_spanish, limits))


def _filled(spanish: str, found: re.Match[str]) -> str:
    """A sentence with what was found in its places, decimals with a comma."""

    def part(place: re.Match[str]) -> str:
        text = found[int(place[1])]
        return text.replace(".", ",") if re.fullmatch(r"\d+\.\d+", text) else text

    return re.sub(r"\\(\d)", part, spanish)


def _in_spanish(sentence: str) -> str:
    for pattern, spanish in _SPANISH:
        if found := re.fullmatch(pattern, sentence):
            text = _filled(spanish, found)
            return text.replace(" and ", " y ") if _NETWORK.search(text) else text
    return sentence
