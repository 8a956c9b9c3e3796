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
from recommender.outfits.speech import N_, say
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
_WORN: Final = N_("Worn already")


def as_csv(items: Sequence[Item]) -> bytes:
    """Return one row an item, UTF-8 with a mark so that spreadsheets know it."""
    text = io.StringIO()
    table = csv.writer(text, lineterminator="\r\n")
    table.writerow(COLUMNS)
    for item in items:
        result = _record(item)
        table.writerow([_harmless(str(result[column] or "")) for column in COLUMNS])
    return b"\xef\xbb\xbf" + text.getvalue().encode()


def as_json(items: Sequence[Item]) -> bytes:
    """Return one object: `items` and `totals`; amounts are text, so that they stay exact."""
    record = {
        "items": [_record(item) for item in items],
        "totals": {currency: str(amount) for currency, amount in totals(items).items()},
    }
    return (json.dumps(record, ensure_ascii=False, indent=2) + "\n").encode()


def as_png(
    items: Sequence[Item],
    pictures: Mapping[str, Image.Image],
    worn: Sequence[tuple[str, Image.Image]] = (),
) -> bytes:
    """Return a collage, 1200 pixels wide: each item with its title and price, and the total.

    Args:
        items: in order.
        pictures: sku -> its picture; where one is missing its card stays empty.
        worn: what is worn with them: its name and its picture, see-through around it. It comes first.
    """
    count = len(worn) + len(items)
    columns = 1 if count == 1 else 2 if count <= 4 else 3
    side = (_WIDTH - 2 * _MARGIN - (columns - 1) * _GAP) // columns
    tall = side * 4 // 3
    rows = -(-count // columns)
    row_height = tall + _CAPTION + _GAP
    sheet = Image.new("RGB", (_WIDTH, 2 * _MARGIN + rows * row_height + _FOOTER), _PAPER)
    cards: list[tuple[str, str, str, Image.Image | None]] = [
        (name, "", say(_WORN), _on_card(picture)) for name, picture in worn
    ]
    cards += [(i.title, i.brand, price_of(i), pictures.get(i.sku)) for i in items]
    for place, (title, brand, price, picture) in enumerate(cards):
        left = _MARGIN + place % columns * (side + _GAP)
        top = _MARGIN + place // columns * row_height
        _card(sheet, picture, (left, top, side, tall))
        _caption(sheet, (title, brand, price), (left, top + tall + 18, side))
    _footer(sheet, items)
    buffer = io.BytesIO()
    sheet.save(buffer, "PNG", optimize=True)
    return buffer.getvalue()


def price_of(item: Item) -> str:
    """Return what an item costs today, as a price tag says it; empty where it has no price."""
    return "" if item.asking_price is None else _money(item.asking_price, item.currency)


def _on_card(picture: Image.Image) -> Image.Image:
    """Return what is see-through around it on the ground of a card, with some room."""
    wide, tall = picture.size
    room = max(wide, tall) // 6
    ground = Image.new("RGB", (wide + 2 * room, tall + 2 * room), _CARD)
    ground.paste(picture, (room, room), picture.convert("RGBA"))
    return ground


def _card(
    sheet: Image.Image, picture: Image.Image | None, place: tuple[int, int, int, int]
) -> None:
    left, top, side, tall = place
    pen = ImageDraw.Draw(sheet)
    pen.rounded_rectangle((left, top, left + side, top + tall), 18, fill=_CARD)
    if picture is not None:
        fitted = ImageOps.pad(picture.convert("RGB"), (side, tall), color=_ground(picture))
        mask = Image.new("L", (side, tall))
        ImageDraw.Draw(mask).rounded_rectangle((0, 0, side - 1, tall - 1), 18, fill=255)
        sheet.paste(fitted, (left, top), mask)


def _caption(sheet: Image.Image, words: tuple[str, str, str], place: tuple[int, int, int]) -> None:
    (title, brand, price), (left, line, side) = words, place
    pen, small = ImageDraw.Draw(sheet), _font(21)
    pen.text((left, line), _fitted(title, _font(25), side), _INK, _font(25))
    room = side - int(small.getlength(price)) - 20
    pen.text((left, line + 37), _fitted(brand, small, room), _FAINT, small)
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


def _record(item: Item) -> dict[str, Any]:
    record = item.model_dump(mode="json", include=set(COLUMNS))
    price = item.asking_price
    return {
        **{column: record[column] for column in COLUMNS},
        "price": None if price is None else str(price),
    }


def _harmless(cell: str) -> str:
    return f"'{cell}" if cell.startswith(_FORMULA) else cell
