"""The photo with its garments outlined: one can be chosen."""

from __future__ import annotations

from typing import Any

from recommender.api.shapes import Garment
from ui import components, words
from ui.speech import say
from ui.state import Visit, visit


def show(held: Visit, place: Any) -> None:
    """Show the photo in a place, as far as it is known by now; may be called again."""
    if not held.preview:
        return
    found = held.garments.garments if held.garments else []
    with place.container():
        data = {
            "key": f"{held.photo_key}-{len(found)}",
            "photo": held.preview,
            "alt": held.title,
            "label": say("Garments in the photo: choose one to see similar items"),
            "width": held.garments.width if held.garments else 1,
            "height": held.garments.height if held.garments else 1,
            "selected": held.garment,
            "garments": [_outlined(garment) for garment in found],
        }
        # the key changes when garments arrive: until then the photo stands alone
        key = f"photo-{data['key']}-{held.garments is not None}"
        components.picker(data, key=key, picked=lambda number: visit().select_garment(number))


def _outlined(garment: Garment) -> dict[str, Any]:
    name, details = words.garment_name(garment), words.garment_details(garment)
    return {
        "name": name,
        "details": details,
        "label": ", ".join(filter(None, (name, details, f"{garment.score:.0%} sure"))),
        "box": garment.box,
        "outline": garment.outline,
    }
