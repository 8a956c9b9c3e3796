"""`samples fetch`: public garments from a server on loopback become a catalogue of their own."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from recommender.cli.commands import serving
from recommender.cli.terminal.options import open_wiring
from recommender.cli.terminal.transfers import TransferLines, transfer
from recommender.errors import CatalogMissing
from recommender.public_garments import collection, download
from segmentation.common.taxonomy import CLOTHING_DATASET
from tests.index.feeds.loopback import Shop, open_shop, sent
from tests.recommender.cli.conftest import ROWS, Shell
from tests.recommender.garments_archive import (
    collection_of,
    entries,
    files_below,
    garments,
    tar_gz,
)

NAME = "public-garments"


@pytest.fixture
def web(monkeypatch: pytest.MonkeyPatch) -> Iterator[Shop]:
    """A server that the setting names, with a few garments; their checksum is the expected one."""
    monkeypatch.setattr(download, "WAITS_S", (0.0, 0.0))
    monkeypatch.setattr(collection, "PUBLIC", collection_of(garments()))
    monkeypatch.setenv("NO_PROXY", "*")
    with open_shop() as shop:
        shop.answers["/a.tar.gz"] = sent(tar_gz(entries(garments())))
        monkeypatch.setenv("RECOMMENDER_SAMPLES_URL", shop.url("/a.tar.gz"))
        yield shop


@pytest.fixture
def there(shell: Shell, web: Shop, monkeypatch: pytest.MonkeyPatch) -> Shell:
    """A home into which the garments were brought, and which works on them."""
    shell.ok("samples", "fetch")
    monkeypatch.setenv("RECOMMENDER_CATALOGUE", NAME)
    return shell


def test_the_garments_become_a_catalogue(shell: Shell, web: Shop) -> None:
    [value] = shell.ok("samples", "fetch")
    number = len(garments())
    assert (value["fetched"], value["added"], value["rejected"]) == (True, number, 0)
    assert value["catalogue"] == NAME and value["licence"].startswith("CC0")
    assert Path(value["folder"]) == shell.home / "samples" / NAME
    assert value["next"] == f"RECOMMENDER_CATALOGUE={NAME} recommender demo"
    assert shell.skus() == []  # the catalogue that everybody begins with is as it was
    assert not (shell.folder / "rejects.csv").exists()


def test_folders_names_become_kinds(there: Shell) -> None:
    for folder, category in CLOTHING_DATASET.items():
        listed = there.ok("catalog", "list", "--category", category.value)
        assert any(each["sku"].startswith(folder) for each in listed)
        assert all(each["category"] == category.value for each in listed)
    assert there.detector.calls == len(garments())  # each garment is found in its picture


def test_a_second_run_does_nothing(there: Shell, web: Shop) -> None:
    seen = there.encoder.pictures
    [value] = there.ok("samples", "fetch")
    assert (value["fetched"], value["added"], value["unchanged"]) == (False, 0, len(garments()))
    assert (value["generation"], web.count("/a.tar.gz")) == (1, 1)
    assert there.encoder.pictures == seen


def test_a_few_of_each_kind_and_the_rest_later(shell: Shell, web: Shop) -> None:
    [few] = shell.ok("samples", "fetch", "--limit", "1")
    assert few["added"] == len(CLOTHING_DATASET)
    [rest] = shell.ok("samples", "fetch")
    assert (rest["added"], rest["unchanged"]) == (len(garments()) - few["added"], few["added"])
    [again] = shell.ok("samples", "fetch", "--limit", "1")
    assert (again["added"], again["unchanged"]) == (0, few["added"])
    assert web.count("/a.tar.gz") == 1


def test_they_may_only_be_fetched(shell: Shell, web: Shop) -> None:
    result = shell.run("samples", "fetch", "--no-index")
    assert result.exit_code == 0, result.output
    folder = shell.home / "samples" / NAME
    assert f"catalog import {folder} --pictures garments" in result.stdout
    assert "CC0" in result.stderr and str(folder) in result.stderr
    assert files_below(folder) == set(garments())
    assert not (shell.home / "catalog.sqlite3").exists()
    assert shell.encoder.pictures == 0


def test_another_address_may_be_named(shell: Shell, web: Shop) -> None:
    web.answers["/mirror"] = web.answers.pop("/a.tar.gz")
    assert "404" in shell.refused("samples", "fetch")
    assert shell.ok("samples", "fetch", "--no-index", "--url", web.url("/mirror"))[0]["fetched"]


def test_wrong_pictures_are_refused_and_nothing_is_kept(shell: Shell, web: Shop) -> None:
    some = dict(list(garments().items())[1:])
    web.answers["/a.tar.gz"] = sent(tar_gz(entries(some)))
    result = shell.refused("samples", "fetch")
    assert "checksum" in result and "RECOMMENDER_SAMPLES_URL" in result
    assert files_below(shell.home) == set()


def test_the_demo_serves_them(there: Shell) -> None:
    wiring = open_wiring()
    serving.prepare(wiring)
    assert wiring.searcher.generation().manifest.count == len(garments())


@pytest.mark.parametrize("stocked_before", [True, False])
def test_the_boutique_is_for_the_default_catalogue_alone(
    shell: Shell, monkeypatch: pytest.MonkeyPatch, stocked_before: bool
) -> None:
    feed = shell.feed()
    feed.rename(feed.parent / "catalog.jsonl")
    monkeypatch.setattr("recommender.sample.BOUTIQUE", feed.parent)
    if stocked_before:
        serving.prepare(open_wiring())
        assert len(shell.skus()) == len(ROWS)
    monkeypatch.setenv("RECOMMENDER_CATALOGUE", NAME)
    with pytest.raises(CatalogMissing, match=NAME) as refusal:
        serving.prepare(open_wiring())
    assert "recommender samples fetch" in refusal.value.next_step
    assert "recommender catalog import" in refusal.value.next_step
    assert shell.skus() == []
    result = shell.refused("demo")
    assert "this catalogue is empty" in result


def test_lines_tell_rate_and_time_left(capsys: pytest.CaptureFixture[str]) -> None:
    now = [0.0]
    lines = TransferLines("fetching", clock=lambda: now[0])
    lines(1_000_000, 90_000_000)
    assert capsys.readouterr().err == "", "not every block is a line"
    now[0] = 6.0
    lines(12_000_000, 90_000_000)
    assert capsys.readouterr().err == "fetching 12.0 of 90.0 MB, 2.0 MB/s, 39 s left\n"
    now[0] = 12.0
    lines(24_000_000, None)
    assert capsys.readouterr().err == "fetching 24.0 MB, 2.0 MB/s\n"


def test_a_terminal_gets_a_bar(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("FORCE_COLOR", "1")
    monkeypatch.setenv("COLUMNS", "120")
    with transfer("fetching") as tell:
        tell(45_000_000, 90_000_000)
    drawn = capsys.readouterr().err
    assert "fetching" in drawn and "45.0/90.0" in drawn
    with transfer("fetching"):
        pass
    assert "fetching" not in capsys.readouterr().err
