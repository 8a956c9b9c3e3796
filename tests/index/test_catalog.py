"""The repository: what is written is read back, page by page, facet by facet."""

from __future__ import annotations

from dataclasses import replace
from decimal import Decimal
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy import select

from index.catalogue.catalog import Catalog
from index.catalogue.records import Picture
from index.catalogue.writing import CatalogWriter, Entry, Vector
from index.database.database import open_database, sqlite_journal
from index.database.tables import VectorRow
from index.errors import DatabaseError, ItemNotFound
from index.files import images as images_module
from index.files.images import ImageStore
from index.files.manifest import MANIFEST_NAME, parse
from index.model.filters import Filters
from index.model.items import Audience, Availability, CatalogItem
from index.model.vectors import check_unit, pack, unpack, vector_id
from segmentation.common.errors import WeightsError
from segmentation.common.garments import Photo
from segmentation.common.taxonomy import Category
from tests.index.conftest import DATABASES, Shop, picture

FULL = CatalogItem(
    "s/1 ü", "Kleid", Category.DRESS, "", "Long", "Écru", Decimal("49.90"), "EUR", Decimal("39.95"),
    Availability.PREORDER, Audience.KIDS, "red", "blue", "dots", "silk", ("S", "M"), "https://x.example",
    "long", "midi",
)  # fmt: skip
PICTURE = Picture("aa/" + "a" * 64 + ".jpg", "0" * 64, {})


def pytest_generate_tests(metafunc: pytest.Metafunc) -> None:
    """Run what keeps a catalogue on every database."""
    if "shop" in metafunc.fixturenames:
        metafunc.parametrize("shop", DATABASES, indirect=True)


def written(shop: Shop, *items: CatalogItem, vector: Vector | None = None) -> None:
    with shop.database.writing() as session:
        CatalogWriter(session).upsert([Entry(item, PICTURE, vector) for item in items])


def test_an_empty_catalogue(shop: Shop) -> None:
    with shop.database.reading() as session:
        catalog = Catalog(session)
        assert (catalog.count(), catalog.page(), list(catalog.items())) == (0, [], [])
        assert catalog.revisions() == (0, 0)
        with pytest.raises(ItemNotFound, match="'nobody'"):
            catalog.get("nobody")


def test_every_field_comes_back(shop: Shop) -> None:
    written(shop, FULL)
    assert shop.item(FULL.sku) == PICTURE.shown_by(FULL)
    written(shop, replace(FULL, title="New", sizes=()))
    assert shop.item(FULL.sku).title == "New"
    assert shop.skus() == [FULL.sku]


def test_pages_and_facets(shop: Shop) -> None:
    items = [replace(FULL, sku=f"s{n:04}", brand="A" if n % 3 else "B") for n in range(1000)]
    written(shop, *items)
    with shop.database.reading() as session:
        catalog = Catalog(session)
        assert [item.sku for item in catalog.items()] == [item.sku for item in items]
        page = catalog.page(after="s0004", limit=2)
        assert [item.sku for item in page] == ["s0005", "s0006"]
        only = Filters(brands=frozenset({"b"}), exclude=frozenset(f"s{n:04}" for n in range(950)))
        assert catalog.count(only) == len(catalog.page(only)) == 17
        assert catalog.page(only, limit=3, offset=16) == catalog.page(only)[16:]


def test_a_batch_that_fails_leaves_nothing(shop: Shop) -> None:
    class OnPurposeError(Exception):
        pass

    with pytest.raises(OnPurposeError), shop.database.writing() as session:
        CatalogWriter(session).upsert([Entry(FULL, PICTURE)])
        raise OnPurposeError
    assert shop.skus() == []


def test_keys_and_ids(shop: Shop) -> None:
    unit = np.eye(4, dtype=np.float32)[0]
    written(shop, FULL, vector=Vector(unit, "f"))
    with shop.database.reading() as session:
        (first,) = session.execute(select(VectorRow.key, VectorRow.id)).all()
    assert first.id == vector_id("default", FULL.sku, "0" * 64, "f")
    written(shop, FULL, vector=Vector(unit, "g"))
    with shop.database.writing() as session:
        (second,) = session.execute(select(VectorRow.key, VectorRow.id)).all()
        CatalogWriter(session).remove([FULL.sku])
    assert (second.key, second.id) == (first.key, vector_id("default", FULL.sku, "0" * 64, "g"))
    written(shop, FULL, vector=Vector(unit, "f"))
    with shop.database.reading() as session:
        (third,) = session.execute(select(VectorRow.key, VectorRow.id)).all()
    assert third.id == first.id, "the same four give the same id"
    assert third.key > first.key, "a key is never given twice"


def test_revisions_tell_what_changed(shop: Shop) -> None:
    def revisions() -> tuple[int, int]:
        with shop.database.reading() as session:
            return Catalog(session).revisions()

    written(shop, FULL)
    assert revisions() == (1, 0)
    written(shop, FULL, vector=Vector(np.eye(4, dtype=np.float32)[0], "f"))
    assert revisions() == (2, 1)
    with shop.database.writing() as session:
        CatalogWriter(session).remove(["nobody"])
    assert revisions() == (2, 1)


@given(st.integers(0, 6), st.integers(1, 40), st.integers(0, 99))
def test_packed_vectors_stay_unit(rows: int, dim: int, seed: int) -> None:
    vectors = np.random.default_rng(seed).normal(size=(rows, dim)).astype(np.float32)
    vectors /= np.linalg.norm(vectors, axis=1, keepdims=True)
    back = unpack([pack(row) for row in vectors], dim)
    assert back.shape == (rows, dim)
    assert back.dtype == np.float32
    np.testing.assert_allclose(back, vectors, atol=1e-3)
    np.testing.assert_allclose(np.linalg.norm(back, axis=1), np.ones(rows), atol=1e-6)


def test_packed_vectors_of_another_length_are_refused() -> None:
    with pytest.raises(ValueError, match="reshape"):
        unpack([b"\0" * 6], 4)


@pytest.mark.parametrize(
    "answer", [np.eye(2, 3), np.eye(3), np.zeros((2, 4)), np.full((2, 4), np.inf), np.ones((2, 4))]
)
def test_answers_that_are_no_unit_rows(
    answer: np.ndarray[tuple[int, int], np.dtype[np.float64]],
) -> None:
    with pytest.raises(WeightsError):
        check_unit(answer.astype(np.float32), 2, 4)


def test_ids_do_not_run_together() -> None:
    assert vector_id("a", "bc", "d", "e") != vector_id("ab", "c", "d", "e")


PHOTO = Photo(np.zeros((2, 2, 3), np.uint8))


@pytest.mark.parametrize("kind", ["JPEG", "PNG", "WEBP"])
def test_plain_pictures_are_kept_byte_for_byte(tmp_path: Path, kind: str) -> None:
    store, data = ImageStore(tmp_path), picture((1, 2, 3), kind=kind)
    name = store.store(data, PHOTO)
    assert store.path_of(name).read_bytes() == data
    assert store.store(data, PHOTO) == name
    assert list(store.names()) == [name]


@pytest.mark.parametrize("kind", ["GIF", "BMP"])
def test_other_formats_become_jpeg(tmp_path: Path, kind: str) -> None:
    store = ImageStore(tmp_path)
    name = store.store(picture((1, 2, 3), kind=kind), PHOTO)
    assert images_module.kind_of(store.path_of(name).read_bytes()) == "jpg"


def test_a_picture_cut_short_on_disk_is_written_again(tmp_path: Path) -> None:
    store, data = ImageStore(tmp_path), picture((1, 2, 3))
    name = store.store(data, PHOTO)
    store.path_of(name).write_bytes(data[:10])
    store.store(data, PHOTO)
    assert store.path_of(name).read_bytes() == data


@pytest.mark.parametrize("name", ["", "../../etc/passwd", "ab/cd.jpg", "aa/" + "b" * 64 + ".jpg"])
def test_names_that_are_no_pictures(tmp_path: Path, name: str) -> None:
    with pytest.raises(ValueError, match="image"):
        ImageStore(tmp_path).path_of(name)


def test_a_database_that_cannot_be_used(tmp_path: Path) -> None:
    with pytest.raises(DatabaseError) as refused:
        open_database("nonsense://user:hunter2@host")
    assert "hunter2" not in str(refused.value)
    (tmp_path / "text.sqlite3").write_text("not a database, but long enough to be looked at" * 9)
    for name, entry in {"text": "is no database", "never-migrated": "recommender doctor"}.items():
        database = open_database(f"sqlite:///{tmp_path}/{name}.sqlite3")
        with pytest.raises(DatabaseError, match=entry), database.reading() as session:
            Catalog(session).count()
        database.close()


def test_the_journal_is_the_safe_one() -> None:
    assert sqlite_journal((3, 7, 0)) == sqlite_journal((3, 51, 2)) == "DELETE"


@pytest.mark.parametrize("data", [b"", b"[]", b"{}", b"\xff", b'{"format": 1, "metric": "x"'])
def test_a_manifest_that_is_none(data: bytes) -> None:
    with pytest.raises(Exception, match="manifest"):
        parse(data, Path(MANIFEST_NAME))
