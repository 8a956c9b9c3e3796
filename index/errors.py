"""What the catalogue and its index refuse.

segmentation.common.errors.Refusal
└── CatalogError            anything about the catalogue
    ├── CatalogBusy         another process is writing to it
    ├── FeedError           a feed cannot be read
    │   ├── TooManyRejects  too many of its rows are bad
    │   └── PicturesElsewhere  its pictures lie at addresses that nothing is fetched from
    ├── OutOfMemory         there is too little memory for it
    ├── ItemNotFound        no item has this sku
    ├── DatabaseError       the database cannot be used as it is
    │   ├── DatabaseBusy    another process has it locked
    │   └── DatabaseUnfit   its file is damaged, or of a newer version: another has to take its place
    ├── LossUnconfirmed     this would take away more than half, and nobody said that it may
    ├── BackupError         a file is no backup, or is damaged
    ├── ClusterError        the machines that encode cannot be used as they are
    └── IndexRefusal        the index cannot be served
        ├── IndexMissing    nothing was published yet
        │   └── NoEarlierIndex  there is none to go back to
        ├── IndexMismatch   it was made with another encoder, metric or format
        ├── IndexForeign    it was made from another database, or from a newer state of this one
        ├── IndexDamaged    its files are not what their manifest says
        └── IndexUnreachable  the server that holds it does not answer
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import contextmanager

from segmentation.common.errors import Refusal

BUILD_COMMAND = "recommender index build"
ROLLBACK_COMMAND = "recommender index rollback"
RESTORE_COMMAND = "recommender restore FILE"


class CatalogError(Refusal):
    """A request about the catalogue that cannot be served as it is."""

    code = "catalogue"


class CatalogBusy(CatalogError):  # noqa: N818  # a refusal, as its whole family
    """Another process is writing to the catalogue."""

    code = "catalogue-busy"


class FeedError(CatalogError):
    """A feed cannot be read."""

    code = "feed"


class TooManyRejects(FeedError):  # noqa: N818  # a refusal, as its whole family
    """More of a feed's rows are bad than may be left out; none was taken."""

    code = "feed-rejects"


class PicturesElsewhere(FeedError):  # noqa: N818  # a refusal, as its whole family
    """A feed's pictures lie at addresses that nothing may be fetched from."""

    code = "feed-addresses"

    hosts: Mapping[str, int] = {}
    """Where, and how many."""


class OutOfMemory(CatalogError):  # noqa: N818  # a refusal, as its whole family
    """There is too little memory for what was asked; what was served is served on."""

    code = "out-of-memory"


@contextmanager
def within_memory() -> Iterator[None]:
    """Refuse, in this block or in the function that it decorates, what memory does not suffice for.

    Raises:
        OutOfMemory: it does not.
    """
    try:
        yield
    except MemoryError as error:
        raise OutOfMemory(
            "there is too little memory for this",
            got=str(error) or "an allocation that failed",
            expected="a machine, or a limit on this process, with more",
            next_step="Free some memory, or import the feed in parts; what was stored is stored.",
        ) from error


class ItemNotFound(CatalogError):  # noqa: N818  # a refusal, as its whole family
    """No item of the catalogue has this sku."""

    code = "item-not-found"

    @classmethod
    def of(cls, sku: str) -> ItemNotFound:
        """Return the refusal for one sku."""
        return cls(
            "no such item",
            got=repr(sku),
            expected="the sku of an item in the catalogue",
            next_step="List the catalogue with `recommender catalog list`.",
        )


class DatabaseError(CatalogError):
    """The database cannot be used as it is."""

    code = "database"


class DatabaseBusy(DatabaseError):  # noqa: N818  # a refusal, as its whole family
    """Another process has the database locked; later it will not."""

    code = "database-busy"


class DatabaseUnfit(DatabaseError):  # noqa: N818  # a refusal, as its whole family
    """The database's file is damaged, no database, or of a newer version of this program."""


class BackupError(CatalogError):
    """A file is no backup, or is not what was written."""

    code = "backup"


class LossUnconfirmed(CatalogError):  # noqa: N818  # a refusal, as its whole family
    """This would take away more than half of something, and nobody said that it may."""

    code = "loss-unconfirmed"


class ClusterError(CatalogError):
    """The machines that encode cannot be used as they are."""

    code = "cluster"


class IndexRefusal(CatalogError):  # noqa: N818  # a refusal, as its whole family
    """The index cannot be served as it is."""

    code = "index"


class IndexMissing(IndexRefusal):
    """Nothing was published yet."""

    code = "index-missing"


class NoEarlierIndex(IndexMissing):
    """There is nothing to go back to; what is served is served on."""

    code = "no-earlier-index"


class IndexMismatch(IndexRefusal):
    """The index was made with another encoder, metric or format than the one asking."""

    code = "index-mismatch"

    @classmethod
    def of(cls, what: str, *, got: object, expected: object) -> IndexMismatch:
        """Return the refusal for one property of the index; the remedy is always a build."""
        return cls(
            f"the index has another {what}",
            got=str(got),
            expected=str(expected),
            next_step=f"Run `{BUILD_COMMAND}`: it makes the index anew from what is stored.",
        )


class IndexForeign(IndexRefusal):
    """The index was made from another database than the one in use, or from a newer state of it."""

    code = "index-foreign"


class IndexDamaged(IndexRefusal):
    """A file of the index is missing, cut short, changed or foreign."""

    code = "index-damaged"

    @classmethod
    def of(cls, where: object, *, got: str, expected: str) -> IndexDamaged:
        """Return the refusal for one file; nothing of it was given to the vector library."""
        return cls(
            f"the index is damaged ({where})",
            got=got,
            expected=expected,
            next_step=f"Run `{BUILD_COMMAND}` (nothing is encoded again) or `{ROLLBACK_COMMAND}`.",
        )


class IndexUnreachable(IndexRefusal):
    """The server that holds the index does not answer, or not to us."""

    code = "index-unreachable"
