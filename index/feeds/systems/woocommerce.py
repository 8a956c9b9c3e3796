"""WooCommerce: its product CSV, and a page of its REST API or Store API."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import replace
from decimal import Decimal
from functools import partial
from typing import Any, Final

from index.feeds.fields.columns import folded
from index.feeds.formats.cells import Cells, Source
from index.feeds.rows import FeedOptions, Reject
from index.feeds.systems.attributes import attribute_fields, paths_of
from index.feeds.systems.named import Named, good, mapped, passed_over

CSV: Final = "woocommerce"
_STATES: Final = {"1": "in stock", "0": "out of stock", "backorder": "backorder"}
_ATTRIBUTE: Final = re.compile(r"attribute_(\d+)_name")


_LOCAL: Final[Mapping[str, str]] = {
    "typ": "type", "artikelnummer": "sku", "veroffentlicht": "published", "beschreibung": "description",
    "sichtbarkeit_im_katalog": "visibility_in_catalog", "kurzbeschreibung": "short_description", "vorratig": "in_stock",
    "lager": "stock", "angebotspreis": "sale_price", "regularer_preis": "regular_price", "kategorien": "categories",
    "bilder": "images", "ubergeordnetes_produkt": "parent", "ubergeordnet": "parent",
    "ugs": "sku", "nom": "name", "publie": "published", "visibilite_dans_le_catalogue": "visibility_in_catalog",
    "description_courte": "short_description", "en_stock": "in_stock", "tarif_promo": "sale_price",
    "tarif_regulier": "regular_price", "tarif_normal": "regular_price",
    "tipo": "type", "nombre": "name", "publicado": "published", "visibilidad_en_el_catalogo": "visibility_in_catalog",
    "descripcion_corta": "short_description", "descripcion": "description", "hay_existencias": "in_stock",
    "inventario": "stock", "precio_rebajado": "sale_price", "precio_normal": "regular_price", "categorias": "categories",
    "imagenes": "images", "superior": "parent", "nome": "name", "pubblicato": "published",
    "visibilita_nel_catalogo": "visibility_in_catalog", "prezzo_in_offerta": "sale_price", "prezzo_di_listino": "regular_price",
    "categorie": "categories", "immagine": "images", "genitore": "parent",
}  # fmt: skip
"""What it calls its columns in German, French, Spanish and Italian -> in English."""
_LOCAL_ATTRIBUTE: Final = re.compile(
    r"(?:attribut|atributo|attributo|nom_de_l_attribut)_(\d+)_(\w+)|(?:nombre|nome)_del?l?_?attribut?o_(\d+)"
)


def is_csv(names: frozenset[str]) -> bool:
    """Return whether folded names are those of its CSV, in one of five languages."""
    names = names | {_english(name) for name in names}
    own = {"published", "visibility_in_catalog", "tax_status", "is_featured", "attribute_1_name"}
    return "regular_price" in names and {"type", "name"} <= names and bool(own & names)


def is_rest(names: frozenset[str]) -> bool:
    """Return whether folded names are those of a product in its APIs."""
    return {"permalink", "images"} <= names and bool(
        {"regular_price", "prices", "stock_status"} & names
    )


def csv(source: Source, options: FeedOptions) -> Iterator[Named | Reject]:
    """Yield an item a simple product and a variation; a product with variations is none itself."""
    source = partial(_in_english, source)
    parents, with_children = _parents(source)
    for cells in source():
        if isinstance(cells, Reject):
            yield cells
            continue
        kind, sku = cells.text("type").lower(), cells.text("sku", "id")
        parent = parents.get(cells.text("parent")) if "variation" in kind else None
        if why := _hidden(cells) or (parent and _hidden(parent)):
            yield passed_over(cells, sku, why)
        elif "grouped" in kind:
            yield passed_over(cells, sku, "a group of other products")
        elif "variable" in kind and not with_children.isdisjoint(_refs(cells)):
            yield passed_over(cells, sku, "its variations are the items")
        else:
            yield _item(cells, parent, sku, options)


def _in_english(source: Source) -> Iterator[Cells | Reject]:
    for cells in source():
        if (
            isinstance(cells, Reject)
            or "regular_price" in cells.by_name
            or "regular_price" in map(folded, cells.names)
        ):
            yield cells
        else:
            yield replace(cells, names=tuple(_english(folded(name)) for name in cells.names))


def _english(name: str) -> str:
    """Return what a column is called in English."""
    if found := _LOCAL_ATTRIBUTE.fullmatch(name):
        which = "name" if found[3] or found[2] in ("name", "nombre", "nome", "nom") else "value"
        return f"attribute_{found[1] or found[3]}_{which}"
    return _LOCAL.get(name, name)


def _parents(source: Source) -> tuple[dict[str, Cells], set[str]]:
    """Return variable products by what variations call them, and what those call them."""
    parents: dict[str, Cells] = {}
    called: set[str] = set()
    for cells in good(source()):
        if "variable" in cells.text("type").lower():
            parents |= dict.fromkeys(_refs(cells), cells)
        if "variation" in cells.text("type").lower():
            called.add(cells.text("parent"))
    return parents, called


def _refs(cells: Cells) -> set[str]:
    return {cells.text("sku"), f"id:{cells.text('id')}"} - {"", "id:"}


def _hidden(cells: Cells) -> str:
    if cells.text("published") in ("0", "-1", "false"):
        return "the product is not published"
    return (
        "the product is hidden" if cells.text("visibility_in_catalog").lower() == "hidden" else ""
    )


def _item(cells: Cells, parent: Cells | None, sku: str, options: FeedOptions) -> Named:
    shared = parent or cells
    attributes = {**attribute_fields(_attributes(shared)), **attribute_fields(_attributes(cells))}
    state = cells.text("in_stock").lower()
    stock = cells.text("stock")
    if state in ("0", "false") and cells.text("backorders_allowed") in ("1", "notify"):
        state = "backorder"
    record: dict[str, object] = {
        "sku": sku,
        "group": shared.text("sku", "id") if parent or "variable" in cells.text("type") else "",
        "title": shared.text("name"),
        "description": shared.text("description", "short_description"),
        "brand": shared.text("brands", "brand"),
        "category": paths_of(shared.text("categories")),
        "price": cells.text("regular_price", "price"),
        "sale_price": cells.text("sale_price"),
        "sale_dates": _dates(cells),
        "availability": _STATES.get(state, state) or stock,
        "image": [cells.text("images"), shared.text("images") if parent else ""],
        "link": shared.text("external_url") if "external" in cells.text("type") else "",
        **attributes,
        **mapped(cells, options),
    }
    return Named(cells.number, cells.where, record)


def _dates(cells: Cells) -> str:
    start, end = (cells.text(f"date_sale_price_{word}")[:10] for word in ("starts", "ends"))
    return f"{start or '1970-01-01'}/{end or '9998-12-31'}" if start or end else ""


def _attributes(cells: Cells) -> Iterator[tuple[str, object]]:
    for name in cells.by_name:
        if found := _ATTRIBUTE.fullmatch(name):
            values = cells.text(
                f"attribute_{found[1]}_value",
                f"attribute_{found[1]}_values",
                f"attribute_{found[1]}_value(s)",
            )
            yield cells.text(name), re.sub(r"\s*(?<!\\),\s*", "|", values)


def rest(source: Source, options: FeedOptions) -> Iterator[Named | Reject]:
    """Yield an item a product, and one a variation where those stand in it."""
    number = 0
    for cells in source():
        if isinstance(cells, Reject):
            yield cells
            continue
        product: dict[str, Any] = dict(zip(cells.names, cells.values, strict=True))
        nested = [
            v
            for v in product.get("variations") or ()
            if isinstance(v, dict) and "price" in {*v, *v.get("prices", {})}
        ]
        for part in nested or [product]:
            number += 1
            here = Cells(number, cells.where, cells.names, cells.values)
            sku = str(part.get("sku") or part.get("id") or "")
            if why := _unseen(product):
                yield passed_over(here, sku, why)
            else:
                record = _fields(product, part) | {"sku": sku}
                yield Named(number, "", {**record, **mapped(here, options)})


def _unseen(product: Mapping[str, Any]) -> str:
    if str(product.get("status") or "publish") not in ("publish", "published"):
        return f"the product is {product['status']}"
    return "the product is hidden" if product.get("catalog_visibility") == "hidden" else ""


def _fields(product: Mapping[str, Any], part: Mapping[str, Any]) -> dict[str, object]:
    attributes = [*_pairs(part), *_pairs(product)]
    more = part.get("image") if part is not product else None
    return {
        "group": str(product.get("sku") or product.get("id") or "") if part is not product else "",
        "title": product.get("name"),
        "description": product.get("description") or product.get("short_description"),
        "brand": ", ".join(_names(product.get("brands"))[:1]),
        "category": _names(product.get("categories")),
        "image": [more] if more else [],
        "more_images": [product.get("images")],
        "link": product.get("permalink"),
        **_prices(part),
        "availability": _state(part),
        **attribute_fields(attributes),
    }


def _prices(part: Mapping[str, Any]) -> dict[str, object]:
    store = part.get("prices")
    if not isinstance(store, dict):
        price = part.get("regular_price") or part.get("price")
        return {"price": price, "sale_price": part.get("sale_price")}
    unit = Decimal(10) ** -int(store.get("currency_minor_unit") or 0)
    amounts = {
        name: Decimal(str(store[f"{key}_price"])) * unit
        if str(store.get(f"{key}_price") or "").isdigit()
        else None
        for name, key in (("price", "regular"), ("sale_price", "sale"))
    }
    return {**amounts, "currency": store.get("currency_code")}


def _state(part: Mapping[str, Any]) -> object:
    if part.get("stock_status"):
        return part["stock_status"]
    bought = part.get("is_in_stock", part.get("in_stock"))
    return None if bought is None else "in stock" if bought else "out of stock"


def _pairs(part: Mapping[str, Any]) -> Iterator[tuple[str, object]]:
    for each in part.get("attributes") or ():
        if isinstance(each, dict):
            values = (
                each.get("options")
                or each.get("option")
                or each.get("value")
                or _names(each.get("terms"))
            )
            yield str(each.get("name") or ""), values


def _names(value: object) -> list[str]:
    parts = value if isinstance(value, list) else [value]
    return [str(p.get("name", "")) if isinstance(p, dict) else str(p) for p in parts if p]
