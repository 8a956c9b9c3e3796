"""What the real server leaves of a photo: nothing, on the disk and in what it says."""

from __future__ import annotations

import hashlib
import secrets
import shutil
import time
from collections.abc import Iterator
from pathlib import Path

import httpx
import pytest
from PIL import Image

from tests.recommender.serving import Running, api, outfit


def marked() -> tuple[bytes, bytes]:
    """Return a photo, and the words that its EXIF carries."""
    marker = f"PRIVACY-MARKER-{secrets.token_hex(12)}"
    exif = Image.Exif()
    exif[0x010E] = marker
    return outfit(secrets.randbelow(3), exif=exif, quality=90), marker.encode()


def traces(photo: bytes, marker: bytes) -> dict[str, bytes]:
    """Return what would betray a photo, by name; its first bytes are those of its pixels."""
    found = {"marker": marker, "first KB": photo[:1024], "pixels": photo[-2048:-1024]}
    for name in ("sha256", "md5", "sha1"):
        digest = hashlib.new(name, photo)
        found |= {f"{name} hex": digest.hexdigest().encode(), f"{name} raw": digest.digest()}
    return found


def found_in(folder: Path, wanted: dict[str, bytes]) -> set[tuple[str, str]]:
    """Return which file below a folder holds which trace, in its bytes or in its name."""
    found = set()
    for file in folder.rglob("*"):
        data = file.name.encode() + (file.read_bytes() if file.is_file() else b"")
        found |= {(file.name, name) for name, trace in wanted.items() if trace in data}
        found |= {
            (file.name, name)
            for name, trace in wanted.items()
            if name.endswith("hex") and trace[:16] in data.lower()
        }
    return found


@pytest.fixture(scope="module")
def place(boutique: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return a folder with a home; all that the server can write lies below it."""
    place = tmp_path_factory.mktemp("server")
    shutil.copytree(boutique, place / "home")
    (place / "temporary").mkdir()
    return place


@pytest.fixture(scope="module")
def server(place: Path) -> Iterator[Running]:
    settings = {
        "RECOMMENDER_PHOTO_MINUTES": "0.05",
        "RECOMMENDER_LOG": "json",
        "TMPDIR": str(place / "temporary"),
        "HOME": str(place),
        "XDG_CACHE_HOME": str(place / "cache"),
    }
    with api(place / "home", place / "log", settings) as running:
        yield running


def test_nothing_is_left_of_a_photo(server: Running, place: Path) -> None:
    photo, marker = marked()
    assert marker in photo
    wanted = traces(photo, marker)
    with httpx.Client(base_url=server.address, timeout=60) as client:

        def send(path: str) -> httpx.Response:
            return client.post(path, files={"photo": (f"{marker.decode()}.jpg", photo)})

        for path in ("/v1/garments", "/v1/complete", "/v1/similar"):
            answer = send(path)
            assert answer.status_code == 200, answer.text
            assert marker.decode() not in answer.text
        deleted = send("/v1/photos").json()["id"]
        assert client.delete(f"/v1/photos/{deleted}").json() == {"deleted": True}
        assert client.get(f"/v1/photos/{deleted}").status_code == 404
        left = send("/v1/photos").json()["id"]
        # a photo that is refused leaves as little
        assert client.post("/v1/garments", files={"photo": photo[:-3000]}).status_code == 422
        time.sleep(3.5)
        assert client.get(f"/v1/photos/{left}").status_code == 404
    wanted |= {"id deleted": deleted.encode(), "id left": left.encode()}
    looked_at = {file.name for file in place.rglob("*") if file.is_file()}
    assert {"catalog.sqlite3", "log"} <= looked_at
    assert found_in(place, wanted) == set()


@pytest.mark.parametrize("trace", sorted(traces(b"p" * 4096, b"m")))
def test_a_planted_copy_would_be_found(tmp_path: Path, trace: str) -> None:
    photo, marker = marked()
    wanted = traces(photo, marker)
    (tmp_path / "deep").mkdir()
    planted = tmp_path / "deep" / "spool"
    planted.write_bytes(b"before" + wanted[trace] + b"after")
    assert (planted.name, trace) in found_in(tmp_path, wanted)
    planted.unlink()
    assert found_in(tmp_path, wanted) == set()


def test_a_spooled_upload_would_be_found(tmp_path: Path) -> None:
    photo, marker = marked()
    (tmp_path / "upload").write_bytes(photo)
    names = {name for _, name in found_in(tmp_path, traces(photo, marker))}
    assert {"marker", "first KB", "pixels"} <= names
