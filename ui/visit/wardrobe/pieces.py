"""A piece that a visitor owns: the cut-out of one garment, and its facts. Pure."""

from __future__ import annotations

import base64
import binascii
import io
import json
import secrets
import zipfile
from collections.abc import Iterable, Mapping, Sequence
from typing import Annotated, Any, Final

from PIL import Image, ImageFilter
from pydantic import BaseModel, ConfigDict, Field, ValidationError

from recommender.wire.shapes import Garment, Item
from segmentation.common import masks
from segmentation.common.errors import PhotoError
from segmentation.common.photo import decode
from segmentation.common.taxonomy import SLOT_OF, Category, Slot
from ui.text import words

SIDE: Final = 480
"""Pixels on the longer side of a cut-out."""
FACTS: Final = ("colour", "second_colour", "pattern", "sleeve", "length")
MOST: Final = 200
"""So many pieces are kept in one place."""
_MOST_BYTES: Final = 1_500_000
"""So large are a picture and the list of pieces at most."""
_CELL, _GAP = 400, 40
_LARGER: Final = 4.0
"""So many times larger a small garment is drawn at most."""
_PAPER: Final = (255, 255, 255)


class Piece(BaseModel):
    """One piece; as JSON it is what the browser keeps and what is exported.

    Attributes:
        id: names it.
        category: its kind.
        facts: `FACTS` as far as they are known.
        title: of an item of the shop; empty of what was cut out of a photo.
        sku: of an item of the shop.
        picture: a PNG in base64; around the garment it is transparent.
    """

    model_config = ConfigDict(frozen=True)

    id: Annotated[str, Field(pattern=r"^[A-Za-z0-9_-]{1,64}$")]
    category: Category
    facts: dict[str, str] = {}
    title: Annotated[str, Field(max_length=500)] = ""
    sku: Annotated[str, Field(max_length=200)] = ""
    picture: Annotated[str, Field(max_length=2_000_000)]

    @property
    def slot(self) -> Slot:
        """The place it takes in an outfit."""
        return SLOT_OF[self.category]

    @property
    def name(self) -> str:
        """What it is called: as the shop says, else by its facts."""
        return self.title or words.named(self.category, self.facts)

    @property
    def url(self) -> str:
        """Its picture for the browser."""
        return f"data:image/png;base64,{self.picture}"

    @property
    def png(self) -> bytes:
        """Its picture."""
        return base64.b64decode(self.picture)


def of_garment(photo: bytes, garment: Garment) -> Piece:
    """Return a garment of a photo as a piece: what lies outside of its outline is thrown away.

    Raises:
        segmentation.common.errors.PhotoError: the photo cannot be read.
    """
    picture = Image.fromarray(decode(photo).rgb)
    rle = garment.mask
    shape = masks.decode({"size": rle.size, "counts": rle.counts})
    cut = _cut(picture, Image.fromarray((shape * 255).astype("uint8")).resize(picture.size))
    facts = {name: garment.attributes[name] for name in FACTS if garment.attributes.get(name)}
    return Piece(id=_new(), category=garment.category, facts=facts, picture=_encoded(cut))


def _cut(picture: Image.Image, mask: Image.Image) -> Image.Image:
    """Return what lies within a mask, brought to `SIDE` with a soft border and a little air around it."""
    left, top, right, bottom = mask.getbbox() or (0, 0, 1, 1)
    air = max(2, max(right - left, bottom - top) // 16)
    box = (left - air, top - air, right + air, bottom + air)
    scale = min(_LARGER, SIDE / max(box[2] - box[0], box[3] - box[1]))
    size = round((box[2] - box[0]) * scale), round((box[3] - box[1]) * scale)
    drawn = picture.crop(box).resize(size, Image.Resampling.LANCZOS)
    # the border of a mask has corners of whole pixels: softened, then drawn in again by the threshold
    soft = mask.crop(box).resize(size, Image.Resampling.BICUBIC)
    soft = soft.filter(ImageFilter.GaussianBlur(max(1.0, scale)))
    soft = soft.point([min(255, max(0, (level - 96) * 4)) for level in range(256)])
    empty = Image.new("RGBA", size)
    return Image.composite(drawn.convert("RGBA"), empty, soft)


def of_item(item: Item, picture: bytes) -> Piece:
    """Return an item of the shop, of which the visitor says that they have it.

    Raises:
        segmentation.common.errors.PhotoError: its picture cannot be read.
    """
    facts = {name: str(getattr(item, name)) for name in FACTS if getattr(item, name)}
    drawn = Image.fromarray(decode(picture).rgb)
    return Piece(
        id=_new(), category=item.category, facts=facts, title=item.title, sku=item.sku,
        picture=_encoded(drawn),
    )  # fmt: skip


def read(kept: Iterable[Any]) -> list[Piece]:
    """Return the pieces among what was kept; what is none, or was tampered with, is left out."""
    found = []
    for each in kept:
        try:
            piece = Piece.model_validate(each)
            with Image.open(io.BytesIO(piece.png)) as picture:
                is_png = picture.format == "PNG" and max(picture.size) <= 2 * SIDE
        except (ValidationError, binascii.Error, OSError, ValueError):
            continue
        if is_png:
            found.append(piece)
    return found


def laid_flat(pieces: Sequence[Piece]) -> tuple[bytes, list[tuple[float, float, float, float]]]:
    """Return pieces beside each other as a PNG, and the box of each in its pixels, xyxy."""
    columns = 1 if len(pieces) == 1 else 2 if len(pieces) <= 4 else 3
    rows = -(-len(pieces) // columns)
    step = _CELL + _GAP
    sheet = Image.new("RGB", (columns * step + _GAP, rows * step + _GAP), _PAPER)
    boxes = []
    for number, piece in enumerate(pieces):
        row, column = divmod(number, columns)
        with Image.open(io.BytesIO(piece.png)) as opened:
            picture = opened.convert("RGBA")
        scale = min(_CELL / picture.width, _CELL / picture.height)
        picture = picture.resize(
            (max(1, round(picture.width * scale)), max(1, round(picture.height * scale)))
        )
        left = _GAP + column * step + (_CELL - picture.width) // 2
        top = _GAP + row * step + (_CELL - picture.height) // 2
        sheet.paste(picture, (left, top), picture)
        boxes.append(
            (float(left), float(top), float(left + picture.width), float(top + picture.height))
        )
    return _png(sheet), boxes


def packed(pieces: Sequence[Piece]) -> bytes:
    """Return a zip of `wardrobe.json` and a PNG for each piece."""
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as archive:
        rows: list[Mapping[str, Any]] = []
        for piece in pieces:
            name = f"{piece.category.value}-{piece.id}.png"
            archive.writestr(name, piece.png)
            record = piece.model_dump(mode="json", exclude={"picture"})
            rows.append({**record, "picture": name})
        text = json.dumps({"pieces": rows}, ensure_ascii=False, indent=2)
        archive.writestr("wardrobe.json", f"{text}\n")
    return buffer.getvalue()


def unpacked(archive: bytes) -> list[Piece]:
    """Return the pieces of a zip that `packed` made; what is none of them is left out.

    Raises:
        PhotoError: it is no such zip.
    """
    try:
        with zipfile.ZipFile(io.BytesIO(archive)) as opened:
            rows = json.loads(_member(opened, "wardrobe.json"))["pieces"]
            return read([{**row, "picture": _picture(opened, row)} for row in rows[:MOST]])
    except (zipfile.BadZipFile, KeyError, TypeError, ValueError, NotImplementedError) as error:
        raise PhotoError(
            "this is no exported wardrobe", got=f"{len(archive)} bytes",
            expected="the zip that “Export” made", next_step="Choose the file wardrobe.zip.",
        ) from error  # fmt: skip


def _picture(opened: zipfile.ZipFile, row: Mapping[str, Any]) -> str:
    return base64.b64encode(_member(opened, row["picture"])).decode()


def _member(opened: zipfile.ZipFile, name: str) -> bytes:
    """Return a member of an archive, as long as it unpacks to what a piece may have at most."""
    with opened.open(name) as member:
        data = member.read(_MOST_BYTES + 1)
    if len(data) > _MOST_BYTES:
        raise ValueError(f"{name} is larger than {_MOST_BYTES} bytes")
    return data


def _new() -> str:
    return secrets.token_urlsafe(12)


def _encoded(picture: Image.Image) -> str:
    picture.thumbnail((SIDE, SIDE), Image.Resampling.LANCZOS)
    return base64.b64encode(_png(picture)).decode()


def _png(picture: Image.Image) -> bytes:
    buffer = io.BytesIO()
    picture.save(buffer, "PNG", optimize=True)
    return buffer.getvalue()
