"""Records -> the JSON of the command line's contract: shapes of the wire, and what it tells otherwise.

Keys are listed in docs/cli.md. A picture is a file's name here, where the API has an address.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, Final

from pydantic import BaseModel

from index.model.items import CatalogItem, Hit
from recommender import serializers
from recommender.outfits.look import Candidate, Completion, Look
from recommender.photos.wearers import wearers
from segmentation.common.garments import Garment, Garments, Photo

_LISTED: Final = (
    "title", "category", "slot", "brand", "price", "sale_price", "currency", "colour",
)  # fmt: skip
"""What a list of similar items shows of each."""


def segmentation(name: str, photo: Photo, garments: Garments, ms: Mapping[str, float]) -> Any:
    """Return what `segment` says of one photo."""
    return {
        "photo": name,
        "width": photo.width,
        "height": photo.height,
        "garments": [garment_shape(garment) for garment in garments],
        "wearers": [
            {"garments": list(each.garments), "box": [round(side, 1) for side in each.box_xyxy]}
            for each in wearers(garments)
        ],
        "ms": serializers.milliseconds(ms),
    }


def garment_shape(garment: Garment) -> dict[str, Any]:
    """Return one garment; its mask as COCO RLE over the whole photo."""
    shape = serializers.garment(garment)
    return shape.model_dump(mode="json", exclude={"slot", "outline", "cutout"})


def item(record: CatalogItem) -> dict[str, Any]:
    """Return one item; amounts of money as text, so that they stay exact."""
    sure = record.category_confidence
    return {
        **serializers.item(record).model_dump(mode="json"),
        "category_confidence": None if sure is None else round(sure, 4),
        "image": record.image,
        "more_images": list(record.more_images),
    }


def hit(record: Hit, variants: Sequence[CatalogItem] = ()) -> dict[str, Any]:
    """Return one similar item: its sku and cosine, what a list shows of it, and its variants."""
    shown = item(record.item)
    return {
        "sku": record.item.sku,
        "score": round(record.score, 4),
        **{key: shown[key] for key in _LISTED},
        "variants": [serializers.variant(each).model_dump(mode="json") for each in variants],
    }


def completion(record: Completion) -> dict[str, Any]:
    """Return the best look with all that belongs to it, and the candidates of each slot."""
    best = {
        **_look(record.look),
        "reason": record.look.reason,
        "alternatives": [_look(look) for look in record.looks[1:]],
        "notes": {slot.value: text for slot, text in record.notes.items()},
        "context": _plain(serializers.context(record.context)) if record.context else None,
        "is_complete": record.is_complete,
        "told": record.note,
        "ms": serializers.milliseconds(record.ms),
    }
    slots = {
        slot.value: [_candidate(candidate) for candidate in pool]
        for slot, pool in record.slots.items()
    }
    return {"look": best, "slots": slots}


def _look(look: Look) -> dict[str, Any]:
    return {
        "picks": {slot.value: pick.item.sku for slot, pick in look.picks.items()},
        "score": round(look.score, 4),
        "totals": {currency: str(total) for currency, total in look.totals.items()},
        "worn": list(look.worn),
        "idea": look.idea.value if look.idea else None,
        "change": _plain(serializers.change(look.change)) if look.change else None,
    }


def _plain(shape: BaseModel) -> dict[str, Any]:
    return shape.model_dump(mode="json")


def _candidate(candidate: Candidate) -> dict[str, Any]:
    return serializers.suggestion(candidate).model_dump(mode="json", exclude={"item"})
