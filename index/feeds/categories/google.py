"""Google's product categories below Apparel & Accessories, by their ids.

Read off the list that Google publishes with ids (version 2021-09-21). Ids that are not here say
nothing. A department that holds several kinds names the likeliest first; a title may say another.
"""

from __future__ import annotations

from typing import Final

from segmentation.common.taxonomy import Category

KINDS: Final[dict[Category, tuple[int, ...]]] = {
    Category.TOP: (3455,),
    Category.JACKET: (6006, 5678, 2396),
    Category.VEST: (1831, 5461),
    Category.PANTS: (3951, 3729, 5552, 7003, 5506, 5514, 5674, 7281, 7236),
    Category.SHORTS: (3188, 5378, 5379, 207, 5344),
    Category.SKIRT: (1581, 6229, 6228, 2331),
    Category.COAT: (5677, 2292),
    Category.DRESS: (5424, 2271, 6031, 8149, 8248, 5441, 5330, 5329),
    Category.JUMPSUIT: (6087, 5411, 5250, 5490, 7132, 5463, 5878),
    Category.CAPE: (),
    Category.GLASSES: (178,),
    Category.HAT: (5625, 1786, 173, 7237),
    Category.HEADBAND: (
        168, 543586, 171, 2477, 502988, 543646, 543645, 543644, 5915, 1662, 1483, 5914, 7054, 1922,
        5939,
    ),
    Category.TIE: (176,),
    Category.GLOVE: (5624, 170),
    Category.WATCH: (201,),
    Category.BELT: (5623, 169),
    Category.LEG_WARMER: (5941,),
    Category.SOCK: (209, 5685),
    Category.SHOE: (187,),
    Category.BAG: (3032, 2668, 6551),
    Category.SCARF: (177, 543673, 543674, 7230),
}  # fmt: skip
"""A kind -> the ids that mean it and nothing else."""

COARSE: Final[dict[int, tuple[Category | None, tuple[Category, ...]]]] = {
    212: (Category.TOP, (Category.SHIRT, Category.SWEATER, Category.CARDIGAN, Category.VEST)),
    5410: (Category.TOP, (Category.SHIRT, Category.SWEATER, Category.CARDIGAN, Category.VEST)),
    203: (
        Category.JACKET,
        (Category.COAT, Category.VEST, Category.CAPE, Category.PANTS, Category.CARDIGAN),
    ),
    5425: (Category.JACKET, (Category.COAT, Category.VEST, Category.CAPE, Category.PANTS)),
    5598: (Category.JACKET, (Category.COAT, Category.VEST, Category.CAPE)),
    204: (Category.PANTS, (Category.SHORTS,)),
    5408: (None, (Category.PANTS, Category.SHORTS, Category.SKIRT)),
    5182: (Category.JUMPSUIT, (Category.DRESS, Category.TOP)),
    5909: (Category.PANTS, (Category.JUMPSUIT, Category.JACKET)),
    5484: (Category.PANTS, (Category.JUMPSUIT,)),
    1594: (Category.JACKET, (Category.PANTS, Category.VEST, Category.SKIRT)),
    5183: (Category.JACKET, (Category.PANTS, Category.JUMPSUIT)),
    1516: (Category.JACKET, (Category.SKIRT,)),
    1580: (Category.JACKET, (Category.PANTS, Category.VEST)),
    3128: (Category.SHORTS, (Category.PANTS, Category.JUMPSUIT)),
    499979: (None, (Category.DRESS, Category.SKIRT, Category.JUMPSUIT)),
    215: (Category.TIGHTS, (Category.SOCK, Category.LEG_WARMER)),
    5423: (Category.SOCK, (Category.TIGHTS,)),
    213: (None, (Category.SOCK, Category.TIGHTS, Category.LEG_WARMER)),
    2020: (Category.HAT, (Category.HEADBAND,)),
    188: (None, (Category.WATCH,)),
}
"""An id -> the likeliest kind, None for none, and the others that it holds."""

FOREIGN: Final = frozenset((
    5412, 5409, 5621, 5549, 208, 5713, 5513, 2580, 2302, 211, 7207, 7208, 7211, 7210, 7209, 214, 5327,
    1772, 2563, 2160, 1675, 1807, 2963, 1578, 2745, 2562, 5834, 5626, 3913, 5446, 6985, 6984, 193, 5114,
    8451, 4057, 6183, 7305, 7307, 7306, 181, 7133, 5207, 6268, 502987, 4179, 179, 180, 5688, 5686, 1893,
    184, 5192, 7304, 8017, 5907, 8200, 5426, 500118, 500008, 8018, 5387, 5193, 5194, 6552, 6460, 175,
    6277, 5841, 6170, 6169, 189, 190, 191, 197, 192, 194, 6463, 196, 200, 5122, 5123, 7471, 6870, 1933,
    5567, 7078, 5385, 1856, 2427, 6238, 5942,
))  # fmt: skip
"""Ids of what is no garment of ours."""
