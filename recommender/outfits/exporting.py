"""A look to take along: as a table, as JSON, or as a picture. Pure."""

from __future__ import annotations

import csv
import io
import json
from collections.abc import Mapping, Sequence
from decimal import Decimal
from typing import Any, Final

from babel.numbers import format_currency
from PIL import Image, ImageDraw, ImageFont, ImageOps

from recommender.outfits.look import totals
from recommender.wire.shapes import Item

COLUMNS: Final = (
    "sku", "title", "brand", "category", "colour", "price", "currency", "availability", "link",
)  # fmt: skip
_FORMULA: Final = ("=", "+", "-", "@", "\t", "\r")
"""What a spreadsheet would take for the beginning of a formula."""

_WIDTH, _MARGIN, _GAP = 1200, 72, 32
_CAPTION, _FOOTER = 92, 120
_PAPER, _CARD, _INK, _FAINT = "#FCFAF7", "#F4F2EE", "#231F1B", "#6E655C"
_LANGUAGE: Final = "en"


def as_csv(items: Sequence[Item]) -> bytes:
    """Return one row an item, UTF-8 with a mark so that spreadsheets know it."""
    text = io.StringIO()
    table = csv.writer(text, lineterminator="\r\n")
    table.writerow(COLUMNS)
    for item in items:
        result = _told(item)
        table.writerow([_harmless(str(result[column] or "")) for column in COLUMNS])
    return b"\xef\xbb\xbf" + text.getvalue().encode()


def as_json(items: Sequence[Item]) -> bytes:
    """Return one object: `items` and `totals`; amounts are text, so that they stay exact."""
    record = {
        "items": [_told(item) for item in items],
        "totals": {currency: str(amount) for currency, amount in totals(items).items()},
    }
    return (json.dumps(record, ensure_ascii=False, indent=2) + "\n").encode()


def as_png(items: Sequence[Item], pictures: Mapping[str, Image.Image]) -> bytes:
    """Return a collage, 1200 pixels wide: each item with its title and price, and the total.

    Args:
        items: in order.
        pictures: sku -> its picture; where one is missing its card stays empty.
    """
    columns = 1 if len(items) == 1 else 2 if len(items) <= 4 else 3
    side = (_WIDTH - 2 * _MARGIN - (columns - 1) * _GAP) // columns
    tall = side * 4 // 3
    rows = -(-len(items) // columns)
    row_height = tall + _CAPTION + _GAP
    sheet = Image.new("RGB", (_WIDTH, 2 * _MARGIN + rows * row_height + _FOOTER), _PAPER)
    for place, item in enumerate(items):
        left = _MARGIN + place % columns * (side + _GAP)
        top = _MARGIN + place // columns * row_height
        _card(sheet, item, pictures.get(item.sku), (left, top, side, tall))
    _footer(sheet, items)
    buffer = io.BytesIO()
    sheet.save(buffer, "PNG", optimize=True)
    return buffer.getvalue()


def price_of(item: Item) -> str:
    """Return what an item costs today, as a price tag says it; empty where it has no price."""
    return "" if item.asking_price is None else _money(item.asking_price, item.currency)


def _card(
    sheet: Image.Image,
    item: Item,
    picture: Image.Image | None,
    place: tuple[int, int, int, int],
) -> None:
    left, top, side, tall = place
    pen = ImageDraw.Draw(sheet)
    pen.rounded_rectangle((left, top, left + side, top + tall), 18, fill=_CARD)
    if picture is not None:
        fitted = ImageOps.pad(picture.convert("RGB"), (side, tall), color=_ground(picture))
        mask = Image.new("L", (side, tall))
        ImageDraw.Draw(mask).rounded_rectangle((0, 0, side - 1, tall - 1), 18, fill=255)
        sheet.paste(fitted, (left, top), mask)
    price, small, line = price_of(item), _font(21), top + tall + 18
    pen.text((left, line), _fitted(item.title, _font(25), side), _INK, _font(25))
    room = side - int(small.getlength(price)) - 20
    pen.text((left, line + 37), _fitted(item.brand, small, room), _FAINT, small)
    pen.text((left + side, line + 37), price, _INK, small, anchor="ra")


def _footer(sheet: Image.Image, items: Sequence[Item]) -> None:
    pen, bottom = ImageDraw.Draw(sheet), sheet.height - _MARGIN
    pen.line((_MARGIN, bottom - 76, _WIDTH - _MARGIN, bottom - 76), "#E2DAD0", 2)
    pen.text((_MARGIN, bottom), "The look", _INK, _font(40), anchor="ls")
    total = " + ".join(_money(amount, currency) for currency, amount in totals(items).items())
    pen.text((_WIDTH - _MARGIN, bottom), total, _INK, _font(40), anchor="rs")


def _ground(picture: Image.Image) -> tuple[int, int, int]:
    """Return the colour of a picture's upper left corner: its ground, as shops photograph."""
    red, green, blue = picture.convert("RGB").resize((1, 1), box=(0, 0, 8, 8)).getpixel((0, 0))  # type: ignore[misc]
    return int(red), int(green), int(blue)


def _fitted(text: str, font: ImageFont.FreeTypeFont, room: int) -> str:
    """Return a text, cut with an ellipsis where it is wider than `room` pixels."""
    if font.getlength(text) <= room:
        return text
    while text and font.getlength(f"{text}…") > room:
        text = text[:-1]
    return f"{text.rstrip()}…"


def _font(size: int) -> ImageFont.FreeTypeFont:
    font = ImageFont.load_default(size)
    assert isinstance(font, ImageFont.FreeTypeFont)  # Pillow is built with FreeType in every wheel
    return font


def _money(amount: Decimal, currency: str) -> str:
    # the code, not the sign: no sign is in every font, and a dollar is not always the same one
    return format_currency(amount, currency, "¤¤ #,##0.00", locale=_LANGUAGE)


def _told(item: Item) -> dict[str, Any]:
    record = item.model_dump(mode="json", include=set(COLUMNS))
    price = item.asking_price
    return {
        **{column: record[column] for column in COLUMNS},
        "price": None if price is None else str(price),
    }


def _harmless(cell: str) -> str:
    return f"'{cell}" if cell.startswith(_FORMULA) else cell
