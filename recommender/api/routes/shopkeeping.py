"""The routes of whoever keeps the shop: the index, and the models in use."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from types import ModuleType
from typing import Annotated, Final, Literal

from fastapi import APIRouter, Query, Response

import index
import segmentation
from index.generations.status import IndexStatus
from recommender import compatibility
from recommender.api.http.backend import BackendOf
from recommender.api.http.documents import csv_too, problems
from recommender.outfits.dress import table
from recommender.outfits.speech import N_, say
from recommender.serializers import gap_record, gaps_table
from recommender.settings import Settings
from recommender.wire.catalogue_shapes import (
    CatalogueGap,
    GapsAnswer,
    IndexAnswer,
    Model,
    ModelsAnswer,
    StylistAnswer,
)

router = APIRouter(prefix="/v1", tags=["shopkeeping"])

Name = Literal["segmentation", "encoder", "compatibility"]
_CARDS: Final[Mapping[Name, ModuleType]] = {
    "segmentation": segmentation,
    "encoder": index,
    "compatibility": compatibility,
}
"""A model's name -> the room whose weights hold its card."""
_BEHIND: Final = N_("The catalogue has changed since; run `recommender index build`.")


@router.get("/index", summary="How the catalogue and its index are", responses=problems(503))
def index_state(backend: BackendOf) -> IndexAnswer:
    """Say what is served, what is kept, and what to do where something is amiss."""
    return _index_answer(backend.shop.upkeep.state())


@router.post(
    "/index/rollback", summary="Back to the index before", responses=problems(409, 422, 503)
)
def rollback(
    backend: BackendOf,
    confirmed: Annotated[
        bool, Query(description="It may have less than half of the vectors served now.")
    ] = False,
) -> IndexAnswer:
    """Serve the newest earlier index that is whole."""
    backend.shop.upkeep.rollback(confirmed=confirmed)
    return _index_answer(backend.shop.upkeep.state())


@router.get(
    "/gaps",
    summary="What outfits lack in the catalogue",
    response_model=GapsAnswer,
    responses=csv_too() | problems(422, 503),
)
def gaps(
    backend: BackendOf,
    least: Annotated[int, Query(ge=1, le=1000, description="Fewer items are a gap.")] = 3,
    format: Annotated[
        Literal["json", "csv"], Query(description="`csv` for a spreadsheet.")
    ] = "json",
) -> Response | GapsAnswer:
    """List slots with too few items by audience, formality, days and price."""
    rows = [gap_record(gap) for gap in backend.shop.browsing.gaps(least)]
    if format == "csv":
        return Response(gaps_table(rows), media_type="text/csv")
    return GapsAnswer(gaps=[CatalogueGap(**row) for row in rows], least=least)


@router.get("/stylist", summary="The stylist's table in use", responses=problems())
def stylist(backend: BackendOf) -> StylistAnswer:
    """Return the conventions that looks are held to: the shipped ones, and the shop's own over them."""
    path, own, problem = backend.shop.settings.stylist, "", ""
    try:
        table.table_of(path)
        own = path.read_text("utf-8") if path is not None else ""
    except table.StylistError as refused:
        problem = str(refused)
    return StylistAnswer(shipped=table.SHIPPED.read_text("utf-8"), own=own, problem=problem)


@router.get("/models", summary="The models in use", responses=problems())
def models(backend: BackendOf) -> ModelsAnswer:
    """Return the shipped models' cards in the order that a photo meets them."""
    in_use = _shipped(backend.shop.settings)
    answers = []
    for name, room in _CARDS.items():
        path = Path(str(room.__file__)).parent / "weights" / "README.md"
        card = path.read_text(encoding="utf-8")
        title = card.split("\n", 1)[0].lstrip("# ").strip()
        answers.append(Model(name=name, title=title, shipped=in_use[name], card=card))
    return ModelsAnswer(models=answers)


def _shipped(settings: Settings) -> Mapping[Name, bool]:
    return {
        "segmentation": settings.detector is None,
        "encoder": not settings.encoder,
        "compatibility": settings.compatibility is None and not settings.encoder,
    }


def _index_answer(state: IndexStatus) -> IndexAnswer:
    generation = state.generation
    manifest = generation.manifest if generation else None
    note = say(_BEHIND) if state.stale or state.unencoded else ""
    return IndexAnswer(
        items=state.items,
        unencoded=state.unencoded,
        generation=generation.number if generation else None,
        generations=list(state.numbers),
        store=manifest.store if manifest else "",
        vectors=manifest.count if manifest else 0,
        dim=manifest.dim if manifest else 0,
        encoder=manifest.fingerprint if manifest else "",
        current=generation is not None and not state.stale,
        note=str(state.refusal) if state.refusal else note,
    )
