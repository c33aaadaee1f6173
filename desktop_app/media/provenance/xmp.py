"""What an XMP packet says of a file's history (ISO 16684-1), by the few properties that matter here.

The packet is searched and not parsed: one that is broken, or that names outer entities, can do nothing.
"""

import html
import re

_TOOLS = {
    "software": re.compile(r"CreatorTool(?:=\"|>)([^\"<]{1,200})"),
    "hist_agent": re.compile(r"softwareAgent(?:=\"|>)([^\"<]{1,200})"),
    "digitalsourcetype": re.compile(r"DigitalSourceType(?:=\"|[^>]{0,40}?resource=\"|>)([^\"<]{1,200})", re.IGNORECASE),
    "history": re.compile(r"stEvt:action(?:=\"|>)([^\"<]{1,60})"),
    "creation_date": re.compile(r"(?:xmp|exif|photoshop):(?:CreateDate|DateCreated)(?:=\"|>)([^\"<]{1,40})"),
    "modify_date": re.compile(r"xmp:ModifyDate(?:=\"|>)([^\"<]{1,40})"),
    "derived": re.compile(r"DerivedFrom[^>]{0,300}?(?:documentID|instanceID)(?:=\"|>)([^\"<]{1,120})", re.DOTALL),
}
MAX_VALUES = 20


def xmp_pairs(packet: bytes) -> tuple[tuple[str, str], ...]:
    """(property, value) pairs of an XMP packet, each once, in order.

    >>> xmp_pairs(b'<rdf:Description xmp:CreatorTool="Some Editor 1.0"/>')
    (('software', 'Some Editor 1.0'),)
    """
    text = packet.decode("utf-8", "replace")
    pairs = [
        (key, html.unescape(value).strip())
        for key, pattern in _TOOLS.items()
        for value in pattern.findall(text)[:MAX_VALUES]
    ]
    return tuple(dict.fromkeys(pairs))
