"""One small shop, and how each kind of system would export it."""

from __future__ import annotations

import csv
import json
from collections.abc import Callable, Sequence
from decimal import Decimal
from pathlib import Path
from typing import Any
from xml.etree import ElementTree as ET

import pyarrow as pa
import pyarrow.parquet as pq

from index.feeds.detect import open_feed
from index.feeds.rows import FeedOptions, FeedRow, Reject
from index.model.items import Audience, Availability, CatalogItem
from segmentation.common.taxonomy import Category

PICTURES = ("dress-1.jpg", "dress-2.jpg", "more/shoe 1.jpg", "tee.jpg", "blau-größe.jpg")
_DRESS: dict[str, Any] = {
    "title": "Linen Dress", "category": Category.DRESS, "image": "dress-1.jpg",
    "more_images": ("dress-2.jpg",), "description": 'Soft & "airy", <midi>\nMade in Italy',
    "brand": "Mara Testa", "price": Decimal("89.90"), "currency": "EUR",
    "audience": Audience.WOMEN, "colour": "white", "second_colour": "blue", "material": "linen",
    "group": "linen-dress", "merchant_category": "Women > Dresses",
}  # fmt: skip
SHOP = (
    CatalogItem(sku="MT-0001-S", sale_price=Decimal("69.90"), sizes=("S",), **_DRESS),
    CatalogItem(
        sku="MT-0001-M", availability=Availability.OUT_OF_STOCK, sizes=("M",), **_DRESS
    ),
    CatalogItem(
        "007", "City Sneaker", Category.SHOE, "more/shoe 1.jpg", brand="Läufer & Söhne",
        price=Decimal("1250.00"), currency="EUR", availability=Availability.BACKORDER,
        colour="black", sizes=("42",), group="city-sneaker", merchant_category="Shoes",
    ),
    CatalogItem(
        "KT-1", '=Kids\' "Star" T-Shirt', Category.TOP, "tee.jpg", "One, two; three", "Mini",
        Decimal("12.50"), "EUR", audience=Audience.KIDS, colour="red", material="cotton",
        sizes=("128",), group="kids-tee", merchant_category="T-Shirts",
    ),
)  # fmt: skip
"""Everything that all formats can say; links are left out, which Shopify's export lacks."""

GENDER = {
    Audience.WOMEN: "female",
    Audience.MEN: "male",
    Audience.UNISEX: "unisex",
    Audience.KIDS: "unisex",
    Audience.UNKNOWN: "",
}


def pictures_in(root: Path) -> Path:
    """Make the shop's pictures."""
    for name in PICTURES:
        (root / name).parent.mkdir(parents=True, exist_ok=True)
        (root / name).write_bytes(b"picture")
    return root


def read(path: Path, **options: Any) -> list[FeedRow | Reject]:
    return list(open_feed(path, FeedOptions(**options)).rows())


def items(rows: Sequence[FeedRow | Reject]) -> list[object]:
    """Return the items; a reject stands in its place as its reason."""
    return [row.item if isinstance(row, FeedRow) else row.reason for row in rows]


def merchant_fields(item: CatalogItem, availability: str = "") -> dict[str, str]:
    """Return an item in the words of Google and Meta, without its pictures."""
    return {
        "id": item.sku,
        "item_group_id": item.group,
        "title": item.title,
        "description": item.description,
        "brand": item.brand,
        "product_type": item.merchant_category,
        "price": f"{item.price} {item.currency}" if item.price is not None else "",
        "sale_price": f"{item.sale_price} {item.currency}" if item.sale_price is not None else "",
        "availability": availability or item.availability.value,
        "gender": GENDER[item.audience],
        "age_group": "kids" if item.audience is Audience.KIDS else "adult",
        "color": "/".join(colour for colour in (item.colour, item.second_colour) if colour),
        "pattern": item.pattern,
        "material": item.material,
        "size": ",".join(item.sizes),
        "link": item.link,
    }


def table(
    path: Path,
    rows: Sequence[dict[str, str]],
    encoding: str = "utf-8",
    **dialect: Any,
) -> Path:
    """Write rows, whose first names the columns."""
    with path.open("w", encoding=encoding, newline="") as file:
        writer = csv.writer(file, **dialect)
        writer.writerow(rows[0])
        writer.writerows(row.values() for row in rows)
    return path


def google_tsv(path: Path, shop: Sequence[CatalogItem], **how: Any) -> Path:
    rows = [
        merchant_fields(item)
        | {"image_link": item.image, "additional_image_link": ",".join(item.more_images)}
        for item in shop
    ]
    return table(path, rows, **{"delimiter": "\t", **how})


def meta_csv(path: Path, shop: Sequence[CatalogItem], **how: Any) -> Path:
    width = max(len(item.more_images) for item in shop) + 1
    rows = []
    for item in shop:
        names = (item.image, *item.more_images, *[""] * width)
        pictures = {f"image[{n}].url": names[n] for n in range(width)}
        tags = {"image[0].tag[0]": "front", "product_tags[0]": "sale"}
        spaced = item.availability.value.replace("_", " ")
        rows.append(merchant_fields(item, spaced) | pictures | tags)
    return table(path, rows, **how)


def xml(path: Path, shop: Sequence[CatalogItem], atom: bool = False, **how: Any) -> Path:
    google = "{http://base.google.com/ns/1.0}"
    plain = "{http://www.w3.org/2005/Atom}" if atom else ""
    root = ET.Element(f"{plain}feed") if atom else ET.Element("rss", version="2.0")
    channel = root if atom else ET.SubElement(root, "channel")
    ET.SubElement(channel, f"{plain}title").text = "The shop"
    ET.SubElement(channel, f"{plain}link", {"href": "https://shop.example"})
    for item in shop:
        entry = ET.SubElement(channel, f"{plain}entry" if atom else "item")
        for name, text in merchant_fields(item).items():
            space = plain if name in ("title", "description") and not atom else google
            if text:
                ET.SubElement(entry, f"{space}{name}").text = text
        ET.SubElement(entry, f"{google}image_link").text = item.image
        for name in item.more_images:
            ET.SubElement(entry, f"{google}additional_image_link").text = name
        shipping = ET.SubElement(entry, f"{google}shipping")
        ET.SubElement(shipping, f"{google}price").text = "4.90 EUR"
    ET.ElementTree(root).write(path, encoding=how.get("encoding", "utf-8"), xml_declaration=True)
    return path


def atom(path: Path, shop: Sequence[CatalogItem], **how: Any) -> Path:
    return xml(path, shop, atom=True, **how)


def own_fields(item: CatalogItem) -> dict[str, Any]:
    """Return an item by our own names."""
    return {
        "sku": item.sku, "group": item.group, "title": item.title,
        "description": item.description, "brand": item.brand,
        "product_type": item.merchant_category, "price": item.price, "currency": item.currency,
        "sale_price": item.sale_price, "availability": item.availability.value,
        "audience": item.audience.value, "colour": item.colour,
        "second_colour": item.second_colour, "pattern": item.pattern, "material": item.material,
        "sizes": list(item.sizes), "image": item.image, "more_images": list(item.more_images),
        "link": item.link,
    }  # fmt: skip


def jsonl(path: Path, shop: Sequence[CatalogItem], **how: Any) -> Path:
    lines = (json.dumps(own_fields(item), default=str) for item in shop)
    path.write_text("\n".join(lines), encoding=how.get("encoding", "utf-8"))
    return path


def parquet(path: Path, shop: Sequence[CatalogItem], **how: Any) -> Path:
    money, texts = pa.decimal128(12, 2), pa.list_(pa.string())
    types = {"price": money, "sale_price": money, "sizes": texts, "more_images": texts}
    names = own_fields(shop[0])
    schema = pa.schema([(name, types.get(name, pa.string())) for name in names])
    pq.write_table(pa.Table.from_pylist([own_fields(item) for item in shop], schema), path, **how)
    return path


def own_csv(path: Path, shop: Sequence[CatalogItem], **how: Any) -> Path:
    rows = []
    for item in shop:
        fields = own_fields(item)
        texts = {k: "" if v is None else str(v) for k, v in fields.items()}
        lists = {k: "|".join(fields[k]) for k in ("sizes", "more_images")}
        rows.append(texts | lists)
    return table(path, rows, **how)


def shopify_csv(path: Path, shop: Sequence[CatalogItem], **how: Any) -> Path:
    rows: list[dict[str, str]] = []
    for group in dict.fromkeys(item.group for item in shop):
        variants = [item for item in shop if item.group == group]
        rows += [shopify_row(item, first=at == 0) for at, item in enumerate(variants)]
        rows += [
            dict.fromkeys(rows[0], "")
            | {"Handle": group, "Image Src": name, "Image Position": str(at)}
            for at, name in enumerate(variants[0].more_images, start=2)
        ]
    return table(path, rows, **how)


def shopify_row(item: CatalogItem, *, first: bool) -> dict[str, str]:
    """Return a variant as Shopify exports it: the product's own fields on the first row only."""
    html = item.description.replace("&", "&amp;").replace("<", "&lt;").replace("\n", "<br>")
    kids = item.audience is Audience.KIDS
    product = {
        "Title": item.title, "Body (HTML)": html and f"<p>{html}</p>", "Vendor": item.brand,
        "Product Category": "", "Type": item.merchant_category, "Tags": "new, summer",
        "Published": "true", "Option1 Name": "Farbe", "Option2 Name": "Größe",
        "Option3 Name": "Material" if item.material else "", "Image Src": item.image,
        "Image Position": "1", "Google Shopping / Gender": GENDER[item.audience],
        "Google Shopping / Age Group": "kids" if kids else "adult", "Status": "active",
    }  # fmt: skip
    reduced = item.sale_price is not None
    stock = {Availability.IN_STOCK: ("5", "deny"), Availability.OUT_OF_STOCK: ("0", "deny")}
    quantity, policy = stock.get(item.availability, ("-2", "continue"))
    return {
        "Handle": item.group,
        **(product if first else dict.fromkeys(product, "")),
        "Option1 Value": "/".join(c for c in (item.colour, item.second_colour) if c),
        "Option2 Value": ",".join(item.sizes),
        "Option3 Value": item.material,
        "Variant SKU": item.sku,
        "Variant Inventory Tracker": "shopify",
        "Variant Inventory Qty": quantity,
        "Variant Inventory Policy": policy,
        "Variant Price": str(item.sale_price if reduced else item.price),
        "Variant Compare At Price": str(item.price) if reduced else "",
        "Variant Image": "",
    }


Writer = Callable[..., Path]
WRITERS: dict[str, tuple[Writer, str]] = {
    "google_tsv": (google_tsv, "google"),
    "google_rss": (xml, "google"),
    "google_atom": (atom, "google"),
    "meta_csv": (meta_csv, "meta"),
    "shopify_csv": (shopify_csv, "shopify"),
    "jsonl": (jsonl, "jsonl"),
    "parquet": (parquet, "parquet"),
    "own_csv": (own_csv, "csv"),
}
"""How to write each format, and what it is called."""
TABLES = ("google_tsv", "meta_csv", "shopify_csv", "own_csv")
