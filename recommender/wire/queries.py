"""The parameters on the wire, alike for photos, items and words."""

from __future__ import annotations

from decimal import Decimal
from typing import TYPE_CHECKING, Annotated, Any, Final, Self

from pydantic import (
    BaseModel,
    ConfigDict,
    Field,
    StringConstraints,
    create_model,
    model_validator,
)

from index.model.filters import Filter, declared
from recommender.wire.terms import MAX_OFFSET, MAX_TEXT, Gain, Occasion, Season
from segmentation.common.taxonomy import Category, Slot, categories_of

TEXT: Final = r"^[^\x00]*$"
"""No text that a database may refuse."""
MAX_WORDS: Final = 20
"""Words that one filter allows."""
Amount = Annotated[Decimal, Field(ge=0, max_digits=12, decimal_places=2)]
Word = Annotated[
    str, StringConstraints(strip_whitespace=True, min_length=1, max_length=100, pattern=TEXT)
]
Words = Annotated[
    str, StringConstraints(strip_whitespace=True, min_length=1, max_length=MAX_TEXT, pattern=TEXT)
]

Sku = Annotated[str, StringConstraints(min_length=1, max_length=200, pattern=TEXT)]
PersonId = Annotated[
    str, StringConstraints(min_length=1, max_length=64, pattern=r"^[A-Za-z0-9_-]+$")
]
PhotoId = Annotated[
    str, StringConstraints(min_length=1, max_length=64, pattern=r"^[A-Za-z0-9_-]+$")
]

PhotoUrl = Annotated[str, StringConstraints(min_length=1, max_length=2000, pattern=TEXT)]
Url = Annotated[
    PhotoUrl | None,
    Field(
        description="Where the photo lies, instead of `photo`; only where the server is set to "
        "fetch from there.",
        examples=["https://cdn.shop.example/outfit.jpg"],
    ),
]
HeldPhoto = Annotated[
    PhotoId | None,
    Field(
        description="A photo that `/v1/photos` holds, instead of `photo`; garments as corrected.",
        examples=["dW5ndWVzc2FibGUtbmFtZQ"],
    ),
]
Everyone = Annotated[
    bool,
    Field(description="Passers-by too, not only the garments of the photo's main person."),
]


WearerNumber = Annotated[
    int | None,
    Field(
        ge=0,
        le=1000,
        description="Whose outfit, where several people are in the photo: a number of `wearers` as "
        "`/v1/garments` lists them with `everyone`; the main person's where not given.",
        examples=[1],
    ),
]


class GarmentsQuery(BaseModel):
    """Whose garments are wanted."""

    model_config = ConfigDict(extra="forbid")

    everyone: Everyone = False
    url: Url = None


class PhotoQuery(GarmentsQuery):
    """How a photo that is held is looked at."""

    crop: Annotated[
        bool,
        Field(
            description="Where it is a screenshot with a photo in it, look at that photo alone: the "
            "answer's `frame` says where it lies."
        ),
    ] = False


def parameter(declaration: Filter) -> Any:
    """Return a filter as a field of a pydantic model: its type and what is said of it."""
    value = declaration.description
    if declaration.is_bound:
        return Amount | None, Field(default=None, description=value)
    kind: Any = Word if declaration.values is str else declaration.values
    most = MAX_WORDS if declaration.values is str else len(declaration.values)  # type: ignore[arg-type]
    return list[kind], Field(default=[], max_length=most, description=value)


if TYPE_CHECKING:

    class _Filters(BaseModel):
        slot: list[Slot] = []
        category: list[Category] = []
        min_price: Decimal | None = None
        max_price: Decimal | None = None

else:
    _Filters = create_model(
        "_Filters",
        __config__=ConfigDict(extra="forbid"),
        slot=(list[Slot], Field(default=[], max_length=8, description="Places in the outfit.")),
        **{name: parameter(each) for name, each in declared().items()},
    )


class Filtering(_Filters):
    """Which items may answer. A list allows any of its values; an empty one allows all."""

    @model_validator(mode="after")
    def _can_be_met(self) -> Self:
        least, most = self.min_price, self.max_price
        if least is not None and most is not None and least > most:
            raise ValueError("min_price is above max_price")
        if self.slot and self.category and not self.kinds():
            raise ValueError("no category of those asked for belongs to a slot asked for")
        return self

    def in_use(self) -> frozenset[str]:
        """Return what is filtered by, as `/v1/facets` calls it."""
        given = self.model_dump(exclude_defaults=True)
        facets = {"slot": "category", **{name: each.facet for name, each in declared().items()}}
        return frozenset(facets.get(name, name) for name, value in given.items() if value != [])

    def kinds(self) -> frozenset[Category]:
        """Return the kinds that slots and categories allow together; empty where all are."""
        of_slots = {kind for slot in self.slot for kind in categories_of(slot)}
        if self.slot and self.category:
            return frozenset(of_slots & set(self.category))
        return frozenset(of_slots or self.category)


class FacetsQuery(Filtering):
    """Among which items values are counted."""

    proposable: bool = Field(
        default=False,
        description="Count what is proposed: kids' items and what is sold out only where asked for.",
    )


class ItemsQuery(Filtering):
    """Which page of the catalogue is wanted."""

    text: Words | None = Field(
        default=None, description="Words: then the items that are like them, nearest first."
    )
    k: int = Field(default=24, ge=1, le=100, description="Items of a page.")
    offset: int = Field(
        default=0,
        ge=0,
        le=1_000_000,
        description="So many items are passed over: for the next page.",
    )

    @model_validator(mode="after")
    def _can_be_reached(self) -> Self:
        if self.text is not None and self.offset > MAX_OFFSET:
            raise ValueError(f"with words, offset is at most {MAX_OFFSET}")
        return self


class CompleteItemQuery(Filtering):
    """How an outfit is to be completed.

    To swap one item of a look, send its other items as `picked`, its slot as `slot` and itself as
    `exclude`.
    """

    k: int = Field(default=5, ge=1, le=100, description="Suggestions for each slot.")
    looks: int = Field(default=3, ge=1, le=10, description="Whole looks.")
    budget: Amount | None = Field(
        default=None, description="The most that a look may cost, with what is picked."
    )
    keep: list[Slot] = Field(
        default=[],
        max_length=8,
        description="Slots whose garments stay; all else is to be replaced. Without it, all stay.",
    )
    picked: list[Sku] = Field(
        default=[],
        max_length=8,
        description="Items that are chosen already, one of a slot: they stand in every look, and "
        "the others are chosen to go with them.",
        examples=[["B-0042"]],
    )
    exclude: list[Sku] = Field(
        default=[],
        max_length=50,
        description="Items that are not to be proposed.",
        examples=[["B-0043"]],
    )
    person: PersonId | None = Field(
        default=None, description="Whose style moves the scores: see `/v1/people`."
    )
    occasion: Occasion | None = Field(
        default=None,
        description="What the outfit is for; read off what is worn where not given.",
    )
    temperature_c: float | None = Field(
        default=None,
        ge=-40,
        le=50,
        allow_inf_nan=False,
        description="Of the day, in degrees Celsius; read off what is worn where not given.",
        examples=[18.0],
    )
    season: Season | None = Field(default=None, description="In place of `temperature_c`.")
    change: Gain | None = Field(
        default=None,
        description="Looks change the outfit in this way. Without it they complete it, or, where it "
        "is complete, show every change.",
    )


class CompleteQuery(CompleteItemQuery):
    """What is completed: a photo, or one of these."""

    photo_id: HeldPhoto = None
    url: Url = None
    wearer: WearerNumber = None


class SimilarItemsQuery(Filtering):
    """How many similar items, and which."""

    k: int = Field(default=10, ge=1, le=100, description="Items to return.")
    offset: int = Field(
        default=0,
        ge=0,
        le=MAX_OFFSET,
        description="So many items are passed over: for the next page.",
    )
    but: Words | None = Field(
        default=None,
        description="What is to be otherwise than on the item or the photo's garment: `red`, "
        "`striped`. It moves what is searched for and filters nothing.",
        examples=["red"],
    )
    every_variant: bool = Field(
        default=False,
        description="Each variant of a product, and each copy of a picture, answers on its own.",
    )


class SimilarQuery(SimilarItemsQuery):
    """What is compared: a photo, or one of these."""

    item: Sku | None = Field(default=None, description="The sku of an item.", examples=["B-0042"])
    text: Words | None = Field(default=None, description="Words.", examples=["red striped shirt"])
    photo_id: HeldPhoto = None
    url: Url = None
    garment: int | None = Field(
        default=None,
        ge=0,
        le=1000,
        description="With a photo: the number of the garment, from 0, as `/v1/garments` lists "
        "them; the largest one where not given.",
    )
    everyone: Everyone = False
