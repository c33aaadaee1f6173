"""Errors of what is written: files, reports, tables, videos, signatures; and of stored results."""

EXPORTS = (
    # writing
    ("“{name}” could not be written: {CAUSE}.", "No se pudo escribir «{name}»: {CAUSE}."),
    (
        "Close the file if another program has it open, or choose a folder that you may write to.",
        "Cierre el archivo si otro programa lo tiene abierto o elija una carpeta en la que pueda escribir.",
    ),
    ("The folder does not exist: choose another one.", "La carpeta no existe: elija otra."),
    (
        "Check that the disk is not full and still connected, or choose another folder.",
        "Compruebe que el disco no está lleno y sigue conectado, o elija otra carpeta.",
    ),
    ("“{name}” is there already and holds other files.", "«{name}» ya existe y contiene otros archivos."),
    ("Choose an empty folder.", "Elija una carpeta vacía."),
    ("Choose another folder.", "Elija otra carpeta."),
    (
        "Choose another folder. This one has {n_free} MB left.",
        "Elija otra carpeta. En esta quedan {n_free} MB.",
    ),
    ("Choose another name.", "Elija otro nombre."),
    (
        "The demo clip cannot be written to “{folder}”.",
        "No se puede escribir el vídeo de demostración en «{folder}».",
    ),
    (
        "Choose a folder with room and write permission.",
        "Elija una carpeta con espacio y permiso de escritura.",
    ),
    (
        "The annotated video could not be written: {CAUSE}.",
        "No se pudo escribir el vídeo anotado: {CAUSE}.",
    ),
    (
        "Check that the disk is not full, or choose another folder.",
        "Compruebe que el disco no está lleno o elija otra carpeta.",
    ),
    ("The item has no frame to draw on.", "El material no tiene ningún fotograma sobre el que dibujar."),
    (
        "Frame {n_frame} has another size than the first one.",
        "El fotograma {n_frame} no tiene el mismo tamaño que el primero.",
    ),
    ("This result keeps no pictures.", "Este resultado no conserva imágenes."),
    (
        "Analyse the item with key frames; a cancelled analysis keeps none.",
        "Analice el material con fotogramas clave; un análisis cancelado no los conserva.",
    ),
    # stored results
    ("“{name}” could not be read: {CAUSE}.", "No se pudo leer «{name}»: {CAUSE}."),
    (
        "Check that the file exists and that you may read it.",
        "Compruebe que el archivo existe y que puede leerlo.",
    ),
    ("This is not a stored result.", "Esto no es un resultado guardado."),
    ("Choose a JSON file that this program wrote.", "Elija un archivo JSON escrito por este programa."),
    (
        "This result was stored by a newer version of the program (format {format}).",
        "Este resultado lo guardó una versión más reciente del programa (formato {format}).",
    ),
    ("Update the program and try again.", "Actualice el programa e inténtelo de nuevo."),
    ("The stored result is damaged ({CAUSE}).", "El resultado guardado está dañado ({CAUSE})."),
    ("schema: {schema}", "esquema: {schema}"),
    (
        "the picture of frame {frame} ({kind}) does not match its hash",
        "la imagen del fotograma {frame} ({kind}) no coincide con su hash",
    ),
    (
        "Use an intact copy of the file, or analyse the item again.",
        "Use una copia íntegra del archivo o analice de nuevo el material.",
    ),
    # signatures
    ("“{name}” is no PDF.", "«{name}» no es un PDF."),
    ("Choose a report that this program wrote.", "Elija un informe escrito por este programa."),
    ("“{name}” holds no certificate.", "«{name}» no contiene ningún certificado."),
    (
        "Give a certificate as a PEM or DER file.",
        "Indique un certificado como archivo PEM o DER.",
    ),
    (
        "“{name}” could not be signed: it is no intact report.",
        "No se pudo firmar «{name}»: no es un informe íntegro.",
    ),
    ("Write the report anew, then sign it.", "Escriba de nuevo el informe y después fírmelo."),
    ("“{name}” could not be read.", "No se pudo leer «{name}»."),
    (
        "“{name}” holds no certificate with its private key.",
        "«{name}» no contiene un certificado con su clave privada.",
    ),
    (
        "Export both together as a PKCS#12 file (.p12 or .pfx).",
        "Exporte ambos juntos como archivo PKCS#12 (.p12 o .pfx).",
    ),
    (
        "The key in “{name}” is of a kind that cannot sign reports.",
        "La clave de «{name}» es de un tipo que no puede firmar informes.",
    ),
    ("Use an RSA or an EC key.", "Use una clave RSA o EC."),
    ("“{name}” is no PKCS#12 file, or it is damaged.", "«{name}» no es un archivo PKCS#12 o está dañado."),
    ("Choose a .p12 or .pfx file.", "Elija un archivo .p12 o .pfx."),
    ("The passphrase does not open “{name}”.", "La contraseña no abre «{name}»."),
    (
        "Type it again; capital and small letters differ.",
        "Escríbala de nuevo; se distinguen mayúsculas y minúsculas.",
    ),
    ("The certificate expired on {date}.", "El certificado caducó el {date}."),
    ("Use a certificate that is valid.", "Use un certificado vigente."),
    ("The certificate is valid only from {date} on.", "El certificado solo es válido a partir del {date}."),
    (
        "Use another one, or check the date of this computer.",
        "Use otro o compruebe la fecha de este equipo.",
    ),
    (
        "The certificate was not issued for signatures.",
        "El certificado no se emitió para firmar.",
    ),
    (
        "Use one whose key usage names digital signatures.",
        "Use uno cuyo uso de clave incluya la firma digital.",
    ),
    ("There is no certificate “{name}”.", "No existe el certificado «{name}»."),
    ("Choose a file that ends in .p12 or .pfx.", "Elija un archivo que termine en .p12 o .pfx."),
)
