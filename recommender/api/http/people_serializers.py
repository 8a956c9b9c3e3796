"""A person's feedback and what follows from it -> the shapes on the wire."""

from __future__ import annotations

import base64
from collections.abc import Iterable
from typing import Final

from recommender.outfits.speech import N_, say
from recommender.people.feedback import Feedback
from recommender.people.people import Export
from recommender.people.profile_explanation import Explanation
from recommender.people.worn import WornPiece
from recommender.wire import people_shapes as shapes
from recommender.wire import worn_shapes
from segmentation.common.taxonomy import SLOT_OF

_MISSING: Final = N_("Items that the catalogue no longer has count for nothing.")


def feedback_answer(feedback: Feedback) -> shapes.Told:
    """Return one feedback."""
    return shapes.Told(
        verdict=feedback.verdict,
        skus=list(feedback.skus),
        at=feedback.at,
        prices=prices(feedback),
        worn=worn(feedback.worn),
    )


def prices(feedback: Feedback) -> dict[str, worn_shapes.SavedPrice]:
    """Return what the items of a saved look cost when it was saved."""
    return {
        sku: worn_shapes.SavedPrice(price=amount, currency=currency)
        for sku, (amount, currency) in feedback.prices.items()
    }


def worn(pieces: Iterable[WornPiece]) -> list[worn_shapes.WornPiece]:
    """Return what is worn with a look, each picture as a data URL."""
    return [
        worn_shapes.WornPiece(
            category=each.category,
            slot=SLOT_OF[each.category],
            image=f"data:image/webp;base64,{base64.b64encode(each.picture).decode()}",
        )
        for each in pieces
    ]


def person(export: Export) -> shapes.PersonAnswer:
    """Return all of a person."""
    return shapes.PersonAnswer(
        person=export.person,
        told=[feedback_answer(each) for each in export.feedback],
        did=[shapes.Did(kind=each.kind, sku=each.sku, at=each.at) for each in export.did],
        style=_style(export.believed),
    )


def _style(believed: Explanation) -> shapes.StyleAnswer:
    return shapes.StyleAnswer(
        told=believed.feedback_count,
        slots={
            slot: shapes.BelievedSlot(
                sureness=round(each.sureness, 4),
                items=[
                    shapes.Pulling(sku=p.item.sku, weight=round(p.weight, 4)) for p in each.pulls
                ],
            )
            for slot, each in believed.slots.items()
        },
        colours={name: round(weight, 4) for name, weight in believed.colours.items()},
        kinds={kind: round(weight, 4) for kind, weight in believed.kinds.items()},
        prices=[
            shapes.PriceRange(category=p.category, currency=p.currency, low=p.low, high=p.high)
            for p in believed.prices
        ],
        missing=list(believed.missing),
        note=say(_MISSING) if believed.missing else "",
    )
