"""What can be counted of looks: `python -m recommender.bench.look_counts [DATA]` prints it as JSON.

For each of some held-out photos the most essential garment is kept, and three looks are made around it
from the catalogue in `RECOMMENDER_HOME`; without DATA, the sample outfits are completed or changed as they are. What an eye has to judge is on `contact_sheets`.
"""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass, replace
from pathlib import Path
from typing import Annotated, Final

import typer

from index.model.filters import Filters
from index.model.garment_facts import Audience
from recommender.completion.asking import CompleteRequest
from recommender.completion.complete import complete
from recommender.outfits.dress.pieces import Piece
from recommender.outfits.dress.rules import DressRules
from recommender.outfits.dress.stylist import Stylist
from recommender.outfits.look import Completion, Look
from recommender.outfits.outfit import Outfit
from recommender.outfits.slots import BY_ESSENCE, SEVERAL, held
from recommender.photos.photo_analysis import PhotoAnalysis, analyse
from recommender.runtime.wiring import Wiring
from recommender.sample import outfit_paths
from recommender.settings import read_settings
from segmentation.common.commands import run
from segmentation.common.garments import Photo
from segmentation.common.photo import decode
from segmentation.common.taxonomy import Category
from segmentation.datasets import read_folder

LOOKS: Final = 3
LEAST: Final = 3
"""Fewer pieces are no outfit."""


@dataclass(frozen=True)
class Answered:
    """A photo, what is worn in it, and what was answered."""

    id: str
    photo: Photo
    outfit: Outfit
    answer: Completion


@dataclass(frozen=True)
class LookCounts:
    """Counts over looks, and over the items that they propose.

    Attributes:
        outfits, looks, picks: how many.
        empty: looks without a pick.
        below_three: looks of fewer than three pieces, worn ones counted.
        vetoed: looks that break a rule which what is worn does not break by itself.
        children: picks that are children's.
        mixed: looks with women's and men's pieces.
        twice: looks that propose something at a place that is worn and kept.
        most: the most that one item is proposed.
        over_three: items that are proposed more than three times.
        distinct: share of the picks that are different items.
        repeated: looks that were given for another outfit before, item for item.
        ideas: answers whose looks all differ in their colours' idea.
        popular: picks of what sells.
    """

    outfits: int
    looks: int
    picks: int
    empty: int
    below_three: int
    vetoed: int
    children: int
    mixed: int
    twice: int
    most: int
    over_three: int
    distinct: float
    repeated: int
    ideas: int
    popular: int = 0


class Selling(Wiring):
    """The real things, where some items sell.

    Attributes:
        popularity: sku -> 0 to 1.
    """

    popularity: Mapping[str, float] = {}


def counted(
    answered: Sequence[Answered], stylist: Stylist, popular: Collection[str] = ()
) -> LookCounts:
    """Return the counts of some answers.

    Args:
        answered: the answers.
        stylist: whose rules they should keep.
        popular: skus of what sells.
    """
    looks = [(each, made) for each in answered for made in each.answer.looks]
    filled = [(each, made) for each, made in looks if made.picks]
    picks = [pick.item for _, made in filled for pick in made.picks.values()]
    often = Counter(item.sku for item in picks)
    pieces = [
        (each, made, [stylist.item(p.item) for p in made.picks.values()]) for each, made in filled
    ]
    alike = Counter(frozenset(p.item.sku for p in made.picks.values()) for _, made in filled)
    return LookCounts(
        outfits=len(answered),
        looks=len(looks),
        picks=len(picks),
        empty=len(looks) - len(filled),
        below_three=sum(len(made.worn) + len(new) < LEAST for _, made, new in pieces),
        vetoed=sum(_is_vetoed(each, made, new, stylist) for each, made, new in pieces),
        children=sum(p.audience is Audience.KIDS for _, _, new in pieces for p in new),
        mixed=sum({Audience.WOMEN, Audience.MEN} <= {p.audience for p in new} for _, _, new in pieces),
        twice=sum(_has_twice(each, made) for each, made in filled),
        most=max(often.values(), default=0),
        over_three=sum(count > 3 for count in often.values()),
        distinct=round(len(often) / max(1, len(picks)), 3),
        repeated=sum(count - 1 for count in alike.values()),
        ideas=sum(
            len({made.idea for made in each.answer.looks}) == len(each.answer.looks)
            for each in answered
        ),
        popular=sum(often[sku] for sku in popular),
    )  # fmt: skip


def _has_twice(each: Answered, made: Look) -> bool:
    """Return whether a look proposes what is kept: of accessories the same kind, else the same place."""
    kept = [each.outfit.categories[number] for number in made.worn]
    several = {pick.item.category for slot, pick in made.picks.items() if slot in SEVERAL}
    return bool(held(kept) & (set(made.picks) - SEVERAL) or several & set(kept))


def _is_vetoed(each: Answered, made: Look, new: list[Piece], stylist: Stylist) -> bool:
    if each.answer.context is None:
        return False
    rules = DressRules(stylist, each.answer.context)
    worn = [stylist.worn(each.outfit)[number] for number in made.worn]
    refused, _ = rules.alone(new if made.change is None else [])  # a change is for another day
    never, _ = rules.between(new, [*worn, *new])
    return bool(refused.any() or never.any())


def answers(
    photos: Iterable[tuple[str, Photo]],
    wiring: Wiring,
    wanted: Callable[[PhotoAnalysis], CompleteRequest] | None = None,
    chosen: Mapping[str, Audience] | None = None,
) -> Iterator[Answered]:
    """Yield what is answered for photos: three looks around the most essential garment of each.

    Args:
        photos: with their names.
        wiring: the real things.
        wanted: what is asked of a photo instead.
        chosen: whom the shopper said that looks are for, by the photo's name.
    """
    for name, photo in photos:
        analysis = analyse(photo, wiring)
        request = wanted(analysis) if wanted is not None else _around_the_first(analysis)
        if chosen and name in chosen:
            filters = replace(request.filters, audiences=frozenset({chosen[name]}))
            request = replace(request, filters=filters)
        yield Answered(name, photo, analysis.outfit, complete(analysis, wiring, request))


def _around_the_first(analysis: PhotoAnalysis) -> CompleteRequest:
    worn = held([garment.category for garment in analysis.found])
    first = next((slot for slot in BY_ESSENCE if slot in worn), None)
    return CompleteRequest(looks=LOOKS, keep=(first,) if first else ())


def _some(wiring: Wiring, every: int) -> list[str]:
    """Return the skus of every so many items of each kind."""
    with wiring.database.reading() as session:
        catalog = wiring.catalog(session)
        kinds = [Filters(categories=frozenset({kind})) for kind in Category]
        pages = [catalog.page(each, limit=10_000)[every // 2 :: every] for each in kinds]
    return [item.sku for page in pages for item in page]


def photos_of(data: Path, split: str, count: int) -> list[tuple[str, Photo]]:
    """Return the first photos of a split: `val` for the record, `train` to look at while working."""
    _, chosen = read_folder(data, split)
    return [(each.id, Photo(each.read()[0])) for each in chosen[:count]]


def read_chosen(file: Path | None) -> dict[str, Audience]:
    """Return whom looks are for, by photo: a line a photo, its name and `women` or `men`."""
    lines = file.read_text(encoding="utf-8").splitlines() if file else ()
    return {name: Audience(audience) for name, audience in map(str.split, filter(None, lines))}


def sample_photos() -> list[tuple[str, Photo]]:
    """Return the sample outfits, complete ones among them."""
    return [(path.stem, Photo(decode(path.read_bytes()).rgb)) for path in outfit_paths()]


def look_counts(
    data: Annotated[
        Path | None, typer.Argument(help="Street photos; the sample outfits if left out.")
    ] = None,
    photos: Annotated[int, typer.Option(min=1, help="How many photos.")] = 40,
    split: Annotated[str, typer.Option(help="val, or train to look at while working.")] = "val",
    every: Annotated[
        int, typer.Option(min=1, help="Every so many items of a kind is watched.")
    ] = 10,
    popular: Annotated[
        float, typer.Option(min=0, max=1, help="How popular the watched items are.")
    ] = 0,
) -> None:
    """Count what can be counted of looks for photos."""
    wiring = Selling(read_settings())
    watched = _some(wiring, every)
    wiring.popularity = dict.fromkeys(watched, popular) if popular else {}
    if data is None:  # as they are, nothing taken off
        given = list(answers(sample_photos(), wiring, lambda _: CompleteRequest(looks=LOOKS)))
    else:
        given = list(answers(photos_of(data, split, photos), wiring))
    typer.echo(json.dumps(asdict(counted(given, wiring.stylist, watched))))


if __name__ == "__main__":
    run(look_counts)
