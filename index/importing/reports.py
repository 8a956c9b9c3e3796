"""How to import, and what an import or a build says it did."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Final

from index.feeds.rows import FeedOptions, Reject
from index.generations.generations import Generation
from index.importing.findings.reasons import Finding, summary
from index.model.items import Pictures

DEFAULT_OPTIONS: Final = FeedOptions()


@dataclass(frozen=True)
class ImportOptions:
    """How to import.

    Attributes:
        feed: how the feed is read.
        max_reject_share: 0 to 1; a feed with a larger share of bad rows is refused as a whole.
        remove_missing: take out items that the feed no longer has.
        dry_run: only say what would happen.
        rejects_to: where bad rows and pictures are listed as CSV, if there are any.
        pictures: what the feed's pictures show.
        later: new pictures are stored but not encoded; a build does that. Rows that name no kind
            are encoded at once: their picture has to tell it.
        confirmed: more than half of what is there may be taken away.
        named: how advice calls the feed; its file's name where not given.
        fetch: where pictures may be fetched from beside what is allowed anyway, parted by commas; for
            who makes the feed's fetcher.
    """

    feed: FeedOptions = DEFAULT_OPTIONS
    max_reject_share: float = 0.25
    remove_missing: bool = False
    dry_run: bool = False
    rejects_to: Path | None = None
    pictures: Pictures = Pictures.AUTO
    later: bool = False
    confirmed: bool = False
    named: str = ""
    fetch: str = ""


@dataclass(frozen=True)
class ImportReport:
    """What an import did, or in a dry run would do.

    Attributes:
        added, changed, unchanged, removed: numbers of items.
        encoded: pictures that went through the encoder.
        rejects: rows left out, in order.
        notes: further pictures left out, in order; their items were taken.
        withheld: items that the feed seems to lack and that were kept all the same, because a bad
            row without a sku may be theirs.
        generation: the number of the generation served afterwards; 0 in a dry run.
        seconds: how long it took.
        warnings: what of rows that were taken was left out or read otherwise than written.
        warned: the same, by reason.
        hosts: where pictures lie that nothing may be fetched from, and how many.
    """

    added: int
    changed: int
    unchanged: int
    removed: int
    encoded: int
    rejects: tuple[Reject, ...]
    generation: int
    seconds: float
    dry_run: bool = False
    notes: tuple[Reject, ...] = ()
    withheld: int = 0
    warnings: tuple[Reject, ...] = ()
    warned: tuple[Finding, ...] = ()
    hosts: Mapping[str, int] = field(default_factory=dict)

    @property
    def findings(self) -> tuple[Finding, ...]:
        """What was left out, by reason, the most frequent first."""
        return summary((*self.rejects, *self.notes))

    @property
    def warning_count(self) -> int:
        """How much was warned of in all; `warnings` lists the first."""
        return sum(each.count for each in self.warned)

    @property
    def rejected(self) -> int:
        """Number of rows left out."""
        return len(self.rejects)


@dataclass(frozen=True)
class BuildReport:
    """What a build did.

    Attributes:
        encoded: pictures that went through the encoder.
        reread: items whose attributes, read anew off their stored vectors, are others than before.
        rejects: items whose stored picture could not be encoded again.
        generation: the one that is served now.
    """

    encoded: int
    reread: int
    rejects: tuple[Reject, ...]
    generation: Generation
    seconds: float
