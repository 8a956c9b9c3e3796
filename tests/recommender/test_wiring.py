from __future__ import annotations

import io
import json
import subprocess
import sys
import threading
import time
from contextlib import closing
from pathlib import Path

import pytest
from PIL import Image
from sqlalchemy import Engine

import migrations
from index.encoders.attribute_prompts import FILE
from index.errors import ItemNotFound
from index.facts import heads as facts_heads
from recommender.compatibility.learned import Compatibility
from recommender.compatibility.model import SimilarityAndColour
from recommender.compatibility.saved import WEIGHTS
from recommender.errors import CatalogMissing
from recommender.runtime.batching import SharedBatches
from recommender.runtime.wiring import Wiring
from recommender.settings import Settings
from segmentation.common.errors import PhotoError, WeightsError
from segmentation.common.taxonomy import Category
from segmentation.detector import maskrcnn
from segmentation.detector.refine import RefinedDetector, Refiner
from tests.fakes import FakeEncoder
from tests.index.test_facts import heads, row
from tests.recommender.fakes import FakeDetector, photo
from tests.sam import KnownMask
from tests.tiny_encoder import write_encoder


@pytest.fixture
def wiring(tmp_path: Path) -> Wiring:
    return Wiring(Settings(home=tmp_path / "home"))


def test_importing_loads_no_model_library() -> None:
    code = (
        "import sys, recommender.runtime.wiring; print({'torch', 'open_clip'} & set(sys.modules))"
    )
    found = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert found.stdout.strip() == "set()"


def test_help_imports_neither_models_nor_database() -> None:
    code = (
        "import sys, recommender.cli.app; "
        "print({'torch', 'sqlalchemy', 'cv2', 'numpy', 'streamlit', 'uvicorn'} & set(sys.modules))"
    )
    found = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert found.stdout.strip() == "set()"


def test_each_part_is_made_once_however_many_ask(
    wiring: Wiring, monkeypatch: pytest.MonkeyPatch
) -> None:
    made: list[FakeEncoder] = []

    def load(_: Wiring) -> FakeEncoder:
        time.sleep(0.05)
        made.append(FakeEncoder())
        return made[-1]

    monkeypatch.setattr(Wiring, "_load_encoder", load)
    got: list[object] = []
    threads = [threading.Thread(target=lambda: got.append(wiring.encoder)) for _ in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(made) == 1 and all(each is made[0] for each in got) and len(got) == 8


def test_the_event_loop_does_not_wait_for_a_model(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """What it asks for itself is there while a model loads in a thread."""
    loads, go = threading.Event(), threading.Event()

    def load(_: Wiring) -> FakeEncoder:
        loads.set()
        go.wait(10)
        return FakeEncoder()

    monkeypatch.setattr(Wiring, "_load_encoder", load)
    wiring = Wiring(Settings(home=tmp_path, photo_urls="https"))
    warming = threading.Thread(target=lambda: wiring.encoder)
    warming.start()
    assert loads.wait(10)
    got: list[object] = []
    asking = threading.Thread(target=lambda: got.extend((wiring.photo_fetcher, wiring.imports)))
    asking.start()
    asking.join(5)
    try:
        assert len(got) == 2 and warming.is_alive()
    finally:
        go.set()
        warming.join()
        asking.join()
    assert got == [wiring.photo_fetcher, wiring.imports]


def test_a_part_that_failed_is_tried_again(wiring: Wiring, monkeypatch: pytest.MonkeyPatch) -> None:
    def fail(_: Wiring) -> FakeEncoder:
        raise WeightsError("w", got="g", expected="e", next_step="n")

    monkeypatch.setattr(Wiring, "_load_encoder", fail)
    with pytest.raises(WeightsError):
        _ = wiring.encoder
    monkeypatch.setattr(Wiring, "_load_encoder", lambda _: FakeEncoder())
    assert wiring.encoder.dim == 8


def test_without_a_catalogue_nothing_is_made(wiring: Wiring) -> None:
    for ask in (lambda: wiring.database, lambda: wiring.searcher, lambda: wiring.item("a")):
        with pytest.raises(CatalogMissing, match="catalog import"):
            ask()
    assert not wiring.settings.home.exists()


def test_a_migrated_catalogue_answers_and_its_schema_is_looked_at_once(
    wiring: Wiring, monkeypatch: pytest.MonkeyPatch
) -> None:
    looked: list[object] = []
    upgrade = migrations.upgrade

    def look(engine: Engine) -> None:
        looked.append(engine)
        upgrade(engine)

    monkeypatch.setattr(migrations, "upgrade", look)
    wiring.migrate()
    wiring.migrate()
    assert len(looked) == 1
    with pytest.raises(ItemNotFound):
        wiring.item("a")
    wiring.close()


def test_missing_weights_are_refused(tmp_path: Path) -> None:
    nowhere = Settings(home=tmp_path, detector=tmp_path / "no.safetensors")
    wiring = Wiring(nowhere)
    with pytest.raises(WeightsError, match=r"no\.safetensors"):
        _ = wiring.detector


def test_masks_are_refined_only_where_a_checkpoint_is_named(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    plain = FakeDetector()
    monkeypatch.setattr(maskrcnn.Detector, "load", lambda _path, **_how: plain)
    monkeypatch.setattr(Refiner, "load", lambda _path: Refiner(KnownMask(())))
    assert Wiring(Settings(home=tmp_path)).detector is plain
    wiring = Wiring(Settings(home=tmp_path, sam=tmp_path / "sam.pth"))
    assert isinstance(wiring.detector, RefinedDetector)
    assert wiring.detector is wiring.detector and len(wiring.detector.segment(photo())) == 0
    assert plain.calls == 1


def test_a_checkpoint_that_is_none_is_refused(tmp_path: Path) -> None:
    wiring = Wiring(Settings(home=tmp_path, sam=tmp_path / "no.pth"))
    with pytest.raises(WeightsError, match=r"no\.pth.*RECOMMENDER_SAM"):
        _ = wiring.detector


def test_the_settings_limits_hold_for_photos(tmp_path: Path) -> None:
    wiring = Wiring(Settings(home=tmp_path, max_upload_mb=1e-5))
    with pytest.raises(PhotoError, match="too many bytes"):
        wiring.decode(b"x" * 100)


def test_a_segment_anything_model_may_be_named_by_its_size(tmp_path: Path) -> None:
    assert Settings(home=tmp_path).sam_checkpoint is None
    mine = tmp_path / "mine.pth"
    assert Settings(home=tmp_path, sam=mine).sam_checkpoint == mine
    named = Settings(home=tmp_path, sam=Path("vit_b")).sam_checkpoint
    assert named == tmp_path / "models" / "sam_vit_b_01ec64.pth"


def test_an_encoders_folder_tells_what_can_be_asked_of_it(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def unasked(_: Wiring) -> FakeEncoder:
        raise AssertionError("the encoder is loaded for words alone")

    monkeypatch.setattr(Wiring, "_load_encoder", unasked)
    bare = Wiring(Settings(home=tmp_path, encoder=str(tmp_path)))
    assert dict(bare.attributes.families) == {}
    family = {"temperature": 1, "threshold": 0.1, "answers": {"long": ["a"], "short": ["b"]}}
    (tmp_path / FILE).write_text(json.dumps({"sleeve": family}))
    wiring = Wiring(Settings(home=tmp_path, encoder=str(tmp_path)))
    assert set(wiring.attributes.families) == {"sleeve"}
    monkeypatch.setattr(Wiring, "_load_encoder", lambda _: FakeEncoder())
    row = FakeEncoder().encode_texts(["a"])
    assert wiring.attributes.read([None], row, [Category.TOP])[0].sleeve == "long"
    (tmp_path / FILE).write_text("{")
    with pytest.raises(WeightsError, match=FILE):
        _ = Wiring(Settings(home=tmp_path, encoder=str(tmp_path))).attributes


def test_the_shipped_scorer_is_for_the_shipped_encoder(tmp_path: Path) -> None:
    shipped = Wiring(Settings(home=tmp_path)).scorer
    assert isinstance(shipped, Compatibility) and 0 < shipped.least < 1


def test_kinds_worn_together_come_with_the_model_that_is_set(tmp_path: Path) -> None:
    record = {"outfits": 9, "kinds": {"bag": 7, "dress": 5}, "pairs": {"bag+dress": 4}}
    (tmp_path / "kinds.json").write_text(json.dumps(record))
    mine = Wiring(Settings(home=tmp_path, compatibility=tmp_path)).kinds
    assert mine.beside(Category.BAG, Category.DRESS) == (4, 5)
    assert Wiring(Settings(home=tmp_path)).kinds.beside(Category.BAG, Category.DRESS)[1] > 100


def test_a_rule_stands_in_for_another_encoder(tmp_path: Path) -> None:
    other = str(write_encoder(tmp_path / "encoder"))
    wiring = Wiring(Settings(home=tmp_path, encoder=other))
    assert isinstance(wiring.scorer, SimilarityAndColour)
    mine = Wiring(Settings(home=tmp_path, encoder=other, compatibility=WEIGHTS.parent))
    with pytest.raises(WeightsError, match="trained for another encoder") as refusal:
        _ = mine.scorer
    assert "recommender train compatibility" in refusal.value.next_step


def test_who_serves_decodes_in_children_and_shares_batches(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(Wiring, "_load_encoder", lambda _: FakeEncoder())
    alone, serving = Wiring(Settings(home=tmp_path)), Wiring(Settings(home=tmp_path), serving=True)
    assert isinstance(alone.encoder, FakeEncoder)
    assert isinstance(serving.encoder, SharedBatches) and serving.encoder is serving.encoder
    data = io.BytesIO()
    Image.new("RGB", (30, 20), "red").save(data, "PNG")
    monkeypatch.setattr("segmentation.common.photo.decode", None)  # what is left is the children's
    with pytest.raises(TypeError):
        alone.decode(data.getvalue())
    assert serving.decode(data.getvalue()).width == 30
    (child,) = serving._made["decoding"].pids
    serving.close()
    assert not Path(f"/proc/{child}").exists()


def test_facts_are_read_by_the_heads_beside_the_encoder(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(Wiring, "_load_encoder", lambda _: FakeEncoder())
    settings = Settings(home=tmp_path, encoder=str(tmp_path))
    assert Wiring(settings).facts.heads is None
    heads(fingerprint=FakeEncoder().fingerprint).write(tmp_path / facts_heads.FILE)
    read = Wiring(settings).facts
    assert read.read(row(0), [Category.JACKET])[0].fine_kind == "blazer"
    heads(fingerprint="another").write(tmp_path / facts_heads.FILE)
    with pytest.raises(WeightsError, match="fitted for another, not for"):
        _ = Wiring(settings).facts


@pytest.mark.parametrize("serving", [False, True])
def test_an_import_fills_the_encoders_batches(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, serving: bool
) -> None:
    monkeypatch.setattr(Wiring, "_load_encoder", lambda _: FakeEncoder(batch=7))
    settings = Settings(home=tmp_path, encoder=str(tmp_path))
    with closing(Wiring(settings, serving=serving)) as wiring:
        assert (wiring.indexer().batch_size, wiring.encoder.batch) == (7, 7)
