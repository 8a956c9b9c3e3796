"""Options that several commands share, and the way from a path to a photo."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from decimal import Decimal, InvalidOperation
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from index.model.items import Audience, Availability
from segmentation.common.taxonomy import Category, parse_category

if TYPE_CHECKING:
    from index.model.items import Filters
    from recommender.runtime.wiring import Wiring
    from recommender.timing import Stopwatch
    from segmentation.common.garments import Photo


def parse_amount(text: str) -> Decimal:
    """Return an amount of money.

    Raises:
        typer.BadParameter: it is none, or below zero.
    """
    try:
        amount = Decimal(text)
    except InvalidOperation as error:
        raise typer.BadParameter(f"{text!r} is not an amount such as 49.90") from error
    if not (amount.is_finite() and amount >= 0):
        raise typer.BadParameter(f"{text!r} is not an amount of zero or more")
    return amount


def parse_kind(text: str) -> Category:
    """Return the category that a word names.

    Raises:
        typer.BadParameter: it names none.
    """
    category = parse_category(text)
    if category is None:
        known = ", ".join(each.value for each in Category)
        raise typer.BadParameter(f"{text!r} is no garment; known are {known}")
    return category


JsonFlag = Annotated[bool, typer.Option("--json", help="One JSON object a line.")]
Sure = Annotated[
    bool, typer.Option("--yes", help="Go on where what is there would be taken away or replaced.")
]
Everyone = Annotated[
    bool,
    typer.Option("--everyone", help="Passers-by too, not only the main person's garments."),
]
Categories = Annotated[
    list[Category] | None,
    typer.Option(
        "--category", parser=parse_kind, metavar="C", help="Only this kind; may be repeated."
    ),
]
MinPrice = Annotated[
    Decimal | None,
    typer.Option("--min-price", parser=parse_amount, metavar="AMOUNT", help="Least price."),
]
MaxPrice = Annotated[
    Decimal | None,
    typer.Option("--max-price", parser=parse_amount, metavar="AMOUNT", help="Highest price."),
]
Words = list[str] | None
Colours = Annotated[
    Words, typer.Option("--colour", metavar="C", help="Only this main colour; may be repeated.")
]
Patterns = Annotated[
    Words,
    typer.Option("--pattern", metavar="P", help="Only this pattern; may be repeated."),
]
Sleeves = Annotated[
    Words, typer.Option("--sleeve", metavar="S", help="Only these sleeves; may be repeated.")
]
Lengths = Annotated[
    Words, typer.Option("--length", metavar="L", help="Only this length; may be repeated.")
]
Sizes = Annotated[
    Words, typer.Option("--size", metavar="S", help="Only with this size; may be repeated.")
]
Brands = Annotated[
    Words, typer.Option("--brand", metavar="B", help="Only this brand; may be repeated.")
]
Availabilities = Annotated[
    list[Availability] | None,
    typer.Option("--availability", help="Only so available; may be repeated."),
]
Audiences = Annotated[
    list[Audience] | None,
    typer.Option(
        "--audience", help="Only items cut for them; may be repeated. Kids' items only if asked."
    ),
]
Count = Annotated[int, typer.Option("-k", min=1, max=100, help="How many items.")]


def filtered(
    *,
    colours: Words,
    patterns: Words,
    sleeves: Words,
    lengths: Words,
    sizes: Words,
    brands: Words,
    availability: list[Availability] | None,
    audiences: list[Audience] | None,
    categories: list[Category] | None = None,
    min_price: Decimal | None = None,
    max_price: Decimal | None = None,
    exclude: Words = None,
) -> Filters:
    """Return filters by what was asked; None asks nothing."""
    from index.model.items import Filters

    return Filters(
        colours=frozenset(colours or ()),
        patterns=frozenset(patterns or ()),
        sleeves=frozenset(sleeves or ()),
        lengths=frozenset(lengths or ()),
        sizes=frozenset(sizes or ()),
        brands=frozenset(brands or ()),
        availability=frozenset(availability or ()),
        audiences=frozenset(audiences or ()),
        categories=frozenset(categories or ()),
        min_price=min_price,
        max_price=max_price,
        exclude=frozenset(exclude or ()),
    )


def open_wiring(**changed: object) -> Wiring:
    """Return the wiring for this process's settings; nothing heavy is loaded yet.

    Args:
        changed: settings that an option of the command overrides.

    Raises:
        SettingsError: settings are wrong.
    """
    from recommender.runtime.wiring import Wiring
    from recommender.settings import read_settings

    return Wiring(read_settings().model_copy(update=changed))


def read_photo(path: Path, wiring: Wiring, watch: Stopwatch) -> Photo:
    """Return the photo in a file.

    Raises:
        RequestError: there is no such file, or it cannot be read.
        PhotoError: it is no photo that is accepted.
    """
    from recommender.errors import RequestError

    with watch.stage("decode"):
        try:
            with path.open("rb") as file:
                data = file.read(wiring.settings.max_bytes + 1)  # one more tells it is too large
        except OSError as error:
            raise RequestError(
                "the photo cannot be opened",
                got=f"{path}: {error.strerror or error}",
                expected="a file that can be read",
                next_step="Check the path.",
            ) from error
        return wiring.decode(data)


@contextmanager
def training_tools() -> Iterator[None]:
    """Turn a missing package, of others' or of ours, into a refusal that says how to come by it."""
    from recommender.errors import RequestError

    try:
        yield
    except ModuleNotFoundError as error:
        if (error.name or "").split(".")[0] in ("segmentation", "index", "recommender"):
            raise RequestError(
                "this installation is for serving, without training and measuring",
                got=f"no {error.name}",
                expected="an installation from the project's sources",
                next_step="In a clone, run `pip install -e '.[train]'`; see docs/researchers.md.",
            ) from error
        raise RequestError(
            "training and measuring need packages that are not installed",
            got=f"no {error.name}",
            expected="the extra `train`",
            next_step="Run `pip install 'complete-the-look[train]'`.",
        ) from error
