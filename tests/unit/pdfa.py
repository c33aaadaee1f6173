"""The rules of PDF/A-3b (ISO 19005-3) that a drawn report could break, each with its clause.

Not a validator of any PDF: what the drawing library never writes (JPEG 2000, halftones, forms, optional content, CID
fonts) is refused as a whole.
"""

import hashlib
import re
import struct

import pikepdf

FILTERS = {"/FlateDecode", "/DCTDecode", "/ASCII85Decode", "/RunLengthDecode"}
# each names its namespace; what is not predefined would need a schema of its own (6.6.2.3.1)
XMP = {
    "http://purl.org/dc/elements/1.1/": {"title", "language", "identifier", "creator", "description"},
    "http://ns.adobe.com/xap/1.0/": {"CreatorTool", "CreateDate", "ModifyDate", "MetadataDate"},
    "http://ns.adobe.com/pdf/1.3/": {"Producer"},
    "http://www.aiim.org/pdfa/ns/id/": {"part", "conformance"},
}
INFO = {"/Title": "dc:title", "/Subject": "dc:description", "/Author": "dc:creator", "/Creator": "xmp:CreatorTool"}


def faults(path):
    """What breaks a rule, each as ``"clause: what"``."""
    data = path.read_bytes()
    with pikepdf.open(path) as pdf:
        found = [*_file(data, pdf), *_objects(pdf), *_catalog(pdf), *_colours(pdf), *_metadata(pdf), *_files(pdf)]
        for number, page in enumerate(pdf.pages, 1):
            found += [f"{fault} (page {number})" for fault in (*_page(page), *_fonts(page), *_content(page))]
    return found


def _file(data, pdf):
    if not re.match(rb"%PDF-1\.[0-7]\r?\n%[\x80-\xff]{4}", data):
        yield "6.1.2: header"
    if not re.search(rb"%%EOF\r?\n?$", data):
        yield "6.1.3: bytes behind the end"
    if len(pdf.trailer.get("/ID", ())) != 2 or pdf.is_encrypted:
        yield "6.1.3: no id, or encrypted"


def _objects(pdf):
    for value in pdf.objects:
        if isinstance(value, pikepdf.Stream):
            used = value.get("/Filter")
            names = [] if used is None else [str(used)] if isinstance(used, pikepdf.Name) else [str(n) for n in used]
            if not set(names) <= FILTERS or "/F" in value:
                yield f"6.1.7: filter {names}"
        yield from _limits(value)


def _limits(value):
    if isinstance(value, (pikepdf.Dictionary, pikepdf.Stream)):
        for key, part in value.items():
            if len(key) > 128:
                yield "6.1.13: name"
            yield from _scalar(part)
    elif isinstance(value, pikepdf.Array):
        for part in value:
            yield from _scalar(part)


def _scalar(part):
    if isinstance(part, pikepdf.String) and len(bytes(part)) > 32767:
        yield "6.1.13: string"
    if isinstance(part, int) and abs(part) > 2**31 - 1:
        yield "6.1.13: integer"


def _catalog(pdf):
    for key in ("/OCProperties", "/AA", "/Requirements", "/OpenAction", "/Perms"):
        if key in pdf.Root:
            yield f"6.5, 6.9, 6.11: {key} in the catalog"
    form = pdf.Root.get("/AcroForm")
    if form is not None and ("/XFA" in form or form.get("/NeedAppearances")):
        yield "6.4: form"
    names = pdf.Root.get("/Names")
    if names is not None and {"/JavaScript", "/AlternatePresentations"} & names.keys():
        yield "6.5, 6.10: names"


def _colours(pdf):
    intents = list(pdf.Root.get("/OutputIntents", ()))
    if [str(i.S) for i in intents] != ["/GTS_PDFA1"]:
        yield "6.2.3: output intent"
        return
    profile = intents[0].DestOutputProfile
    data = profile.read_bytes()
    if data[12:16] != b"mntr" or data[16:20] != b"RGB " or data[8] >= 5 or int(profile.N) != 3:
        yield "6.2.3: profile"
    if struct.unpack(">I", data[:4])[0] != len(data) or data[36:40] != b"acsp":
        yield "ICC.1 7.2: header"
    bare = bytearray(data)
    bare[44:48], bare[64:68], bare[84:100] = bytes(4), bytes(4), bytes(16)
    if hashlib.md5(bare).digest() != data[84:100]:
        yield "ICC.1 7.2.18: id"


def _metadata(pdf):
    stream = pdf.Root.get("/Metadata")
    if stream is None or stream.get("/Filter") is not None:
        yield "6.6.2.1: metadata"
        return
    text = stream.read_bytes().decode("utf-8")
    if re.search(r"<\?xpacket begin=[^>]*(bytes|encoding)=", text):
        yield "6.6.2.1: packet"
    with pdf.open_metadata(set_pikepdf_as_editor=False, update_docinfo=False) as metadata:
        if (metadata.get("pdfaid:part"), metadata.get("pdfaid:conformance")) != ("3", "B"):
            yield "6.6.4: identification"
        for key in metadata:
            space, _, name = key[1:].partition("}")
            if name not in XMP.get(space, ()):
                yield f"6.6.2.3.1: {key} is not predefined"
        for key, name in INFO.items():
            said = metadata.get(name)
            said = said[0] if isinstance(said, list) else said
            if key in pdf.docinfo and str(pdf.docinfo[key]) != said:
                yield f"info: {key} {pdf.docinfo[key]} is not {said}"
        for key, name in (("/CreationDate", "xmp:CreateDate"), ("/ModDate", "xmp:ModifyDate")):
            digits = re.sub(r"\D", "", str(pdf.docinfo[key]))[:14]
            if digits != re.sub(r"\D", "", metadata[name])[:14]:
                yield f"info: {key}"


def _files(pdf):
    associated = {spec.objgen for spec in pdf.Root.get("/AF", ())}
    for name, attached in pdf.attachments.items():
        spec = attached.obj
        if "/F" not in spec or "/UF" not in spec or "/AFRelationship" not in spec:
            yield f"6.8: {name} lacks F, UF or AFRelationship"
        if spec.objgen not in associated:
            yield f"6.8: {name} is not associated"
        stream = spec.EF.F
        if not re.fullmatch(r"/[-\w+.]+/[-\w+.]+", str(stream.get("/Subtype", ""))):
            yield f"6.8: {name} has no media type"
        if "/ModDate" not in stream.Params or int(stream.Params.Size) != len(stream.read_bytes()):
            yield f"6.8: {name} has no date or another size"
        if bytes(stream.Params.CheckSum) != hashlib.md5(stream.read_bytes()).digest():
            yield f"ISO 32000 7.11.4: {name} has another checksum"


def _page(page):
    for key in ("/AA", "/PresSteps"):
        if key in page.obj:
            yield f"6.5, 6.10: {key}"
    width, height = (abs(float(page.mediabox[i + 2]) - float(page.mediabox[i])) for i in (0, 1))
    if not (3 <= width <= 14400 and 3 <= height <= 14400):
        yield "6.1.13: size"
    for note in page.obj.get("/Annots", ()):
        kind, flags = str(note.Subtype), int(note.get("/F", 0))
        if flags & 4 == 0 or flags & (1 | 2 | 32 | 256):
            yield f"6.3.2: flags of {kind}"
        is_empty = all(float(v) == 0 for v in note.Rect)
        if kind not in ("/Link", "/Widget") or (kind == "/Widget" and not is_empty and "/AP" not in note):
            yield f"6.3: {kind}"
        if "/A" in note and str(note.A.S) not in ("/GoTo", "/URI"):
            yield f"6.5.1: {note.A.S}"
    for image in page.get_images().values():
        if image.get("/Interpolate") or {"/Alternates", "/OPI"} & image.keys():
            yield "6.2.8: image"
        if not str(image.ColorSpace).startswith(("/DeviceRGB", "/DeviceGray")):
            yield f"6.2.4.3: {image.ColorSpace}"


def _fonts(page):
    shown = _shown(page)
    for font in page.resources.get("/Font", {}).values():
        base, descriptor = str(font.BaseFont), font.get("/FontDescriptor")
        if str(font.Subtype) != "/TrueType" or descriptor is None or "/FontFile2" not in descriptor:
            yield f"6.2.11.4.1: {base} is not embedded"
            continue
        if len(font.Widths) != int(font.LastChar) - int(font.FirstChar) + 1:
            yield f"6.2.11.2: widths of {base}"
        cmaps, widths = read_truetype(descriptor.FontFile2.read_bytes())
        is_symbolic = bool(int(descriptor.Flags) & 4)
        if not is_symbolic or "/Encoding" in font or len(cmaps) != 1:
            yield f"6.2.11.6: encoding of {base}: {len(cmaps)} tables"
            continue
        for code, width in enumerate(font.Widths, int(font.FirstChar)):
            glyph = cmaps[0].get(code, 0)
            if code in shown.get(str(font.Name), ()):
                if glyph == 0:
                    yield f"6.2.11.8: {base} shows no glyph for {code}"
                elif abs(widths[min(glyph, len(widths) - 1)] - float(width)) > 1:
                    yield f"6.2.11.5: {base} {code} is {width} wide, its glyph {widths[glyph]:.0f}"


def _shown(page):
    """{font: the codes that are shown in it}."""
    shown, font = {}, ""
    for operands, operator in pikepdf.parse_content_stream(page):
        if str(operator) == "Tf":
            font = str(operands[0])
        elif str(operator) == "Tj":
            shown.setdefault(font, set()).update(bytes(operands[0]))
    return shown


def _content(page):
    depth = deepest = 0
    for operands, operator in pikepdf.parse_content_stream(page):
        name = str(operator)
        depth += (name == "q") - (name == "Q")
        deepest = max(deepest, depth)
        if name in ("k", "K", "BI", "INLINE IMAGE", "ri", "sh"):
            yield f"6.2: operator {name}"
        if name in ("cs", "CS") and str(operands[0]) not in ("/DeviceRGB", "/DeviceGray"):
            yield f"6.2.4: {operands[0]}"
    if deepest > 28 or depth:
        yield f"6.1.13: {deepest} states deep"
    for state in page.resources.get("/ExtGState", {}).values():
        if {"/TR", "/TR2", "/HTP", "/HT"} & state.keys() or str(state.get("/BM", "/Normal")) not in ("/Normal",):
            yield "6.2.5: graphics state"


def read_truetype(data):
    """([{code: glyph} of each cmap], [width of each glyph in thousandths])."""
    count = struct.unpack(">H", data[4:6])[0]
    tables = {}
    for i in range(count):
        tag, _, offset, length = struct.unpack(">4sIII", data[12 + 16 * i : 28 + 16 * i])
        tables[tag] = data[offset : offset + length]
    em = struct.unpack(">H", tables[b"head"][18:20])[0]
    metrics = struct.unpack(">H", tables[b"hhea"][34:36])[0]
    widths = [struct.unpack(">H", tables[b"hmtx"][4 * i : 4 * i + 2])[0] * 1000 / em for i in range(metrics)]
    cmap = tables[b"cmap"]
    found = []
    for i in range(struct.unpack(">H", cmap[2:4])[0]):
        offset = struct.unpack(">I", cmap[8 + 8 * i : 12 + 8 * i])[0]
        found.append(_cmap(cmap[offset:]))
    return found, widths


def _cmap(table):
    form = struct.unpack(">H", table[:2])[0]
    if form == 0:
        return dict(enumerate(table[6:262]))
    if form == 6:
        first, count = struct.unpack(">HH", table[6:10])
        return {first + i: struct.unpack(">H", table[10 + 2 * i : 12 + 2 * i])[0] for i in range(count)}
    raise AssertionError(f"cmap of format {form}")
