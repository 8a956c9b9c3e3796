"""A node dies, the driver dies: the next answer, or the next run, has every item once."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import textwrap
import time
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import select

from index.catalogue.embeddings import Embeddings
from index.database.database import Database
from index.database.tables import ItemRow, VectorRow
from index.distributed.fleet import RayFleet
from index.errors import ClusterError
from index.model.progress import Event, Step
from index.model.vectors import unpack, vector_id
from tests.fakes import FakeEncoder
from tests.index.conftest import Shop
from tests.index.distributed.slow import SlowRecipe, begun, ended

pytestmark = pytest.mark.filterwarnings("ignore::DeprecationWarning:ray")
ITEMS = 200
BATCH = 8


def stocked(shop: Shop, items: int = ITEMS) -> Shop:
    """Return the shop with items that the encoder has yet to see."""
    shop.encoder = FakeEncoder("fake-0")
    shop.write(*(shop.row(number) for number in range(items)))
    shop.run()
    shop.encoder = FakeEncoder("fake-1")
    return shop


def vectors(database: Database) -> list[tuple[str, str, str, str, bytes]]:
    """Return (sku, id, fingerprint, SHA-256, vector) of everything that is stored, in order."""
    columns = (
        ItemRow.sku, VectorRow.id, VectorRow.fingerprint, VectorRow.image_hash, VectorRow.data,
    )  # fmt: skip
    query = select(*columns).join(VectorRow, VectorRow.item == ItemRow.key).order_by(ItemRow.sku)
    with database.reading() as session:
        return [(s, str(i), f, h, d) for s, i, f, h, d in session.execute(query)]


def waiting(shop: Shop) -> int:
    with shop.database.reading() as session:
        return Embeddings(session).count_foreign("fake-1")


def fleet(shop: Shop, address: str, recipe: SlowRecipe) -> RayFleet:
    return RayFleet(recipe, "fake-1", shop.indexer().images, address, batch_size=BATCH)


@dataclass
class NodeKiller:
    """Kills a node while a batch is under way there, and keeps what proves it."""

    shop: Shop
    cluster: Any
    marks: Path
    after: int = 40
    victim: Any = None
    nodes: tuple[int, ...] = ()
    cut_off: list[str] = field(default_factory=list)
    left: int = 0

    def __call__(self, event: Event) -> None:
        if event.step is not Step.STORED or event.done < self.after or self.nodes:
            return
        before, under_way = self._alive(), self._under_way()
        for mark in under_way:  # a machine that dies takes all its processes with it, at once
            os.kill(int(mark.split("-")[1]), signal.SIGKILL)
        self.cluster.remove_node(self.victim, allow_graceful=False)
        self.cluster.wait_for_nodes()
        self.cut_off = [
            mark for mark in under_way if mark in begun(self.marks, self.victim.node_id)
        ]
        self.nodes, self.left = (before, self._alive()), waiting(self.shop)

    def prove(self) -> None:
        assert self.nodes == (3, 2), "a node is gone"
        assert self.cut_off, "it had begun a batch that it never ended"
        assert self.left > 0, "there was work left"

    def _under_way(self) -> list[str]:
        deadline = time.monotonic() + 20
        while time.monotonic() < deadline:
            for node in self.cluster.worker_nodes:
                marks = begun(self.marks, node.node_id)
                if marks and all(self._is_young(mark) for mark in marks):
                    self.victim = node
                    return marks
            time.sleep(0.01)
        raise AssertionError("no node works")

    def _is_young(self, mark: str) -> bool:
        """Return whether a batch has most of its time before it."""
        try:
            return time.time() - (self.marks / mark).stat().st_mtime < 0.1
        except FileNotFoundError:
            return False

    def _alive(self) -> int:
        import ray

        return sum(node["Alive"] for node in ray.nodes())


def build_here(shop: Shop) -> list[tuple[str, str, str, str, bytes]]:
    """Return what an in-process build of the same catalogue stores."""
    indexer = shop.indexer()
    indexer.rebuild(encode_again=True)
    return vectors(shop.database)


@pytest.fixture
def marks(tmp_path: Path) -> Path:
    (tmp_path / "marks").mkdir()
    return tmp_path / "marks"


def test_a_worker_with_another_encoder_is_refused(shop: Shop, cluster: Any, marks: Path) -> None:
    stocked(shop, 12)
    before = vectors(shop.database)
    other = fleet(shop, cluster.address, SlowRecipe(marks, 0.0, "another"))
    with pytest.raises(ClusterError, match=r"a worker has another encoder: got another on"):
        shop.indexer(fleet=other).rebuild()
    assert vectors(shop.database) == before
    assert ended(marks) == [], "it encoded nothing"


DRIVER = """
    import os, signal, sys
    from pathlib import Path
    from index.build import Indexer
    from index.database.database import open_database
    from index.distributed.fleet import RayFleet
    from index.files.images import ImageStore
    from index.model.progress import Step
    from index.stores.faiss import FaissEngine
    from tests.fakes import FakeCutter, FakeEncoder
    from tests.index.distributed.slow import SlowRecipe
    home, marks, address = Path(sys.argv[1]), Path(sys.argv[2]), sys.argv[3]
    def at(event):
        if event.step is Step.STORED and event.done >= 24:
            os.kill(os.getpid(), signal.SIGKILL)
    fleet = RayFleet(SlowRecipe(marks, 0.05), "fake-1", ImageStore(home / "images"), address, batch_size=8)
    database = open_database(f"sqlite:///{home}/catalog.sqlite3")
    indexer = Indexer(database, home, FakeEncoder(), FakeCutter(), FaissEngine(), progress=at, fleet=fleet)
    indexer.rebuild()
"""


@pytest.mark.skipif(os.name == "nt", reason="there is no SIGKILL")
def test_a_killed_driver_leaves_what_it_wrote_and_the_next_run_does_the_rest(
    shop: Shop, cluster: Any, marks: Path
) -> None:
    stocked(shop, 64)
    died = subprocess.run(
        [sys.executable, "-c", textwrap.dedent(DRIVER), shop.home, marks, cluster.address],
        cwd=Path(__file__).parents[3],
        check=False,
        capture_output=True,
    )
    assert died.returncode == -signal.SIGKILL, died.stderr.decode()[-2000:]
    left = waiting(shop)
    assert 0 < left <= 64 - 24, "the kill landed in the middle"
    report = shop.indexer(fleet=fleet(shop, cluster.address, SlowRecipe(marks, 0.0))).rebuild()
    assert (report.encoded, waiting(shop)) == (left, 0), "only the rest was encoded"
    found = vectors(shop.database)
    assert found == build_here(shop)
    assert shop.searcher().generation().manifest.count == 64


def test_a_killed_node_loses_nothing_and_doubles_nothing(
    shop: Shop, cluster: Any, marks: Path
) -> None:
    stocked(shop)
    killer = NodeKiller(shop, cluster, marks)
    slow = fleet(shop, cluster.address, SlowRecipe(marks))
    report = shop.indexer(killer, fleet=slow).rebuild()
    killer.prove()
    assert (report.encoded, report.rejects, waiting(shop)) == (ITEMS, (), 0)
    assert len(ended(marks, killer.victim.node_id)) > 0, "the dead node had done its part"

    found = vectors(shop.database)
    assert [sku for sku, *_ in found] == shop.skus(), "each item has one vector"
    for sku, name, fingerprint, shows, data in found:
        right = shop.query(int(sku[1:]))
        assert name == str(vector_id("default", sku, shows, "fake-1"))
        assert fingerprint == "fake-1"
        assert float(unpack([data], 8)[0] @ right) > 0.999
    assert shop.indexer().generations.verify().manifest.count == ITEMS
    done = len(ended(marks))
    again = shop.indexer(fleet=slow).rebuild()
    assert (again.encoded, len(ended(marks))) == (0, done), "nothing is encoded twice"
    assert build_here(shop) == found, "ids and vectors are those of an in-process build"


def test_without_a_kill_its_proof_fails(shop: Shop, cluster: Any, marks: Path) -> None:
    spared = NodeKiller(shop, cluster, marks, after=10_000)
    stocked(shop, 8)
    shop.indexer(spared, fleet=fleet(shop, cluster.address, SlowRecipe(marks, 0.0))).rebuild()
    with pytest.raises(AssertionError, match="a node is gone"):
        spared.prove()
