"""`style`: what a person likes and dislikes, what follows from it, and forgetting."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated, Any

import typer

from recommender.cli.terminal.options import JsonFlag, open_wiring
from recommender.cli.terminal.output import emit, note, table

if TYPE_CHECKING:
    from recommender.people.feedback import Feedback
    from recommender.people.people import Export
    from recommender.wire.terms import Verdict

app = typer.Typer(
    help="A person's likes, dislikes and saved looks, and what follows from them.",
    no_args_is_help=True,
)
Person = Annotated[
    str, typer.Argument(metavar="PERSON", help="An id of your making: letters, digits, _ and -.")
]
Sku = Annotated[str, typer.Argument(metavar="SKU")]


@app.command("like")
def like(person: Person, sku: Sku, json: JsonFlag = False) -> None:
    """Write down that a person likes an item."""
    from recommender.wire.terms import Verdict

    _tell(person, Verdict.LIKE, [sku], json)


@app.command("dislike")
def dislike(person: Person, sku: Sku, json: JsonFlag = False) -> None:
    """Write down that a person dislikes an item; it is not proposed to them any more."""
    from recommender.wire.terms import Verdict

    _tell(person, Verdict.DISLIKE, [sku], json)


@app.command("save")
def save(
    person: Person,
    skus: Annotated[list[str], typer.Argument(metavar="SKU...")],
    json: JsonFlag = False,
) -> None:
    """Write down that a person saved a look; each of its items counts as half a like."""
    from recommender.wire.terms import Verdict

    _tell(person, Verdict.SAVE, skus, json)


@app.command("undo")
def undo(person: Person, json: JsonFlag = False) -> None:
    """Take back a person's last feedback."""
    last = open_wiring().people.undo(person)
    if json:
        emit({"undone": None if last is None else _feedback_record(last)})
    else:
        typer.echo("nothing to undo" if last is None else f"undone: {_sentence(last)}")


@app.command("show")
def show(person: Person, json: JsonFlag = False) -> None:
    """Show what is believed of a person's taste, and why."""
    export = open_wiring().people.export(person)
    believed = believed_shape(export)
    if json:
        emit({"person": person, **believed})
        return
    if not export.feedback:
        note(f"{person} told nothing yet.")
    rows = [
        (slot, f"{each['sureness']:.2f}", _weighted({i["sku"]: i["weight"] for i in each["items"]}))
        for slot, each in believed["slots"].items()
    ]
    table(f"{believed['told']} things told", ("slot", "sure", "pulled by"), rows)
    prices = ", ".join(
        f"{p['category']} {p['low']} to {p['high']} {p['currency']}" for p in believed["prices"]
    )
    liked = [
        ("colours liked", _weighted(believed["colours"])),
        ("kinds liked", _weighted(believed["kinds"])),
        ("prices", prices or "unknown"),
        ("no longer sold", ", ".join(believed["missing"]) or "none"),
    ]
    table("", ("", ""), liked)


@app.command("export")
def export(person: Person) -> None:
    """Print all that is kept of a person, and what follows from it, as one JSON object."""
    found = open_wiring().people.export(person)
    parts = [_feedback_record(each) for each in found.feedback]
    did = [
        {"kind": each.kind.value, "sku": each.sku, "at": each.at.isoformat()} for each in found.did
    ]
    emit({"person": person, "told": parts, "did": did, "style": believed_shape(found)})


@app.command("forget")
def forget(person: Person, json: JsonFlag = False) -> None:
    """Delete all of a person's feedback, for good."""
    result = open_wiring().people.forget(person)
    if json:
        emit({"forgotten": result})
    else:
        typer.echo(f"forgotten: {result} things that {person} told")


def purge(
    pictures: Annotated[
        bool, typer.Option("--pictures", help="Pictures that are set aside as well, for good.")
    ] = False,
    json: JsonFlag = False,
) -> None:
    """Delete shared looks that have expired, and events that are older than they are kept."""
    wiring = open_wiring()
    purged, events = wiring.shares.purge(), wiring.events.purge()
    deleted = wiring.upkeep.delete_unclaimed() if pictures else 0
    if json:
        emit({"purged": purged, "events": events, "pictures": deleted})
    else:
        typer.echo(
            f"purged: {purged} shared looks that had expired, {events} old events, "
            f"{deleted} pictures set aside"
        )


def believed_shape(export: Export) -> dict[str, Any]:
    """Return what is believed, as `show` and `export` print it."""
    believed = export.believed
    return {
        "told": believed.feedback_count,
        "slots": {
            slot.value: {
                "sureness": round(each.sureness, 4),
                "items": [
                    {"sku": pull.item.sku, "weight": round(pull.weight, 4)} for pull in each.pulls
                ],
            }
            for slot, each in believed.slots.items()
        },
        "colours": {name: round(weight, 4) for name, weight in believed.colours.items()},
        "kinds": {kind.value: round(weight, 4) for kind, weight in believed.kinds.items()},
        "prices": [
            {
                "category": each.category.value,
                "currency": each.currency,
                "low": str(each.low),
                "high": str(each.high),
            }
            for each in believed.prices
        ],
        "missing": list(believed.missing),
    }


def _tell(person: str, verdict: Verdict, skus: list[str], json: bool) -> None:
    result = open_wiring().people.tell(person, verdict, skus)
    if json:
        emit({"person": person, **_feedback_record(result)})
    else:
        typer.echo(f"noted: {_sentence(result)}")


def _feedback_record(feedback: Feedback) -> dict[str, Any]:
    return {
        "verdict": feedback.verdict.value,
        "skus": list(feedback.skus),
        "at": feedback.at.isoformat(),
    }


def _sentence(feedback: Feedback) -> str:
    return f"{feedback.verdict.value} {', '.join(feedback.skus)}"


def _weighted(weights: dict[str, float]) -> str:
    return ", ".join(f"{name} {weight:+.2f}" for name, weight in weights.items())
