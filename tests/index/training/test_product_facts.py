"""Product photos and finer garments: what is known of each, and how often each is drawn."""

from __future__ import annotations

import io
from pathlib import Path
from zipfile import ZipFile

import numpy as np
import pytest
from PIL import Image

from index.training.contrastive.batches import drawn_evenly
from index.training.examples.briefs import ClaimPlaces, brief
from index.training.examples.captions import AUDIENCE_WORDS, SYNONYMS, caption
from index.training.examples.facts import FALSE, TRUE, UNKNOWN, Claim, Facts, verdict
from index.training.examples.finer_kinds import SENSES
from index.training.examples.garments import FINER_SINGLE, PRODUCT_PHOTOS, read_all
from index.training.examples.product_facts import COLOURS, FINER, KINDS, facts_of, foreground
from index.training.examples.vocabulary import AUDIENCE, USAGE, vocabulary_of
from index.training.measuring.words import colour_article_queries
from segmentation.common.colours import PALETTE
from segmentation.common.taxonomy import Category
from segmentation.datasets.products.product_photos import COLUMNS, ProductPhoto
from tests.index.training.pieces import square_garment


def product(article: str, title: str, gender: str = "Women", colour: str = "Black") -> ProductPhoto:
    return ProductPhoto("1", article, gender, "Casual", colour, title, "train", Path())


@pytest.mark.parametrize(
    ("article", "title", "name"),
    [
        ("Tshirts", "Acme Men Polo T-shirt", "polo shirt"),
        ("Tshirts", "Acme Men Full Sleeve T-shirt", "long-sleeved top"),
        ("Tshirts", "Acme Men Sleeveless T-shirt", "tank top"),
        ("Sweatshirts", "Acme Men Hooded Sweatshirt", "hoodie"),
        ("Casual Shoes", "Acme Men Brown Loafers", "loafers"),
        ("Heels", "Acme Women Wedges", "wedges"),
        ("Heels", "Acme Women Heels", "heels"),
        ("Caps", "Acme Unisex Beanie", "beanie"),
    ],
)
def test_a_title_makes_a_kind_finer(article: str, title: str, name: str) -> None:
    facts = facts_of(product(article, title))
    assert facts.name == name and facts.category == KINDS[article][0]


def test_a_row_says_colour_pattern_sleeve_audience_and_use() -> None:
    row = product("Shirts", "Acme Kids Checked Half Sleeve Cotton Shirt", "Boys", "Navy Blue")
    facts = facts_of(row)
    assert (facts.colours, facts.pattern, facts.sleeve) == (("navy",), "check", "short")
    assert (facts.audience, facts.usage, facts.words) == ("kids", "casual", ("cotton",))
    assert facts_of(product("Ties", "Tie", "Unisex", "Multi")).colours == ()


def test_every_table_speaks_the_words_of_the_others() -> None:
    assert set(COLOURS.values()) <= set(PALETTE)
    names = {name for _, name in KINDS.values()} | {finer for _, _, finer in FINER}
    assert all(of <= names for of, _, _ in FINER)
    assert {finer for _, _, finer in FINER} <= set(SENSES)
    spoken = names | set(PALETTE) | set(AUDIENCE_WORDS.values()) | set(SENSES)
    assert set(SYNONYMS) <= spoken | {"sports", "formal", "ethnic"}


def test_finer_kinds_exclude_each_other_and_nothing_else() -> None:
    pumps = Facts(Category.SHOE, "pumps", audience="women", usage="formal")
    assert verdict(Claim("", Category.SHOE, "flip-flops"), pumps) == FALSE
    assert verdict(Claim("", Category.SHOE, "heels"), pumps) == UNKNOWN
    assert verdict(Claim("", Category.SHOE, "shoe"), pumps) == TRUE
    assert verdict(Claim("", audience="men"), pumps) == FALSE
    assert verdict(Claim("", usage="sport"), Facts(Category.SHOE, "pumps")) == UNKNOWN


def test_captions_and_briefs_say_for_whom_and_what_for() -> None:
    facts = Facts(Category.SHOE, "heels", ("navy",), audience="women", usage="formal")
    claims = [caption(facts, np.random.default_rng(n)) for n in range(60)]
    assert all(verdict(claim, facts) == TRUE for claim in claims)
    said = " / ".join(claim.text for claim in claims)
    assert all(word in said for word in ("women", "formal", "high heels", "navy blue"))
    vocabulary = vocabulary_of([facts])
    assert [claim.text for claim in vocabulary[AUDIENCE]] == list(AUDIENCE_WORDS.values())
    words = [claim for family in vocabulary.values() for claim in family]
    short = [brief(facts, ClaimPlaces(words), np.random.default_rng(n)) for n in range(40)]
    addressed = {words[each.words[3]].text for each in short if each.words[3] >= 0}
    assert addressed == {"women's"} and len(vocabulary[USAGE]) == 5


def picture_of(background: int) -> Image.Image:
    rgb = np.full((96, 72, 3), background, dtype=np.uint8)
    rgb[20:80, 20:50] = (30, 60, 160)
    return Image.fromarray(rgb)


def test_what_is_not_white_up_to_the_border_is_foreground() -> None:
    mask = foreground(np.asarray(picture_of(255)))
    assert mask is not None and mask.sum() == 60 * 30 and mask[20, 20]
    assert foreground(np.asarray(picture_of(90))) is None


def archives(folder: Path) -> Path:
    rows = [
        f"{n},Men,x,{article},Blue,Casual,Acme {article},large"
        for n, article in enumerate(["Ties", "Shirts", "Earrings"] * 12)
    ]
    (folder / "products.csv").write_text("\n".join([",".join(COLUMNS), *rows]) + "\n")
    labels = [f"g{n},{label}" for n, label in enumerate(["Polo", "Blazer", "Other"] * 12)]
    (folder / "finer").mkdir()
    (folder / "finer" / "images.csv").write_text("\n".join(["image,label", *labels]) + "\n")
    data = io.BytesIO()
    picture_of(255).save(data, "WEBP", lossless=True)
    for path, prefix in ((folder / "large.zip", ""), (folder / "finer" / "photos.zip", "g")):
        with ZipFile(path, "w") as file:
            for n in range(36):
                file.writestr(f"{prefix}{n}.webp", data.getvalue())
    return folder


def test_both_archives_are_read_by_split_and_what_is_no_garment_is_left_out(tmp_path: Path) -> None:
    folders = [archives(tmp_path), tmp_path / "finer"]
    train, val = read_all(folders, "train"), read_all(folders, "val")
    ids = [example.id for example in train + val]
    assert len(ids) == len(set(ids)) == 48 and val
    shirt = next(e for e in train if e.facts.name == "shirt")
    tie = next(e for e in train if e.facts.name == "tie")
    assert (shirt.source, shirt.group, shirt.rgb.shape) == (PRODUCT_PHOTOS, "shirts", (96, 96, 3))
    assert (
        shirt.mask is not None and shirt.lab is None
    )  # a model wears it: the outline is a person's
    assert tie.lab is not None and tie.whole
    polo = next(e for e in train if e.facts.name == "polo shirt")
    assert (polo.source, polo.facts.category) == (FINER_SINGLE, Category.TOP)
    assert set(colour_article_queries(train)) == {"blue shirt"} | (
        {"blue tie"} if sum(e.facts.name == "tie" for e in train) >= 10 else set()
    )


def test_product_photos_are_drawn_no_more_often_than_all_others() -> None:
    worn = [square_garment() for _ in range(4)]
    shop = [square_garment() for _ in range(40)]
    for example in shop:
        object.__setattr__(example, "source", PRODUCT_PHOTOS)
    members = np.arange(44)
    chance = drawn_evenly(members, [*worn, *shop])
    assert chance[:4].sum() == pytest.approx(0.5) and chance.sum() == pytest.approx(1)
    assert drawn_evenly(members[4:], [*worn, *shop]) == pytest.approx(np.full(40, 1 / 40))
