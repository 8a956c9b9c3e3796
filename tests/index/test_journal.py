"""What a killed run left of pictures is gone after the next one; nothing else is."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from index.files.images import UNCLAIMED
from index.model.progress import Event, Step
from tests.index.conftest import Shop, colour_of, picture


class Killed(BaseException):
    """What a fail-point raises; no `except Exception` may swallow it."""


def killer(step: Step, landed: list[Step]) -> Callable[[Event], None]:
    def kill(event: Event) -> None:
        if event.step is step:
            landed.append(step)
            raise Killed

    return kill


def files(shop: Shop) -> set[str]:
    """Return all files of pictures but those that are set aside."""
    found = {path for path in (shop.home / "images").rglob("*") if path.is_file()}
    return {path.name for path in found if UNCLAIMED not in path.parts}


STEPS = [Step.NOTED, Step.KEPT, Step.SETTLED, Step.COMMITTING, Step.STORED, Step.SWEPT]
TAKING = [Step.NOTED, Step.REMOVING, Step.REMOVED]


@pytest.mark.parametrize("step", STEPS)
def test_a_kill_in_a_batch_leaves_no_stray(shop: Shop, step: Step) -> None:
    shop.write(*(shop.row(n) for n in range(4)))
    shop.run()
    for number in (1, 2):
        (shop.source / f"p{number}.png").write_bytes(picture(colour_of(number + 50)))
    landed: list[Step] = []
    with pytest.raises(Killed):
        shop.run(killer(step, landed))
    assert landed == [step]
    # what was new in the killed run is given up: only the journal knows of it
    for number in (1, 2):
        (shop.source / f"p{number}.png").write_bytes(picture(colour_of(number)))
    shop.run()
    shown = {Path(shop.item(f"s{n}").image).name for n in range(4)}
    assert files(shop) == shown
    assert not list((shop.home / "journal").iterdir())


@pytest.mark.parametrize("step", TAKING)
def test_a_kill_while_taking_out_leaves_no_stray(shop: Shop, step: Step) -> None:
    shop.write(*(shop.row(n) for n in range(4)))
    shop.run()
    landed: list[Step] = []
    with pytest.raises(Killed):
        shop.indexer(killer(step, landed)).remove(["s1", "s2"])
    assert landed == [step]
    shop.indexer().remove(["s3"])
    left = set(shop.skus())
    assert left == ({"s0"} if step is Step.REMOVED else {"s0", "s1", "s2"})
    assert files(shop) == {Path(shop.item(sku).image).name for sku in left}


def test_a_kill_while_mending_is_mended(shop: Shop) -> None:
    shop.write(*(shop.row(n) for n in range(2)))
    with pytest.raises(Killed):
        shop.run(killer(Step.KEPT, []))
    assert len(files(shop)) == 2
    landed: list[Step] = []
    with pytest.raises(Killed):
        shop.run(killer(Step.MENDED, landed))
    assert landed == [Step.MENDED]
    shop.indexer().remove([])
    assert files(shop) == set()


def test_halves_and_foreign_words_in_the_journal(shop: Shop) -> None:
    shop.write(shop.row(1))
    shop.run()
    kept = shop.indexer().images.path_of(shop.item("s1").image)
    stray = f"ab/ab{'c' * 62}.jpg"
    half = shop.home / "images" / "ab" / f".ab{'c' * 62}.jpg.123.tmp"
    half.parent.mkdir(exist_ok=True)
    half.write_bytes(b"half")
    listed = "\n".join((stray, f"{kept.parent.name}/{kept.name}", "../../etc/passwd"))
    (shop.home / "journal" / "pictures.txt").write_text(listed)
    shop.run()
    assert files(shop) == {kept.name}


def test_half_a_list_is_gone_with_the_next_run(shop: Shop) -> None:
    """A run was killed while it wrote the list; what follows may have nothing to write into it."""
    shop.write(*(shop.row(n) for n in range(2)))
    shop.run()
    half = shop.home / "journal" / ".pictures.txt.0123456789abcdef.tmp"
    half.write_text("ab/")
    shop.run()
    assert not half.exists()
