"""Records -> the JSON of the command line's contract. Keys are listed in docs/cli.md."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from index.model.items import CatalogItem, Hit
from recommender.outfits.look import Candidate, Completion, Look
from segmentation.common import masks
from segmentation.common.garments import Garment, Garments, Photo


def segmentation(name: str, photo: Photo, garments: Garments, ms: dict[str, float]) -> Any:
    """Return what `segment` says of one photo."""
    return {
        "photo": name,
        "width": photo.width,
        "height": photo.height,
        "garments": [garment_shape(garment) for garment in garments],
        "ms": milliseconds(ms),
    }


def garment_shape(garment: Garment) -> dict[str, Any]:
    """Return one garment; its mask as COCO RLE over the whole photo."""
    return {
        "category": garment.category.value,
        "score": round(garment.score, 4),
        "box": [round(side, 1) for side in garment.box_xyxy],
        "mask": dict(masks.encode(garment.mask)),
        "attributes": dict(garment.attributes),
    }


def item(record: CatalogItem) -> dict[str, Any]:
    """Return one item; amounts of money as text, so that they stay exact."""
    return {
        "sku": record.sku,
        "title": record.title,
        "category": record.category.value,
        "slot": record.slot.value,
        "brand": record.brand,
        "price": _money(record.price),
        "sale_price": _money(record.sale_price),
        "currency": record.currency,
        "availability": record.availability.value,
        "audience": record.audience.value,
        "colour": record.colour,
        "second_colour": record.second_colour,
        "pattern": record.pattern,
        "material": record.material,
        "sleeve": record.sleeve,
        "length": record.length,
        "measured": list(record.measured),
        "sizes": list(record.sizes),
        "description": record.description,
        "link": record.link,
        "group": record.group,
        "merchant_category": record.merchant_category,
        "category_confidence": _rounded(record.category_confidence),
        "image": record.image,
        "more_images": list(record.more_images),
    }


def hit(record: Hit, variants: Sequence[CatalogItem] = ()) -> dict[str, Any]:
    """Return one similar item: its sku and cosine, what a list shows of it, and its variants."""
    kept = ("title", "category", "slot", "brand", "price", "sale_price", "currency", "colour")
    shown = item(record.item)
    return {
        "sku": record.item.sku,
        "score": round(record.score, 4),
        **{key: shown[key] for key in kept},
        "variants": [_variant(each) for each in variants],
    }


def completion(record: Completion) -> dict[str, Any]:
    """Return the best look with all that belongs to it, and the candidates of each slot."""
    best = {
        **_look(record.look),
        "reason": record.look.reason,
        "alternatives": [_look(look) for look in record.looks[1:]],
        "notes": {slot.value: text for slot, text in record.notes.items()},
        "ms": milliseconds(dict(record.ms)),
    }
    slots = {
        slot.value: [_candidate(candidate) for candidate in pool]
        for slot, pool in record.slots.items()
    }
    return {"look": best, "slots": slots}


def milliseconds(ms: dict[str, float]) -> dict[str, float]:
    """Return times to a tenth of a millisecond."""
    return {stage: round(spent, 1) for stage, spent in ms.items()}


def _look(look: Look) -> dict[str, Any]:
    return {
        "picks": {slot.value: pick.item.sku for slot, pick in look.picks.items()},
        "score": round(look.score, 4),
        "totals": {currency: str(total) for currency, total in look.totals.items()},
    }


def _candidate(candidate: Candidate) -> dict[str, Any]:
    return {
        "sku": candidate.item.sku,
        "score": round(candidate.score, 4),
        "why": candidate.why,
    }


def _variant(record: CatalogItem) -> dict[str, Any]:
    return {
        "sku": record.sku,
        "colour": record.colour,
        "sizes": list(record.sizes),
        "availability": record.availability.value,
    }


def _rounded(share: float | None) -> float | None:
    return None if share is None else round(share, 4)


def _money(amount: object) -> str | None:
    return None if amount is None else str(amount)
