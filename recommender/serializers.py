"""Records -> the shapes on the wire, as the API answers them and the command line prints them."""

from __future__ import annotations

import csv
import io
from collections.abc import Mapping, Sequence
from contextvars import ContextVar
from typing import Any, Final
from urllib.parse import quote

from index.catalogue.gaps import Gap
from index.model.garment_facts import FACTS
from index.model.items import CatalogItem
from recommender.events.events import Event
from recommender.outfits import look
from recommender.outfits.dress.context import Context
from recommender.outfits.nouns import title_of
from recommender.photos.outlines import cutout, outline
from recommender.photos.wearers import wearers
from recommender.similarity import similarity_search
from recommender.wire import event_shapes, look_shapes, shapes
from segmentation.common import garments as seen
from segmentation.common import masks

BASE: Final[ContextVar[str]] = ContextVar("BASE", default="/v1")
"""What addresses in answers begin with: where the catalogue lies that is asked."""
_AS_THEY_ARE: Final = shapes.Item.model_fields.keys() - {"title", "image", "more_images", *FACTS}
"""What an item on the wire has from the catalogue without change."""


def address_of(path: str) -> str:
    """Return the address of what lies at a path of the catalogue that is asked.

    >>> address_of("/imports/1")
    '/v1/imports/1'
    """
    return BASE.get() + path


def garment(record: seen.Garment) -> shapes.Garment:
    """Return one garment; numbers rounded to what they are good for."""
    rle, border = masks.encode(record.mask), outline(record.mask)
    return shapes.Garment(
        category=record.category,
        score=round(record.score, 4),
        box=[round(float(side), 1) for side in record.box_xyxy],
        mask=shapes.Rle(size=rle["size"], counts=rle["counts"]),
        attributes=dict(record.attributes),
        slot=record.slot,
        outline=border,
        cutout=cutout(border, record.category),
    )


def event(record: Event) -> event_shapes.KeptEvent:
    """Return what a buyer did, as it is kept."""
    return event_shapes.KeptEvent(
        number=record.number,
        kind=record.kind,
        sku=record.sku,
        answer=record.answer,
        person=record.person,
        at=record.at,
    )


def garments(
    photo: seen.Photo, records: seen.Garments, ms: Mapping[str, float]
) -> shapes.GarmentsAnswer:
    """Return what is in a photo."""
    return shapes.GarmentsAnswer(
        width=photo.width,
        height=photo.height,
        garments=[garment(record) for record in records],
        wearers=[
            shapes.Wearer(
                garments=list(each.garments), box=[round(side, 1) for side in each.box_xyxy]
            )
            for each in wearers(records)
        ],
        ms=milliseconds(ms),
    )


def item(record: CatalogItem) -> shapes.Item:
    """Return an item; its picture's address changes with the picture."""
    address = address_of(f"/items/{quote(record.sku, safe='')}/image")
    return shapes.Item(
        **{name: getattr(record, name) for name in _AS_THEY_ARE},
        title=title_of(record),
        audience=record.facts.audience or record.audience,
        fine_kind=record.facts.fine_kind,
        formality=record.facts.formality,
        warmth=record.facts.warmth,
        image=f"{address}?v={picture_tag(record.image)}",
        more_images=[
            f"{address}?v={picture_tag(name)}&picture={number}"
            for number, name in enumerate(record.more_images, start=1)
        ],
    )


def picture_tag(name: str) -> str:
    """Return what tells one picture of an item from the next: the start of its content's hash."""
    return name.rsplit("/", 1)[-1].split(".")[0][:16]


def suggestion(record: look.Candidate) -> look_shapes.Suggestion:
    """Return a candidate with its item."""
    return look_shapes.Suggestion(
        sku=record.item.sku,
        score=round(record.score, 4),
        why=[look_shapes.Why(fact=each.fact, text=each.text) for each in record.why],
        item=item(record.item),
    )


def completion(record: look.Completion, photo: seen.Photo | None) -> look_shapes.CompletionAnswer:
    """Return all that completes an outfit."""
    return look_shapes.CompletionAnswer(
        width=photo.width if photo else None,
        height=photo.height if photo else None,
        garments=[garment(each) for each in record.garments],
        looks=[look_answer(each) for each in record.looks],
        slots={slot: [suggestion(each) for each in pool] for slot, pool in record.slots.items()},
        notes=dict(record.notes),
        ms=milliseconds(record.ms),
        context=context(record.context) if record.context else None,
        is_complete=record.is_complete,
        told=record.note,
    )


def context(record: Context) -> look_shapes.ContextAnswer:
    """Return what an outfit is worn for."""
    return look_shapes.ContextAnswer(
        text=record.text,
        formality=round(record.formality, 2),
        temperature_c=round(record.temperature_c, 1),
        occasion=record.occasion,
        audience=record.audience,
        read=sorted(record.read),
    )


def similars(record: similarity_search.Similar) -> shapes.SimilarAnswer:
    """Return similar items."""
    return shapes.SimilarAnswer(
        hits=[
            shapes.SimilarHit(
                sku=hit.item.sku,
                score=round(hit.score, 4),
                item=item(hit.item),
                variants=[variant(each) for each in record.variants.get(hit.item.sku, ())],
            )
            for hit in record.ranking
        ],
        garment=garment(record.garment) if record.garment else None,
        note=record.note,
        next_offset=record.next_offset,
        ms=milliseconds(record.ms),
    )


def variant(record: CatalogItem) -> shapes.Variant:
    """Return what tells one variant of a product from another."""
    return shapes.Variant(**{name: getattr(record, name) for name in shapes.Variant.model_fields})


def milliseconds(ms: Mapping[str, float]) -> dict[str, float]:
    """Return times to a tenth of a millisecond."""
    return {stage: round(spent, 1) for stage, spent in ms.items()}


def look_answer(record: look.Look) -> look_shapes.LookAnswer:
    """Return a look."""
    return look_shapes.LookAnswer(
        picks={slot: suggestion(pick) for slot, pick in record.picks.items()},
        score=round(record.score, 4),
        totals=record.totals,
        reason=record.reason,
        worn=list(record.worn),
        idea=record.idea,
        change=change(record.change) if record.change else None,
    )


def change(record: look.LookChange) -> look_shapes.Change:
    """Return what a look replaces."""
    return look_shapes.Change(
        gain=record.gain,
        replaced=list(record.replaced),
        replaced_skus=list(record.replaced_skus),
        by=list(record.by),
        text=record.text,
    )


def gap_record(gap: Gap) -> dict[str, Any]:
    """Return a gap of the catalogue."""
    return {
        "slot": gap.slot.value,
        "audience": gap.audience.value,
        "formality": gap.formality.value,
        "warmth": gap.warmth.value,
        "price_band": gap.band,
        "items": gap.items,
        "wanting": gap.wanting,
        "share": round(gap.share, 4),
        "price_above": None if gap.above is None else str(gap.above),
        "price_up_to": None if gap.up_to is None else str(gap.up_to),
        "currency": gap.currency,
    }


def gaps_table(rows: Sequence[Mapping[str, Any]]) -> str:
    """Return gaps as CSV, a header first."""
    buffer = io.StringIO(newline="")
    writer = csv.DictWriter(buffer, GAP_COLUMNS)
    writer.writeheader()
    writer.writerows(rows)
    return buffer.getvalue()


GAP_COLUMNS: Final = (
    "slot", "audience", "formality", "warmth", "price_band", "items", "wanting", "share",
    "price_above", "price_up_to", "currency",
)  # fmt: skip
