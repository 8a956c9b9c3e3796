"""What the article types of a shop's photos, and the labels of single garments, are in our words."""

from __future__ import annotations

from typing import Final

from segmentation.common.taxonomy import Category

ARTICLE_TYPES: Final[dict[str, Category]] = {
    "Backpacks": Category.BAG, "Belts": Category.BELT, "Blazers": Category.JACKET,
    "Booties": Category.SHOE, "Capris": Category.PANTS, "Caps": Category.HAT,
    "Casual Shoes": Category.SHOE, "Churidar": Category.PANTS, "Clutches": Category.BAG,
    "Dresses": Category.DRESS, "Duffel Bag": Category.BAG, "Flats": Category.SHOE,
    "Flip Flops": Category.SHOE, "Formal Shoes": Category.SHOE, "Gloves": Category.GLOVE,
    "Hair Accessory": Category.HEADBAND, "Handbags": Category.BAG, "Hat": Category.HAT,
    "Headband": Category.HEADBAND, "Heels": Category.SHOE, "Jackets": Category.JACKET,
    "Jeans": Category.PANTS, "Jeggings": Category.PANTS, "Jumpsuit": Category.JUMPSUIT,
    "Kurtis": Category.TOP, "Laptop Bag": Category.BAG, "Leggings": Category.PANTS,
    "Messenger Bag": Category.BAG, "Mufflers": Category.SCARF, "Nehru Jackets": Category.VEST,
    "Patiala": Category.PANTS, "Rain Jacket": Category.JACKET, "Rain Trousers": Category.PANTS,
    "Rompers": Category.JUMPSUIT, "Rucksacks": Category.BAG, "Salwar": Category.PANTS,
    "Sandals": Category.SHOE, "Scarves": Category.SCARF, "Shirts": Category.SHIRT,
    "Shorts": Category.SHORTS, "Skirts": Category.SKIRT, "Socks": Category.SOCK,
    "Sports Sandals": Category.SHOE, "Sports Shoes": Category.SHOE, "Stockings": Category.TIGHTS,
    "Stoles": Category.SCARF, "Sunglasses": Category.GLASSES, "Sweaters": Category.SWEATER,
    "Sweatshirts": Category.TOP, "Ties": Category.TIE, "Tights": Category.TIGHTS,
    "Tops": Category.TOP, "Track Pants": Category.PANTS, "Trolley Bag": Category.BAG,
    "Trousers": Category.PANTS, "Tshirts": Category.TOP, "Tunics": Category.TOP,
    "Waist Pouch": Category.BAG, "Waistcoat": Category.VEST, "Wallets": Category.BAG,
    "Watches": Category.WATCH,
}  # fmt: skip
"""Of "Fashion Product Images"; kurtas, sarees, sets and swimwear are in no category of ours."""

WITHOUT_CLOTHES: Final = frozenset({
    "Bangle", "Bracelet", "Cufflinks", "Earrings", "Jewellery Set", "Key chain",
    "Necklace and Chains", "Pendant", "Ring", "Water Bottle",
})  # fmt: skip
"""Article types in which nothing is a garment or accessory of the taxonomy. Left out, after a look at
120: gift sets (ties lie in them), pouches for phones and travel (bags)."""

CLOTHING_FULL: Final[dict[str, Category]] = {
    "Blazer": Category.JACKET,
    "Blouse": Category.SHIRT,
    "Dress": Category.DRESS,
    "Hat": Category.HAT,
    "Hoodie": Category.TOP,  # Fashionpedia files hoodies under sweatshirts
    "Longsleeve": Category.TOP,
    "Outwear": Category.JACKET,
    "Pants": Category.PANTS,
    "Polo": Category.TOP,
    "Shirt": Category.SHIRT,
    "Shoes": Category.SHOE,
    "Shorts": Category.SHORTS,
    "Skirt": Category.SKIRT,
    "T-Shirt": Category.TOP,
    "Top": Category.TOP,
    "Undershirt": Category.TOP,
}
"""Labels of alexeygrigorev/clothing-dataset."""
