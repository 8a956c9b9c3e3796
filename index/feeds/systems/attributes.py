"""What shops say of a product in pairs of a name and a value -> our fields."""

from __future__ import annotations

import re
from collections.abc import Iterable
from typing import Final

from index.feeds.fields.options import field_of

_ALSO: Final = {
    "gender": "gender", "sex": "gender", "geschlecht": "gender", "genre": "gender", "genero": "gender",
    "пол": "gender", "audience": "audience", "for": "audience", "age group": "age_group", "age": "age_group",
    "producent": "brand", "manufacturer": "brand", "brand": "brand", "marke": "brand", "marque": "brand", "бренд": "brand", "категория": "category",
    "style": "product_type",
}  # fmt: skip


def attribute_fields(pairs: Iterable[tuple[str, object]]) -> dict[str, object]:
    """Return fields by what pairs of a name and its values say.

    >>> attribute_fields([("pa_color", "Blue"), ("Größe", "S | M"), ("Engraving", "yes")])
    {'colour': 'Blue', 'sizes': ['S', 'M']}
    """
    fields: dict[str, object] = {}
    for name, value in pairs:
        plain = re.sub(r"^pa_|^attribute[_: ]+", "", name.strip().casefold()).replace("_", " ")
        field = field_of(plain) or _ALSO.get(plain, "")
        if not field or field in fields or value in (None, "", []):
            continue
        fields[field] = _sizes(value) if field == "sizes" else value
    return fields


def _sizes(value: object) -> list[object]:
    if isinstance(value, list):
        return value
    return [part.strip() for part in re.split(r"[|;]|,\s*(?![0-9]\b)", str(value)) if part.strip()]


def paths_of(cell: str) -> list[str]:
    """Return the paths in a cell of categories, the most telling first.

    >>> paths_of("Clothing, Clothing > Hoodies"), paths_of("Default Category/Women/Tops,Default Category")
    (['Clothing > Hoodies', 'Clothing'], ['Default Category/Women/Tops', 'Default Category'])
    """
    parts = [part.strip() for part in re.split(r"(?<!\\)[,;|]", cell) if part.strip()]
    return sorted(parts, key=lambda path: -len(re.split(r"[>/]", path)))
