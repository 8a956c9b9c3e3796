"""Answers of `similar` and `complete` as tables for people."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import typer

from recommender.cli.terminal.output import table

if TYPE_CHECKING:
    from recommender.outfits.look import Completion


def show_hits(hits: list[dict[str, Any]]) -> None:
    """Print items as `shapes.hit` tells them, nearest first."""
    rows = [
        (
            hit["sku"],
            f"{hit['score']:.2f}",
            hit["title"],
            hit["category"],
            _price(hit),
            ", ".join(each["sku"] for each in hit["variants"]),
        )
        for hit in hits
    ]
    table("", ("sku", "score", "title", "kind", "price", "variants"), rows)


def show_completion(answer: Completion) -> None:
    """Print what was found in the photo, a table for every look, and why a slot is empty."""
    from recommender.outfits.explain import sentence  # it measures colours: not for --help

    if answer.garments:
        typer.echo(f"Worn: {', '.join(garment.category.value for garment in answer.garments)}")
    if answer.context is not None:
        typer.echo(f"For: {answer.context.text}")
    if answer.note:
        typer.echo(answer.note)
    if answer.look.reason:
        typer.echo(answer.look.reason)
    for number, look in enumerate(answer.looks, start=1):
        rows = [
            (slot.value, pick.item.sku, f"{pick.score:.2f}", pick.item.title, sentence(pick.why))
            for slot, pick in look.picks.items()
        ]
        cost = ", ".join(f"{total} {currency}" for currency, total in look.totals.items())
        if rows:
            about = look.change.text if look.change else look.idea or ""
            title = ": ".join(filter(None, (f"Look {number}", about))) + (
                f" ({cost})" if cost else ""
            )
            table(title, ("slot", "sku", "score", "title", "why"), rows)
    for slot, text in answer.notes.items():
        typer.echo(f"{slot.value}: {text}")


def _price(hit: dict[str, Any]) -> str:
    amount = hit["sale_price"] or hit["price"]
    return f"{amount} {hit['currency']}" if amount else ""
