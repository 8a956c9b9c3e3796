"""The public garments, from a server on loopback: whole, or not at all and with a reason."""

from __future__ import annotations

import gzip
import hashlib
import io
import os
import resource
import tarfile
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler
from pathlib import Path

import pytest

from index.errors import CatalogError
from recommender.public_garments import archive, download, fetching
from recommender.public_garments.collection import PUBLIC, Collection, checksum, sums_in
from recommender.public_garments.errors import SamplesError
from recommender.public_garments.fetching import fetch, few_of
from tests.index.feeds.loopback import Answer, Shop, moved, open_shop, sent
from tests.recommender.garments_archive import (
    EACH,
    PACKERS,
    ROOT,
    collection_of,
    drawn,
    entries,
    files_below,
    garments,
    member,
    name,
    tar_gz,
    zipped,
)

SHARED = Path(__file__).parents[3] / "shared" / "data" / "clothing-dataset-small"


@dataclass
class Desk:
    """Fetches a small collection from a server on loopback."""

    web: Shop
    home: Path
    pictures: dict[str, bytes] = field(default_factory=garments)

    @property
    def collection(self) -> Collection:
        return collection_of(self.pictures)

    @property
    def folder(self) -> Path:
        return self.collection.folder(self.home)

    def run(self, path: str = "/a") -> fetching.Fetched:
        return fetch(self.collection, self.home, self.web.url(path))

    def refused(self, data: bytes | Answer, path: str = "/a") -> str:
        """Return why an answer is refused; nothing may be left of it."""
        before = files_below(self.home) if self.home.exists() else set()
        self.web.answers[path] = sent(data) if isinstance(data, bytes) else data
        with pytest.raises(SamplesError) as refusal:
            self.run(path)
        assert files_below(self.home) == before
        value = refusal.value
        assert value.expected and value.next_step
        return f"{value.what}: {value.got}"


@pytest.fixture(autouse=True)
def _no_waiting(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(download, "WAITS_S", (0.0, 0.0))
    monkeypatch.setenv("NO_PROXY", "*")


@pytest.fixture
def desk(tmp_path: Path) -> Iterator[Desk]:
    with open_shop() as web:
        yield Desk(web, tmp_path / "home")


@pytest.mark.parametrize("kind", PACKERS)
def test_just_the_training_pictures_are_kept(desk: Desk, kind: str) -> None:
    desk.web.answers["/a"] = sent(PACKERS[kind](entries(desk.pictures)))
    found = desk.run()
    assert found.anew and found.folder == desk.home / "samples" / "public-garments"
    assert {p: (found.folder / p).read_bytes() for p in files_below(found.folder)} == desk.pictures
    assert files_below(desk.home) == {f"samples/public-garments/{p}" for p in desk.pictures}


def test_what_is_there_is_not_fetched_again(desk: Desk) -> None:
    desk.web.answers["/a"] = sent(tar_gz(entries(desk.pictures)))
    desk.run()
    assert not desk.run().anew
    assert desk.web.count("/a") == 1


@pytest.mark.parametrize("damage", ["changed", "missing", "more"])
def test_what_is_damaged_is_fetched_again(desk: Desk, damage: str) -> None:
    desk.web.answers["/a"] = sent(tar_gz(entries(desk.pictures)))
    first = next(iter(desk.pictures))
    desk.run()
    if damage == "changed":
        (desk.folder / first).write_bytes(b"other")
    elif damage == "missing":
        (desk.folder / first).unlink()
    else:
        (desk.folder / "dress" / name(700)).write_bytes(drawn(700))
    assert desk.run().anew
    assert files_below(desk.home) == {f"samples/public-garments/{p}" for p in desk.pictures}


def test_a_redirect_is_followed(desk: Desk) -> None:
    desk.web.answers["/b"] = sent(tar_gz(entries(desk.pictures)))
    desk.web.answers["/a"] = moved(desk.web.url("/b"))
    assert desk.run().anew
    assert (desk.web.count("/a"), desk.web.count("/b")) == (1, 1)


def test_a_redirect_that_leads_nowhere_is_refused(desk: Desk) -> None:
    assert "redirects" in desk.refused(moved(desk.web.url("/a")))
    assert "cannot be fetched" in desk.refused(moved("file:///etc/passwd"), "/b")


@pytest.mark.parametrize("url", ["", "file:///etc/passwd", "ftp://h/a.zip", "a.zip", "https://"])
def test_only_addresses_on_the_web_are_asked(desk: Desk, url: str) -> None:
    with pytest.raises(SamplesError, match="cannot be fetched"):
        fetch(desk.collection, desk.home, url)


@pytest.mark.parametrize("status", [401, 404, 410])
def test_what_is_not_there_is_not_asked_for_again(desk: Desk, status: int) -> None:
    assert str(status) in desk.refused(sent(b"no", status))
    assert desk.web.count("/a") == 1


def test_a_server_that_is_busy_is_asked_again(desk: Desk) -> None:
    data = tar_gz(entries(desk.pictures))
    answers = [sent(b"", 503), sent(data, content_length=str(len(data) + 1)), sent(data)]
    desk.web.answers["/a"] = lambda handler: answers[desk.web.count("/a") - 1](handler)
    assert desk.run().anew
    assert desk.web.count("/a") == 3


def test_a_server_that_stays_busy_is_given_up(desk: Desk) -> None:
    assert "503" in desk.refused(sent(b"", 503))
    assert desk.web.count("/a") == 3
    assert "429" in desk.refused(sent(b"", 429, retry_after="3600"), "/b")
    assert desk.web.count("/b") == 1  # an hour is more patience than anybody has


def test_a_server_says_how_long_to_wait(desk: Desk, tmp_path: Path) -> None:
    desk.web.answers["/a"] = sent(b"", 503, retry_after="7")
    waited: list[float] = []
    with pytest.raises(SamplesError):
        download.download(desk.web.url("/a"), tmp_path / "file", sleep=waited.append)
    assert waited == [7.0, 7.0]


def test_a_download_that_is_cut_off_is_refused(desk: Desk) -> None:
    data = tar_gz(entries(desk.pictures))
    cut = desk.refused(sent(data[: len(data) // 2], content_length=str(len(data))))
    assert "cannot be fetched" in cut
    assert desk.web.count("/a") == 3


@pytest.mark.parametrize("kind", PACKERS)
@pytest.mark.parametrize("share", [0.02, 0.5, 0.99])
def test_an_archive_that_is_cut_off_is_refused(desk: Desk, kind: str, share: float) -> None:
    data = PACKERS[kind](entries(desk.pictures))
    result = desk.refused(data[: int(len(data) * share)])
    assert "cannot be used" in result or "does not hold" in result


def test_without_a_network_there_is_a_reason(desk: Desk) -> None:
    url = f"http://127.0.0.1:{free_port()}/a.tar.gz?token=secret"
    with pytest.raises(SamplesError) as refusal:
        fetch(desk.collection, desk.home, url)
    assert "refused" in refusal.value.got and "secret" not in str(refusal.value)
    assert "network" in refusal.value.next_step
    assert files_below(desk.home) == set()


def free_port() -> int:
    with open_shop() as web:
        return web.port


@pytest.mark.parametrize("change", ["one byte", "one less", "one more", "other place"])
def test_other_pictures_are_refused(desk: Desk, change: str) -> None:
    other = dict(desk.pictures)
    first = next(iter(other))
    if change == "one byte":
        other[first] = other[first][:-1] + b"\0"
    elif change == "one less":
        del other[first]
    elif change == "one more":
        other[f"dress/{name(800)}"] = drawn(800)
    else:
        other[f"hat/{name(801)}"] = other.pop(first)
    result = desk.refused(tar_gz(entries(other)))
    assert checksum(collection_sums(other)) in result
    assert f"{len(other)} pictures" in result


def collection_sums(pictures: dict[str, bytes]) -> dict[str, str]:
    return {path: hashlib.sha256(data).hexdigest() for path, data in pictures.items()}


@pytest.mark.parametrize(
    "data", [b"", b"<html>Sign in to this network</html>", b"\x1f\x8b", b"PK\x03\x04", b"BZh9"]
)
def test_what_is_no_archive_is_refused(desk: Desk, data: bytes) -> None:
    assert "cannot be used" in desk.refused(data)


HOSTILE = {
    "a name that climbs": member("../outside.jpg"),
    "a name that climbs further in": member(f"{ROOT}/train/dress/../../../../outside.jpg"),
    "an absolute name": member("/tmp/outside.jpg"),
    "a drive": member("C:/outside.jpg"),
    "a link out": member(f"{ROOT}/train/dress/{name(1)}", tarfile.SYMTYPE, "/etc/passwd"),
    "a link in": member(f"{ROOT}/train/hat", tarfile.SYMTYPE, "dress"),
    "a hard link": member(f"{ROOT}/train/dress/{name(1)}", tarfile.LNKTYPE, "/etc/passwd"),
    "a device": member(f"{ROOT}/train/dress/{name(1)}", tarfile.CHRTYPE),
    "a pipe": member(f"{ROOT}/pipe", tarfile.FIFOTYPE),
}


@pytest.mark.parametrize("entry", HOSTILE.values(), ids=HOSTILE)
def test_a_hostile_tar_is_refused_whole(desk: Desk, tmp_path: Path, entry: tarfile.TarInfo) -> None:
    data = tar_gz(entries(desk.pictures), [entry])
    assert entry.name[:40] in desk.refused(data)
    assert not list(tmp_path.rglob("outside*")) and not Path("/tmp/outside.jpg").exists()
    desk.web.answers["/a"] = sent(tar_gz(entries(desk.pictures)))
    assert desk.run().anew  # without the entry it is taken


@pytest.mark.parametrize("path", ["../outside.jpg", "/tmp/outside.jpg", "a\\..\\..\\outside.jpg"])
def test_a_zip_with_names_that_lead_elsewhere_is_refused(
    desk: Desk, tmp_path: Path, path: str
) -> None:
    assert "elsewhere" in desk.refused(zipped({**entries(desk.pictures), path: b"x"}))
    assert not list(tmp_path.rglob("outside*"))


def test_a_zip_with_a_link_is_refused(desk: Desk) -> None:
    links = {f"{ROOT}/train/dress/{name(1)}": "/etc/passwd"}
    assert "neither" in desk.refused(zipped(entries(desk.pictures), links))


def test_the_same_picture_twice_is_refused(desk: Desk) -> None:
    first = next(iter(desk.pictures))
    again = member(f"{ROOT}/train/{first}", size=10)
    assert "twice" in desk.refused(tar_gz(entries(desk.pictures), [again]))


@pytest.mark.parametrize("kind", PACKERS)
def test_bombs_are_not_unpacked(desk: Desk, kind: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(archive, "MAX_UNPACKED_BYTES", 2_000_000)
    bomb = {**entries(desk.pictures), f"{ROOT}/test/zeros": bytes(3_000_000)}
    data = PACKERS[kind](bomb)
    assert len(data) < 200_000
    assert "unpacked" in desk.refused(data)
    for limit, value, reason in (("FILE_BYTES", 100, "of 0 MB"), ("ENTRIES", 10, "10 entries")):
        with monkeypatch.context() as patched:
            patched.setattr(archive, f"MAX_{limit}", value)
            assert reason in desk.refused(PACKERS[kind](entries(desk.pictures)))


def test_headers_that_lie_unpack_no_more_than_the_limit(
    desk: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(archive, "MAX_UNPACKED_BYTES", 2_000_000)
    monkeypatch.setattr(archive, "MAX_ENTRIES", 100)
    header = member("long", tarfile.GNUTYPE_LONGNAME, size=40_000_000)  # a name of 40 MB
    data = gzip.compress(header.tobuf(tarfile.GNU_FORMAT) + bytes(40_000_000))
    assert "unpacked" in desk.refused(data)


def test_more_than_the_limit_is_not_downloaded(
    desk: Desk, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    target, parts = tmp_path / "file", []
    desk.web.answers["/said"] = sent(bytes(100_001))
    desk.web.answers["/unsaid"] = unsaid(bytes(5_000_000))
    for path in ("/said", "/unsaid"):
        with pytest.raises(SamplesError, match="too large"):
            download.download(
                desk.web.url(path),
                target,
                max_bytes=100_000,
                report=lambda done, total: parts.append((done, total)),
            )
        assert desk.web.count(path) == 1
    assert target.stat().st_size <= 100_000
    assert all(total is None for _, total in parts)  # the first was refused by its length alone


def unsaid(data: bytes) -> Answer:
    """Return an answer whose length is not told beforehand, as an archive made on request is."""

    def answer(handler: BaseHTTPRequestHandler) -> None:
        handler.send_response(200)
        handler.end_headers()
        handler.wfile.write(data)

    return answer


def test_progress_is_told_in_bytes(desk: Desk) -> None:
    data = tar_gz(entries(desk.pictures))
    parts: list[tuple[int, int | None]] = []
    desk.web.answers["/a"], desk.web.answers["/b"] = sent(data), unsaid(data)
    fetch(desk.collection, desk.home, desk.web.url("/a"), lambda *of: parts.append(of))
    whole: tuple[int, int | None] = (len(data), len(data))
    assert parts[-1] == whole
    desk.folder.rename(desk.home / "away")
    fetch(desk.collection, desk.home, desk.web.url("/b"), lambda *of: parts.append(of))
    untold: tuple[int, int | None] = (len(data), None)
    assert parts[-1] == untold


@pytest.mark.parametrize("at", ["download", "unpacking"])
def test_a_full_disk_is_told_and_leaves_nothing(desk: Desk, at: str) -> None:
    """Files may not grow beyond a limit: what a full disk does, at a place of our choosing."""
    if at == "unpacking":
        desk.pictures = {path: bytes(300_000) for path in desk.pictures}  # packs well
    data = tar_gz(entries(desk.pictures))
    limit = len(data) // 2 if at == "download" else 100_000
    assert (len(data) > limit) == (at == "download")
    desk.web.answers["/a"] = sent(data)
    before = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (limit, before[1]))
    try:
        with pytest.raises(CatalogError, match="cannot be written") as refusal:
            desk.run()
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, before)
    assert "File too large" in refusal.value.got
    assert ("archive)" in refusal.value.got) == (at == "download")
    assert files_below(desk.home) == set()
    assert desk.run().anew  # with room it is taken


def test_a_killed_runs_leavings_go_and_a_running_ones_stay(desk: Desk) -> None:
    root = desk.home / "samples"
    old, new = root / ".fetching-old", root / ".fetching-new"
    for each in (old, new):
        each.mkdir(parents=True)
        (each / "archive").write_bytes(b"half")
    long_ago = time.time() - 2 * 24 * 3600
    os.utime(old, (long_ago, long_ago))
    desk.web.answers["/a"] = sent(tar_gz(entries(desk.pictures)))
    desk.run()
    assert not old.exists() and new.exists()


def test_an_interrupted_run_leaves_nothing(desk: Desk) -> None:
    desk.web.answers["/a"] = sent(tar_gz(entries(desk.pictures)))
    asked: list[int] = []

    def interrupt(done: int, _total: int | None) -> None:
        asked.append(done)
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        fetch(desk.collection, desk.home, desk.web.url("/a"), interrupt)
    assert asked and files_below(desk.home) == set()


@pytest.mark.parametrize("linked", [True, False])
def test_a_few_of_each_kind(desk: Desk, linked: bool, monkeypatch: pytest.MonkeyPatch) -> None:
    desk.web.answers["/a"] = sent(zipped(entries(desk.pictures)))
    folder = desk.run().folder
    if not linked:
        monkeypatch.setattr(os, "link", refuse_to_link)
    with few_of(folder, 2) as few:
        found = files_below(few)
        assert len(found) == 2 * len(PUBLIC.kinds) and found < set(desk.pictures)
        assert all((few / path).read_bytes() == desk.pictures[path] for path in found)
        assert found == {
            path
            for path in desk.pictures
            if sorted(p for p in desk.pictures if p.split("/")[0] == path.split("/")[0]).index(path)
            < 2
        }
    assert not few.exists() and sums_in(folder) == collection_sums(desk.pictures)
    with few_of(folder, 100) as all_of_them:
        assert len(files_below(all_of_them)) == EACH * len(PUBLIC.kinds)


def refuse_to_link(*_paths: object) -> None:
    raise OSError("this disk knows no links")


def test_the_checksum_is_of_paths_and_contents_and_of_no_order() -> None:
    sums = {"b/2.jpg": "00", "a/1.jpg": "ff"}
    assert checksum(sums) == checksum(dict(sorted(sums.items())))
    others: list[Callable[[], dict[str, str]]] = [
        lambda: {"b/2.jpg": "ff", "a/1.jpg": "00"},
        lambda: {"b/2.jpg": "00"},
        lambda: {"b/3.jpg": "00", "a/1.jpg": "ff"},
    ]
    assert all(checksum(other()) != checksum(sums) for other in others)


def test_a_tar_of_any_age_is_read(desk: Desk) -> None:
    for form in (tarfile.USTAR_FORMAT, tarfile.GNU_FORMAT, tarfile.PAX_FORMAT):
        buffer = io.BytesIO()
        with tarfile.open(fileobj=buffer, mode="w:gz", format=form) as packed:
            for path, data in entries(desk.pictures).items():
                packed.addfile(member(path, size=len(data)), io.BytesIO(data))
        target = desk.home / str(form)
        target.mkdir(parents=True)
        (target / "archive").write_bytes(buffer.getvalue())
        sums = archive.unpack(target / "archive", target / "out", desk.collection)
        assert desk.collection.is_whole(sums)


@pytest.mark.shared_data
@pytest.mark.skipif(not SHARED.is_dir(), reason="../shared/data is not here")
def test_the_committed_checksum_is_that_of_the_real_garments() -> None:
    sums = sums_in(SHARED)
    assert PUBLIC.is_whole(sums)
    assert all(PUBLIC.path_of(f"{ROOT}/train/{path}") == path for path in sums)
