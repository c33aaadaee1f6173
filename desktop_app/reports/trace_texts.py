"""The words for what a file tells of its own history.

The English sentences come with each finding, so that a stored finding keeps the words it was made with. Here are the
titles in both languages and the Spanish sentences, filled from the finding's facts.
"""

from desktop_app.domain.traces import CredentialState, Trace, TraceWeight
from desktop_app.reports.texts import Pair

TITLES: dict[str, Pair] = {
    "software_editor": ("Editing program", "Programa de edición"),
    "software_transcoder": ("Conversion software", "Software de conversión"),
    "software_platform": ("Messenger or platform", "Mensajería o plataforma"),
    "software_screen": ("Screen recorder", "Grabador de pantalla"),
    "software_generator": ("Generating program", "Programa generador"),
    "device_rewritten": ("Camera data kept by other software", "Datos de cámara conservados por otro software"),
    "encoder_settings": ("Encoder named", "Codificador declarado"),
    "encoder_settings_change": ("Different encoder settings", "Ajustes de codificación distintos"),
    "parameter_sets_change": ("Parameter sets change", "Cambio de parámetros"),
    "several_descriptions": ("Several descriptions of a track", "Varias descripciones de una pista"),
    "gop_regimes": ("Key frame distance changes", "Cambia la distancia entre fotogramas clave"),
    "gop_irregular": ("Irregular key frames", "Fotogramas clave irregulares"),
    "old_gop": ("Signs of an earlier encoding", "Indicios de una codificación anterior"),
    "variable_rate": ("Variable frame rate", "Frecuencia de fotogramas variable"),
    "frames_missing": ("Missing frames", "Faltan fotogramas"),
    "frames_still": ("Picture stands still", "Imagen detenida"),
    "sound_late": ("Sound begins late", "El sonido empieza tarde"),
    "sound_short": ("Sound ends early", "El sonido acaba antes"),
    "sound_gaps": ("Gaps in the sound", "Saltos en el sonido"),
    "sound_absent": ("No sound", "Sin sonido"),
    "edit_list_trims": ("Hidden part", "Parte oculta"),
    "edit_list_joins": ("Put together from pieces", "Montado con varias partes"),
    "edit_list_shifts": ("Delayed track", "Pista retrasada"),
    "edit_list_speed": ("Changed speed", "Velocidad cambiada"),
    "moov_first": ("Arranged for the web", "Ordenado para la web"),
    "fragmented": ("Fragmented file", "Archivo fragmentado"),
    "free_not_empty": ("Data in free space", "Datos en espacio libre"),
    "unknown_boxes": ("Unknown parts", "Partes desconocidas"),
    "layout_broken": ("Broken structure", "Estructura dañada"),
    "data_after_end": ("Data after the end", "Datos tras el final"),
    "date_unset": ("No date of creation", "Sin fecha de creación"),
    "dates_differ": ("Dates contradict each other", "Fechas contradictorias"),
    "modified_after_creation": ("Modified later", "Modificado después"),
    "older_than_content": ("File older than its content", "Archivo anterior a su contenido"),
    "date_implausible": ("Implausible date", "Fecha inverosímil"),
    "location": ("Location", "Lugar"),
    "device": ("Device", "Dispositivo"),
    "camera_data_absent": ("No camera data", "Sin datos de cámara"),
    "thumbnail": ("Embedded preview", "Vista previa incrustada"),
    "thumbnail_differs": ("Preview shows something else", "La vista previa muestra otra cosa"),
    "size_differs": ("Size differs from the camera's", "El tamaño no es el de la cámara"),
    "jpeg_quality": ("JPEG quality", "Calidad JPEG"),
    "jpeg_twice": ("Compressed twice", "Comprimido dos veces"),
    "xmp_history": ("Editing history", "Historial de edición"),
    "derived": ("Derived document", "Documento derivado"),
    "credentials_valid": ("Content Credentials: valid", "Content Credentials: válidas"),
    "credentials_untrusted": ("Content Credentials: signer not trusted", "Content Credentials: firmante no reconocido"),
    "credentials_invalid": ("Content Credentials: invalid", "Content Credentials: no válidas"),
    "credentials_unreadable": ("Content Credentials: unreadable", "Content Credentials: ilegibles"),
    "reader_missing": ("Less detail", "Menos detalle"),
}
_OTHER: Pair = ("Finding", "Hallazgo")

SPANISH: dict[str, Pair] = {
    "software_editor": (
        "El archivo nombra un programa de edición: {names}.",
        "Los editores también recortan, convierten y publican sin tocar lo que se ve. Sí significa que este "
        "archivo no es el que escribió la cámara.",
    ),
    "software_transcoder": (
        "El archivo nombra un programa que escribe o convierte vídeo: {names}.",
        "Aplicaciones, sitios web, mensajerías y algunas cámaras usan estas bibliotecas, así que casi todo lo "
        "compartido lleva un nombre así. Dice que un software escribió el archivo, no que se cambiara su contenido.",
    ),
    "software_platform": (
        "El archivo lleva la marca de una mensajería o plataforma: {names}.",
        "Las plataformas vuelven a comprimir todo lo que reciben y quitan los datos de la cámara. Pida el archivo "
        "que se subió.",
    ),
    "software_screen": (
        "El archivo nombra un programa que graba pantallas: {names}.",
        "Muestra lo que había en una pantalla: una llamada, un juego o la reproducción de otro vídeo.",
    ),
    "software_generator": (
        "El archivo dice de sí mismo que lo hizo o lo alteró un programa generador: {names}.",
        "La etiqueta puede ponerse por error o por un retoque menor. Si no, el contenido o una parte es sintético "
        "según el propio archivo. La etiqueta también puede falsificarse.",
    ),
    "device_rewritten": (
        "El archivo nombra una cámara ({device}) y también software que lo reescribió ({names}).",
        "Los programas que copian, recortan o convierten suelen conservar el nombre de la cámara, y algunas "
        "cámaras usan esas mismas bibliotecas. El archivo no tiene por qué ser el que escribió la cámara.",
    ),
    "encoder_settings": (
        "El vídeo nombra su codificador: {encoder}.",
        "Sitios y aplicaciones codifican con él, también sin editar nada. Teléfonos y cámaras usan codificadores "
        "por hardware, que no dejan este texto: lo más probable es que el vídeo se codificara de nuevo tras "
        "grabarse.",
    ),
    "encoder_settings_change": (
        "El codificador declara ajustes distintos dentro de un mismo vídeo: {count} versiones.",
        "Ocurre en una emisión grabada por partes. Si no, se unieron fragmentos codificados por separado.",
    ),
    "parameter_sets_change": (
        "Los parámetros del vídeo cambian a mitad, por primera vez en {time_s} s.",
        "Emisiones en directo y llamadas los cambian al adaptarse. Si no, ahí se unieron fragmentos de "
        "codificaciones distintas.",
    ),
    "several_descriptions": (
        "Una pista se describe de {count} maneras distintas.",
        "Las cámaras lo hacen cuando los ajustes cambian mientras graban. Si no, se unieron partes de orígenes "
        "distintos sin volver a codificarlas.",
    ),
    "gop_regimes": (
        "La distancia entre fotogramas clave pasa de {before} a {after} fotogramas en {time_s} s.",
        "Ocurre en emisiones que se adaptan a la red. Si no, ahí se unieron fragmentos de codificaciones distintas.",
    ),
    "gop_irregular": (
        "La distancia entre fotogramas clave varía de {shortest} a {longest} fotogramas.",
        "Los codificadores por software ponen un fotograma clave en cada corte. Los de cámaras y teléfonos suelen "
        "mantener una distancia fija.",
    ),
    "old_gop": (
        "Cada {period} fotogramas una imagen necesita más datos que sus vecinas, aparte de los fotogramas clave "
        "propios.",
        "Algo que se repite con regularidad en la escena, como una luz intermitente, puede causarlo. También es lo "
        "que queda de los fotogramas clave de una codificación anterior: el vídeo se habría comprimido al menos "
        "dos veces.",
    ),
    "variable_rate": (
        "El tiempo entre fotogramas varía de {shortest_ms} a {longest_ms} ms.",
        "Teléfonos, grabadores de pantalla y llamadas graban así.",
    ),
    "frames_missing": (
        "En {count} lugares las marcas de tiempo dejan sitio a fotogramas que no están, por primera vez en {time_s} s.",
        "Una cámara o grabador sobrecargado pierde fotogramas. También pueden haberse cortado.",
    ),
    "frames_still": (
        "En {count} lugares la imagen se detiene mientras su entorno se mueve; la más larga, {longest} fotogramas "
        "en {time_s} s.",
        "Llamadas, redes débiles y una frecuencia aumentada repiten fotogramas. Una imagen detenida también puede "
        "ocultar un corte.",
    ),
    "sound_late": (
        "El sonido empieza {gap_s} s después de la imagen.",
        "Algunos grabadores arrancan el sonido más tarde. También puede haberse sustituido o cortado.",
    ),
    "sound_short": (
        "El sonido acaba {gap_s} s antes que la imagen.",
        "Algunos grabadores paran el sonido antes. También puede haberse sustituido o cortado.",
    ),
    "sound_gaps": (
        "Las marcas de tiempo del sonido saltan en {count} lugares, por primera vez en {time_s} s.",
        "Datos perdidos en una llamada o emisión, o un grabador sobrecargado. También puede haberse cortado el sonido.",
    ),
    "sound_absent": (
        "No hay sonido.",
        "Cámaras de vigilancia, grabaciones de pantalla y algunas plataformas no lo tienen. También puede haberse "
        "quitado.",
    ),
    "edit_list_trims": (
        "La lista de edición impide que se muestren {hidden_s} s de la grabación.",
        "Los teléfonos recortan así y puede deshacerse: la parte oculta sigue en el archivo y puede verse.",
    ),
    "edit_list_joins": (
        "La lista de edición monta el vídeo con {count} partes.",
        "Teléfonos y editores cortan así sin volver a codificar. Las partes sin usar pueden seguir en el archivo.",
    ),
    "edit_list_shifts": (
        "La lista de edición retrasa una pista {delay_s} s.",
        "Los grabadores lo hacen para que sonido e imagen vayan juntos. También puede venir de un sonido añadido "
        "después.",
    ),
    "edit_list_speed": (
        "La lista de edición cambia la velocidad de reproducción ({rates}).",
        "Los teléfonos graban así la cámara lenta. La velocidad de lo que se ve no es entonces la de lo que pasó.",
    ),
    "moov_first": (
        "El índice está antes de los datos.",
        "Así se ordenan los archivos para la web, en una segunda pasada tras grabar. Casi todas las cámaras "
        "escriben el índice al final.",
    ),
    "fragmented": (
        "El archivo está escrito en fragmentos ({count}).",
        "Así graban emisiones, navegadores, cámaras de seguridad y algunos teléfonos, y así quedan las descargas "
        "de emisiones.",
    ),
    "free_not_empty": (
        "El espacio marcado como libre contiene {size_bytes} bytes de datos.",
        "Los editores que cambian un archivo sin copiarlo dejan ahí metadatos antiguos, y algunos programas no lo "
        "limpian. Conviene mirar qué dice.",
    ),
    "unknown_boxes": (
        "El archivo contiene partes que ninguna norma común nombra: {names}.",
        "Fabricantes de cámaras y aplicaciones añaden las suyas. Sus nombres pueden decir qué programa lo escribió.",
    ),
    "layout_broken": (
        "La estructura del archivo no cuadra en estas partes: {names}.",
        "Una grabación o descarga interrumpida lo causa, y también un disco dañado. Un archivo editado a mano también.",
    ),
    "data_after_end": (
        "Tras su final el archivo contiene {size_bytes} bytes más.",
        "Los teléfonos añaden a las fotos un clip o un mapa de profundidad, y algunas aplicaciones datos propios. "
        "También se pueden esconder datos ahí.",
    ),
    "date_unset": (
        "No consta la fecha de creación.",
        "Conversores, mensajerías y sitios web suelen omitirla. Casi todas las cámaras y teléfonos la escriben.",
    ),
    "dates_differ": (
        "Las fechas de creación dentro del archivo difieren en {difference}: {first} y {last}.",
        "Ocurre en archivos unidos a partir de varias grabaciones y con programas que conservan la fecha de una "
        "sola parte.",
    ),
    "modified_after_creation": (
        "Según sus propias fechas, el archivo se modificó {difference} después de crearse ({created}, {modified}).",
        "Recortar, girar o poner un título cambia esta fecha, también en el teléfono. La imagen no tiene por qué "
        "haber cambiado.",
    ),
    "older_than_content": (
        "El archivo lleva fecha de {modified}, anterior a la grabación que contiene ({created}).",
        "Una cámara con la hora o la zona mal puestas. Las fechas de un archivo también pueden fijarse a voluntad.",
    ),
    "date_implausible": (
        "Una fecha del archivo no es verosímil: {date}.",
        "Una cámara cuyo reloj nunca se puso en hora. Las fechas también pueden fijarse a voluntad.",
    ),
    "location": (
        "El archivo dice dónde se grabó: {latitude}, {longitude}.",
        "Los teléfonos lo escriben si se les permite; casi todas las plataformas lo quitan. Puede cotejarse con la "
        "escena, y puede falsificarse.",
    ),
    "device": (
        "El archivo nombra el dispositivo: {device}.",
        "Compare con otros archivos de ese dispositivo. Una etiqueta así se copia o falsifica con facilidad.",
    ),
    "camera_data_absent": (
        "No hay datos de una cámara.",
        "Mensajerías, plataformas y capturas de pantalla no los tienen. No dice nada de lo que se ve.",
    ),
    "thumbnail": (
        "Lleva incrustada una vista previa pequeña ({width} x {height}).",
        "La añaden cámaras y aplicaciones. Muestra cómo era la imagen cuando se hizo la vista previa.",
    ),
    "thumbnail_differs": (
        "La vista previa incrustada muestra algo distinto de la imagen (difieren en {bits} de 64 bits).",
        "Recortar, girar o aplicar filtros fuertes lo causa si el programa conserva la vista previa antigua. Puede "
        "mostrar el estado anterior a una edición: mire ambas.",
    ),
    "size_differs": (
        "Los datos de la cámara hablan de {stated} píxeles; la imagen tiene {actual}.",
        "Reducir o recortar con un programa que conserva los datos de la cámara.",
    ),
    "jpeg_quality": (
        "Calidad JPEG de {quality} aproximadamente; tablas de cuantización: {tables}.",
        "Las tablas de la biblioteca común apuntan a un software; las cámaras suelen tener tablas propias y los "
        "teléfonos a menudo las comunes.",
    ),
    "jpeg_twice": (
        "Los coeficientes DCT encajan con dos compresiones: primero con calidad {first} y luego {last}, "
        "aproximadamente.",
        "Volver a guardar lo causa, como hacen todas las mensajerías y plataformas. Por sí solo no dice que se "
        "cambiara nada.",
    ),
    "xmp_history": (
        "El archivo conserva un historial de edición: {names}.",
        "Revelar una foto en bruto o añadir palabras clave también escribe uno. Enumera qué se hizo y con qué "
        "programa.",
    ),
    "derived": (
        "El archivo dice que procede de otro documento.",
        "Lo escribe la exportación desde un editor o una fototeca. Pida el documento del que procede.",
    ),
    "credentials_valid": (
        "Hay Content Credentials, intactas y firmadas por alguien de la lista de confianza: {issuer}.",
        "Dicen lo que el firmante afirma del origen y las ediciones; lea las acciones. No prueban lo que se ve.",
    ),
    "credentials_untrusted": (
        "Hay Content Credentials intactas, pero su firmante no está en ninguna lista de confianza: {issuer}.",
        "Aquí no hay lista de confianza instalada, así que es la respuesta habitual. El archivo no ha cambiado "
        "desde que se firmó; quién lo firmó debe comprobarse por otros medios.",
    ),
    "credentials_invalid": (
        "Hay Content Credentials, pero no encajan con el archivo: {problems}.",
        "Los programas que vuelven a guardar sin entenderlas las rompen. El archivo, o las credenciales, cambiaron "
        "tras la firma.",
    ),
    "credentials_unreadable": (
        "No se pudieron leer las Content Credentials: {problems}.",
        "Un fallo de la biblioteca, un depósito remoto al que no se pregunta o un formato más nuevo. No se deduce "
        "nada.",
    ),
    "reader_missing": (
        "No se pudo usar la biblioteca MediaInfo, así que la estructura se describe con menos detalle.",
        "Se refiere a esta instalación, no al archivo.",
    ),
}
"""Message and meaning."""

SPANISH_VALUES = {"standard": "estándar", "own": "propias"}

WEIGHTS: dict[TraceWeight, Pair] = {
    TraceWeight.STRONG: ("strong", "fuerte"),
    TraceWeight.NOTABLE: ("notable", "notable"),
    TraceWeight.WEAK: ("weak", "débil"),
    TraceWeight.NEUTRAL: ("neutral", "neutro"),
}

CREDENTIALS: dict[CredentialState, Pair] = {
    CredentialState.ABSENT: (
        "There are no Content Credentials. Their absence proves nothing.",
        "No hay Content Credentials. Su ausencia no prueba nada.",
    ),
    CredentialState.VALID: (
        "Content Credentials are intact and their signer is on the trust list.",
        "Las Content Credentials están intactas y su firmante está en la lista de confianza.",
    ),
    CredentialState.UNTRUSTED: (
        "Content Credentials are intact, but their signer is on no trust list.",
        "Las Content Credentials están intactas, pero su firmante no está en ninguna lista de confianza.",
    ),
    CredentialState.INVALID: (
        "Content Credentials do not fit the file: it or they changed after signing.",
        "Las Content Credentials no encajan con el archivo: él o ellas cambiaron tras la firma.",
    ),
    CredentialState.UNREADABLE: (
        "Content Credentials could not be read. Nothing follows from that.",
        "No se pudieron leer las Content Credentials. De ello no se deduce nada.",
    ),
}


def trace_text(trace: Trace, language: str) -> tuple[str, str, str]:
    """Title, message and meaning of a finding.

    Args:
        trace: The finding; one that a newer version made is given in the words it brings.
        language: ``"en"`` or ``"es"``.
    """
    is_spanish = language == "es"
    title = TITLES.get(trace.code, _OTHER)[is_spanish]
    if not is_spanish or trace.code not in SPANISH:
        return title, trace.message, trace.meaning
    facts = {key: SPANISH_VALUES.get(value, value) for key, value in trace.facts}
    message, meaning = SPANISH[trace.code]
    try:
        return title, message.format(**facts), meaning
    except KeyError:  # made by a version that knew fewer facts
        return title, trace.message, meaning


def weight_text(weight: TraceWeight, language: str) -> str:
    """Word for a weight."""
    return WEIGHTS[weight][language == "es"]


def credentials_text(state: CredentialState, language: str) -> str:
    """Sentence for a state of Content Credentials."""
    return CREDENTIALS[state][language == "es"]
