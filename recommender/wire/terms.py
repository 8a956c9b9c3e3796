"""What the wire and the verbs both hold to: how much may be asked at once, and what may be said."""

from __future__ import annotations

from enum import StrEnum
from typing import Final

MAX_TEXT: Final = 500
"""Characters of a question in words."""
MAX_OFFSET: Final = 1000
"""Similar items that may be passed over; beyond it nobody leafs."""
MAX_LOOK: Final = 20
"""Items of a look that is saved, shared or taken along."""

MAX_EVENTS: Final = 200
"""Events in one request."""


class Verdict(StrEnum):
    """A feedback: on one item, or, where a look was saved, of each of its items."""

    LIKE = "like"
    DISLIKE = "dislike"
    SAVE = "save"


class EventKind(StrEnum):
    """What a buyer did with an item."""

    CLICK = "click"
    CART = "cart"
    PURCHASE = "purchase"


class Topic(StrEnum):
    """What a shop's own servers are notified of."""

    IMPORT_FINISHED = "import.finished"
    ITEMS_CHANGED = "items.changed"


class Occasion(StrEnum):
    """What an outfit is worn to."""

    WORK = "work"
    EVERYDAY = "everyday"
    EVENING = "evening"
    CELEBRATION = "celebration"
    SPORT = "sport"


class Season(StrEnum):
    """A time of the year, in place of a temperature."""

    SPRING = "spring"
    SUMMER = "summer"
    AUTUMN = "autumn"
    WINTER = "winter"


class Idea(StrEnum):
    """What a look's colours are about."""

    TONAL = "tonal"
    CONTRAST = "contrast"
    NEUTRAL = "neutral"


class Gain(StrEnum):
    """What a change of an outfit is for."""

    DRESS_UP = "dress_up"
    DRESS_DOWN = "dress_down"
    WARMER = "warmer"
    HOT_DAY = "hot_day"
    CHEAPER = "cheaper"


class Fact(StrEnum):
    """What a reason is about."""

    COLOUR = "colour"
    FORMALITY = "formality"
    WEATHER = "weather"
    OCCASION = "occasion"
    PATTERN = "pattern"
    SHAPE = "shape"
    TOGETHER = "together"
    PRICE = "price"
