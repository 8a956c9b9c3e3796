"""Options that several commands share, and the way from a path to a photo."""

from __future__ import annotations

import inspect
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from decimal import Decimal, InvalidOperation
from functools import wraps
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any, TypeVar

import typer

from index.model.filters import Filter, declared, filters_of
from segmentation.common.taxonomy import Category, parse_category

if TYPE_CHECKING:
    from recommender.runtime.wiring import Wiring
    from recommender.timing import Stopwatch
    from segmentation.common.garments import Photo


T = TypeVar("T")


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
Count = Annotated[int, typer.Option("-k", min=1, max=100, help="How many items.")]


def filtering(*without: str) -> Callable[[Callable[..., T]], Callable[..., T]]:
    """Give a command an option for each filter; what is asked reaches it as its `filters`.

    Args:
        without: names of filters that it has no option for.
    """
    named = [each for each in declared().values() if each.name not in without]

    def decorate(command: Callable[..., T]) -> Callable[..., T]:
        own = inspect.signature(command, eval_str=True)
        parameters: list[inspect.Parameter] = []
        for each in own.parameters.values():
            parameters += (
                [_option(filter_) for filter_ in named] if each.name == "filters" else [each]
            )

        @wraps(command)
        def run(**given: Any) -> T:
            asked = {each.name: given.pop(each.name) for each in named}
            return command(**given, filters=filters_of(asked))

        run.__signature__ = own.replace(parameters=parameters)  # type: ignore[attr-defined]
        run.__annotations__ = {each.name: each.annotation for each in parameters}
        return run

    return decorate


def _option(declaration: Filter) -> inspect.Parameter:
    values: Any = declaration.values
    parser = {Category: parse_kind, Decimal: parse_amount}.get(values)
    option = typer.Option(
        f"--{declaration.name.replace('_', '-')}",
        parser=parser,
        metavar=declaration.metavar,
        help=declaration.option,
    )
    kind = values if declaration.is_bound else list[values]
    return inspect.Parameter(
        declaration.name, inspect.Parameter.KEYWORD_ONLY, default=None,
        annotation=Annotated[kind | None, option],
    )  # fmt: skip


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
