"""Traces in the packets of videos: encoders, key frames, time, sound and earlier encodings."""

import numpy as np
import pytest

from desktop_app.domain.traces import CredentialState, TraceWeight
from desktop_app.errors import InputError
from desktop_app.media.provenance import read_traces, structure
from desktop_app.media.provenance.packets import B, P, PacketLog, read_packets
from desktop_app.media.provenance.recompression import find_old_gop
from desktop_app.media.provenance.software import device_of, programs_in
from desktop_app.media.provenance.timing import packet_traces
from desktop_app.progress import Cancelled, CancelToken, ignore_progress
from tests.unit.media_clips import CLIPS, make_clip
from tests.unit.provenance_files import codes_of, facts_of, frames_of, scene, traces_of, write_video

SMALL = (96, 64)


@pytest.fixture(scope="module")
def clip(tmp_path_factory):
    frames = [scene(n, SMALL) for n in range(50)]
    return write_video(tmp_path_factory.mktemp("clips") / "clip.mp4", frames, gop=10, sound_s=2.0)


def log_of(path) -> PacketLog:
    with path.open("rb") as file:
        return read_packets(file, path.stat().st_size, ignore_progress, CancelToken())


def test_a_clip_from_the_encoder_at_hand(clip):
    traces = traces_of(clip)
    assert codes_of(traces) == {"software_transcoder", "encoder_settings", "date_unset"}
    assert "Lavf" in facts_of(traces, "software_transcoder")["names"]
    assert "x264 - core" in facts_of(traces, "encoder_settings")["encoder"]
    assert dict(traces.container)["brands"].startswith("isom")
    assert dict(traces.container)["layout"] == "ftyp free mdat moov"
    assert [dict(stream)["track_type"] for stream in traces.streams] == ["Video", "Audio"]
    assert traces.credentials.state is CredentialState.ABSENT
    assert len(traces.perceptual_hash) == 8
    assert traces.location is None
    assert traces.thumbnail is None


def test_the_weightiest_finding_comes_first(clip):
    order = list(TraceWeight)[::-1]
    ranks = [order.index(trace.weight) for trace in traces_of(clip).findings]
    assert ranks == sorted(ranks)


def test_twice_the_same_file_gives_the_same_traces(clip):
    first, second = traces_of(clip), traces_of(clip)
    assert first.findings == second.findings
    assert first.container == second.container
    assert first.perceptual_hash == second.perceptual_hash


def test_without_mediainfo_it_is_described_by_libav_and_said(clip, monkeypatch):
    monkeypatch.setattr(structure, "describe", lambda file: None)
    traces = traces_of(clip)
    assert "reader_missing" in codes_of(traces)
    assert "software_transcoder" in codes_of(traces)
    assert "mp4" in dict(traces.container)["format"]
    assert [dict(stream)["track_type"] for stream in traces.streams] == ["Video", "Audio"]


def test_a_library_that_does_not_load_is_no_crash(clip, monkeypatch):
    import pymediainfo

    def fail(*args, **options):
        raise OSError("Failed to load library")

    monkeypatch.setattr(pymediainfo.MediaInfo, "parse", fail)
    assert "reader_missing" in codes_of(traces_of(clip))


@pytest.mark.parametrize("name", ["h264_mkv", "h264_ts", "h264_raw", "hevc", "vp9", "mpeg4_avi", "mjpeg_mov", "single"])
def test_every_kind_of_file_can_be_read(tmp_path, name):
    kind = CLIPS[name]
    traces = traces_of(make_clip(tmp_path / f"clip{kind.suffix}", kind))
    assert traces.container
    assert traces.streams
    assert traces.perceptual_hash
    assert not codes_of(traces) & {"reader_missing", "layout_broken", "frames_missing", "old_gop"}


def test_a_clip_with_hidden_frames(tmp_path):
    kind = CLIPS["h264_negative_mp4"]
    traces = traces_of(make_clip(tmp_path / "clip.mp4", kind))
    assert float(facts_of(traces, "edit_list_trims")["hidden_s"]) == pytest.approx(0.4, abs=0.1)


def test_tags_tell_device_place_and_dates(tmp_path):
    metadata = {
        "make": "Some Maker",
        "model": "Model 7",
        "location": "+40.4168-003.7038/",
        "creation_time": "2024-05-01T10:00:00Z",
    }
    options = {"movflags": "use_metadata_tags"}
    frames = [scene(n, SMALL) for n in range(12)]
    traces = traces_of(write_video(tmp_path / "phone.mov", frames, metadata=metadata, container_options=options))
    assert traces.location == (40.4168, -3.7038)
    assert facts_of(traces, "device")["device"] == "Some Maker Model 7"
    assert "device_rewritten" in codes_of(traces)
    assert "date_unset" not in codes_of(traces)


def test_programs_by_their_names():
    def names(**texts):
        return programs_in(texts.items())

    assert names(encoder="HandBrake 1.7.2 2024") == {"software_transcoder": ["HandBrake 1.7.2"]}
    assert names(software="Adobe Premiere Pro 2024.1") == {"software_editor": ["Adobe Premiere Pro 2024.1"]}
    assert names(handler_name="ISO Media file produced by Google Inc.").keys() == {"software_platform"}
    assert names(Software="Stable Diffusion web UI").keys() == {"software_generator"}
    assert names(parameters="a portrait, Steps: 20, Sampler: Euler a, CFG scale: 7").keys() == {"software_generator"}
    # what people write is no trace of a program
    assert names(title="How to edit with Adobe Premiere and FFmpeg") == {}
    assert names(comment="No veo nada; made with CapCut", description="DeepFaceLab tutorial") == {}
    assert names(encoded_hardware_companyname="Blender", make="Lavf") == {}
    assert device_of([("Make", "Canon"), ("Model", "Canon EOS R5")]) == "Canon EOS R5"


def joined(tmp_path, first_options, second_options, first_gop, second_gop):
    """Two encodings one after the other in one transport stream."""
    parts = []
    for number, (options, gop) in enumerate([(first_options, first_gop), (second_options, second_gop)]):
        frames = [scene(n + 60 * number, SMALL) for n in range(60)]
        times = [n + 60 * number for n in range(60)]
        part = write_video(tmp_path / f"part{number}.ts", frames, options, gop, times)
        parts.append(part.read_bytes())
    path = tmp_path / "joined.ts"
    path.write_bytes(b"".join(parts))
    return traces_of(path)


def test_joined_encodings_are_found(tmp_path):
    traces = joined(tmp_path, {"bf": "0", "sc_threshold": "0"}, {"crf": "31", "bf": "2", "sc_threshold": "0"}, 10, 6)
    assert {"encoder_settings_change", "parameter_sets_change", "gop_regimes"} <= codes_of(traces)
    assert facts_of(traces, "gop_regimes")["before"] == "10"
    assert facts_of(traces, "gop_regimes")["after"] == "6"
    assert float(facts_of(traces, "gop_regimes")["time_s"]) == pytest.approx(2.4, abs=0.5)


def test_parts_of_the_same_encoding_are_not(tmp_path):
    same = {"bf": "0", "sc_threshold": "0"}
    assert not codes_of(joined(tmp_path, same, same, 10, 10)) & {
        "encoder_settings_change",
        "parameter_sets_change",
        "gop_regimes",
    }


def test_frames_cut_out_leave_a_gap(tmp_path):
    frames = [scene(n, SMALL) for n in range(60)]
    times = [n if n < 30 else n + 3 for n in range(60)]
    facts = facts_of(traces_of(write_video(tmp_path / "gap.mkv", frames, times=times)), "frames_missing")
    assert facts == {"count": "1", "time_s": "1.16", "frames": "3"}


def test_a_variable_rate_is_no_missing_frame(tmp_path):
    kind = CLIPS["h264_vfr"]
    codes = codes_of(traces_of(make_clip(tmp_path / "vfr.mp4", kind)))
    assert "variable_rate" in codes
    assert "frames_missing" not in codes


def test_a_frozen_picture_is_found(tmp_path):
    size = (320, 240)
    frames = [scene(n if not 30 <= n < 50 else 30, size) for n in range(70)]
    facts = facts_of(traces_of(write_video(tmp_path / "frozen.mp4", frames)), "frames_still")
    assert int(facts["longest"]) >= 15
    assert 1.1 <= float(facts["time_s"]) <= 1.5
    moving = write_video(tmp_path / "moving.mp4", [scene(n, size) for n in range(70)])
    assert "frames_still" not in codes_of(traces_of(moving))


def test_sound_that_does_not_cover_the_picture(tmp_path):
    frames = [scene(n, SMALL) for n in range(75)]
    short = traces_of(write_video(tmp_path / "short.mkv", frames, sound_s=1.5))
    assert float(facts_of(short, "sound_short")["gap_s"]) == pytest.approx(1.4, abs=0.2)
    late = traces_of(write_video(tmp_path / "late.mkv", frames, sound_s=1.9, sound_from_s=1.0))
    assert float(facts_of(late, "sound_late")["gap_s"]) == pytest.approx(1.0, abs=0.2)
    assert "sound_short" not in codes_of(late)


def encoded_twice(tmp_path, seed, first_gop=15):
    once = write_video(
        tmp_path / "once.mp4",
        [scene(n, seed=seed) for n in range(200)],
        {"crf": "27", "bf": "0", "sc_threshold": "0"},
        first_gop,
    )
    twice = write_video(tmp_path / "twice.mp4", frames_of(once), {"bf": "0", "sc_threshold": "0"}, 33)
    return once, twice


def test_the_key_frames_of_an_earlier_encoding_are_found(tmp_path):
    once, twice = encoded_twice(tmp_path, 1)
    assert find_old_gop(log_of(once)) is None
    traces = traces_of(twice)
    assert facts_of(traces, "old_gop")["period"] == "15"
    trace = next(trace for trace in traces.findings if trace.code == "old_gop")
    assert trace.weight is TraceWeight.WEAK


def random_log(rng, count, pattern):
    log = PacketLog("h264", 1, SMALL)
    for number in range(count):
        kind = pattern[number % len(pattern)]
        log.raw_pts.append(number)
        log.raw_keys.append(number % 60 == 0)
        log.raw_kinds.append(kind)
        log.raw_sizes.append(int(np.exp(rng.normal(7.0 if kind == P else 5.5, 0.2))))
    return log


def test_no_old_key_frames_in_noise_nor_in_a_pattern_of_b_frames():
    rng = np.random.default_rng(5)
    for _ in range(40):
        assert find_old_gop(random_log(rng, 300, [P])) is None
        assert find_old_gop(random_log(rng, 300, [P, B, B])) is None
    # B-frames that always take more bits at the same place of a short pattern
    log = random_log(rng, 400, [P, B, B, B])
    for number in range(2, 400, 4):
        log.raw_sizes[number] *= 3
    assert find_old_gop(log) is None


def test_a_pattern_that_was_put_in_is_found():
    rng = np.random.default_rng(6)
    log = random_log(rng, 300, [P])
    for number in range(7, 300, 25):
        log.raw_sizes[number] *= 2
    old = find_old_gop(log)
    assert old is not None
    assert old.period == 25


def test_absurd_packets_are_no_crash():
    log = PacketLog("h264", 1, (0, 0))
    assert {trace.code for trace in packet_traces(log)} == {"sound_absent"}
    for number in range(300):
        log.raw_pts.append(-(2**63) if number % 3 else 7)
        log.raw_keys.append(1)
        log.raw_kinds.append(-1)
        log.raw_sizes.append(0)
    packet_traces(log)


def test_what_is_no_video_is_refused(tmp_path):
    path = tmp_path / "text.mp4"
    path.write_text("not a video at all, whatever it is called")
    with pytest.raises(InputError):
        read_traces(path, "0" * 64)
    with pytest.raises(InputError):
        read_traces(tmp_path / "missing.mp4", "0" * 64)


def test_it_can_be_cancelled(clip):
    token = CancelToken()
    token.cancel()
    with pytest.raises(Cancelled):
        read_traces(clip, "0" * 64, cancel=token)


def test_progress_is_told(clip):
    seen = []
    read_traces(clip, "0" * 64, on_progress=seen.append)
    assert seen
    assert {progress.stage for progress in seen} == {"traces"}
