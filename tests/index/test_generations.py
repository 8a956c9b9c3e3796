"""The index on disk: damage is seen before FAISS sees it, and whatever dies, something is served."""

from __future__ import annotations

import json
import os
import random
import shutil
import signal
import subprocess
import sys
import textwrap
from collections import Counter
from collections.abc import Callable
from pathlib import Path

import faiss
import pytest

from index.errors import IndexDamaged, IndexMismatch, IndexMissing, NoEarlierIndex
from index.files.manifest import MANIFEST_NAME
from index.generations.generations import KEPT, Generations
from index.generations.status import status
from index.model.progress import Event, Step
from tests.fakes import FakeEncoder
from tests.index.conftest import Shop, colour_of, picture


class Killed(BaseException):
    """What a fail-point raises; no `except Exception` may swallow it."""


@pytest.fixture
def stocked(shop: Shop) -> Shop:
    shop.write(*(shop.row(n) for n in range(6)))
    shop.run()
    return shop


def files_of(shop: Shop) -> tuple[Path, Path, Path]:
    """Return the pointer, the manifest and the vectors of the generation that is served."""
    generations = shop.indexer().generations
    folder = generations.current().folder
    return generations.root / "current.json", folder / MANIFEST_NAME, folder / "vectors.faiss"


def test_without_an_index_the_next_step_is_said(shop: Shop) -> None:
    searcher = shop.searcher()
    for ask in (lambda: searcher.nearest(shop.query(1), 1), lambda: searcher.vectors_of(["s1"])[0]):
        with pytest.raises(IndexMissing, match="recommender catalog import"):
            ask()
    with pytest.raises(IndexMissing):
        shop.indexer().generations.verify()


@pytest.mark.parametrize("which", [0, 1, 2], ids=["pointer", "manifest", "vectors"])
@pytest.mark.parametrize("harm", ["cut", "flip", "lose", "empty", "longer"])
def test_damage_is_refused_before_faiss_sees_it(
    stocked: Shop, which: int, harm: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = files_of(stocked)[which]
    data = bytearray(path.read_bytes())
    if harm == "cut":
        path.write_bytes(data[: len(data) // 2])
    elif harm == "flip":
        data[len(data) // 2] ^= 1
        path.write_bytes(data)
    elif harm == "lose":
        path.unlink()
    elif harm == "empty":
        path.write_bytes(b"")
    else:
        path.write_bytes(data + b"more")
    monkeypatch.setattr(faiss, "deserialize_index", lambda _: pytest.fail("FAISS saw it"))
    expected = IndexMissing if (which, harm) == (0, "lose") else IndexDamaged
    with pytest.raises(expected):
        stocked.searcher().nearest(stocked.query(1), 1)
    with pytest.raises(expected):
        stocked.indexer().generations.verify()
    monkeypatch.undo()
    stocked.indexer().rebuild()
    assert stocked.encoder.pictures == 6, "mended without encoding"
    assert stocked.searcher().nearest(stocked.query(1), 1)[0].item.sku == "s1"


def test_every_flipped_bit_is_seen(stocked: Shop) -> None:
    chance = random.Random(0)
    generations = stocked.indexer().generations
    for path in files_of(stocked):
        whole = path.read_bytes()
        for _ in range(40):
            data = bytearray(whole)
            data[chance.randrange(len(data))] ^= 1 << chance.randrange(8)
            path.write_bytes(data)
            with pytest.raises((IndexDamaged, IndexMismatch)):
                generations.verify()
        path.write_bytes(whole)
    generations.verify()


def test_foreign_and_swapped_files_are_seen(stocked: Shop) -> None:
    first = files_of(stocked)
    (stocked.source / "p0.png").write_bytes(picture(colour_of(50)))
    stocked.run()
    second = files_of(stocked)
    generations = stocked.indexer().generations
    generations.verify()
    (second[1].parent / "extra").write_text("foreign")
    with pytest.raises(IndexDamaged, match="extra"):
        generations.verify()
    (second[1].parent / "extra").unlink()
    shutil.copy(first[2], second[2])  # another generation's vectors, sound in themselves
    with pytest.raises(IndexDamaged):
        stocked.searcher().nearest(stocked.query(1), 1)
    shutil.copy(first[1], second[1])  # and its manifest with them
    with pytest.raises(IndexDamaged):
        stocked.searcher().nearest(stocked.query(1), 1)


def test_a_pointer_to_another_format_names_the_command(stocked: Shop) -> None:
    pointer, manifest, _ = files_of(stocked)
    for name, value in (("format", 99), ("metric", "l2")):
        fields = json.loads(manifest.read_bytes())
        fields[name] = value
        manifest.write_text(json.dumps(fields))
        generations = stocked.indexer().generations
        held = json.loads(pointer.read_bytes())
        held["manifest"] = generations._digest(held["generation"])
        pointer.write_text(json.dumps(held))
        with pytest.raises(IndexMismatch, match="recommender index build"):
            generations.current()
        stocked.indexer().rebuild()
        pointer, manifest, _ = files_of(stocked)


def test_another_encoder_is_refused_and_a_build_mends_it(stocked: Shop) -> None:
    stocked.encoder = FakeEncoder("fake-2", dim=12)
    with pytest.raises(IndexMismatch, match="recommender index build"):
        stocked.searcher().nearest(stocked.query(3), 1)
    seen = status(stocked.database, stocked.indexer().generations, fingerprint="fake-2", dim=12)
    assert (seen.items, seen.unencoded, seen.generation) == (6, 6, None)
    assert isinstance(seen.refusal, IndexMismatch)
    report = stocked.indexer().rebuild()
    assert (report.encoded, stocked.encoder.pictures, report.generation.manifest.dim) == (6, 6, 12)
    assert stocked.searcher().nearest(stocked.query(3), 1)[0].item.sku == "s3"
    assert stocked.indexer().rebuild().encoded == 0


def test_an_import_with_another_encoder_loses_nobody(stocked: Shop) -> None:
    stocked.encoder = FakeEncoder("fake-2")
    stocked.write(stocked.row(7))
    assert stocked.run().encoded == 7, "the new one, and the six that were there"
    assert stocked.searcher().generation().manifest.count == 7


def test_a_build_leaves_out_what_it_cannot_encode(stocked: Shop) -> None:
    stocked.encoder = FakeEncoder("fake-2")
    images = stocked.indexer().images
    images.path_of(stocked.item("s2").image).unlink()
    images.path_of(stocked.item("s4").image).write_bytes(b"damaged")
    report = stocked.indexer().rebuild()
    assert [reject.sku for reject in report.rejects] == ["s2", "s4"]
    assert report.generation.manifest.count == 4
    assert len(stocked.skus()) == 6, "the items themselves stay"


def test_rollback_serves_the_generation_before(stocked: Shop) -> None:
    searcher = stocked.searcher()
    stocked.write(stocked.row(8))
    stocked.run()
    assert searcher.generation().number == 2
    assert searcher.nearest(stocked.query(8), 1)[0].item.sku == "s8"
    assert stocked.rollback().number == 1
    assert searcher.generation().number == 1
    assert searcher.nearest(stocked.query(8), 1)[0].item.sku != "s8"
    with pytest.raises(NoEarlierIndex):
        stocked.rollback()
    assert stocked.indexer().rebuild().generation.number == 3, "a number is never used twice"
    assert stocked.indexer().generations.numbers() == [1, 3], "what was rolled back is gone"


def test_rollback_refuses_a_damaged_generation(stocked: Shop) -> None:
    vectors = files_of(stocked)[2]
    stocked.indexer().rebuild()
    vectors.write_bytes(b"x")
    with pytest.raises(IndexDamaged):
        stocked.rollback()
    assert stocked.indexer().generations.verify().number == 2


def test_only_the_last_few_are_kept(stocked: Shop) -> None:
    for _ in range(KEPT + 2):
        stocked.indexer().rebuild()
    numbers = stocked.indexer().generations.numbers()
    assert numbers == [KEPT + 1, KEPT + 2, KEPT + 3]


MOMENTS = [
    (Step.CHECKED, 1),
    (Step.ENCODED, 1),
    (Step.ENCODED, 2),
    (Step.STORED, 1),
    (Step.STORED, 2),
    (Step.WRITTEN, 1),
    (Step.NAMED, 1),
    (Step.PUBLISHED, 1),
    (Step.PRUNED, 1),
]


def killer(step: Step, landed: Counter[str], nth: int = 1) -> Callable[[Event], None]:
    def kill(event: Event) -> None:
        landed["seen " + event.step] += 1
        if event.step is step and landed["seen " + event.step] == nth:
            landed[step] += 1
            raise Killed

    return kill


@pytest.mark.parametrize(("step", "nth"), MOMENTS)
def test_a_kill_leaves_something_served_and_the_next_run_finishes(
    stocked: Shop, step: Step, nth: int
) -> None:
    searcher = stocked.searcher()
    assert searcher.generation().number == 1
    (stocked.source / "p3.png").write_bytes(picture(colour_of(60)))
    stocked.write(*(stocked.row(n) for n in range(10) if n != 3), stocked.row(3) | {"sku": "s3"})
    (stocked.source / "p3.png").write_bytes(picture(colour_of(60)))
    landed: Counter[str] = Counter()
    with pytest.raises(Killed):
        stocked.run(killer(step, landed, nth))
    assert landed[step] == 1, "the kill landed"

    served = 2 if step in (Step.PUBLISHED, Step.PRUNED) else 1
    for asked in (searcher, stocked.searcher()):  # the server that ran on, and one begun anew
        assert asked.generation().number == served
        assert asked.nearest(stocked.query(1), 1)[0].item.sku == "s1"
    stocked.indexer().generations.verify()

    stocked.run()
    assert stocked.skus() == [f"s{n}" for n in range(10)]
    assert stocked.encoder.pictures <= 6 + 5 + 4, "at most one batch was encoded twice"
    assert searcher.nearest(stocked.query(60), 1)[0].item.sku == "s3"
    assert searcher.generation().manifest.count == 10
    assert len(stocked.pictures()) == 10
    leftovers = list((stocked.home / "index").rglob("*.tmp"))
    assert leftovers == []


SCRIPT = """
    import os, signal, sys
    from pathlib import Path
    from index.build import Indexer
    from index.database.database import open_database
    from index.model.progress import Step
    from index.stores.faiss import FaissEngine
    from tests.fakes import FakeCutter, FakeEncoder
    home, feed, step = Path(sys.argv[1]), Path(sys.argv[2]), Step(sys.argv[3])
    def at(event):
        if event.step is step:
            os.kill(os.getpid(), signal.SIGKILL)
    database = open_database(f"sqlite:///{home}/catalog.sqlite3")
    Indexer(database, home, FakeEncoder(), FakeCutter(), FaissEngine(), batch_size=4, progress=at).import_feed(feed)
"""


@pytest.mark.skipif(os.name == "nt", reason="there is no SIGKILL")
@pytest.mark.parametrize("step", [Step.STORED, Step.NAMED])
def test_a_real_kill(stocked: Shop, step: Step) -> None:
    stocked.write(*(stocked.row(n) for n in range(12)))
    arguments = [stocked.home, stocked.feed, step.value]
    died = subprocess.run(
        [sys.executable, "-c", textwrap.dedent(SCRIPT), *map(str, arguments)],
        cwd=Path(__file__).parents[2],
        check=False,
    )
    assert died.returncode == -signal.SIGKILL, "the kill landed"
    assert stocked.searcher().generation().number == 1
    report = stocked.run()
    assert report.added == (2 if step is Step.STORED else 0), "what was committed is kept"
    assert stocked.searcher().generation().manifest.count == 12


def test_a_newer_generation_that_cannot_be_served_leaves_the_older(stocked: Shop) -> None:
    searcher = stocked.searcher()
    searcher.generation()
    stocked.indexer(encoder=FakeEncoder("fake-2")).rebuild()
    assert searcher.nearest(stocked.query(1), 1)[0].item.sku == "s1"
    assert isinstance(searcher.trouble, IndexMismatch)
    assert searcher.vectors_of(["s1"]).shape == (1, 8)
    stocked.indexer().rebuild()
    assert searcher.generation().number == 3
    assert searcher.trouble is None


def test_status_tells_what_is_due(stocked: Shop) -> None:
    def look(generations: Generations) -> tuple[int, bool, bool]:
        seen = status(stocked.database, generations, fingerprint="fake-1", dim=8)
        return seen.items, seen.stale, seen.generation is not None

    generations = stocked.indexer().generations
    assert look(generations) == (6, False, True)
    stocked.write(stocked.row(9))
    with pytest.raises(Killed):
        stocked.run(killer(Step.STORED, Counter()))
    assert look(generations) == (7, True, True)
    stocked.indexer().rebuild()
    assert look(generations) == (7, False, True)
