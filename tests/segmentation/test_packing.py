"""A training set in one file: what comes back is what went in, in fewer bytes."""

from __future__ import annotations

import json
import shutil
from pathlib import Path
from zipfile import ZipFile

import numpy as np
import pytest
from PIL import Image

from index.training.examples.garments import read_all
from recommender.cli.learning.data import data_folders
from recommender.compatibility.training.encoded.sources import outfits_of
from recommender.errors import RequestError
from segmentation.common.errors import DatasetError
from segmentation.common.taxonomy import Category
from segmentation.datasets import read_folder
from segmentation.datasets.clothing_co_parsing import read_tagged
from segmentation.datasets.clothing_dataset import read_clothing_dataset
from segmentation.datasets.packing.entries import Level
from segmentation.datasets.packing.reading import unpacked
from segmentation.datasets.packing.writing import LEVELS, MOST_BYTES, write_pack
from segmentation.datasets.products.product_photos import COLUMNS, read_product_photos
from segmentation.datasets.self_labelled import SelfLabelledWriter
from segmentation.datasets.splits import is_held_out
from tests.street import write_street


def quiet(_line: str) -> None:
    pass


def noise(
    number: int, height: int = 96, width: int = 64
) -> np.ndarray[tuple[int, ...], np.dtype[np.uint8]]:
    return np.random.default_rng(number).integers(0, 256, (height, width, 3), dtype=np.uint8)


@pytest.fixture(scope="module")
def data(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Street photos, some only tagged; single garments; masks made for these; product photos."""
    root = tmp_path_factory.mktemp("data")
    street = write_street(root / "street")
    lines = (street / "photos.jsonl").read_text().splitlines()
    for number in range(101, 131):
        Image.fromarray(noise(number)).save(street / "photos" / f"{number:04d}.jpg")
        lines.append(json.dumps({"id": number, "split": "tags", "tags": ["dress"]}))
    (street / "photos.jsonl").write_text("\n".join(lines))
    small = root / "small"
    for number in range(24):
        folder = small / ("t-shirt" if number % 2 else "hat")
        folder.mkdir(parents=True, exist_ok=True)
        Image.fromarray(noise(number, 400, 300)).save(folder / f"{number}.jpg")
    with SelfLabelledWriter(root / "products", "products") as writer:
        for garment in read_clothing_dataset(small)[:5]:
            mask = np.zeros((400, 300), dtype=np.bool_)
            mask[100:300, 60:240] = True
            writer.add(garment.path, garment.split, [(garment.category, mask)])
    with SelfLabelledWriter(root / "nothing", "nothing") as writer:
        writer.add(noise(7), "train", [])
    shop = root / "shop"
    shop.mkdir()
    rows = [f"{n},Men,Ties,Ties,Red,Formal,Tie,{'large' if n < 5 else 'small'}" for n in range(10)]
    (shop / "products.csv").write_text("\n".join([",".join(COLUMNS), *rows]))
    for name, numbers in (("large", range(5)), ("small", range(5, 10))):
        with ZipFile(shop / f"{name}.zip", "w") as archive:
            for number in numbers:
                Image.fromarray(noise(number)).save(root / "one.webp", quality=98)
                archive.write(root / "one.webp", f"{number}.webp")
    return root


NAMES = "street", "small", "products", "nothing", "shop"


@pytest.fixture(scope="module")
def pack(data: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    out = tmp_path_factory.mktemp("packs") / "set.pack"
    assert write_pack([data / name for name in NAMES], out, MOST_BYTES, quiet) == out.stat().st_size
    return out


def test_every_folder_comes_back_with_its_labels_and_splits(data: Path, pack: Path) -> None:
    back = {folder.name: folder for folder in unpacked(pack)}
    assert set(back) == set(NAMES)
    for name in ("street", "products", "nothing"):
        for split in ("train", "val"):
            kind, given = read_folder(data / name, split)
            again, packed = read_folder(back[name], split)
            assert kind == again and [p.id for p in given] == [p.id for p in packed]
            for one, other in zip(given, packed, strict=True):
                assert one.labels == other.labels and one.names == other.names
                (rgb, masks), (small, shrunk) = one.read(), other.read()
                assert small.shape[0] / small.shape[1] == pytest.approx(
                    rgb.shape[0] / rgb.shape[1], 0.02
                )
                for value, mask in masks.items():
                    assert shrunk[value].mean() == pytest.approx(mask.mean(), abs=0.02)


def test_what_was_held_out_by_its_bytes_still_is(data: Path, pack: Path) -> None:
    back = {folder.name: folder for folder in unpacked(pack)}
    given = {g.id: g.split for g in read_clothing_dataset(data / "small")}
    assert given == {g.id: g.split for g in read_clothing_dataset(back["small"])}
    assert set(given.values()) == {"train", "val"}
    held = [
        {path.stem for path, _ in read_tagged(folder) if is_held_out(path, folder)}
        for folder in (data / "street", back["street"])
    ]
    assert held[0] == held[1] and held[0]


def test_a_picture_that_two_folders_share_is_packed_once(pack: Path) -> None:
    names = ZipFile(pack).namelist()
    assert not [name for name in names if name.startswith("products/photos/")]
    assert sum(name.startswith("small/") and name.endswith(".webp") for name in names) == 24
    assert "nothing/photos/00000.webp" in names
    _, photos = read_folder({f.name: f for f in unpacked(pack)}["products"], "train")
    assert all(photo.photo_path.parent.name in {"hat", "t-shirt"} for photo in photos)
    assert max(photos[0].read()[0].shape) == 320


def test_the_same_data_make_the_same_pack(data: Path, pack: Path, tmp_path: Path) -> None:
    write_pack([data / name for name in NAMES], tmp_path / "again", MOST_BYTES, quiet)
    assert (tmp_path / "again").read_bytes() == pack.read_bytes()


def test_it_keeps_to_its_limit_and_drops_small_product_photos_first(
    data: Path, tmp_path: Path
) -> None:
    folders, out, lines = [data / name for name in NAMES], tmp_path / "pack", list[str]()
    full = write_pack(folders, out, MOST_BYTES, quiet)
    assert write_pack(folders, out, full * 2 // 5, lines.append) <= full * 2 // 5
    assert "left out for want of room: shop/small.zip" in lines
    shop = {f.name: f for f in unpacked(out)}["shop"]
    assert [p.id for p in read_product_photos(shop)] == list("01234")
    before = out.read_bytes()
    with pytest.raises(DatasetError, match="too large"):
        write_pack(folders, out, 1000, quiet)
    assert out.read_bytes() == before and not list(tmp_path.glob("*.tmp"))
    assert Level(75, 1.0) == LEVELS[0]


def test_folders_that_are_missing_are_left_out_and_unknown_ones_refused(
    data: Path, tmp_path: Path
) -> None:
    out, lines = tmp_path / "pack", list[str]()
    write_pack([data / "street", data / "gone"], out, MOST_BYTES, lines.append)
    assert [folder.name for folder in unpacked(out)] == ["street"]
    assert any("gone" in line and "left out" in line for line in lines)
    (data / "strange").mkdir()
    for folders in (
        [data / "strange"],
        [data / "gone"],
        [data / "street", tmp_path / "x" / "street"],
    ):
        (tmp_path / "x" / "street").mkdir(parents=True, exist_ok=True)
        with pytest.raises(DatasetError):
            write_pack(folders, out, MOST_BYTES, quiet)


def test_a_place_that_cannot_be_written_to_is_refused(data: Path, pack: Path) -> None:
    with pytest.raises(DatasetError, match="cannot be written"):
        write_pack([data / "nothing"], Path("/proc/set.pack"), MOST_BYTES, quiet)
    with pytest.raises(DatasetError, match="cannot be written"):
        write_pack([data / "nothing"], pack / "set.pack", MOST_BYTES, quiet)
    with pytest.raises(DatasetError, match="cannot be unpacked"):
        unpacked(data / "gone.pack")


def test_another_pack_of_the_same_name_is_unpacked_anew(
    data: Path, pack: Path, tmp_path: Path
) -> None:
    pack = Path(shutil.copy(pack, tmp_path))
    assert len(unpacked(pack)) == len(NAMES)
    marked = unpacked(pack)[0] / "mark"
    marked.touch()
    assert unpacked(pack) and marked.exists()
    write_pack([data / "street"], pack, MOST_BYTES, quiet)
    assert [folder.name for folder in unpacked(pack)] == ["street"]


@pytest.mark.parametrize("name", ["../out.txt", "/out.txt", "a/b/c/d/e.txt"])
def test_a_file_that_is_no_pack_or_reaches_outside_is_refused(tmp_path: Path, name: str) -> None:
    bad = tmp_path / "bad.pack"
    bad.write_bytes(b"no zip")
    with pytest.raises(DatasetError, match="no training set"):
        unpacked(bad)
    with ZipFile(bad, "w") as file:
        file.writestr("pack.json", "{}")
        file.writestr(name, "x")
    with pytest.raises(DatasetError, match="no training set"):
        unpacked(bad)
    assert {path.name for path in tmp_path.iterdir()} == {"bad.pack"}


def test_each_network_takes_its_folders_of_a_pack(data: Path, pack: Path) -> None:
    def names(network: str) -> list[str]:
        return [folder.name for folder in data_folders([pack], None, network)]

    assert names("segmentation") == ["nothing", "products", "street"]
    assert names("encoder") == ["products", "shop", "small", "street"]
    assert names("compatibility") == ["street"]
    examples = read_all(data_folders([data / "street", pack], None, "encoder"), "train")
    assert {example.source for example in examples} >= {"clothing-co-parsing", "products"}
    assert {e.facts.category for e in examples} >= {Category.PANTS, Category.HAT, Category.TOP}
    assert len(outfits_of([data / "street"], "train", lambda _photo: None)) == len(  # type: ignore[arg-type,return-value]
        outfits_of(data_folders([pack], None, "compatibility"), "train", lambda _photo: None)  # type: ignore[arg-type,return-value]
    )
    with pytest.raises(RequestError, match="not there"):
        data_folders([data / "gone"], None, "encoder")
    with pytest.raises(RequestError, match="not there"):
        data_folders([pack])


def test_a_pack_without_what_a_network_needs_is_refused(data: Path, tmp_path: Path) -> None:
    write_pack([data / "small"], tmp_path / "pack", MOST_BYTES, quiet)
    with pytest.raises(DatasetError, match="nothing for this network"):
        data_folders([tmp_path / "pack"], None, "segmentation")
