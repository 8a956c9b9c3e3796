"""Ways to damage an index on disk."""

from __future__ import annotations

import hashlib
import json
import os
import random
import shutil
from pathlib import Path

from index.files.manifest import MANIFEST_NAME
from index.stores.faiss import FaissEngine
from tests.index.faults.goods import Home

ENGINES = {
    "faiss-flat": FaissEngine(),
    "faiss-ivf-sq8": FaissEngine(exact_up_to=0),
    "faiss-ivf-pq": FaissEngine(exact_up_to=0, quantised_up_to=0),
}
"""Each kind of index, and what chooses it for as few items as there are here."""


class Damage:
    """Ways to damage an index whose served generation is 2 and the one before 1."""

    def __init__(self, index: Path, other: Path, chance: random.Random) -> None:
        self.index, self.other, self.chance = index, other, chance
        self.served = index / "generations" / "2"
        self.earlier = index / "generations" / "1"
        self.pointer = index / "current.json"
        self.vectors = [p for p in sorted(self.served.iterdir()) if p.name != MANIFEST_NAME]
        self.kind = json.loads((self.served / MANIFEST_NAME).read_bytes())["store"]

    def any(self) -> Path:
        """Return one of the files that are served."""
        return self.chance.choice([self.pointer, self.served / MANIFEST_NAME, *self.vectors])

    def cut(self) -> None:
        path = self.any()
        path.write_bytes(path.read_bytes()[: self.chance.randrange(path.stat().st_size)])

    def flip(self) -> None:
        path = self.any()
        data = bytearray(path.read_bytes())
        data[self.chance.randrange(len(data))] ^= 1 << self.chance.randrange(8)
        path.write_bytes(data)

    def overwrite(self) -> None:
        path = self.chance.choice(self.vectors)
        data = bytearray(path.read_bytes())
        at = self.chance.randrange(len(data) - 8)
        data[at : at + 8] = bytes(byte ^ 0x55 for byte in data[at : at + 8])
        path.write_bytes(data)

    def lengthen(self) -> None:
        with self.any().open("ab") as file:
            file.write(self.chance.randbytes(1 + self.chance.randrange(64)))

    def empty(self) -> None:
        self.any().write_bytes(b"")

    def lose(self) -> None:
        self.any().unlink()

    def swap_generations(self) -> None:
        self._replace_from(self.earlier)

    def swap_catalogues(self) -> None:
        self._replace_from(self.other / "generations" / "2")

    def swap_names(self) -> None:
        """Two files of one generation in each other's place."""
        one, two = self.chance.sample([self.served / MANIFEST_NAME, *self.vectors], 2)
        held = one.read_bytes()
        one.write_bytes(two.read_bytes())
        two.write_bytes(held)

    def swap_manifests(self) -> None:
        there = self.chance.choice([self.earlier, self.other / "generations" / "2"])
        shutil.copy(there / MANIFEST_NAME, self.served / MANIFEST_NAME)

    def older_folder(self) -> None:
        shutil.rmtree(self.served)
        shutil.copytree(self.earlier, self.served)

    def foreign_folder(self) -> None:
        shutil.rmtree(self.served)
        shutil.copytree(self.other / "generations" / "2", self.served)

    def foreign_pointer(self) -> None:
        shutil.copy(self.other / "current.json", self.pointer)

    def foreign_file(self) -> None:
        (self.served / self.chance.choice(["extra", ".hidden", "vectors.faiss.tmp"])).write_text(
            "x"
        )

    def foreign_subfolder(self) -> None:
        (self.served / "more").mkdir()

    def link(self) -> None:
        """The very same bytes, but somewhere else."""
        path = self.any()
        path.rename(self.index / "elsewhere")
        path.symlink_to(self.index / "elsewhere")

    def link_folder(self) -> None:
        self.served.rename(self.index / "elsewhere")
        self.served.symlink_to(self.index / "elsewhere", target_is_directory=True)

    def pipe(self) -> None:
        """Whoever opened it would wait for ever."""
        path = self.any()
        path.unlink()
        os.mkfifo(path)

    def folder(self) -> None:
        path = self.any()
        path.unlink()
        path.mkdir()

    def edit_manifest(self) -> None:
        """Damaged vectors, and a manifest that says they are right."""
        path = self.chance.choice(self.vectors)
        data = bytearray(path.read_bytes())
        data[self.chance.randrange(len(data))] ^= 1
        path.write_bytes(data)
        self._edit({"files": Home.records(self.served)})

    def edit_field(self) -> None:
        self._edit(
            self.chance.choice([{"count": 9}, {"dim": 4}, {"fingerprint": "x"}, {"format": 9}])
        )

    def edit_all(self) -> None:
        """The manifest edited and the pointer with it, so that what they say cannot be so."""
        self._edit(
            self.chance.choice(
                [
                    {"count": 9},
                    {"dim": 4},
                    {"dim": "8"},
                    {"count": True},
                    {"format": 9},
                    {"metric": "l2"},
                    {"store": "unknown"},
                    {"store": self.chance.choice(sorted(ENGINES.keys() - {self.kind}))},
                    {"files": {}},
                    {"files": {"../../current.json": {"bytes": 1, "sha256": "0" * 64}}},
                    {"files": {"vectors.faiss": {"bytes": -1, "sha256": "0" * 64}}},
                    {"surprise": 1},
                ]
            )
        )
        self._point(json.loads(self.pointer.read_bytes())["generation"])

    def edit_pointer(self) -> None:
        pointer = json.loads(self.pointer.read_bytes())
        changes: list[dict[str, object]] = [
            {"generation": 1}, {"generation": 3}, {"generation": "2"}, {"generation": 2.0},
            {"generation": True}, {"manifest": "0" * 64}, {"manifest": None}, {"generation": None},
            {"generation": "../generations/2"}, {"generation": -2},
        ]  # fmt: skip
        self.pointer.write_text(json.dumps({**pointer, **self.chance.choice(changes)}))

    def nonsense(self) -> None:
        path = self.chance.choice([self.pointer, self.served / MANIFEST_NAME])
        data = [b"[" * 100_000, b"null", b"{}", b"\xff\xfe", b'{"a": ' * 5000, b" " * (1 << 21)]
        path.write_bytes(self.chance.choice(data))
        if path != self.pointer:
            self._point(2)

    def _edit(self, changes: dict[str, object]) -> None:
        path = self.served / MANIFEST_NAME
        path.write_text(json.dumps({**json.loads(path.read_bytes()), **changes}))

    def _point(self, number: int) -> None:
        manifest = self.index / "generations" / str(number) / MANIFEST_NAME
        digest = hashlib.sha256(manifest.read_bytes()).hexdigest()
        self.pointer.write_text(json.dumps({"generation": number, "manifest": digest}))

    def _replace_from(self, there: Path) -> None:
        """Put another generation's file in place of ours, one of those that differ."""
        pairs = [(path, there / path.name) for path in self.vectors]
        ours, theirs = self.chance.choice([p for p in pairs if _differ(*p)])
        ours.write_bytes(theirs.read_bytes())


def _differ(one: Path, two: Path) -> bool:
    return one.read_bytes() != two.read_bytes()


KINDS = [name for name in vars(Damage) if not name.startswith("_") and name != "any"]
