"""What shops call a variant's options, in a dozen languages -> our fields."""

from __future__ import annotations

from typing import Final

_NAMES: Final = {
    "sizes": (
        "size sizes größe groesse grösse taille talla taglia tamanho maat storlek størrelse "
        "stoerrelse koko rozmiar velikost veľkosť méret mărime beden размер サイズ 尺码 尺寸 尺碼 사이즈 "
        "shoe-size schuhgröße pointure numero"
    ),
    "colour": (
        "color colour colors colours farbe couleur colore cor kleur färg farve farge väri kolor "
        "barva farba szín culoare renk цвет カラー 色 颜色 顏色 색상 coloris"
    ),
    "material": (
        "material materials fabric matière matiere matériau tissu materiale tessuto stoff materiaal "
        "stof tejido tecido materiál materiał materiaali anyag kumaş материал 素材 材质 材質 소재"
    ),
    "pattern": (
        "pattern print muster motif motivo estampado patroon mönster mønster kuosi wzór vzor desen "
        "узор 柄 图案"
    ),
    "length": "length länge longueur largo lunghezza lengte längd længde",
    "sleeve": "sleeve sleeves ärmel manches manga maniche",
}  # fmt: skip
_FIELD_OF: Final = {
    name.replace("-", " "): field for field, names in _NAMES.items() for name in names.split()
}
NOTHING: Final = ("", "default title", "default")
"""Values that Shopify writes where a product has no options."""


def field_of(option: str) -> str:
    """Return the field that an option of this name tells; nothing for others.

    >>> field_of(" Größe "), field_of("Couleur"), field_of("Engraving")
    ('sizes', 'colour', '')
    """
    return _FIELD_OF.get(" ".join(option.casefold().split()), "")
