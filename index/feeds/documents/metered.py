"""A file that refuses to be read on where no record ends for too long."""

from __future__ import annotations

from typing import BinaryIO

from index.errors import FeedError


class Metered:
    """Counts what is read; whoever reads sets `since` to 0 where a record ends."""

    def __init__(self, file: BinaryIO, most: int, looked_for: str) -> None:
        """Take the file, the most bytes between two records, and what those are called."""
        self.file, self.since, self.most, self.looked_for = file, 0, most, looked_for

    def read(self, size: int = -1) -> bytes:
        """Return the next bytes, as of `BinaryIO.read`.

        Raises:
            FeedError: no record ended for too long.
        """
        data = self.file.read(size)
        self.since += len(data)
        if self.since > self.most:
            raise FeedError(
                "the feed has an item that is too large",
                got=f"more than {self.most} bytes without the end of an item",
                expected=self.looked_for,
                next_step="Check that this is a product feed, and export it again.",
            )
        return data
