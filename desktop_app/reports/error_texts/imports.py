"""Errors of models that users bring, and of the commands that compare models."""

IMPORTS = (
    # what is compared
    ("Two or more different models are compared.", "Se comparan dos o más modelos distintos."),
    ("Name each with --model; see `cotejo models`.", "Nombre cada uno con --model; vea `cotejo models`."),
    # the file
    ("The model file {name} cannot be read.", "No se puede leer el archivo de modelo {name}."),
    (
        "{name} is no model file: it is empty or a folder.",
        "{name} no es un archivo de modelo: está vacío o es una carpeta.",
    ),
    ("Models cannot be imported from “{suffix}” files.", "No se pueden importar modelos de archivos «{suffix}»."),
    ("Known are {suffixes}.", "Se conocen {suffixes}."),
    ("{name} is too large for a detector: {size} GB.", "{name} es demasiado grande para un detector: {size} GB."),
    ("The limit is {size} GB.", "El límite es de {size} GB."),
    (
        "{name} contains code objects, not just tensors: it was not opened.",
        "{name} contiene objetos de código, no solo tensores: no se abrió.",
    ),
    (
        "Ask its author for torch.save(model.state_dict(), …) or a safetensors or ONNX file. What was refused: {what}",
        "Pida a su autor torch.save(model.state_dict(), …) o un archivo safetensors u ONNX. Lo rechazado: {what}",
    ),
    ("{name} holds no table of tensors that is known.", "{name} no contiene ninguna tabla de tensores conocida."),
    ("Looked for {wanted}; found {found}.", "Se buscó {wanted}; se encontró {found}."),
    ("{name} does not hold a plain table of tensors.", "{name} no contiene una simple tabla de tensores."),
    ("{name} holds sparse or quantised tensors.", "{name} contiene tensores dispersos o cuantizados."),
    ("Save them dense, in single precision.", "Guárdelos densos, en precisión simple."),
    # ONNX
    ("An ONNX file brings its own network.", "Un archivo ONNX trae su propia red."),
    ("Leave out the architecture.", "Omita la arquitectura."),
    ("{name} does not say how large its input is.", "{name} no dice de qué tamaño es su entrada."),
    ("Give it with --size.", "Indíquelo con --size."),
    ("{name} takes {own} px, not {wanted}.", "{name} toma {own} px, no {wanted}."),
    ("Leave out the size.", "Omita el tamaño."),
    ("The ONNX network has no output “{name}”.", "La red ONNX no tiene ninguna salida «{name}»."),
    ("It has {names}.", "Tiene {names}."),
    (
        "The ONNX network takes {count} inputs instead of one picture.",
        "La red ONNX toma {count} entradas en lugar de una imagen.",
    ),
    ("The ONNX network does not take an RGB picture.", "La red ONNX no toma una imagen RGB."),
    ("The ONNX network does not take square pictures.", "La red ONNX no toma imágenes cuadradas."),
    ("Its input is {shape}.", "Su entrada es {shape}."),
    (
        "The ONNX network is too old (operator set {version}).",
        "La red ONNX es demasiado antigua (operadores {version}).",
    ),
    ("Export it anew, with 11 or higher.", "Expórtela de nuevo, con 11 o superior."),
    # Keras
    ("{name} is neither Meso-4 nor MesoInception-4.", "{name} no es ni Meso-4 ni MesoInception-4."),
    (
        "From Keras files only these are imported; found: {count} layers. Others: convert them to ONNX.",
        "De archivos de Keras solo se importan estas; se hallaron {count} capas. Las demás: conviértalas a ONNX.",
    ),
    ("{file} does not fit {network}.", "{file} no encaja con {network}."),
    ("No {kind} layer is left for {name}.", "No queda ninguna capa {kind} para {name}."),
    (
        "{name} is too large for a detector once it is unpacked.",
        "{name} es demasiado grande para un detector una vez descomprimido.",
    ),
    (
        "The file refers to other places or files: it was not opened.",
        "El archivo remite a otros lugares o archivos: no se abrió.",
    ),
    ("The link is “{link}”.", "El enlace es «{link}»."),
    (
        "The file keeps its numbers in other files: it was not opened.",
        "El archivo guarda sus números en otros archivos: no se abrió.",
    ),
    ("See “{name}”.", "Vea «{name}»."),
    # what is said of the model
    ("The model has {count} outputs, not {wanted}.", "El modelo tiene {count} salidas, no {wanted}."),
    ("The model has {count} outputs.", "El modelo tiene {count} salidas."),
    ("Name them in order with --classes.", "Nómbrelas en orden con --classes."),
    ("Which class is genuine is not known.", "No se sabe qué clase es la genuina."),
    ("Give it with --genuine-class: {names}.", "Indíquela con --genuine-class: {names}."),
    ("{name} cannot score a picture.", "{name} no puede puntuar una imagen."),
    ("“{model}” cannot be the id of a model.", "«{model}» no puede ser el identificador de un modelo."),
    ("Use letters, digits, dots and dashes.", "Use letras, cifras, puntos y guiones."),
    ("There is a model “{model}” already.", "Ya existe un modelo «{model}»."),
    ("Give it another id, or remove that model.", "Dele otro identificador, o quite ese modelo."),
    ("The folder “{folder}” is there already.", "La carpeta «{folder}» ya existe."),
    ("Give the model another id, or remove that folder.", "Dé otro identificador al modelo, o quite esa carpeta."),
    (
        "A whole card cannot be changed while it is imported.",
        "Una ficha completa no se puede cambiar mientras se importa.",
    ),
    ("Leave out {names}, or edit the card.", "Omita {names}, o edite la ficha."),
    ("The card {card} describes another file than {file}.", "La ficha {card} describe otro archivo que {file}."),
    (
        "Its weights_sha256 differs. To use it as a template, take out that line and all figures.",
        "Su weights_sha256 es otro. Para usarla como plantilla, quite esa línea y todas las cifras.",
    ),
    (
        "Its weights_sha256 differs. A mean of networks needs the card that was written with it; to make another one: "
        "cotejo models combine.",
        "Su weights_sha256 es otro. Una media de redes necesita la ficha que se escribió con ella; para hacer otra: "
        "cotejo models combine.",
    ),
    (
        "What is said of the model contradicts it ({count} outputs).",
        "Lo que se dice del modelo lo contradice ({count} salidas).",
    ),
    ("What is said of the model cannot be right.", "Lo que se dice del modelo no puede ser correcto."),
    ("“{name}” gives probabilities, not logits.", "«{name}» da probabilidades, no logits."),
    (
        'Say output = "probabilities" in a card template.',
        'Indique output = "probabilities" en una plantilla de ficha.',
    ),
    (
        "These weights fit no network that is known; the nearest is {network}.",
        "Estos pesos no encajan con ninguna red conocida; la más próxima es {network}.",
    ),
    (
        "These are the weights of several networks of one model.",
        "Estos pesos son de varias redes de un mismo modelo.",
    ),
    (
        "Import the file, unchanged, together with the model's own card, which says how they work together.",
        "Importe el archivo, sin cambios, junto con la ficha del propio modelo, que dice cómo trabajan juntas.",
    ),
    ("The card {card} cannot be read.", "No se puede leer la ficha {card}."),
    ("The card {card} cannot be used.", "No se puede usar la ficha {card}."),
    # the self-test
    ("“{name}” did not pass the self-test.", "«{name}» no superó la autoprueba."),
)
