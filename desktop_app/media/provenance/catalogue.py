"""Every finding that can be made of a file's history: its weight, and its sentences in English.

A meaning names the innocent explanations first. `docs/provenance.md` says where each weight comes from.
"""

from dataclasses import dataclass

from desktop_app.domain.traces import Trace, TraceWeight

NEUTRAL, WEAK, NOTABLE, STRONG = TraceWeight.NEUTRAL, TraceWeight.WEAK, TraceWeight.NOTABLE, TraceWeight.STRONG
ORDER = (STRONG, NOTABLE, WEAK, NEUTRAL)

MAX_FACT_CHARS = 300


@dataclass(frozen=True, slots=True)
class Kind:
    """One kind of finding.

    Args:
        weight: How much it says about whether the item was changed after it was recorded.
        message: Sentence with the names of facts in braces.
        meaning: What it can come from.
    """

    weight: TraceWeight
    message: str
    meaning: str


CATALOGUE: dict[str, Kind] = {
    "software_editor": Kind(
        NOTABLE,
        "The file names an editing program: {names}.",
        "Editors also trim, convert and publish without touching what the picture shows. It does mean that this file "
        "is not what the camera wrote.",
    ),
    "software_transcoder": Kind(
        WEAK,
        "The file names a program that writes or converts video: {names}.",
        "Apps, websites, messengers and some cameras use these libraries, so most shared files carry such a name. It "
        "says that the file was written or rewritten by software, not that its content was changed.",
    ),
    "software_platform": Kind(
        WEAK,
        "The file carries the mark of a messenger or platform: {names}.",
        "Platforms compress every upload again and remove the camera's data. Ask for the file that was uploaded.",
    ),
    "software_screen": Kind(
        WEAK,
        "The file names a program that records screens: {names}.",
        "It shows what was on a screen: a call, a game, or the playback of another clip.",
    ),
    "software_generator": Kind(
        STRONG,
        "The file says of itself that it was made or altered by a generating program: {names}.",
        "Labels can be added by mistake, or for a small retouch. Otherwise the content, or a part of it, is "
        "synthetic by the file's own account. The label can also be forged.",
    ),
    "device_rewritten": Kind(
        NOTABLE,
        "The file names a camera ({device}) and also software that rewrote it ({names}).",
        "Programs that copy, trim or convert often keep the camera's name, and some cameras use such libraries "
        "themselves. The file need not be what the camera wrote.",
    ),
    "encoder_settings": Kind(
        WEAK,
        "The video names its encoder: {encoder}.",
        "Sites and apps encode with it, also without any edit. Phones and cameras use encoders in hardware, which "
        "leave no such text, so the video was most likely encoded anew after it was recorded.",
    ),
    "encoder_settings_change": Kind(
        STRONG,
        "The encoder names different settings within one video: {count} versions.",
        "A stream that was recorded in parts does this. Otherwise pieces that were encoded apart were joined.",
    ),
    "parameter_sets_change": Kind(
        NOTABLE,
        "The video's parameter sets change on the way, first at {time_s} s.",
        "Live streams, broadcasts and calls change them while they adapt. Otherwise pieces from different encodings "
        "were joined there.",
    ),
    "several_descriptions": Kind(
        NOTABLE,
        "A track is described in {count} different ways.",
        "Cameras do it when settings change while they record. Otherwise parts from different sources were joined "
        "without encoding them anew.",
    ),
    "gop_regimes": Kind(
        NOTABLE,
        "The distance between key frames changes from {before} to {after} frames at {time_s} s.",
        "Streams that adapt to the network do this. Otherwise pieces from different encodings were joined there.",
    ),
    "gop_irregular": Kind(
        NEUTRAL,
        "The distance between key frames varies from {shortest} to {longest} frames.",
        "Software encoders set a key frame at every cut. Encoders in cameras and phones mostly keep a fixed distance.",
    ),
    "old_gop": Kind(
        WEAK,
        "Every {period} frames a picture needs more data than its neighbours, apart from this video's own key frames.",
        "Something in the scene that repeats regularly, such as a flashing light, can do this. It is also what "
        "remains of the key frames of an earlier encoding: the video was then compressed at least twice.",
    ),
    "variable_rate": Kind(
        NEUTRAL,
        "The time between frames varies from {shortest_ms} to {longest_ms} ms.",
        "Phones, screen recorders and calls record like this.",
    ),
    "frames_missing": Kind(
        WEAK,
        "At {count} places the time stamps leave room for frames that are not there, first at {time_s} s.",
        "A camera or recorder under load drops frames. Frames can also have been cut out.",
    ),
    "frames_still": Kind(
        WEAK,
        "At {count} places the picture stands still while its surroundings move, the longest for {longest} frames at "
        "{time_s} s.",
        "Calls, weak networks and a higher frame rate made from a lower one repeat frames. A freeze can also hide a "
        "cut.",
    ),
    "sound_late": Kind(
        WEAK,
        "The sound begins {gap_s} s after the picture.",
        "Some recorders start the sound later. Sound can also have been replaced or cut.",
    ),
    "sound_short": Kind(
        WEAK,
        "The sound ends {gap_s} s before the picture.",
        "Some recorders stop the sound earlier. Sound can also have been replaced or cut.",
    ),
    "sound_gaps": Kind(
        WEAK,
        "The sound's time stamps jump at {count} places, first at {time_s} s.",
        "Lost data in a call or stream, or a recorder under load. Sound can also have been cut.",
    ),
    "sound_absent": Kind(
        NEUTRAL,
        "There is no sound.",
        "Surveillance cameras, screen recordings and some platforms have none. It can also have been removed.",
    ),
    "edit_list_trims": Kind(
        NOTABLE,
        "The edit list keeps {hidden_s} s of the recording from being shown.",
        "Phones trim like this, and it can be undone: the hidden part still lies in the file and can be looked at.",
    ),
    "edit_list_joins": Kind(
        NOTABLE,
        "The edit list puts the video together from {count} pieces.",
        "Phones and editors cut like this without encoding anew. The unused parts may still lie in the file.",
    ),
    "edit_list_shifts": Kind(
        WEAK,
        "The edit list delays a track by {delay_s} s.",
        "Recorders do it to keep sound and picture together. It can also come from sound that was added later.",
    ),
    "edit_list_speed": Kind(
        NOTABLE,
        "The edit list changes the speed of playback ({rates}).",
        "Phones record slow motion like this. The speed of what is seen is then not that of what happened.",
    ),
    "moov_first": Kind(
        NEUTRAL,
        "The index lies before the media data.",
        "Files are arranged like this for the web, in a second pass after recording. Most cameras write the index "
        "last.",
    ),
    "fragmented": Kind(
        WEAK,
        "The file is written in fragments ({count}).",
        "Streams, browsers, security cameras and some phones record like this; downloads of streams are kept like "
        "this.",
    ),
    "free_not_empty": Kind(
        WEAK,
        "Space that is marked as free holds {size_bytes} bytes of data.",
        "Editors that change a file in place leave old metadata there, and some writers leave it unclean. Look at "
        "what it says.",
    ),
    "unknown_boxes": Kind(
        NEUTRAL,
        "The file holds parts that no common standard names: {names}.",
        "Makers of cameras and apps add parts of their own. Their names can tell which program wrote the file.",
    ),
    "layout_broken": Kind(
        NOTABLE,
        "The structure of the file does not add up in these parts: {names}.",
        "An interrupted recording or download does this, and so do damaged disks. A file edited by hand can too.",
    ),
    "data_after_end": Kind(
        WEAK,
        "After its end the file holds {size_bytes} further bytes.",
        "Phones append a motion clip or a depth map to photographs, and some apps their own data. Programs can hide "
        "data there.",
    ),
    "date_unset": Kind(
        NEUTRAL,
        "The date of creation is not set.",
        "Converters, messengers and websites often leave it out. Most cameras and phones write it.",
    ),
    "dates_differ": Kind(
        NOTABLE,
        "The dates of creation within the file differ by {difference}: {first} and {last}.",
        "Files joined from several recordings do this, and programs that keep the date of one part only.",
    ),
    "modified_after_creation": Kind(
        NOTABLE,
        "By its own dates the file was modified {difference} after it was created ({created}, {modified}).",
        "Trimming, rotating or adding a title sets this date, on the phone too. The picture need not have changed.",
    ),
    "older_than_content": Kind(
        WEAK,
        "The file is dated {modified}, before the recording it holds was made ({created}).",
        "A camera with a wrong clock or time zone. Dates in a file can also be set at will.",
    ),
    "date_implausible": Kind(
        WEAK,
        "A date within the file is not plausible: {date}.",
        "A camera whose clock was never set. Dates can also be set at will.",
    ),
    "location": Kind(
        NEUTRAL,
        "The file states where it was recorded: {latitude}, {longitude}.",
        "Phones write it when allowed to; most platforms remove it. It can be checked against the scene, and be "
        "forged.",
    ),
    "device": Kind(
        NEUTRAL,
        "The file names the device: {device}.",
        "Compare with other files of that device. Such a tag is easily copied or forged.",
    ),
    "camera_data_absent": Kind(
        NEUTRAL,
        "There is no data of a camera.",
        "Messengers, platforms and screenshots have none. It says nothing about what the picture shows.",
    ),
    "thumbnail": Kind(
        NEUTRAL,
        "A small preview picture is embedded ({width} x {height}).",
        "Cameras and apps add it. It shows what the picture was when the preview was made.",
    ),
    "thumbnail_differs": Kind(
        NOTABLE,
        "The embedded preview shows something other than the picture (they differ in {bits} of 64 bits).",
        "Cropping, turning or heavy filters do this when a program keeps the old preview. It can show the state "
        "before an edit: look at both.",
    ),
    "size_differs": Kind(
        WEAK,
        "The camera's data speak of {stated} pixels, the picture has {actual}.",
        "Resizing or cropping with a program that keeps the camera's data.",
    ),
    "jpeg_quality": Kind(
        NEUTRAL,
        "JPEG quality about {quality}, quantisation tables: {tables}.",
        "Tables of the common library point to software; cameras mostly have tables of their own, phones often the "
        "common ones.",
    ),
    "jpeg_twice": Kind(
        WEAK,
        "The picture's DCT coefficients fit two compressions: first about quality {first}, then {last}.",
        "Resaving does this, as every messenger and platform does. By itself it does not say that anything was "
        "changed.",
    ),
    "xmp_history": Kind(
        NOTABLE,
        "The file keeps an editing history: {names}.",
        "Developing a raw photograph or adding keywords writes one as well. It lists what was done and with which "
        "program.",
    ),
    "derived": Kind(
        NOTABLE,
        "The file says that it was derived from another document.",
        "Export from an editor or a photo library writes this. Ask for the document it came from.",
    ),
    "credentials_valid": Kind(
        NEUTRAL,
        "Content Credentials are present, intact and signed by a party on the trust list: {issuer}.",
        "They tell what the signer claims about origin and edits; read the actions. They are no proof of what is "
        "shown.",
    ),
    "credentials_untrusted": Kind(
        WEAK,
        "Content Credentials are present and intact, but their signer is on no trust list: {issuer}.",
        "No trust list is installed here, so this is the usual answer. The file has not changed since it was signed; "
        "who signed it must be checked by other means.",
    ),
    "credentials_invalid": Kind(
        STRONG,
        "Content Credentials are present, but do not fit the file: {problems}.",
        "Programs that resave a file without understanding the credentials break them. The file, or the credentials, "
        "changed after signing.",
    ),
    "credentials_unreadable": Kind(
        WEAK,
        "Content Credentials could not be read: {problems}.",
        "A fault of the library, a remote store that is not asked, or a newer format. Nothing follows from it.",
    ),
    "reader_missing": Kind(
        NEUTRAL,
        "The MediaInfo library could not be used, so the structure is described in less detail.",
        "This is about this installation, not about the file.",
    ),
}  # fmt: skip


def found(code: str, **facts: object) -> Trace:
    """A finding of the catalogue.

    Args:
        code: Its key.
        facts: What the message names.
    """
    kind = CATALOGUE[code]
    texts = {key: clean(str(value)) for key, value in facts.items()}
    message = kind.message.format(**texts)
    return Trace(code, kind.weight, message, kind.meaning, tuple(texts.items()))


def clean(text: str, limit: int = MAX_FACT_CHARS) -> str:
    """A text from a file, in one line, without control characters and not too long."""
    text = " ".join("".join(c if c.isprintable() else " " for c in text[: 4 * limit]).split())
    return text if len(text) <= limit else text[: limit - 1] + "…"


def by_weight(traces: list[Trace]) -> tuple[Trace, ...]:
    """The weightiest first, otherwise in the order found."""
    return tuple(sorted(traces, key=lambda trace: ORDER.index(trace.weight)))
