"""Several catalogues in one home: one database and one store of pictures, an index for each."""

from __future__ import annotations

import os
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

from index.catalogue.catalog import Catalog, shown
from index.catalogue.writing import CatalogWriter
from index.errors import IndexMismatch
from index.files.images import ImageStore
from index.generations.generations import Generations
from index.generations.inspection import Inspection, inspect
from index.generations.status import status
from index.importing.reports import ImportOptions, ImportReport
from index.search import Searcher
from tests.index.conftest import Shop, colour_of, picture

OTHER = "other-shop"
HOUR_S = 3600


@dataclass
class Branch:
    """One catalogue of a shop that has several."""

    shop: Shop
    name: str

    def run(self, *rows: dict[str, Any], **options: Any) -> ImportReport:
        """Import a feed of these rows."""
        self.shop.write(*rows)
        indexer = self.shop.indexer(catalogue=self.name)
        return indexer.import_feed(self.shop.feed, ImportOptions(**options))

    @property
    def generations(self) -> Generations:
        return self.shop.indexer(catalogue=self.name).generations

    def skus(self) -> list[str]:
        with self.shop.database.reading() as session:
            return list(Catalog(session, self.name).skus())

    def images(self) -> set[str]:
        with self.shop.database.reading() as session:
            return Catalog(session, self.name).images()

    def nearest(self, number: int, k: int = 9) -> list[str]:
        """Return what is nearest to the picture of a row."""
        encoder = self.shop.encoder
        searcher = Searcher(
            self.shop.database,
            self.generations,
            self.shop.engine,
            fingerprint=encoder.fingerprint,
            dim=encoder.dim,
            catalogue=self.name,
        )
        return [hit.item.sku for hit in searcher.nearest(self.shop.query(number), k)]

    def verified(self) -> Inspection:
        store = ImageStore(self.shop.home / "images")
        return inspect(
            self.shop.database,
            self.generations,
            store,
            self.shop.engine,
            catalogue=self.name,
            contents=True,
        )

    def files(self) -> dict[str, bytes]:
        """Return the index byte for byte."""
        root = self.generations.root
        found = (path for path in root.rglob("*") if path.is_file())
        return {str(path.relative_to(root)): path.read_bytes() for path in found}


@pytest.fixture
def first(shop: Shop) -> Branch:
    made = Branch(shop, "default")
    made.run(shop.row(1), shop.row(2))
    return made


@pytest.fixture
def second(shop: Shop, first: Branch) -> Branch:
    """A branch that shows one picture of the first's, under another sku."""
    made = Branch(shop, OTHER)
    same = {**shop.row(2), "sku": "twin"}
    made.run(same, shop.row(3))
    return made


def test_the_first_index_lies_where_it_always_lay(tmp_path: Path) -> None:
    assert Generations.of(tmp_path).root == tmp_path / "index"
    assert Generations.of(tmp_path, OTHER).root == tmp_path / "catalogues" / OTHER / "index"


def test_catalogues_do_not_see_each_others_items(first: Branch, second: Branch) -> None:
    assert (first.skus(), second.skus()) == (["s1", "s2"], ["s3", "twin"])
    assert set(first.nearest(3)) == {"s1", "s2"}
    assert set(second.nearest(1)) == {"s3", "twin"}
    assert len(first.images() & second.images()) == 1  # the picture that both show
    with first.shop.database.reading() as session:
        assert shown(session) == first.images() | second.images()
    assert first.shop.encoder.pictures == 3  # which was encoded once


def test_one_sku_may_be_two_shops(shop: Shop, first: Branch) -> None:
    second = Branch(shop, OTHER)
    second.run({**shop.row(1), "title": "Their own"})
    with shop.database.reading() as session:
        titles = [Catalog(session, each).get("s1").title for each in ("default", OTHER)]
    assert titles == ["Thing 1", "Their own"]
    shop.indexer(catalogue=OTHER).remove(["s1"])
    assert (first.skus(), second.skus()) == (["s1", "s2"], [])
    assert first.verified().trouble is None


@pytest.mark.parametrize("change", ["removed", "missing", "repictured"])
def test_what_one_gives_up_the_other_keeps(
    first: Branch, second: Branch, shop: Shop, change: str
) -> None:
    before, kept = first.files(), first.images()
    own = second.images() - kept
    if change == "removed":
        shop.indexer(catalogue=OTHER).remove(["twin", "s3", "s1"])  # s1 is not theirs
    elif change == "missing":
        second.run(shop.row(4), remove_missing=True, confirmed=True)
    else:
        (shop.source / "p2.png").write_bytes(picture(colour_of(9)))
        (shop.source / "p3.png").write_bytes(picture(colour_of(8)))
        rows = [{"sku": "twin", "image": "p2.png"}, {"sku": "s3", "image": "p3.png"}]
        second.run(*({"title": "t", "category": "dress", **row} for row in rows))
    left = set(shop.pictures())
    assert own and not own & left  # what nobody shows any more is gone
    assert kept <= left
    assert (first.files(), first.skus()) == (before, ["s1", "s2"])
    assert first.verified().trouble is None
    assert set(first.nearest(1)) == {"s1", "s2"}


def test_a_sweep_leaves_what_any_catalogue_shows(first: Branch, second: Branch, shop: Shop) -> None:
    store = ImageStore(shop.home / "images")
    stray = f"ab/ab{'0' * 62}.png"
    store.path_of(stray).parent.mkdir(exist_ok=True)
    store.path_of(stray).write_bytes(picture((1, 2, 3)))
    for name in store.names():
        st_mtime = store.path_of(name).stat().st_mtime - 2 * HOUR_S
        os.utime(store.path_of(name), (st_mtime, st_mtime))
    shop.indexer(catalogue=OTHER).rebuild()
    assert not store.holds(stray)
    assert set(store.names()) == first.images() | second.images()
    assert first.verified().trouble is None and second.verified().trouble is None


def test_each_goes_back_by_itself(first: Branch, second: Branch, shop: Shop) -> None:
    second.run(shop.row(5))
    assert (first.generations.numbers(), second.generations.numbers()) == ([1], [1, 2])
    before = first.files()
    assert shop.rollback(catalogue=OTHER).number == 1
    assert second.generations.current().manifest.count == 2
    assert first.files() == before
    assert second.verified().missing == 1


def test_verifying_one_looks_at_its_own_pictures(first: Branch, second: Branch, shop: Shop) -> None:
    [theirs] = second.images() - first.images()
    ImageStore(shop.home / "images").path_of(theirs).unlink()
    assert (first.verified().lost, first.verified().pictures) == ((), 2)
    assert second.verified().lost == (theirs,)


def test_an_index_in_anothers_place_is_told(first: Branch, second: Branch) -> None:
    second.generations.root.rename(second.generations.root.parent / "away")
    first.generations.root.rename(second.generations.root)
    with pytest.raises(IndexMismatch, match="default"):
        second.verified()


def test_the_state_of_one_is_not_the_others(first: Branch, second: Branch, shop: Shop) -> None:
    with shop.database.writing() as session:
        CatalogWriter(session, OTHER).remove(["twin"])
    encoder = shop.encoder
    for branch, items, stale in ((first, 2, False), (second, 1, True)):
        result = status(
            shop.database,
            branch.generations,
            fingerprint=encoder.fingerprint,
            dim=encoder.dim,
            catalogue=branch.name,
        )
        assert (result.items, result.stale) == (items, stale)
