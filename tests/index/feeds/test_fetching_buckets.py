"""Pictures from s3 and gs, on fsspec's own file systems in memory: no cloud is asked."""

from __future__ import annotations

import builtins
import hashlib
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path
from typing import Any

import fsspec
import pytest

from index.errors import FeedError
from index.feeds.fetching.answers import AddressRefused, FetchFailed
from index.feeds.fetching.fetcher import RemoteFetcher
from index.feeds.fetching.rules import FetchRules
from index.feeds.fetching.web import FetchLimits

PICTURE = b"picture" * 10
DIGEST = hashlib.sha256(PICTURE).hexdigest()


class Counted:
    """A file system in memory, as fsspec has it, that counts what is opened."""

    def __init__(self) -> None:
        self.files: Any = fsspec.filesystem("memory")
        self.opened: list[str] = []

    def ukey(self, path: str) -> str:
        return str(self.files.ukey(path))

    def open(self, path: str, mode: str) -> Any:
        self.opened.append(path)
        return self.files.open(path, mode)


@pytest.fixture
def bucket() -> Iterator[Counted]:
    counted = Counted()
    counted.files.pipe("/pictures/a b.jpg", PICTURE)
    yield counted
    counted.files.rm("/pictures", recursive=True)


def _fetcher(home: Path, bucket: Counted) -> closing[RemoteFetcher]:
    rules = FetchRules.of(["s3://pictures", "gs"])
    limits = FetchLimits(max_bytes=1000)
    return closing(RemoteFetcher(home, rules, limits=limits, opener=lambda _scheme: bucket))


@pytest.mark.parametrize("address", ["s3://pictures/a b.jpg", "gs://pictures/a%20b.jpg"])
def test_a_key_is_read_once_and_not_again_while_unchanged(
    tmp_path: Path, bucket: Counted, address: str
) -> None:
    with _fetcher(tmp_path, bucket) as fetcher:
        picture = fetcher.picture(address)
        assert (picture.digest(), picture.read()) == (DIGEST, PICTURE)
    assert bucket.opened == ["pictures/a b.jpg"]
    with _fetcher(tmp_path, bucket) as fetcher:
        assert fetcher.picture(address).digest() == DIGEST
    assert len(bucket.opened) == 1
    bucket.files.pipe("/pictures/a b.jpg", b"other")
    with _fetcher(tmp_path, bucket) as fetcher:
        assert fetcher.picture(address).digest() == hashlib.sha256(b"other").hexdigest()
    assert len(bucket.opened) == 2


@pytest.mark.parametrize("key", ["missing.jpg", "", "../secret", "a/../../b"])
def test_a_key_that_is_not_there_is_told(tmp_path: Path, bucket: Counted, key: str) -> None:
    with (
        _fetcher(tmp_path, bucket) as fetcher,
        pytest.raises((FetchFailed, AddressRefused), match="picture"),
    ):
        fetcher.picture(f"s3://pictures/{key}").read()


def test_an_object_past_the_cap_is_refused(tmp_path: Path, bucket: Counted) -> None:
    bucket.files.pipe("/pictures/large.jpg", bytes(1001))
    with _fetcher(tmp_path, bucket) as fetcher, pytest.raises(FetchFailed, match="1000 bytes"):
        fetcher.picture("s3://pictures/large.jpg").digest()
    assert bucket.opened == ["pictures/large.jpg"]


def test_another_bucket_is_not_read(tmp_path: Path, bucket: Counted) -> None:
    with _fetcher(tmp_path, bucket) as fetcher, pytest.raises(AddressRefused, match="may not"):
        fetcher.picture("s3://others/a.jpg")


@pytest.mark.parametrize(("scheme", "package"), [("s3", "s3fs"), ("gs", "gcsfs")])
def test_a_missing_package_is_named_with_the_extra(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, scheme: str, package: str
) -> None:
    real = builtins.__import__

    def without(name: str, *rest: Any, **options: Any) -> Any:
        if name.partition(".")[0] in ("s3fs", "gcsfs"):
            raise ImportError(f"No module named {name!r}")
        return real(name, *rest, **options)

    monkeypatch.setattr(builtins, "__import__", without)
    with (
        closing(RemoteFetcher(tmp_path, FetchRules.of([scheme]))) as fetcher,
        pytest.raises(FeedError, match=rf"{package}.*complete-the-look\[remote\]"),
    ):
        fetcher.picture(f"{scheme}://pictures/a.jpg").digest()
