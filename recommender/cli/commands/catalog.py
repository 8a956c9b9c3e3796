"""`catalog`: what the shop sells."""

from __future__ import annotations

from contextlib import closing
from dataclasses import asdict
from pathlib import Path
from typing import Annotated, Final

import typer

from index.model.filters import Filters
from index.model.items import Pictures
from recommender.cli.terminal.options import (
    JsonFlag,
    Sure,
    filtering,
    open_wiring,
)
from recommender.cli.terminal.output import emit, table

_REJECTS: Final = Path("rejects.csv")
_LONG: Final = ("findings", "hosts", "allow")
app = typer.Typer(help="Import, list and remove what the shop sells.", no_args_is_help=True)


def parse_column(text: str) -> tuple[str, str]:
    """Return the two names of `column=field`.

    Raises:
        typer.BadParameter: it is not of this form.
    """
    column, equals, name = text.partition("=")
    if not (column and equals and name):
        raise typer.BadParameter(f"{text!r} is not of the form column=field")
    return column, name


@app.command("import")
def import_(
    source: Annotated[Path, typer.Argument(help="A folder of pictures or a merchant's feed.")],
    *,
    feed_format: Annotated[
        str,
        typer.Option(
            "--format",
            metavar="F",
            help="A format of docs/merchants.md, such as google, shopify or csv; told by content if left out.",
        ),
    ] = "",
    columns: Annotated[
        list[str] | None,
        typer.Option("--map", metavar="COLUMN=FIELD", help="Another name for a field."),
    ] = None,
    currency: Annotated[
        str, typer.Option("--currency", metavar="C", help="For prices that come without one.")
    ] = "",
    fetch: Annotated[
        list[str] | None,
        typer.Option("--fetch", metavar="WHERE", help="Fetch pictures from here: https, a host."),
    ] = None,
    dry_run: Annotated[bool, typer.Option("--dry-run", help="Only say what would happen.")] = False,
    remove_missing: Annotated[
        bool, typer.Option("--remove-missing", help="Take out what the feed no longer has.")
    ] = False,
    max_reject_share: Annotated[
        float,
        typer.Option("--max-reject-share", min=0, max=1, help="More bad rows refuse the feed."),
    ] = 0.25,
    rejects: Annotated[
        Path | None,
        typer.Option("--rejects", help="Where bad rows and warnings are listed (rejects.csv)."),
    ] = None,
    suggest_map: Annotated[
        bool, typer.Option("--suggest-map", help="Only say what the columns may mean.")
    ] = False,
    pictures: Annotated[
        Pictures, typer.Option("--pictures", help="What the pictures show.")
    ] = Pictures.AUTO,
    later: Annotated[
        bool, typer.Option("--later", help="Store pictures now; `index build` encodes them.")
    ] = False,
    yes: Sure = False,
    json: JsonFlag = False,
) -> None:
    """Bring the catalogue and its index to what a feed says; unchanged pictures cost nothing."""
    from index.feeds.rows import FeedOptions
    from index.feeds.suggesting import suggest
    from index.importing.reports import ImportOptions
    from recommender.cli.terminal.import_report import propose, record_of, tell
    from recommender.cli.terminal.progress import bar

    if suggest_map:
        proposal = suggest(source)
        if json:
            emit(
                {
                    "columns": [asdict(each) for each in proposal.suggestions],
                    "missing": list(proposal.missing),
                }
            )
        else:
            propose(proposal, source)
        return

    wiring = open_wiring(**({"fetch": ",".join(fetch)} if fetch else {}))
    mapped = dict(map(parse_column, columns or []))
    with closing(wiring), wiring.fetching() as fetcher, bar() as progress:
        options = ImportOptions(
            feed=FeedOptions(feed_format, mapped, currency, fetcher=fetcher),
            max_reject_share=max_reject_share,
            remove_missing=remove_missing,
            dry_run=dry_run,
            rejects_to=rejects or (None if dry_run else _REJECTS),
            pictures=pictures,
            later=later,
            confirmed=yes,
            named=str(source),
        )
        report = wiring.indexer(progress).import_feed(source, options)
        if not dry_run:
            wiring.imported(source.name, report)
    left_out = report.rejects or report.notes or report.warnings
    listed = (rejects or _REJECTS) if left_out and (rejects or not dry_run) else None
    tell(report, source, listed)
    record = record_of(report, source, listed)
    if json:
        emit(record)
    else:
        numbers = {name: value for name, value in record.items() if name not in _LONG}
        typer.echo(", ".join(f"{name} {value}" for name, value in numbers.items()))


@app.command("list")
@filtering()
def list_(
    *,
    filters: Filters,
    after: Annotated[str, typer.Option("--after", metavar="SKU", help="Begin behind it.")] = "",
    limit: Annotated[int, typer.Option("--limit", "-n", min=1, help="How many.")] = 50,
    json: JsonFlag = False,
) -> None:
    """List items in order of sku."""
    from recommender.cli.terminal import serializers

    wiring = open_wiring()
    with wiring.database.reading() as session:
        catalog = wiring.catalog(session)
        items, count = catalog.page(filters, after=after, limit=limit), catalog.count(filters)
    if json:
        for each in items:
            emit(serializers.item(each))
        return
    rows = [
        (each.sku, each.title, each.category.value, f"{each.asking_price or ''} {each.currency}")
        for each in items
    ]
    table(f"{len(items)} of {count} items", ("sku", "title", "kind", "price"), rows)


@app.command("show")
def show(
    sku: Annotated[str, typer.Argument(metavar="SKU")],
    json: JsonFlag = False,
) -> None:
    """Show one item."""
    from recommender.cli.terminal import serializers

    record = serializers.item(open_wiring().item(sku))
    if json:
        emit(record)
    else:
        rows = [(name, value) for name, value in record.items() if value]
        table("", ("field", "value"), rows)


@app.command("remove")
def remove(
    skus: Annotated[list[str], typer.Argument(metavar="SKU...")],
    json: JsonFlag = False,
) -> None:
    """Take items out: row, vector, and picture unless another item shows it."""
    from index.errors import ItemNotFound

    wiring = open_wiring()
    _ = wiring.database  # refuses where there is no catalogue, instead of making one
    removed = wiring.indexer().remove(skus).skus
    wiring.written({sku: "removed" for sku in removed})
    if json:
        emit({"removed": list(removed)})
    else:
        typer.echo(f"removed: {', '.join(removed) or 'none'}")
    unknown = sorted(set(skus) - set(removed))
    if unknown:
        raise ItemNotFound.of(", ".join(unknown))


@app.command("gaps")
def gaps(
    *,
    least: Annotated[int, typer.Option("--least", min=1, help="Fewer items are a gap.")] = 3,
    limit: Annotated[int, typer.Option("--limit", "-n", min=1, help="How many.")] = 50,
    as_csv: Annotated[bool, typer.Option("--csv", help="For a spreadsheet.")] = False,
    json: JsonFlag = False,
) -> None:
    """Say what outfits lack in the catalogue: slots with too few items beside many that want one."""
    from recommender.serializers import GAP_COLUMNS, gap_record, gaps_table

    rows = [gap_record(gap) for gap in open_wiring().browsing.gaps(least)][:limit]
    if json:
        for row in rows:
            emit(row)
    elif as_csv:
        typer.echo(gaps_table(rows), nl=False)
    else:
        title = f"{len(rows)} gaps: fewer than {least} items where as many want one"
        shown = GAP_COLUMNS[:8]  # prices are for programs and spreadsheets
        table(title, shown, [tuple(row[name] for name in shown) for row in rows])
