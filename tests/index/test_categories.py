"""A merchant's words -> kinds, on titles and paths as shops write them."""

from __future__ import annotations

import ast
from pathlib import Path
from types import ModuleType

import pytest
from hypothesis import given
from hypothesis import strategies as st

from index.feeds.categories import foreign, google, matching, tables, titles, words
from index.feeds.categories.matching import category_of, is_foreign
from segmentation.common.taxonomy import Category
from tests.index.heldout_titles import HELD_OUT

TITLES = {
    "shirt": "Dress shirt|Oxford button down shirt|Chambray Blouse|Men's Linen Shirt, White|"
    "Tie-neck blouse|Women's Shirts|Overshirt in brushed twill|Flanellhemd|Damenbluse aus Seide|"
    "Chemisier fluide|Blusa de seda|Camicetta in seta|Western Denim Shirt - Light Wash",
    "top": "Sports bra|Bralette|Tie-dye top|Tank top|Vest top with lace|Crop Top|Cotton Jersey T-Shirt in Blue|Polo Shirt|"
    "Hooded Sweatshirt|Tee|Graphic tee with print|Kapuzensweatshirt mit Reißverschluss|Tanktop|"
    "Débardeur côtelé|Sweat à capuche|Sudadera con capucha|Felpa con cappuccio|Canotta in cotone|"
    "Rugby Shirt|Bra top|Sleeveless Top with Bow|Nike - Club Hoodie - black",
    "sweater": "Cashmere Sweater|Polo neck jumper|Strickpullover mit Zopfmuster|Pull en laine mérinos|"
    "Jersey de punto para mujer|Maglia in lana|Cable Knit Pullover",
    "cardigan": "Longline cardigan|Strickjacke|Gilet en maille côtelée|Rebeca de punto|Cardigan in lana",
    "jacket": "Track jacket|Jean jacket|Bomber Jacket|Blazer mit Nadelstreifen|Jeansjacke|"
    "Blouson en suède|Doudoune légère|Cazadora de cuero|Giubbotto in pelle|Tweed jacket with belt|"
    "Shacket|Slim Fit Wool Suit",
    "vest": "Puffer vest|Waistcoat|Steppweste|Gilet sans manches|Chaleco acolchado|Sweater vest",
    "pants": "Sweatpants|Dress pants|Boot cut jeans|Cargo Pants|Yoga Leggings|Jogginghose|Anzughose|"
    "Jean skinny|Pantalon large en lin|Vaqueros rectos|Pantaloni in lino|Trousers with belt|"
    "Wide-Leg Culottes|Chino slim pour homme",
    "shorts": "Swim trunks|Swim shorts|Badeshorts|Denim shorts|Bermuda shorts|Short de sport homme|Pantalones cortos de lino|"
    "Pantaloncini sportivi|Jeansshorts|Skort",
    "skirt": "Pencil skirt|Slip skirt|Tie waist skirt|Jupe plissée|Minirock aus Leder|Minifalda vaquera|"
    "Minigonna in denim|Denim Mini Skirt with Belt",
    "coat": "Trench Coat|Duffle coat|Wool coat with fur collar|Wollmantel|Regenmantel für Damen|"
    "Manteau long en laine|Gabardina clásica|Cappotto in lana|Raincoat|Puffer Parka",
    "dress": "Shirt dress|Dress with belt|Sweater dress|Slip dress|Robe chemise|Robe noire|Coat dress|"
    "Abendkleid|Vestido de fiesta|Abito lungo|Wedding gown|Sundress|Polka Dot Tie Waist Dress for Women|"
    "Evening dress, jewelled|T-shirt dress|Robe pull en laine",
    "jumpsuit": "Denim jumpsuit|Dungarees|Playsuit|Latzhose|Combinaison pantalon|Mono largo|Salopette in denim",
    "cape": "Wool cape|Poncho with fringe|Mantella in lana",
    "glasses": "Cat-eye sunglasses|Reading glasses|Lunettes de soleil|Gafas de sol|Occhiali da sole",
    "hat": "Bucket Hat|Baseball cap|Bobble Hat|Strickmütze|Casquette brodée|Sombrero de paja|Berretto in lana|"
    "Strohhut|Sonnenhüte für Damen|Fischerhut aus Cord|Filzhut",
    "headband": "Padded headband|Silk Scrunchie|Haarreif|Serre-tête en velours|Diadema con lazo|Cerchietto",
    "tie": "Bow tie|Knitted tie|Krawatte aus Seide|Nœud papillon|Corbata de seda|Cravatta regimental",
    "glove": "Leather gloves|Mittens|Handschuhe|Gants en cuir|Guantes de piel|Guanti in lana",
    "watch": "Automatic Watch|Armbanduhr|Herrenuhr|Damenuhren|Taschenuhr|Sportuhr|Kinderuhr|Montre automatique|Reloj de pulsera|Orologio cronografo",
    "belt": "Leather belt|Ring belt|Ledergürtel|Ceinture en cuir|Cinturón trenzado|Cintura in pelle",
    "leg warmer": "Leg warmers|Scaldamuscoli|Beinstulpen",
    "tights": "Fishnet tights|Strumpfhose|Collants semi-opaques|Medias tupidas",
    "sock": "Crew socks|3er-Pack Socken|Chaussettes hautes|Calcetines tobilleros|Calzini in filo di Scozia",
    "shoe": "LED High Tops|Slip-ons|Ankle boots|Slip-on sneakers|Running shoes|Chukka Boot|Lederstiefel|Turnschuhe|"
    "Baskets en toile|Botas altas|Stivali in pelle|Kitten heels|High-top trainers|Ring Detail Sandals",
    "bag": "Belt bag|Tote|Weekender|Laptop bag|Umhängetasche|Sac bandoulière|Mochila|Zaino|"
    "Leather wallet with chain|Top handle bag|Card holder",
    "scarf": "Silk scarf|Wollschal|Écharpe en laine|Bufanda|Sciarpa in cashmere",
    "umbrella": "Folding umbrella|Regenschirm|Parapluie pliant|Paraguas|Ombrello",
    "": "Shoe care|Laptop bag sleeve|Necklace|Gold ring|Hoop earrings|Bra|Boxer shorts|Bikini bottoms|"
    "Swimming goggles|Pyjama bottoms|Beanbag chair|Dog bowl|LED TV|Sofa|Pillow case|Bath towel|Scented candle|Watch strap|Shoe laces|Tie clip|"
    "Belt buckle|Hat box|Coat hanger|Bag charm|Dog sweater|Oven gloves|Boxing gloves|Wine glasses|"
    "Beach towel|Barock Spiegel|Shamrock|501 Original|Kollektion 2024|Bague en or|Soutien-gorge|Badeanzug|"
    "Unterhemd|Reggiseno|Calzoncillos|Maillot de bain|Wanduhr|Kissenbezug|Eau de Parfum|",
}  # fmt: skip
PATHS = {
    "Apparel & Accessories > Clothing > Skirts > Mini Skirts": "skirt",
    "Apparel & Accessories > Clothing > One-Pieces > Jumpsuits & Rompers": "jumpsuit",
    "Apparel & Accessories > Clothing > Outerwear > Coats & Jackets": "jacket",
    "Apparel & Accessories > Clothing > Shirts & Tops": "top",
    "Apparel & Accessories > Clothing > Suits > Tuxedos": "jacket",
    "Apparel & Accessories > Clothing > Underwear & Socks > Socks": "sock",
    "Apparel & Accessories > Clothing > Underwear & Socks > Underwear": "",
    "Apparel & Accessories > Clothing > Sleepwear & Loungewear > Robes": "",
    "Apparel & Accessories > Clothing > Swimwear": "",
    "Apparel & Accessories > Clothing Accessories > Hair Accessories > Headbands": "headband",
    "Apparel & Accessories > Clothing Accessories > Gloves & Mittens": "glove",
    "Apparel & Accessories > Clothing Accessories > Scarves & Shawls": "scarf",
    "Apparel & Accessories > Clothing Accessories > Belt Buckles": "",
    "Apparel & Accessories > Clothing Accessories > Neckties": "tie",
    "Apparel & Accessories > Handbags, Wallets & Cases > Wallets & Money Clips": "bag",
    "Apparel & Accessories > Jewelry > Rings": "",
    "Apparel & Accessories > Costumes & Accessories > Costume Shoes": "",
    "Animals & Pet Supplies > Pet Supplies > Dog Supplies > Dog Apparel": "",
    "Apparel & Accessories > Clothing > Baby & Toddler Clothing > Baby & Toddler Swimwear > Swim Dresses": "",
    "Apparel & Accessories > Clothing > Clothing Tops > T-Shirts": "top",
    "Apparel & Accessories > Clothing > Lingerie > Bodysuits": "",
    "Women/Dresses/Midi": "dress",
    "Damen > Schuhe > Stiefeletten": "shoe",
    "Homme > Accessoires > Ceintures": "belt",
    "Donna > Abbigliamento > Gonne": "skirt",
    "Sale > New In": "",
    "": "",
}  # fmt: skip


def _value(*texts: str) -> str:
    category = category_of(*texts)
    return "" if category is None else category.value


@pytest.mark.parametrize("kind", TITLES, ids=lambda kind: kind or "none of ours")
def test_a_title_is_read_by_its_head(kind: str) -> None:
    record = {title: _value(title) for title in TITLES[kind].split("|")}
    assert record == dict.fromkeys(record, kind)


def test_there_are_enough_titles_to_believe_it() -> None:
    assert sum(len(titles.split("|")) for titles in TITLES.values()) + len(PATHS) >= 150
    assert {Category(kind) for kind in TITLES if kind} == set(Category)


@pytest.mark.parametrize("path", PATHS)
def test_a_path_is_read_from_its_leaf(path: str) -> None:
    assert _value(path) == PATHS[path]


def test_the_titles_written_before_the_table_are_read() -> None:
    wrong = {title: _value(title) for title, kind in HELD_OUT.items() if _value(title) != kind}
    assert len(wrong) <= 0.03 * len(HELD_OUT), wrong


@pytest.mark.parametrize(
    ("texts", "kind"),
    [
        (("5598", "Trench coat"), "coat"),
        (("5598", "Style 4411"), "jacket"),
        (("212", "", "Silk blouse"), "shirt"),
        (("Apparel & Accessories > Clothing > Shirts & Tops", "Women", "Merino jumper"), "sweater"),
        (("Shirts", "Graphic T-Shirt"), "top"),
        (("1604", "Denim jacket"), "jacket"),
        (("2271", "Denim jacket"), "dress"),  # the shop's own category is not contradicted
        (("188", "Steel watch"), "watch"),
        (("188", "Steel ring"), ""),
        (("200", "Shirt"), ""),
        (("New in", "Belt"), "belt"),
        (("166", "Summer 24", "Model 7"), ""),
        ((), ""),
    ],
)
def test_later_words_narrow_a_department_and_contradict_nothing(
    texts: tuple[str, ...], kind: str
) -> None:
    assert _value(*texts) == kind


def test_what_is_no_garment_is_told_from_what_is_not_known() -> None:
    assert [is_foreign(title) for title in ("Towel", "Bra", "Model 501", "", "Cap")] == [
        True, True, False, False, False,
    ]  # fmt: skip
    assert not is_foreign("212", "Bra")  # filed under shirts: the shop knows better


@given(st.lists(st.text(max_size=200), max_size=4))
def test_any_text_is_read_without_an_error(texts: list[str]) -> None:
    category = category_of(*texts)
    assert category is None or not is_foreign(*texts)


def test_a_huge_text_is_read_in_no_time() -> None:
    assert category_of("dress " * 1_000_000) is Category.DRESS


@pytest.mark.parametrize("module", [words, foreign, google], ids=lambda module: module.__name__)
def test_every_table_of_words_is_read(module: ModuleType) -> None:
    name = module.__name__.rpartition(".")[2]
    read = {
        node.attr
        for reader in (matching, tables, titles)
        for node in ast.walk(ast.parse(Path(str(reader.__file__)).read_text(encoding="utf-8")))
        if isinstance(node, ast.Attribute)
        and isinstance(node.value, ast.Name)
        and node.value.id == name
    }
    assert {each for each in vars(module) if each.isupper()} == read
