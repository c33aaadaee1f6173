"""A hash of what a page shows, independent of how a file stores it."""

import hashlib

import pikepdf

# ways back to the page, and numbers that only lead there
_SKIPPED = ("/Parent", "/P", "/StructParents", "/StructParent")
_STORAGE = ("/Length", "/Filter", "/DecodeParms")


def page_digests(pdf: pikepdf.Pdf) -> tuple[str, ...]:
    """SHA-256 of every page: its text and drawing operators, fonts, pictures, size and annotations.

    Neither compression nor the numbers of objects count, nor does the field of a signature, which comes later.

    Raises:
        pikepdf.PdfError: A part of a page cannot be read.
    """
    reader = _Reader({page.obj.objgen: number for number, page in enumerate(pdf.pages, 1)})
    return tuple(reader.page(page.obj) for page in pdf.pages)


class _Reader:
    """Hashes objects, each shared one once."""

    def __init__(self, pages: dict[tuple[int, int], int]) -> None:
        self._pages = pages
        self._known: dict[tuple[int, int], bytes] = {}

    def page(self, page: pikepdf.Object) -> str:
        return self._dictionary(page).hex()

    def _object(self, value: object) -> bytes:
        if not isinstance(value, pikepdf.Object):
            return hashlib.sha256(f"{type(value).__name__} {value}".encode("utf-8", "surrogateescape")).digest()
        place = value.objgen
        if place in self._pages:
            return b"page %d" % self._pages[place]
        if place == (0, 0):
            return self._hash(value)
        if place not in self._known:
            self._known[place] = b"circle"
            self._known[place] = self._hash(value)
        return self._known[place]

    def _hash(self, value: pikepdf.Object) -> bytes:
        if isinstance(value, pikepdf.Stream):
            content = hashlib.sha256(_content(value)).digest()
            return hashlib.sha256(b"stream" + self._dictionary(value) + content).digest()
        if isinstance(value, pikepdf.Dictionary):
            return self._dictionary(value)
        if isinstance(value, pikepdf.Array):
            return hashlib.sha256(b"array" + b"".join(self._object(part) for part in value)).digest()
        return hashlib.sha256(b"value" + value.unparse()).digest()

    def _dictionary(self, value: pikepdf.Object) -> bytes:
        digest = hashlib.sha256(b"dictionary")
        for key in sorted(value.keys()):
            part = value[key]
            if key in _SKIPPED or (key in _STORAGE and isinstance(value, pikepdf.Stream)):
                continue
            if key == "/Annots":
                # a list that holds nothing but a signature's field counts as none
                parts = [self._object(note) for note in part if not _is_signature(note)]
                if not parts:
                    continue
                found = b"".join(parts)
            else:
                found = self._object(part)
            digest.update(key.encode() + b"\0" + hashlib.sha256(found).digest())
        return digest.digest()


def _is_signature(note: pikepdf.Object) -> bool:
    return str(note.get("/Subtype")) == "/Widget" and str(note.get("/FT")) == "/Sig"


def _content(stream: pikepdf.Stream) -> bytes:
    # a picture as JPEG stays as it is: its pixels are the decoder's business
    return stream.read_raw_bytes() if stream.get("/Filter") == pikepdf.Name.DCTDecode else stream.read_bytes()
