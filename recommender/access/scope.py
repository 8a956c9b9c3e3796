"""What a key to the API allows. Loads nothing."""

from __future__ import annotations

from enum import StrEnum


class Scope(StrEnum):
    """What a key allows; each scope all that those before it allow."""

    READ = "read"
    WRITE = "write"
    ADMIN = "admin"

    def allows(self, needed: Scope) -> bool:
        """Return whether a key of this scope may do what needs another.

        >>> Scope.WRITE.allows(Scope.READ), Scope.WRITE.allows(Scope.ADMIN)
        (True, False)
        """
        ranks = list(Scope)
        return ranks.index(self) >= ranks.index(needed)
