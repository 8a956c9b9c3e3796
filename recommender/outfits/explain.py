"""Why this item: what a person would say of it beside what is worn, as a list of facts. Pure.

Every reason is true of the item by what is known of it: colours, formality, days, patterns, lengths and
prices. Nothing is said that is not known.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass
from typing import Final

from index.model.garment_facts import Warmth
from index.model.items import CatalogItem
from recommender.outfits.dress.context import Context
from recommender.outfits.dress.pieces import Piece
from recommender.outfits.dress.shades import family_of, hue_of
from recommender.outfits.dress.stylist import Stylist
from recommender.outfits.look import Why
from recommender.outfits.outfit import Outfit, colours_of
from recommender.outfits.speech import N_, say, say_as
from recommender.outfits.speech import number as spoken
from recommender.wire.nouns import NAMED
from recommender.wire.terms import Fact, Occasion
from segmentation.common.taxonomy import Slot

ALIKE: Final = 0.35
"""Grades of formality within which two pieces are as dressy as each other."""
MOST: Final = 4
"""Maximum number of reasons, with the price."""

_SOFT: Final = frozenset({"light blue", "mint", "lilac"})
"""Colours that shout at nobody."""
_LARGE: Final = frozenset({Slot.TOP, Slot.BOTTOM, Slot.ONE_PIECE, Slot.OUTER})
_PICKS_UP: Final = N_("picks up the {colour} of {garment}")
_SAME: Final = N_("the same {colour} as {garment}")
_CLOSE: Final = N_("{colour}, a shade away from {garment}")
_ACCENT: Final = N_("a touch of {colour} beside {garment}")
_QUIET: Final = N_("a quiet {colour} that leaves the word to {garment}")
_EASY: Final = N_("{colour} goes easily with {garment}")
_GRADES: Final = (
    (0.5, N_("as sporty as {garment}")),
    (1.3, N_("as relaxed as {garment}")),
    (1.75, N_("as put-together as {garment}")),
    (9.0, N_("as smart as {garment}")),
)
_LIFTS: Final = N_("dresses {garment} up a little")
_RELAXES: Final = N_("takes the edge off {garment}")
_PLAIN: Final = N_("plain, so that the pattern of {garment} can speak")
_LIVELY: Final = N_("a pattern to liven up {garment}")
_FOR: Final[dict[Occasion, str]] = {
    Occasion.WORK: N_("at home in the office"),
    Occasion.EVERYDAY: N_("made for every day"),
    Occasion.EVENING: N_("made for an evening out"),
    Occasion.CELEBRATION: N_("festive enough for a celebration"),
    Occasion.SPORT: N_("made to move in"),
}
_DEGREES: Final[dict[Warmth, str]] = {
    Warmth.HOT: N_("light enough for {degrees} degrees"),
    Warmth.MILD: N_("right for {degrees} degrees"),
    Warmth.COLD: N_("warm enough for {degrees} degrees"),
}
_DAYS: Final[dict[Warmth, str]] = {
    Warmth.HOT: N_("light enough for a warm day"),
    Warmth.MILD: N_("right for a mild day"),
    Warmth.COLD: N_("warm enough for a cold day"),
}
_SHAPES: Final[tuple[tuple[frozenset[str], frozenset[str], str], ...]] = (
    (
        frozenset({"denim jacket", "leather jacket", "bomber jacket", "cardigan", "blazer"}),
        frozenset({"maxi skirt", "midi skirt", "maxi", "midi", "evening gown"}),
        N_("short over long: {garment} keeps its line"),
    ),
    (
        frozenset({"pump", "heeled sandal", "wedge", "chelsea boot"}),
        frozenset({"midi skirt", "maxi skirt", "midi", "maxi", "trousers", "dress trousers", "jumpsuit"}),
        N_("the heel balances {garment}"),
    ),
    (
        frozenset({"trainer", "loafer", "ballet flat", "flat sandal", "ankle boot"}),
        frozenset({"mini skirt", "mini", "denim skirt", "shorts", "denim shorts", "playsuit"}),
        N_("flat, which keeps {garment} easy"),
    ),
    (
        frozenset({"fine-knit sweater", "turtleneck", "bodysuit", "camisole", "tank top", "t-shirt"}),
        frozenset({"maxi skirt", "midi skirt", "trousers", "dress trousers", "cargo trousers", "linen trousers"}),
        N_("close to the body, it balances {garment}"),
    ),
    (
        frozenset({"belt", "dress belt"}),
        frozenset({"dress", "shirt dress", "trousers", "jeans", "chinos", "dress trousers", "coat"}),
        N_("marks the waist of {garment}"),
    ),
    (
        frozenset({"overcoat", "trench coat", "coat"}),
        frozenset({"pencil skirt", "sheath dress", "dress trousers", "suit jacket", "blazer"}),
        N_("long and straight, in line with {garment}"),
    ),
)  # fmt: skip
"""Fine kinds, fine kinds or lengths of what is worn -> what the first does for the second."""


@dataclass(frozen=True, eq=False)
class Reasons:
    """What there is to say of items for one outfit.

    Attributes:
        outfit: what is worn.
        pieces: the same as the stylist sees it.
        context: what it is worn for.
        stylist: who knows what occasions like.
    """

    outfit: Outfit
    pieces: tuple[Piece, ...]
    context: Context
    stylist: Stylist

    def of(self, item: CatalogItem, said: Collection[str] = ()) -> tuple[Why, ...]:
        """Return the reasons for an item, the one that says most first, its price last.

        Args:
            item: what is proposed.
            said: first reasons of the look's other items: they come first again only for want of others.
        """
        piece = self.stylist.item(item)
        found = sorted(self._found(item, piece), key=lambda each: -each[0])
        parts = [why for _, why in found]
        fresh = [why for why in parts if why.text not in said]
        parts = [*fresh, *(why for why in parts if why.text in said)][: MOST - 1]
        if not parts:
            parts = [Why(Fact.TOGETHER, self._plainly())]
        price = _price(item)
        return tuple(parts) + ((Why(Fact.PRICE, price),) if price else ())

    def _found(self, item: CatalogItem, piece: Piece) -> Iterator[tuple[float, Why]]:
        yield from self._colour(item)
        yield from self._occasion(piece)
        yield from self._weather(piece)
        yield from self._shape(piece)
        yield from self._pattern(piece)
        yield from self._formality(piece)

    def _colour(self, item: CatalogItem) -> Iterator[tuple[float, Why]]:
        names = colours_of(item)
        worn = [(at, names) for at, names in enumerate(self.outfit.colours) if names]
        if not names or not worn or not family_of(names[0]):
            return
        weight, text, at, seen = max(
            (self._related(names[0], colours, at) for at, colours in worn), key=lambda each: each[0]
        )
        shade = (
            say_as("in", names[0]) if text is not _EASY and text is not _CLOSE else say(names[0])
        )
        garment = self.named(at, colour=seen)
        yield weight, Why(Fact.COLOUR, say(text).format(colour=shade, garment=garment))

    def _related(self, colour: str, worn: tuple[str, ...], at: int) -> tuple[float, str, int, bool]:
        """Return how much a colour says beside a garment's colours, and the text that says it."""
        hue = hue_of(colour)
        if colour == worn[0]:
            return (0.9 if hue else 0.66), _SAME, at, False
        if colour in worn[1:]:
            return 1.0, _PICKS_UP, at, False
        if hue is not None and hue_of(worn[0]) == hue:
            return 0.75, _CLOSE, at, True
        if hue is not None:
            return (0.72 if hue_of(worn[0]) is None else 0.7), _ACCENT, at, True
        if hue_of(worn[0]) is not None and worn[0] not in _SOFT and self.pieces[at].slot in _LARGE:
            return 0.68, _QUIET, at, True
        return 0.4, _EASY, at, True

    def _occasion(self, piece: Piece) -> Iterator[tuple[float, Why]]:
        occasion = self.context.occasion
        if occasion is None:
            return
        likes = self.stylist.table.occasions[occasion].likes
        if self.stylist.names(piece) & set(likes):
            yield 0.95, Why(Fact.OCCASION, say(_FOR[occasion]))

    def _weather(self, piece: Piece) -> Iterator[tuple[float, Why]]:
        low, high = piece.days
        today = self.context.temperature_c
        if not piece.tells_weather or not low <= today <= high or not piece.is_known:
            return
        weather = self.context.weather
        if weather is Warmth.MILD and piece.slot not in (Slot.OUTER, Slot.SHOES):
            return
        if (weather is Warmth.HOT and low < 8) or (weather is Warmth.COLD and high > 24):
            return
        if "temperature_c" in self.context.read:
            yield 0.6, Why(Fact.WEATHER, say(_DAYS[weather]))
        else:
            degrees = say(_DEGREES[weather]).format(degrees=spoken(round(today)))
            yield 0.88, Why(Fact.WEATHER, degrees)

    def _shape(self, piece: Piece) -> Iterator[tuple[float, Why]]:
        for mine, theirs, text in _SHAPES:
            if piece.fine_kind in mine:
                for at, worn in enumerate(self.pieces):
                    if {worn.fine_kind, worn.length} & theirs and worn.slot is not piece.slot:
                        yield 0.8, Why(Fact.SHAPE, say(text).format(garment=self.named(at)))
                        return

    def _pattern(self, piece: Piece) -> Iterator[tuple[float, Why]]:
        patterned = [at for at, worn in enumerate(self.pieces) if worn.pattern not in ("", "plain")]
        if piece.pattern == "plain" and patterned:
            yield 0.65, Why(Fact.PATTERN, say(_PLAIN).format(garment=self.named(patterned[0])))
        elif piece.pattern not in ("", "plain") and not patterned and len(self.pieces):
            yield 0.64, Why(Fact.PATTERN, say(_LIVELY).format(garment=self.named(0)))

    def _formality(self, piece: Piece) -> Iterator[tuple[float, Why]]:
        apart = {at: piece.grade - worn.grade for at, worn in enumerate(self.pieces)}
        if not apart or not piece.is_known:
            return
        near = min(apart, key=lambda at: (abs(apart[at]), at))
        if abs(apart[near]) <= ALIKE:
            text = next(text for most, text in _GRADES if piece.grade < most)
            yield (
                0.7 - abs(apart[near]) / 5,
                Why(Fact.FORMALITY, say(text).format(garment=self.named(near))),
            )
        elif apart[near] > 0:
            yield 0.5, Why(Fact.FORMALITY, say(_LIFTS).format(garment=self.named(near)))
        else:
            yield 0.45, Why(Fact.FORMALITY, say(_RELAXES).format(garment=self.named(near)))

    def _plainly(self) -> str:
        return say(N_("goes with {garment}")).format(garment=self.named(0))

    def replaced(self, at: int) -> str:
        """Return a garment as it is spoken of where another comes in its place."""
        colours = self.outfit.colours[at]
        word = say(NAMED[self.outfit.categories[at]])
        if not colours or not family_of(colours[0]):
            return say(N_("the {garment}")).format(garment=word)
        shade = say_as("in", colours[0])
        return say(N_("the {colour} {garment}")).format(colour=shade, garment=word)

    def named(self, at: int, *, colour: bool = False) -> str:
        """Return a garment as a reason speaks of it: `your navy pants`."""
        category = self.outfit.categories[at]
        colours = self.outfit.colours[at]
        colour = colour and bool(colours) and bool(family_of(colours[0]))
        word = say_as("to", NAMED[category])
        if self.outfit.whose == "your":
            text = say("your {colour} {garment}") if colour else say("your {garment}")
        else:
            text = say("the {colour} {garment}") if colour else say("the {garment}")
        shade = say_as("in", colours[0]) if colour else ""
        return text.format(colour=shade, garment=word)


def sentence(whys: Sequence[Why]) -> str:
    """Return reasons as one sentence, as lists and files for people show them.

    >>> sentence([Why(Fact.COLOUR, "a quiet black"), Why(Fact.PRICE, "9.00 EUR")])
    'A quiet black; 9.00 EUR.'
    """
    text = "; ".join(why.text for why in whys)
    return f"{text[:1].upper()}{text[1:]}." if text else ""


def _price(item: CatalogItem) -> str:
    if item.asking_price is None:
        return ""
    now = f"{spoken(item.asking_price, 2)} {item.currency}"
    if item.sale_price is not None and item.price is not None and item.sale_price < item.price:
        return say("{now}, down from {before}").format(now=now, before=spoken(item.price, 2))
    return now
