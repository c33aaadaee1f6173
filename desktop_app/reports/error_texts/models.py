"""Errors of models, of heatmaps, of devices, and of the settings that choose them."""

MODELS = (
    # cards and weights
    ("There is no model “{model}”.", "No existe el modelo «{model}»."),
    ("Installed models: {KNOWN}.", "Modelos instalados: {KNOWN}."),
    (
        "“{name}” came with the program and cannot be removed.",
        "«{name}» viene con el programa y no se puede quitar.",
    ),
    ("Only models of your own can be removed.", "Solo se pueden quitar los modelos propios."),
    ("“{name}” cannot be removed.", "«{name}» no se puede quitar."),
    ("Analysis {number} is none of item {item}.", "El análisis {number} no es del material {item}."),
    ("none", "ninguno"),
    ("The model card {path} cannot be read.", "No se puede leer la ficha de modelo {path}."),
    ("The model card {path} is damaged.", "La ficha de modelo {path} está dañada."),
    (
        "The model card {path} is incomplete or contradicts itself.",
        "La ficha de modelo {path} está incompleta o se contradice.",
    ),
    ("The weights file {name} cannot be read.", "No se puede leer el archivo de pesos {name}."),
    ("The weights file {name} is missing.", "Falta el archivo de pesos {name}."),
    ("Expected it in {folder}.", "Debería estar en {folder}."),
    (
        "The weights file {name} is not the one that its card describes.",
        "El archivo de pesos {name} no es el que describe su ficha.",
    ),
    (
        "SHA-256 {found}… instead of {wanted}…: reinstall the model.",
        "SHA-256 {found}… en lugar de {wanted}…: vuelva a instalar el modelo.",
    ),
    (
        "The weights file {name} is damaged or not a weights file.",
        "El archivo de pesos {name} está dañado o no es un archivo de pesos.",
    ),
    (
        "The weights file {name} does not hold a plain table of tensors.",
        "El archivo de pesos {name} no contiene una simple tabla de tensores.",
    ),
    (
        "The weights {name} do not fit the network.",
        "Los pesos {name} no encajan con la red.",
    ),
    (
        "{lacking} of its {total} tensors are missing or of another shape and {foreign} are not its own, "
        "among them {first}: they are of another architecture.",
        "Faltan o tienen otra forma {lacking} de sus {total} tensores y {foreign} no son suyos, entre ellos {first}: "
        "son de otra arquitectura.",
    ),
    (
        "The network architecture “{architecture}” is not known.",
        "No se conoce la arquitectura de red «{architecture}».",
    ),
    ("This version knows: {known}.", "Esta versión conoce: {known}."),
    ("{name} is damaged or not what its name says.", "{name} está dañado o no es lo que dice su nombre."),
    ("It holds no network.", "No contiene ninguna red."),
    (
        "{name} keeps its numbers in other files: it was not opened.",
        "{name} guarda sus números en otros archivos: no se abrió.",
    ),
    (
        "Save it as a single file (onnx.save_model with save_as_external_data=False).",
        "Guárdelo como un solo archivo (onnx.save_model con save_as_external_data=False).",
    ),
    ("The ONNX network of “{name}” cannot be run.", "No se puede ejecutar la red ONNX de «{name}»."),
    # why a card cannot be read
    ("There is no such file or folder.", "No existe ese archivo o carpeta."),
    ("You may not read or write there.", "No tiene permiso para leer o escribir ahí."),
    ("The disk can only be read.", "El disco es de solo lectura."),
    ("It is a folder.", "Es una carpeta."),
    ("A part of the path is a file, not a folder.", "Una parte de la ruta es un archivo, no una carpeta."),
    ("The disk is full.", "El disco está lleno."),
    ("The name is too long.", "El nombre es demasiado largo."),
    ("It is not text in UTF-8.", "No es texto en UTF-8."),
    # scores
    (
        "The model “{name}” gave a score that is no number.",
        "El modelo «{name}» dio una puntuación que no es un número.",
    ),
    ("Its weights are unfit: use another model.", "Sus pesos no sirven: use otro modelo."),
    ("“{name}” gave no number for a face.", "«{name}» no dio ningún número para un rostro."),
    (
        "Its weights are unfit, or the device computes wrongly: choose another model or the CPU.",
        "Sus pesos no sirven o el dispositivo calcula mal: elija otro modelo o la CPU.",
    ),
    (
        "Its {shape} outputs are not the {count} of its card, or not finite.",
        "Sus salidas {shape} no son las {count} de su ficha, o no son finitas.",
    ),
    ("“{name}” cannot score a face.", "«{name}» no puede puntuar un rostro."),
    # heatmaps
    (
        "This layer keeps no picture that a heatmap could show.",
        "Esta capa no conserva ninguna imagen que pueda mostrar un mapa de calor.",
    ),
    ("Choose a convolutional layer.", "Elija una capa convolucional."),
    ("A heatmap cannot explain “{target}”.", "Un mapa de calor no puede explicar «{target}»."),
    ("There is no heatmap named “{method}”.", "No hay ningún mapa de calor llamado «{method}»."),
    ("Choose one of {choices}.", "Elija entre {choices}."),
    ("The network has no layer “{layer}”.", "La red no tiene la capa «{layer}»."),
    ("“{name}” cannot show where it looked.", "«{name}» no puede mostrar dónde miró."),
    (
        "It is an ONNX model, whose inner layers are closed: heatmaps need a model of one of the known networks.",
        "Es un modelo ONNX, con las capas internas cerradas: los mapas de calor requieren un modelo de una de las "
        "redes conocidas.",
    ),
    # devices
    ("Memory ran out for the heatmap.", "No hubo memoria suficiente para el mapa de calor."),
    ("Close other programs or choose the CPU.", "Cierre otros programas o elija la CPU."),
    ("The computer ran out of memory.", "El equipo se quedó sin memoria."),
    ("Close other programs and try again.", "Cierre otros programas e inténtelo de nuevo."),
    (
        "The device “{device}” is not available on this computer.",
        "El dispositivo «{device}» no está disponible en este equipo.",
    ),
    ("Choose “auto” or “cpu”.", "Elija «auto» o «cpu»."),
    (
        "The device {device} is not available on this computer.",
        "El dispositivo {device} no está disponible en este equipo.",
    ),
    ("Choose the CPU in the settings.", "Elija la CPU en los ajustes."),
    ("There is no device named {device}.", "No hay ningún dispositivo llamado {device}."),
    (
        "The device {device} could not finish the search for faces.",
        "El dispositivo {device} no pudo terminar la búsqueda de rostros.",
    ),
    (
        "Close other programs that use it, or choose the CPU in the settings.",
        "Cierre otros programas que lo usen o elija la CPU en los ajustes.",
    ),
    # settings
    ('The setting "{key}" is the same in all cases.', "El ajuste «{key}» es el mismo en todos los casos."),
    ("The settings could not be saved.", "No se pudieron guardar los ajustes."),
    ("Check that {folder} can be written: {CAUSE}.", "Compruebe que se puede escribir en {folder}: {CAUSE}."),
    ('The setting "{key}" cannot be {value}.', "El ajuste «{key}» no puede ser {value}."),
    ("It takes {EXPECTED}; its default is {default}.", "Admite {EXPECTED}; su valor de fábrica es {default}."),
    ("true or false", "true o false"),
    ("a whole number", "un número entero"),
    ("a number", "un número"),
    ("a text", "un texto"),
    ("one of: {choices}", "uno de: {choices}"),
    ("a number from {n_least} to {n_most}", "un número de {n_least} a {n_most}"),
    ('There is no setting "{key}".', "No existe el ajuste «{key}»."),
    ("The settings are: {known}.", "Los ajustes son: {known}."),
)
