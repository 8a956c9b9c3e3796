"""What a long job says of itself while it runs; whoever calls it decides what to do with that."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from enum import StrEnum
from typing import TypeAlias


class Step(StrEnum):
    """A moment of a job, named for what is true from then on."""

    CHECKED = "checked"
    """rows of the feed were looked at; nothing is written yet"""
    NOTED = "noted"
    """the pictures that a batch will store, or may leave without an item, are written down"""
    KEPT = "kept"
    """a batch's pictures lie in the store of pictures; no item shows them yet"""
    ENCODED = "encoded"
    """a batch has its vectors, in memory only"""
    SETTLED = "settled"
    """a batch's pictures would survive a power cut"""
    COMMITTING = "committing"
    """a batch is written in a transaction that is not committed"""
    STORED = "stored"
    """a batch is committed"""
    SWEPT = "swept"
    """pictures that a batch left without an item are set aside"""
    REMOVING = "removing"
    """items that the feed no longer has are taken out in a transaction that is not committed"""
    REMOVED = "removed"
    """those items are gone; their pictures still lie there"""
    MENDED = "mended"
    """what a killed run left of pictures is set aside; its list of them still lies there"""
    FILLED = "filled"
    """the new generation's vectors lie in its temporary folder, without a manifest"""
    WRITTEN = "written"
    """the new generation lies in its temporary folder"""
    NAMED = "named"
    """the new generation has its number; the old one is still served"""
    POINTING = "pointing"
    """the new pointer lies beside the old one; the old generation is still served"""
    PUBLISHED = "published"
    """the new generation is served"""
    PRUNED = "pruned"
    """old generations are gone"""


@dataclass(frozen=True)
class Event:
    """A step, and how far the job is: `done` of `total` items, where the total is known."""

    step: Step
    done: int = 0
    total: int | None = None


Progress: TypeAlias = Callable[[Event], None]
"""Called at every step, on the job's own thread. An exception from it ends the job there."""


def silent(_event: Event) -> None:
    """Say nothing."""
