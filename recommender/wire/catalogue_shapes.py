"""On the wire: the catalogue as a shop keeps it: pages of items, imports, the index, the models."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated, Any, Final, Literal

from pydantic import BaseModel, Field

from recommender.wire.queries import SimilarQuery
from recommender.wire.shapes import ITEM_EXAMPLE, Item, Money, SimilarAnswer, example
from recommender.wire.state_shapes import Problem

REPORT_EXAMPLE: Final[dict[str, Any]] = {
    "added": 120,
    "changed": 3,
    "unchanged": 40,
    "removed": 0,
    "rejected": 1,
    "withheld": 0,
    "pictures_left_out": 0,
    "warnings": 1,
    "findings": [
        {
            "reason": "availability: got …; expected a word such as in_stock, out_of_stock; it was left out",
            "count": 1,
            "examples": [
                {
                    "row": 12,
                    "sku": "B-0031",
                    "reason": "availability: got 'maybe'; expected a word such as in_stock, out_of_stock; it was left out",
                }
            ],
            "mend": "Write in stock, out of stock, preorder or backorder, or a number of pieces.",
        }
    ],
    "encoded": 118,
    "generation": 7,
    "seconds": 12.4,
    "dry_run": False,
}
JOB_EXAMPLE: Final[dict[str, Any]] = {
    "id": "5f0c7a52",
    "source": "spring.csv",
    "state": "done",
    "step": "published",
    "done": 160,
    "total": 160,
    "rate": 9.4,
    "eta_s": 0.0,
    "started_at": "2026-03-01T12:00:00Z",
    "ended_at": "2026-03-01T12:00:13Z",
    "report": REPORT_EXAMPLE,
}
REJECT_EXAMPLE: Final[dict[str, Any]] = {
    "row": 17,
    "sku": "B-0099",
    "reason": "price: got 'free'; expected an amount such as 12.00 EUR",
}

NextOffset = Annotated[
    int | None, Field(description="The `offset` of the next page; null on the last.")
]


class ItemsAnswer(BaseModel):
    """A page of items, in order of sku, or of likeness where words were given."""

    model_config = example({"items": [ITEM_EXAMPLE], "total": 410, "next_offset": 24})
    items: list[Item]
    total: Annotated[
        int | None,
        Field(description="How many pass the filters, on all pages; null where words were given."),
    ]
    next_offset: NextOffset


class LookupBody(BaseModel):
    """Several questions at once, each as `/v1/similar` takes it in JSON."""

    model_config = example({"queries": [{"item": "B-0042", "k": 3}, {"text": "red scarf"}]})
    queries: Annotated[list[SimilarQuery], Field(min_length=1, max_length=50)]


class Looked(BaseModel):
    """What became of one question: an answer, or what is wrong with it."""

    answer: SimilarAnswer | None
    problem: Problem | None


class LookupAnswer(BaseModel):
    """One entry for each question, in order."""

    answers: list[Looked]


class Rejected(BaseModel):
    """A row of a feed, or a further picture of one, that was left out."""

    model_config = example(REJECT_EXAMPLE)
    row: Annotated[int, Field(description="Its place in the feed.")]
    sku: Annotated[str, Field(description="As far as it could be read.")]
    reason: Annotated[str, Field(description="What was got and expected.")]


class Found(BaseModel):
    """One thing that is wrong with rows of a feed, with what mends it."""

    reason: Annotated[str, Field(description="What is said of them all; `…` is what differs.")]
    count: int
    examples: Annotated[list[Rejected], Field(description="The first three.")]
    mend: str


class Report(BaseModel):
    """What an import did, or would do."""

    model_config = example(REPORT_EXAMPLE)
    added: int
    changed: int
    unchanged: int
    removed: int
    rejected: int
    withheld: int
    pictures_left_out: int
    warnings: Annotated[int, Field(description="Of rows that were taken.")] = 0
    findings: Annotated[
        list[Found], Field(description="What was left out or warned of, by reason.")
    ] = []
    encoded: int
    generation: int
    seconds: float
    dry_run: bool


class ImportJob(BaseModel):
    """An import as it stands."""

    model_config = example(JOB_EXAMPLE)
    id: str
    source: Annotated[str, Field(description="The feed's name as it was uploaded.")]
    state: Literal["waiting", "running", "done", "failed"]
    step: Annotated[str, Field(description="What is true by now; see docs/index.md.")]
    done: Annotated[int, Field(description="Rows so far.")]
    total: int | None = None
    rate: Annotated[float, Field(description="Rows a second.")]
    eta_s: Annotated[float | None, Field(description="Seconds to go; null while unknown.")] = None
    started_at: datetime | None = None
    ended_at: datetime | None = None
    report: Report | None = None
    problem: Annotated[Problem | None, Field(description="Why it failed.")] = None
    hosts: Annotated[
        dict[str, int],
        Field(
            description="Hosts that pictures lie at and that nothing may be fetched from; name them in `fetch`."
        ),
    ] = {}


class ImportsAnswer(BaseModel):
    """The latest imports, the newest first."""

    model_config = example({"imports": [JOB_EXAMPLE]})
    imports: list[ImportJob]


class CatalogueGap(BaseModel):
    """A slot that has too few items for an audience, a formality, days and a band of prices."""

    slot: str
    audience: str
    formality: str
    warmth: str
    price_band: Annotated[str, Field(description="`low`, `middle`, `high`; empty without prices.")]
    items: Annotated[int, Field(description="That can be bought.")]
    wanting: Annotated[int, Field(description="Items beside them that want one.")]
    share: Annotated[
        float,
        Field(ge=0, le=1, description="Those among all items for the audience that want one."),
    ]
    price_above: Annotated[Money | None, Field(description="What the band costs more than.")]
    price_up_to: Annotated[Money | None, Field(description="What it costs at most.")]
    currency: Annotated[str, Field(description="Of these; empty where there are several.")]


class GapsAnswer(BaseModel):
    """What outfits lack in the catalogue, what most items wait for first."""

    gaps: list[CatalogueGap]
    least: Annotated[int, Field(description="Fewer items are a gap, where as many wait.")]


class RejectsAnswer(BaseModel):
    """A page of what an import left out."""

    model_config = example({"rejects": [REJECT_EXAMPLE], "total": 108, "next_offset": 100})
    rejects: list[Rejected]
    total: int
    next_offset: NextOffset


class IndexAnswer(BaseModel):
    """How the catalogue and its index are."""

    model_config = example(
        {
            "items": 410,
            "unencoded": 0,
            "generation": 7,
            "generations": [6, 7],
            "store": "faiss-flat",
            "vectors": 410,
            "dim": 256,
            "encoder": "5f0c7a52e1",
            "current": True,
            "note": "",
        }
    )
    items: int
    unencoded: Annotated[int, Field(description="Items that the encoder has not seen.")]
    generation: Annotated[int | None, Field(description="What is served; null where nothing is.")]
    generations: Annotated[list[int], Field(description="What is kept, ascending.")]
    store: str
    vectors: int
    dim: int
    encoder: Annotated[str, Field(description="The encoder's fingerprint.")]
    current: Annotated[bool, Field(description="Whether it holds all that the catalogue has.")]
    note: Annotated[str, Field(description="What to do where something is amiss; often empty.")]


class StylistAnswer(BaseModel):
    """The stylist's table that is in use, as TOML."""

    model_config = example({"shipped": "[limits]\n…", "own": "[[never]]\n…", "problem": ""})
    shipped: Annotated[str, Field(description="The table that everybody begins with.")]
    own: Annotated[str, Field(description="The shop's own, laid over it; empty where it has none.")]
    problem: Annotated[str, Field(description="Why the shop's own cannot be used; mostly empty.")]


class Model(BaseModel):
    """A model in use."""

    model_config = example(
        {
            "name": "encoder",
            "title": "Fashion encoder",
            "shipped": True,
            "card": "# Fashion encoder\n\n…",
        }
    )
    name: Literal["segmentation", "encoder", "compatibility"]
    title: str
    shipped: Annotated[bool, Field(description="Whether the card below is of the model in use.")]
    card: Annotated[str, Field(description="The shipped model's card, in Markdown.")]


class ModelsAnswer(BaseModel):
    """The models in use, in the order a photo meets them."""

    models: list[Model]
