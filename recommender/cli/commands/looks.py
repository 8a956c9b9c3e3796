"""`similar` and `complete`: what goes with a garment or an outfit."""

from __future__ import annotations

from dataclasses import replace
from decimal import Decimal
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from index.model.filters import Filters
from recommender.cli.terminal import showing
from recommender.cli.terminal.options import (
    Count,
    Everyone,
    JsonFlag,
    filtering,
    open_wiring,
    parse_amount,
    read_photo,
)
from recommender.cli.terminal.output import emit, note
from recommender.wire.terms import Gain, Occasion, Season
from segmentation.common.taxonomy import Slot

if TYPE_CHECKING:
    from recommender.completion.asking import CompleteRequest
    from recommender.outfits.look import Completion
    from recommender.similarity.similarity_search import Similar, SimilarRequest


@filtering()
def similar(
    *,
    photo: Annotated[Path | None, typer.Option("--photo", help="A photo of the garment.")] = None,
    item: Annotated[str | None, typer.Option("--item", metavar="SKU", help="An item.")] = None,
    text: Annotated[str | None, typer.Option("--text", help="A description in words.")] = None,
    garment: Annotated[
        int | None,
        typer.Option("--garment", min=0, help="Its number in `segment`; the largest if left out."),
    ] = None,
    everyone: Everyone = False,
    but: Annotated[
        str | None,
        typer.Option("--but", metavar="WORDS", help='What is to be otherwise, such as "red".'),
    ] = None,
    k: Count = 10,
    filters: Filters,
    every_variant: Annotated[
        bool,
        typer.Option("--every-variant", help="Variants and copies too, each on its own."),
    ] = False,
    json: JsonFlag = False,
) -> None:
    """Find items of the catalogue like a garment, an item or a description."""
    if sum(query is not None for query in (photo, item, text)) != 1:
        raise typer.BadParameter("give one of --photo, --item and --text")
    if (garment is not None or everyone) and photo is None:
        raise typer.BadParameter("--garment and --everyone need --photo")
    if but is not None and text is not None:
        raise typer.BadParameter("--but needs --photo or --item; say all of it in --text")
    from recommender.cli.terminal import serializers
    from recommender.similarity.similarity_search import SimilarRequest

    request = SimilarRequest(k, filters, but, every_variant)
    answer = _ask(photo, item, text, garment, everyone=everyone, request=request)
    if answer.note:
        note(answer.note)
    hits = [serializers.hit(hit, answer.variants.get(hit.item.sku, ())) for hit in answer.ranking]
    if json:
        emit({"hits": hits})
    else:
        showing.show_hits(hits)


@filtering("category", "min_price", "max_price")
def complete(
    photo: Annotated[
        Path | None, typer.Argument(metavar="[PHOTO]", help="A photo of the outfit.")
    ] = None,
    *,
    item: Annotated[
        str | None,
        typer.Option("--item", metavar="SKU", help="An item to begin with, in place of a photo."),
    ] = None,
    slot: Annotated[
        list[Slot] | None, typer.Option("--slot", help="Only this slot; may be repeated.")
    ] = None,
    keep: Annotated[
        list[Slot] | None,
        typer.Option("--keep", help="Only what is worn here stays; may be repeated."),
    ] = None,
    picked: Annotated[
        list[str] | None,
        typer.Option("--with", metavar="SKU", help="An item of every look; may be repeated."),
    ] = None,
    exclude: Annotated[
        list[str] | None,
        typer.Option("--without", metavar="SKU", help="Not this item; may be repeated."),
    ] = None,
    budget: Annotated[
        Decimal | None,
        typer.Option("--budget", parser=parse_amount, metavar="AMOUNT", help="For a whole look."),
    ] = None,
    style: Annotated[
        str, typer.Option("--style", metavar="PERSON", help="Whose taste moves the scores.")
    ] = "",
    occasion: Annotated[
        Occasion | None,
        typer.Option("--occasion", help="What for; read off the outfit if left out."),
    ] = None,
    temperature: Annotated[
        float | None,
        typer.Option("--temperature", min=-40, max=50, metavar="C", help="Of the day, in °C."),
    ] = None,
    season: Annotated[
        Season | None, typer.Option("--season", help="In place of a temperature.")
    ] = None,
    change: Annotated[
        Gain | None, typer.Option("--change", help="Change the outfit in this way.")
    ] = None,
    wearer: Annotated[
        int | None,
        typer.Option("--wearer", min=0, help="Whose outfit, as `segment --everyone` numbers them."),
    ] = None,
    k: Count = 5,
    looks: Annotated[int, typer.Option("--looks", min=1, max=10, help="How many looks.")] = 3,
    filters: Filters,
    json: JsonFlag = False,
) -> None:
    """Propose what completes an outfit, slot by slot and as whole looks."""
    if (photo is None) == (item is None):
        raise typer.BadParameter("give either PHOTO or --item")
    if wearer is not None and photo is None:
        raise typer.BadParameter("--wearer needs PHOTO")
    from recommender.cli.terminal import serializers
    from recommender.completion.asking import CompleteRequest

    filters = replace(filters, exclude=frozenset(exclude or ()))
    request = CompleteRequest(
        slots=tuple(slot or ()),
        k=k,
        looks=looks,
        filters=filters,
        budget=budget,
        keep=tuple(keep or ()),
        picked=tuple(picked or ()),
        person=style,
        occasion=occasion,
        temperature_c=temperature,
        season=season,
        change=change,
    )
    answer = _completed(photo, item, request, wearer)
    if json:
        emit(serializers.completion(answer))
    else:
        showing.show_completion(answer)


def _completed(
    photo: Path | None, item: str | None, request: CompleteRequest, wearer: int | None
) -> Completion:
    from recommender.completion import complete as verbs
    from recommender.photos.photo_analysis import analyse
    from recommender.photos.wearers import of_wearer
    from recommender.timing import Stopwatch

    wiring, watch = open_wiring(), Stopwatch()
    if photo is None:
        return verbs.complete_item(item or "", wiring, request)
    decoded, everyone = read_photo(photo, wiring, watch), wearer is not None
    analysis = analyse(decoded, wiring, everyone=everyone, watch=watch)
    return verbs.complete(of_wearer(analysis, wearer), wiring, request)


def _ask(
    photo: Path | None,
    item: str | None,
    text: str | None,
    garment: int | None,
    *,
    everyone: bool,
    request: SimilarRequest,
) -> Similar:
    from recommender.photos.photo_analysis import analyse
    from recommender.similarity import similarity_search as verbs
    from recommender.timing import Stopwatch

    wiring, watch = open_wiring(), Stopwatch()
    if photo is not None:
        decoded = read_photo(photo, wiring, watch)
        analysis = analyse(decoded, wiring, everyone=everyone, watch=watch)
        return verbs.similar_to_photo(analysis, wiring, request, garment=garment)
    if item is not None:
        return verbs.similar_to_item(item, wiring, request, watch=watch)
    return verbs.similar_to_text(text or "", wiring, request, watch=watch)
