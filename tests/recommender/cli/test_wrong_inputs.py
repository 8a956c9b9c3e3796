"""The ten wrong inputs: a clear error or an empty look with its reason, and nothing lost."""

from __future__ import annotations

import io
import json
import struct
import subprocess
import sys
import zlib
from collections.abc import Callable
from pathlib import Path

import pytest
from PIL import Image

from tests.fakes import FakeEncoder
from tests.recommender import fake_shop
from tests.recommender.cli.conftest import Shell, picture
from tests.recommender.fakes import FakeDetector

ROOT = Path(__file__).parents[3]


def huge_png() -> bytes:
    """Return a whole PNG of 20,000 x 20,000 pixels, one bit each."""

    def chunk(kind: bytes, body: bytes) -> bytes:
        return (
            struct.pack(">I", len(body)) + kind + body + struct.pack(">I", zlib.crc32(kind + body))
        )

    header = struct.pack(">IIBBBBB", 20_000, 20_000, 1, 0, 0, 0, 0)
    rows = zlib.compress(b"\0" * (2_501 * 20_000), 1)
    return (
        b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", header) + chunk(b"IDAT", rows) + chunk(b"IEND", b"")
    )


def cut_off_jpeg() -> bytes:
    buffer = io.BytesIO()
    Image.effect_noise((300, 400), 60).convert("RGB").save(buffer, "JPEG", quality=95)
    return buffer.getvalue()[: buffer.tell() // 2]


def animated_webp() -> bytes:
    buffer = io.BytesIO()
    frames = [Image.new("RGB", (40, 60), colour) for colour in ("red", "green", "blue")]
    frames[0].save(buffer, "WEBP", save_all=True, append_images=frames[1:], duration=100)
    return buffer.getvalue()


def cmyk_jpeg() -> bytes:
    buffer = io.BytesIO()
    Image.new("CMYK", (40, 60), (0, 200, 180, 10)).save(buffer, "JPEG")
    return buffer.getvalue()


def one_pixel() -> bytes:
    buffer = io.BytesIO()
    Image.new("RGB", (1, 1), "red").save(buffer, "PNG")
    return buffer.getvalue()


@pytest.mark.parametrize(
    ("name", "made", "said"),
    [
        ("empty.jpg", bytes, "the picture is empty"),
        ("text.jpg", lambda: b"This is no picture at all.", "format is not accepted"),
        ("huge.png", huge_png, "too many pixels"),
        ("cut.jpg", cut_off_jpeg, "cannot be read to its end"),
    ],
)
@pytest.mark.parametrize("command", [("segment",), ("complete",), ("similar", "--photo")])
def test_what_cannot_be_read_is_refused(
    stocked: Shell, name: str, made: Callable[[], bytes], said: str, command: tuple[str, ...]
) -> None:
    held = stocked.skus()
    assert said in stocked.refused(*command, stocked.file(name, made()))
    assert stocked.skus() == held


@pytest.mark.parametrize(
    ("name", "made"),
    [("moving.webp", animated_webp), ("print.jpg", cmyk_jpeg), ("dot.png", one_pixel)],
)
def test_what_is_odd_but_readable_is_answered(
    stocked: Shell, name: str, made: Callable[[], bytes]
) -> None:
    path = stocked.file(name, made())
    [seen] = stocked.ok("segment", path)
    assert seen["width"] >= 1
    [answer] = stocked.ok("complete", path)
    assert answer["look"]["picks"]


def test_a_photo_without_a_person_is_an_empty_look_with_its_reason(stocked: Shell) -> None:
    stocked.detector = FakeDetector()
    path = stocked.file("wall.png", fake_shop.picture((200, 200, 200), (120, 160)))
    [answer] = stocked.ok("complete", path)
    assert answer["slots"] == {} and answer["look"]["picks"] == {}
    assert answer["look"]["reason"].startswith("No garment was found")
    assert stocked.run("complete", path).exit_code == 0
    [seen] = stocked.ok("segment", path)
    assert seen["garments"] == []


@pytest.mark.parametrize(
    "words",
    [
        ("complete", "a.png"),
        ("similar", "--text", "red"),
        ("similar", "--item", "tote"),
        ("catalog", "list"),
        ("catalog", "show", "tote"),
        ("catalog", "remove", "tote"),
        ("index", "status"),
        ("index", "build"),
    ],
)
def test_a_missing_catalogue_names_the_command_that_makes_one(
    shell: Shell, words: tuple[str, ...]
) -> None:
    shell.file("a.png", picture())
    assert "recommender catalog import" in shell.refused(*words)
    assert not (shell.home / "catalog.sqlite3").exists()


def test_an_index_of_another_encoder_names_the_command_that_mends_it(stocked: Shell) -> None:
    stocked.encoder = FakeEncoder("fake-2")
    path = stocked.file("a.png", picture())
    for words in (("complete", path), ("similar", "--text", "red")):
        assert "recommender index build" in stocked.refused(*words)
    [built] = stocked.ok("index", "build")
    assert built["encoded"] == len(stocked.skus())
    assert stocked.ok("complete", path)[0]["look"]["picks"]


def test_a_photo_that_is_not_there(shell: Shell) -> None:
    assert "nowhere.jpg" in shell.refused("segment", "nowhere.jpg")
    assert "cannot be opened" in shell.refused("complete", shell.folder)


def test_too_many_bytes_are_not_read(shell: Shell, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("RECOMMENDER_MAX_UPLOAD_MB", "0.0001")
    assert "too many bytes" in shell.refused("segment", shell.file("a.png", picture()))


def test_doctor_finds_what_is_wrong_and_how_to_mend_it(shell: Shell) -> None:
    result = shell.run("doctor", "--json")
    assert result.exit_code == 1
    report = json.loads(result.stdout)
    wrong = {check["name"]: check for check in report["checks"] if not check["ok"]}
    assert report["ok"] is False and {"database", "index"} <= set(wrong)
    assert all(check["mend"] for check in wrong.values())
    assert "WRONG" in shell.run("doctor").stdout


def test_the_doctors_look_at_the_schema_prints_nothing(stocked: Shell) -> None:
    code = (
        "import migrations; from index.database.database import open_database; "
        f"migrations.check(open_database('sqlite:///{stocked.home}/catalog.sqlite3').engine)"
    )
    found = subprocess.run(
        [sys.executable, "-c", code], capture_output=True, text=True, check=True, cwd=ROOT
    )
    assert found.stdout == ""


def test_doctor_sees_the_parts_that_are_well(stocked: Shell) -> None:
    report = json.loads(stocked.run("doctor", "--json").stdout)
    well = {check["name"]: check["found"] for check in report["checks"] if check["ok"]}
    assert {"vector library", "settings", "encoder", "database", "index", "scorer"} <= set(well)
    assert well["index"].startswith("generation 1, 8 vectors")
