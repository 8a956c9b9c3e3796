"""What `make bench-load` asks and tells; how long anything takes is not tested here."""

from __future__ import annotations

import zipfile
from collections.abc import Iterator
from pathlib import Path

import httpx
import pytest
from rich.console import Console

from recommender.api.app import create_app
from recommender.bench import load as bench
from recommender.bench.load import Load, Spell, measured, record, table, timed, zipped
from recommender.client import Client
from tests.recommender.fake_shop import FakeShop, open_shop, picture
from tests.ui.fake_api import transport_to


@pytest.fixture
def shop(tmp_path: Path) -> Iterator[FakeShop]:
    shop = open_shop(tmp_path / "home")
    yield shop
    shop.imports.close()


def feed(folder: Path, pictures: int) -> bytes:
    for number in range(pictures):
        path = folder / "pictures" / "dress" / f"{number}.jpg"
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(picture((number, 60, 90), (40, 60), "JPEG"))
    return zipped(folder / "pictures", folder / "load.zip")


def client_of(shop: FakeShop) -> Client:
    app = create_app(shop, outfits={}, warm=False)
    return Client.over(httpx.Client(transport=transport_to(app), base_url="http://shop"))


def test_it_is_measured_at_rest_beside_an_import_and_at_rest_again(
    shop: FakeShop, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(bench, "WARM_UP", 3)
    found = measured(client_of(shop), feed(tmp_path, 250), 0.3)
    assert all(len(each.ms) >= 3 for each in (found.before, found.during, found.after))
    [job] = shop.imports.jobs()
    assert job.ended, "the import was waited for, or stopped"
    answer = record(found)
    assert answer["idle_lookups"] == len(found.before.ms) + len(found.after.ms)
    assert answer["ratio"] > 0


def test_an_import_that_is_refused_is_no_figure(
    shop: FakeShop, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(bench, "WARM_UP", 0)
    (tmp_path / "empty.zip").write_bytes(b"")
    with zipfile.ZipFile(tmp_path / "empty.zip", "w") as packed:
        packed.writestr("notes.txt", "no feed")
    with pytest.raises(RuntimeError, match="went no further"):
        measured(client_of(shop), (tmp_path / "empty.zip").read_bytes(), 0.05)


def test_the_table_tells_whether_the_import_is_felt() -> None:
    load = Load(Spell("at rest", (1.0, 3.0)), Spell("beside", (4.0, 4.0)), Spell("again", (2.0,)))
    assert load.ratio == pytest.approx(4.0 / 2.9)
    console = Console(width=100, record=True)
    console.print(table(load))
    text = " ".join(console.export_text().split())
    assert "1.38 times as long (asked 1.5: met)" in text and "beside" in text


def test_questions_are_asked_in_turn_as_long_as_it_goes_on() -> None:
    asked: list[tuple[str, int]] = []
    asks = [lambda n: asked.append(("a", n)), lambda n: asked.append(("b", n))]
    left = iter([True, True, True, False])
    spell = timed("x", asks, lambda: next(left))
    assert asked == [("a", 0), ("b", 1), ("a", 2)] and len(spell.ms) == 3
