"""Names of programs and devices in a file's texts, and what kind of program each is."""

import re
from collections.abc import Iterable

from desktop_app.domain.traces import Trace
from desktop_app.media.provenance.catalogue import clean, found

Pairs = Iterable[tuple[str, str]]

# Only names that the programs write themselves; a bare word such as "Premiere" would also be found in titles.
_PATTERNS: dict[str, tuple[str, ...]] = {
    "software_generator": (
        r"stable[ -]?diffusion", r"comfyui", r"midjourney", r"dall[·-]?e\b", r"openai", r"\bsora\b", r"firefly",
        r"\bimagen\b", r"google ai", r"\bveo\b", r"runway(?:ml)?\b", r"\bkling\b", r"\bhailuo\b", r"\bpika labs\b",
        r"synthesia", r"\bheygen\b", r"d-id\b", r"trainedalgorithmicmedia", r"compositewithtrainedalgorithmicmedia",
        r"deepfacelab", r"facefusion", r"faceswap", r"\broop\b", r"\breface\b", r"faceapp", r"deepswap",
    ),
    "software_editor": (
        r"adobe (?:premiere|after effects|photoshop|lightroom|media encoder|express)[^,;/]{0,20}", r"photoshop[ .\d]*",
        r"lightroom[ .\d]*", r"premiere (?:pro|rush)", r"final cut[^,;/]{0,10}", r"\bimovie\b", r"davinci resolve",
        r"blackmagic design", r"capcut", r"lemon8", r"kinemaster", r"\binshot\b", r"filmora", r"wondershare",
        r"vegas (?:pro|movie studio)", r"\bavid\b", r"shotcut", r"kdenlive", r"openshot", r"olive video", r"\bmlt\b",
        r"\bgimp\b[ .\d]*", r"snapseed", r"picsart", r"\bcanva\b", r"vsco\b", r"facetune", r"remini\b", r"videoleap",
        r"\byoucut\b", r"vivavideo", r"powerdirector", r"cyberlink", r"pinnacle studio", r"clipchamp", r"paint\.net",
        r"affinity (?:photo|designer)", r"pixelmator", r"luminar", r"blender\b", r"nuke\b", r"topaz[^,;/]{0,15}",
        r"avidemux", r"virtualdub", r"losslesscut", r"quicktime player",
    ),
    "software_transcoder": (
        r"lav[fc]\d*[\d.]*", r"ffmpeg", r"libx26[45]", r"libvpx[\w-]*", r"libaom[\w-]*", r"handbrake ?[\d.]*",
        r"mkvmerge[ v\d.]*", r"mp4box", r"gpac[-\d. \w]{0,16}", r"gstreamer[\w .]{0,20}", r"mainconcept[^,;/]{0,20}",
        r"\bvlc\b", r"x264 - core \d+", r"x265 \(build \d+", r"xvid\d*", r"divx\d*", r"bento4", r"shaka[- ]packager",
        r"mencoder", r"imagemagick[ \d.]*", r"elemental[^,;/]{0,15}", r"nero aac", r"libebml[ v\d.]*",
    ),
    "software_platform": (
        r"whatsapp", r"telegram", r"twitter-?vork[^,;/]{0,10}", r"iso media file produced by google[^,;/]{0,6}",
        r"youtube", r"facebook", r"instagram", r"\btiktok\b", r"bytedance", r"\bvid:v[0-9a-z]{20,}",
        r"snapchat", r"wechat", r"\bsignal\b ", r"douyin", r"kuaishou", r"likee\b",
    ),
    "software_screen": (
        r"\bobs\b(?: studio)?[ \d.]*", r"camtasia", r"bandicam", r"screenrec\w*", r"screen ?record\w*", r"screenflow",
        r"replaykit", r"fraps\b", r"xsplit", r"screenshot", r"androidscreen\w*", r"\bloom\b", r"\bzoom\b",
    ),
}  # fmt: skip
_COMPILED = {code: re.compile("|".join(patterns), re.IGNORECASE) for code, patterns in _PATTERNS.items()}

# Titles and descriptions are written by people; only what programs write is searched.
_TOOL_KEY = re.compile(
    r"software|encod|tool|writ|muxer|handler|vendor|library|application|producer|creator|engine|hist_agent|comment"
    r"|digitalsource|major_brand|parameters|workflow|prompt|vork|ffm_|program|origin|settings|sound_data",
    re.IGNORECASE,
)
_GENERATOR_KEY = re.compile(r"^(?:png:)?(?:parameters|workflow|prompt|sd-metadata|invokeai_metadata)$", re.IGNORECASE)
_DIFFUSION = re.compile(
    r"steps: \d+, sampler: ", re.IGNORECASE
)  # as the common interfaces of diffusion models write it
_MAKE_KEYS = ("make", "com.apple.quicktime.make", "com.android.manufacturer", "make-eng", "comapplequicktimemake")
_MODEL_KEYS = ("model", "com.apple.quicktime.model", "com.android.model", "model-eng", "comapplequicktimemodel")
MAX_NAMES = 6


def software_traces(texts: Pairs, device: str) -> list[Trace]:
    """Findings on the programs that a file names.

    Args:
        texts: (key, value) pairs of all that the file says.
        device: As `device_of` gave it.
    """
    names = programs_in(texts)
    traces = [found(code, names=", ".join(found_names)) for code, found_names in names.items()]
    rewriters = [name for code in ("software_editor", "software_transcoder") for name in names.get(code, ())]
    if device and rewriters:
        traces.append(found("device_rewritten", device=device, names=", ".join(rewriters[:MAX_NAMES])))
    if device:
        traces.append(found("device", device=device))
    return traces


def programs_in(texts: Pairs) -> dict[str, list[str]]:
    """Names of programs, as the file spells them, by the code of their finding."""
    names: dict[str, list[str]] = {}
    for key, value in texts:
        if _DIFFUSION.search(value) or (_GENERATOR_KEY.match(key) and len(value) > 20):
            _add(names, "software_generator", clean(f"{key}: {value}", 60))
        if not _TOOL_KEY.search(key) or "hardware" in key.lower():
            continue
        # people write comments too, so only the marks that platforms leave there count
        codes = ("software_platform",) if "comment" in key.lower() else tuple(_COMPILED)
        for code in codes:
            pattern = _COMPILED[code]
            for hit in pattern.finditer(value[:20_000]):
                _add(names, code, clean(hit[0].strip(" ,;"), 60))
    return {code: names[code] for code in _COMPILED if code in names}


def _add(names: dict[str, list[str]], code: str, name: str) -> None:
    known = names.setdefault(code, [])
    if len(known) < MAX_NAMES and name.lower() not in (other.lower() for other in known):
        known.append(name)


def device_of(texts: Pairs) -> str:
    """Make and model of the camera, empty where not stated."""
    values: dict[str, str] = {}
    for key, value in texts:
        bare = key.rpartition(":")[2].lower()
        for name, keys in (("make", _MAKE_KEYS), ("model", _MODEL_KEYS)):
            if bare in keys and value.strip():
                values.setdefault(name, clean(value.strip(), 60))
    make, model = values.get("make", ""), values.get("model", "")
    return model if make and model.lower().startswith(make.lower()) else f"{make} {model}".strip()
