"""The campaigns by name, in the order that they are run in."""

from __future__ import annotations

from typing import Final

from tests.faults import api, bursts, corruptions, disks, kills, photos, swaps, writers
from tests.faults.campaign import Campaign

CAMPAIGNS: Final = {
    campaign.name: campaign
    for campaign in (
        Campaign(
            "kills",
            "A SIGKILL at any moment of what writes loses nothing, and the next run finishes",
            1000,
            kills.opened,
        ),
        Campaign(
            "corruptions",
            "A damaged index is refused before anything of it is read",
            20_000,
            corruptions.opened,
        ),
        Campaign(
            "photos",
            "A spoiled photo is decoded or refused in bounded time and memory; who asked goes on",
            200_000,
            photos.opened,
        ),
        Campaign(
            "bursts",
            "Fifty photos of 12 megapixels at once: the queue's are answered, the others put off",
            500,
            bursts.opened,
        ),
        Campaign("api", "Every answer is one that the schema documents", 50_000, api.opened),
        Campaign(
            "swaps",
            "Indexes swapped under load: no answer fails, none is mixed up, nothing grows",
            1000,
            swaps.opened,
        ),
        Campaign(
            "full-disk",
            "A disk full at any page refuses what does not fit, loses nothing, and goes on with room",
            500,
            disks.full,
        ),
        Campaign(
            "read-only",
            "A home that may only be read answers, and refuses what writes",
            70,
            disks.read_only,
        ),
        Campaign(
            "writers",
            "Of two writers at once one is refused, or they write one after the other",
            500,
            writers.opened,
        ),
    )
}
