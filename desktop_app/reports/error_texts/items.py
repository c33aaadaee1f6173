"""Errors of files under examination: reading, decoding, faces, choosing frames."""

ITEMS = (
    # files
    ("There is no file “{name}”.", "No existe el archivo «{name}»."),
    ("It may have been moved or renamed.", "Puede que lo hayan movido o le hayan cambiado el nombre."),
    ("The file “{name}” cannot be reached.", "No se puede acceder al archivo «{name}»."),
    ("Check the path and the drive.", "Compruebe la ruta y la unidad."),
    ("“{name}” is a folder, not a file.", "«{name}» es una carpeta, no un archivo."),
    ("Choose a video or picture inside it.", "Elija un vídeo o una imagen de su interior."),
    ("“{name}” is not an ordinary file.", "«{name}» no es un archivo corriente."),
    ("Copy its content to a file on disk first.", "Copie antes su contenido a un archivo en el disco."),
    ("The file “{name}” is empty.", "El archivo «{name}» está vacío."),
    (
        "Ask for it again; the copy was probably interrupted.",
        "Pídalo de nuevo; probablemente la copia se interrumpió.",
    ),
    ("You are not allowed to read the file “{name}”.", "No tiene permiso para leer el archivo «{name}»."),
    (
        "Ask for read permission, or copy the file to a folder of your own.",
        "Pida permiso de lectura o copie el archivo a una carpeta propia.",
    ),
    ("The file “{name}” cannot be opened.", "No se puede abrir el archivo «{name}»."),
    ("Check the drive it lies on.", "Compruebe la unidad en la que está."),
    ("The file “{name}” cannot be read to its end.", "No se puede leer hasta el final el archivo «{name}»."),
    ("The file “{name}” changed while it was read.", "El archivo «{name}» cambió mientras se leía."),
    (
        "Wait until it is written completely, then try again.",
        "Espere a que termine de escribirse e inténtelo de nuevo.",
    ),
    ("Wait until it is written completely.", "Espere a que termine de escribirse."),
    ("The file “{name}” changed after it was opened.", "El archivo «{name}» cambió después de abrirlo."),
    (
        "Open it again; earlier results speak of the earlier content.",
        "Ábralo de nuevo; los resultados anteriores hablan del contenido anterior.",
    ),
    ("The file “{name}” changed while it was analysed.", "El archivo «{name}» cambió mientras se analizaba."),
    (
        "What was stored before speaks of the earlier content. Find out what changed it, then analyse it again.",
        "Lo guardado hasta entonces habla del contenido anterior. Averigüe qué lo cambió y analícelo de nuevo.",
    ),
    ("The file “{name}” changed after it was analysed.", "El archivo «{name}» cambió después de analizarlo."),
    ("Analyse it again.", "Analícelo de nuevo."),
    # pictures and videos
    (
        "This file is not a video or picture that can be read.",
        "Este archivo no es un vídeo ni una imagen que se pueda leer.",
    ),
    (
        "It may be damaged, incomplete or of another kind. Ask for the original file.",
        "Puede estar dañado, incompleto o ser de otro tipo. Pida el archivo original.",
    ),
    ("The size of the picture is missing from the file.", "En el archivo falta el tamaño de la imagen."),
    (
        "The picture is too large to examine safely: {width} x {height} pixels.",
        "La imagen es demasiado grande para examinarla con seguridad: {width} x {height} píxeles.",
    ),
    (
        "Up to {side} pixels a side and {millions} million in all can be read. "
        "Such a size can also be a sign of a damaged or malicious file.",
        "Se leen hasta {side} píxeles por lado y {millions} millones en total. "
        "Un tamaño así también puede indicar un archivo dañado o malicioso.",
    ),
    (
        "The picture is too large to examine safely.",
        "La imagen es demasiado grande para examinarla con seguridad.",
    ),
    (
        "Such a size can be a sign of a damaged or malicious file.",
        "Un tamaño así puede indicar un archivo dañado o malicioso.",
    ),
    (
        "This picture is damaged or incomplete and cannot be read.",
        "Esta imagen está dañada o incompleta y no se puede leer.",
    ),
    (
        "Ask for the original file; a screenshot is no substitute.",
        "Pida el archivo original; una captura de pantalla no lo sustituye.",
    ),
    ("This animation has too many frames ({n_count}).", "Esta animación tiene demasiados fotogramas ({n_count})."),
    ("Up to {n_most} can be examined.", "Se pueden examinar hasta {n_most}."),
    ("There is no video in this file.", "En este archivo no hay vídeo."),
    ("Choose a video or a picture.", "Elija un vídeo o una imagen."),
    (
        "The video in this file is of a kind that cannot be decoded.",
        "El vídeo de este archivo es de un tipo que no se puede descodificar.",
    ),
    ("Convert a copy to MP4 and say so.", "Convierta una copia a MP4 y déjelo indicado."),
    ("This file holds sound only, no pictures.", "Este archivo solo contiene sonido, no imágenes."),
    (
        "Cotejo examines faces: choose a video or a picture.",
        "Cotejo examina rostros: elija un vídeo o una imagen.",
    ),
    ("This item holds no sound that can be decoded.", "Este material no tiene sonido que se pueda descodificar."),
    ("There are no pictures in this video.", "En este vídeo no hay imágenes."),
    (
        "The file is probably cut off. Ask for the complete original.",
        "Probablemente el archivo está cortado. Pida el original completo.",
    ),
    (
        "None of the pictures in this video can be decoded.",
        "No se puede descodificar ninguna imagen de este vídeo.",
    ),
    ("The file is damaged. Ask for the original.", "El archivo está dañado. Pida el original."),
    ("This video has too many frames to index.", "Este vídeo tiene demasiados fotogramas para indexarlo."),
    (
        "Cut a copy into shorter parts and say so.",
        "Corte una copia en partes más cortas y déjelo indicado.",
    ),
    ("Frame {n_frame} is damaged and cannot be decoded.", "El fotograma {n_frame} está dañado y no se descodifica."),
    ("The frames around it may still be readable.", "Puede que los fotogramas vecinos aún se lean."),
    (
        "The frame is of one plain colour: there is nothing to recognise in it.",
        "El fotograma es de un solo color: no hay nada que reconocer en él.",
    ),
    ("Go to another frame.", "Vaya a otro fotograma."),
    ("None of the frames of this item can be decoded.", "No se puede descodificar ningún fotograma de este material."),
    ("Choose another item.", "Elija otro material."),
    # the part that is analysed
    (
        "The range {n_start} s to {END} holds no frame of this item.",
        "El intervalo entre {n_start} s y {END} no contiene ningún fotograma de este material.",
    ),
    ("its end", "el final"),
    ("{n_end} s", "{n_end} s"),
    ("The item ends at {n_end} s.", "El material termina en {n_end} s."),
    (
        "The faces that are found now are others than those of the analysis so far.",
        "Los rostros que se encuentran ahora no son los del análisis hasta aquí.",
    ),
    ("Start a new analysis.", "Inicie un análisis nuevo."),
    # the window
    ("No video or picture was found in “{name}”.", "No se encontró ningún vídeo ni imagen en «{name}»."),
    ("Choose another folder, or files.", "Elija otra carpeta o archivos."),
    ("The item is not open.", "El material no está abierto."),
    ("Open it again first.", "Ábralo antes de nuevo."),
    ("The item itself must not be overwritten.", "El material mismo no se debe sobrescribir."),
)
