"""A record with others inside -> flat ones: variants, prices as objects, names of things."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any, Final

VARIANTS: Final = ("variants", "variations", "skus", "children", "offers", "items", "models")
_OWN: Final = frozenset(
    ("title", "name", "description", "brand", "vendor", "category", "categories", "product_type", "handle", "variants",
     "variations", "skus", "children", "offers", "options")
)  # fmt: skip
"""What a product says for its variants: theirs, such as the title `S / red`, says less."""
_IDS: Final = ("sku", "id", "article_id", "product_id", "code")
_AMOUNTS: Final = ("amount", "final", "current", "value", "price", "#text")
_BEFORE: Final = ("initial", "original", "regular", "was")
_CURRENCIES: Final = ("currency", "currency_code", "currencyCode", "currencyId")
_NAMES: Final = ("name", "title", "label", "value", "#text", "text")
_PICTURES: Final = ("src", "url", "href", "image_url", "hi_res", "large")
_DEPTH: Final = 4


def flat(record: Mapping[str, Any]) -> Iterator[dict[str, object]]:
    """Yield a record with plain values, one a variant where it has any.

    >>> list(flat({"id": 1, "price": {"amount": "9.90", "currency": "EUR"}, "brand": {"name": "A"}}))
    [{'id': 1, 'price': '9.90', 'currency': 'EUR', 'brand': 'A'}]
    >>> record = {"id": 1, "title": "Tee", "variants": [{"id": 2, "size": "S"}, {"id": 3, "size": "M"}]}
    >>> [(each["id"], each["group_id"], each["size"]) for each in flat(record)]
    [(2, '1', 'S'), (3, '1', 'M')]
    """
    name = next((name for name in VARIANTS if _are_records(record.get(name))), "")
    if not name:
        yield plain_values(record)
        return
    shared = plain_values({key: value for key, value in record.items() if key != name})
    group = str(next((record[key] for key in _IDS if record.get(key)), ""))
    for at, variant in enumerate(record[name], start=1):
        own = {k: v for k, v in plain_values(variant).items() if k not in _OWN or k not in shared}
        filled = {key: value for key, value in own.items() if value not in (None, "", [])}
        ids = {} if any(key in filled for key in _IDS) else {"id": f"{group}-{at}"}
        rest = {k: v for k, v in shared.items() if k not in _IDS or not (ids or k in filled)}
        if "sku" in rest and "id" in filled:  # the product's sku would hide the variant's id
            del rest["sku"]
        yield {**rest, **filled, **ids, "group_id": shared.get("group_id") or group}


def _are_records(value: object) -> bool:
    return (
        isinstance(value, list)
        and bool(value)
        and all(isinstance(each, dict) and len(each) > 1 for each in value)
    )


def plain_values(record: Mapping[str, Any], depth: int = _DEPTH) -> dict[str, object]:
    """Return a record with plain values: objects become the amounts, names and fields in them."""
    fields: dict[str, object] = {}
    for name, value in record.items():
        if isinstance(value, dict):
            fields |= {k: v for k, v in _of_mapping(name, value, depth).items() if k not in fields}
        elif isinstance(value, list):
            fields[name] = [_of_part(part) for part in value]
        else:
            fields[name] = value
    return fields


def _of_mapping(name: str, value: Mapping[str, Any], depth: int) -> dict[str, object]:
    """Return what an object stands for: an amount, a name, a picture, or the fields inside it."""
    amount = next((value[key] for key in _AMOUNTS if _is_plain(value.get(key))), None)
    currency = next((value[key] for key in _CURRENCIES if value.get(key)), None)
    if amount is not None and currency is not None:
        before = next((value[key] for key in _BEFORE if _is_plain(value.get(key))), None)
        old = {} if before is None else {"old_price": before}
        return {name: amount, "currency": currency, **old}
    said = next(
        (value[key] for key in (*_PICTURES, *_NAMES) if isinstance(value.get(key), str)), None
    )
    if said is not None:
        return {name: said}
    if len(value) == 1 and isinstance(only := next(iter(value.values())), list):
        return {name: [_of_part(part) for part in only]}  # <images><image/><image/></images>
    inner = plain_values(value, depth - 1) if depth else {}
    return (
        {name: "", **{f"{name}_{key}": each for key, each in inner.items()}, **inner}
        if inner
        else {name: None}
    )


def _is_plain(value: object) -> bool:
    return value is not None and not isinstance(value, bool | list | dict)


def _of_part(part: object) -> object:
    """Return a part of a list: a picture stays as it is, anything else is its name."""
    if not isinstance(part, dict) or any(key in part for key in _PICTURES):
        return part
    return next((part[key] for key in _NAMES if _is_plain(part.get(key))), part)
