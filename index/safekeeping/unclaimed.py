"""Pictures without an item: set aside, taken back, and deleted after a week.

Only the writer moves them. A picture is set aside by whatever leaves it without an item; the next
import, removal or build takes back what an item shows again and deletes what nobody claimed.
"""

from __future__ import annotations

from index.catalogue.catalog import shown, unused
from index.database.database import Database
from index.files.images import KEPT_FOR_S, ImageStore
from index.generations.guards import Guard


def settle(images: ImageStore, database: Database) -> None:
    """Take back what an item shows again; delete what has been unclaimed for a week.

    Raises:
        CatalogError: the folder may not be written to.
    """
    aside = images.unclaimed()
    if not aside:
        return
    with database.reading() as session:
        stray = unused(session, (each.name for each in aside))
    images.take_back(each.name for each in aside if each.name not in stray)
    due = [each.name for each in aside if each.name in stray and each.age_s > KEPT_FOR_S]
    images.delete_unclaimed(due)


def strays(images: ImageStore, database: Database, guard: Guard) -> list[str]:
    """Return the pictures that no item of any catalogue shows, to be set aside.

    Those of the last hour are not among them.

    Raises:
        LossUnconfirmed: they are more than half of all, and nobody said that they may go.
    """
    with database.reading() as session:
        used = shown(session)
    held = list(images.names())
    found = images.unchanged(name for name in held if name not in used)
    guard.check_loss(
        "pictures",
        taken=len(found),
        of=len(held),
        next_step=f"No item in {database.place} shows them: see that it is the database of this "
        "home. They are set aside for a week first.",
    )
    return found
