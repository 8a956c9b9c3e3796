"""The answers on the wire. Amounts of money are text, so that they stay exact."""

from __future__ import annotations

from decimal import Decimal
from typing import Annotated, Any, Final

from pydantic import BaseModel, ConfigDict, Field, WithJsonSchema

from index.model.garment_facts import Formality, Warmth
from index.model.items import Audience, Availability
from segmentation.common.taxonomy import Category, Slot

ITEM_EXAMPLE: Final[dict[str, Any]] = {
    "sku": "B-0042",
    "title": "Leather ankle boots",
    "description": "Ankle boots with a low heel.",
    "category": "shoe",
    "slot": "shoes",
    "brand": "Atelier Nord",
    "price": "129.00",
    "sale_price": "99.00",
    "currency": "EUR",
    "availability": "in_stock",
    "audience": "women",
    "fine_kind": "ankle boot",
    "formality": "casual",
    "warmth": "cold",
    "colour": "black",
    "second_colour": "",
    "pattern": "plain",
    "material": "leather",
    "sleeve": "",
    "length": "",
    "measured": ["pattern"],
    "sizes": ["38", "39"],
    "link": "",
    "group": "B-boots",
    "merchant_category": "New arrivals",
    "category_confidence": 0.93,
    "image": "/v1/items/B-0042/image?v=1f3a9c02",
    "more_images": ["/v1/items/B-0042/image?v=77b0e1d4&picture=1"],
}
GARMENT_EXAMPLE: Final[dict[str, Any]] = {
    "category": "jacket",
    "score": 0.9312,
    "box": [112.0, 180.5, 398.0, 604.5],
    "mask": {"size": [1200, 800], "counts": "Vm5d0PU1000O2N101N2O0O2N"},
    "attributes": {"colour": "navy"},
    "slot": "outer",
    "outline": [[120.0, 182.0, 112.0, 596.0, 396.0, 602.0, 390.0, 190.0]],
    "cutout": [[120.0, 182.0, 112.0, 596.0, 396.0, 602.0, 390.0, 190.0]],
}
WEARER_EXAMPLE: Final[dict[str, Any]] = {"garments": [0], "box": [112.0, 180.5, 398.0, 604.5]}
VARIANT_EXAMPLE: Final[dict[str, Any]] = {
    "sku": "B-0043",
    "colour": "brown",
    "sizes": ["38"],
    "availability": "in_stock",
}
MS_EXAMPLE: Final[dict[str, float]] = {"decode": 9.1, "segment": 96.4}

Money = Annotated[Decimal, WithJsonSchema({"type": "string", "examples": ["129.00"]})]
Milliseconds = Annotated[
    dict[str, float], Field(description="Stage -> milliseconds.", examples=[MS_EXAMPLE])
]


def example(value: dict[str, Any]) -> ConfigDict:
    """Return the configuration of a shape that takes no other fields, with an example of it."""
    return ConfigDict(json_schema_extra={"examples": [value]}, extra="forbid")


class Rle(BaseModel):
    """A mask over the whole photo as COCO run lengths: `pycocotools.mask.decode` reads it."""

    model_config = example(GARMENT_EXAMPLE["mask"])
    size: Annotated[list[int], Field(description="Height, width.", min_length=2, max_length=2)]
    counts: Annotated[str, Field(description="Compressed run lengths, column by column.")]


class Garment(BaseModel):
    """A garment found in the photo. Its number is its place in the list, from 0."""

    model_config = example(GARMENT_EXAMPLE)
    category: Category
    score: Annotated[float, Field(ge=0, le=1, description="The detector's confidence.")]
    box: Annotated[
        list[float],
        Field(description="Left, top, right, bottom in pixels.", min_length=4, max_length=4),
    ]
    mask: Rle
    attributes: Annotated[
        dict[str, str],
        Field(
            description="Measured: `colour`, and where there are any `second_colour`, `pattern`, "
            "`sleeve`, `length`."
        ),
    ]
    slot: Slot
    outline: Annotated[
        list[list[float]],
        Field(description="The mask's border for drawing: polygons x1, y1, x2, y2, … in pixels."),
    ]
    cutout: Annotated[
        list[list[float]],
        Field(
            description="Those of the outline's polygons along which the garment can be cut out and "
            "shown alone; none where only scraps of it are seen."
        ),
    ]


class Wearer(BaseModel):
    """Somebody in the photo, distinguished by where their garments are. Their number is their place in the list."""

    model_config = example(WEARER_EXAMPLE)
    garments: Annotated[list[int], Field(description="Numbers of what they wear.", min_length=1)]
    box: Annotated[
        list[float],
        Field(description="Around all of it, as a garment's.", min_length=4, max_length=4),
    ]


class GarmentsAnswer(BaseModel):
    """What is in a photo; best score first, an empty list where nothing was found."""

    model_config = example(
        {
            "width": 800,
            "height": 1200,
            "garments": [GARMENT_EXAMPLE],
            "wearers": [WEARER_EXAMPLE],
            "ms": MS_EXAMPLE,
        }
    )
    width: Annotated[int, Field(description="Of the upright photo that all pixels refer to.")]
    height: int
    garments: list[Garment]
    wearers: Annotated[
        list[Wearer],
        Field(description="Who is in the photo, the main person first; others with `everyone`."),
    ] = []
    ms: Milliseconds


class Item(BaseModel):
    """A thing that the shop sells."""

    model_config = example(ITEM_EXAMPLE)
    sku: str
    title: str
    description: str
    category: Category
    slot: Slot
    brand: str
    price: Annotated[Money | None, Field(description="In `currency`; null where not given.")]
    sale_price: Money | None
    currency: Annotated[str, Field(description="ISO 4217, or empty where there is no price.")]
    availability: Availability
    audience: Annotated[
        Audience,
        Field(description="Whom it is cut for: as the shop says, else as words or picture tell."),
    ]
    fine_kind: Annotated[str, Field(description="Such as blazer or trainer; empty if unknown.")] = (
        ""
    )
    formality: Annotated[
        Formality | None, Field(description="How dressy it is; null where unknown.")
    ] = None
    warmth: Annotated[
        Warmth | None, Field(description="The days for which it is worn; null where unknown.")
    ] = None
    colour: str
    second_colour: str
    pattern: str
    material: str
    sleeve: str
    length: str
    measured: Annotated[
        list[str],
        Field(description="Which of these, and `title`, the shop left empty and the picture told."),
    ]
    sizes: list[str]
    link: str
    group: Annotated[str, Field(description="What the variants of one product share, or empty.")]
    merchant_category: Annotated[str, Field(description="Its kind in the shop's own words.")]
    category_confidence: Annotated[
        float | None,
        Field(ge=0, le=1, description="Where its picture told the category; null elsewhere."),
    ]
    image: Annotated[str, Field(description="Where its picture is, relative to this server.")]
    more_images: Annotated[list[str], Field(description="Further pictures, as `image`.")]

    @property
    def asking_price(self) -> Decimal | None:
        """What is paid today: the reduced price where there is one."""
        return self.price if self.sale_price is None else self.sale_price


class Variant(BaseModel):
    """Another item of the same product, such as another size or colour, or a copy of its picture."""

    model_config = example(VARIANT_EXAMPLE)
    sku: str
    colour: str
    sizes: list[str]
    availability: Availability


class SimilarHit(BaseModel):
    """A similar product, named by one of its items."""

    model_config = example(
        {"sku": "B-0042", "score": 0.8812, "item": ITEM_EXAMPLE, "variants": [VARIANT_EXAMPLE]}
    )
    sku: str
    score: Annotated[
        float, Field(ge=-1.0001, le=1.0001, description="Cosine to the query, the best variant's.")
    ]
    item: Item
    variants: Annotated[
        list[Variant],
        Field(default=[], description="Its other variants in the catalogue, whatever the filters."),
    ]


class SimilarAnswer(BaseModel):
    """Items like the query, nearest first; none where nothing that passes the filters is like it."""

    model_config = ConfigDict(extra="forbid")
    hits: list[SimilarHit]
    garment: Annotated[
        Garment | None, Field(description="The garment of the photo that was compared.")
    ]
    note: Annotated[str, Field(description="What to know of the answer; often empty.")]
    next_offset: Annotated[
        int | None, Field(description="The `offset` of the next page; null on the last.")
    ] = None
    ms: Milliseconds


class Drop(BaseModel):
    """A filter that could be dropped."""

    model_config = example({"filter": "brand", "passing": 12})
    filter: str
    passing: Annotated[int, Field(description="So many items pass the others.")]


class FacetsAnswer(BaseModel):
    """What the shop's items can be filtered by."""

    model_config = example(
        {
            "facets": {"colour": {"navy": 31, "red": 12}, "sleeve": {"long": 8}},
            "passing": 43,
            "drop": [{"filter": "brand", "passing": 120}],
        }
    )
    facets: Annotated[
        dict[str, dict[str, int]],
        Field(
            description="Filter -> value -> number of items that pass the other filters, most "
            "frequent first."
        ),
    ]
    passing: Annotated[int, Field(description="How many items pass all filters.")] = 0
    drop: Annotated[
        list[Drop], Field(description="The filters in use, the one that hides most first.")
    ] = []


class Sample(BaseModel):
    """An outfit to try."""

    model_config = example(
        {"name": "outfit-01", "title": "Outfit 1", "image": "/v1/samples/outfit-01"}
    )
    name: str
    title: str
    image: Annotated[str, Field(description="Where its photo is, relative to this server.")]


class SamplesAnswer(BaseModel):
    """The outfits to try."""

    samples: list[Sample]
