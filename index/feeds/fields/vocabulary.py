"""The words of feeds for whom a garment is and whether it can be bought."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Mapping
from typing import Final

from index.model.items import Audience, Availability

_AVAILABILITIES: Final[Mapping[Availability, str]] = {
    Availability.IN_STOCK: (
        "in stock, instock, available, limited availability, limited stock, low stock, in store only, "
        "online only, yes, y, true, on, t, auf lager, lagernd, vorratig, lieferbar, verfugbar, "
        "sofort lieferbar, sofort verfugbar, ja, j, en stock, disponible, oui, o, en existencia, "
        "hay stock, si, s, disponibile, in magazzino, op voorraad, leverbaar, dostepny, skladem, "
        "available now, ready to ship, active, published, immediately, в наличии, есть, да"
    ),
    Availability.OUT_OF_STOCK: (
        "out of stock, outofstock, sold out, discontinued, unavailable, not available, no, n, false, "
        "off, f, none, temporarily out of stock, retired, nicht auf lager, nicht vorratig, "
        "nicht lieferbar, nicht verfugbar, ausverkauft, vergriffen, nein, rupture, rupture de stock, "
        "en rupture de stock, epuise, indisponible, non disponible, non, agotado, sin stock, "
        "sin existencias, no disponible, esaurito, non disponibile, niet op voorraad, uitverkocht, "
        "niet leverbaar, not in stock, нет в наличии, нет"
    ),
    Availability.PREORDER: (
        "preorder, pre order, presale, coming soon, available soon, vorbestellbar, vorbestellung, "
        "demnachst, precommande, en precommande, reserva, preventa, preordine, prenotabile, предзаказ"
    ),
    Availability.BACKORDER: (
        "backorder, on backorder, onbackorder, available for order, available on order, notify, "
        "backordered, special order, made to order, auf bestellung, bestellbar, nachbestellt, "
        "sur commande, bajo pedido, su ordinazione, op bestelling, под заказ"
    ),
}  # fmt: skip
_AUDIENCES: Final[Mapping[Audience, str]] = {
    Audience.WOMEN: (
        "women, woman, womens, womans, female, females, femenine, feminine, ladies, lady, ladieswear, "
        "womenswear, f, w, wmns, damen, dame, frauen, frau, weiblich, femme, femmes, feminin, "
        "dames, vrouwen, mujer, mujeres, femenino, senora, donna, donne, femminile, kobieta, kobiety, "
        "damska, damskie, zena, zeny, dam, kvinna, kvinder, женский, женщины, женщинам, γυναικα, "
        "γυναικεια"
    ),
    Audience.MEN: (
        "men, man, mens, mans, male, males, masculine, gents, gentlemen, menswear, m, h, herren, herr, "
        "manner, mann, mannlich, homme, hommes, masculin, heren, mannen, hombre, hombres, masculino, "
        "caballero, uomo, uomini, maschile, mezczyzna, mezczyzni, meska, meskie, muz, muzi, herre, "
        "мужской, мужчины, мужчинам, ανδρας, ανδρικα"
    ),
    Audience.KIDS: (
        "kids, kid, child, children, childrens, boys, boy, girls, girl, baby, babies, toddler, "
        "toddlers, infant, infants, newborn, newborns, junior, juniors, youth, teen boys, teen girls, "
        "baby children, kinder, kind, junge, jungen, jungs, madchen, kleinkind, kleinkinder, saugling, "
        "enfant, enfants, fille, filles, garcon, garcons, bebe, bebes, kinderen, jongens, meisjes, nino, "
        "ninos, nina, ninas, infantil, bambino, bambini, bambina, bambine, neonato, ragazzo, ragazza, "
        "dziecko, dzieci, dite, deti, barn, детский, дети, мальчики, девочки, παιδικα"
    ),
    Audience.UNISEX: (
        "unisex, all, everyone, both, all genders, gender neutral, genderless, uni, mixte, "
        "damen herren, men women, unisexe, uniseks, унисекс"
    ),
    Audience.UNKNOWN: (
        "unknown, adult, adults, teen, teens, teenager, erwachsene, erwachsener, adulte, adultes, "
        "adulto, adultos, adulti, all ages, not specified, unspecified, other, none, na, n a, null, "
        "nan, u, sport, not applicable"
    ),
}  # fmt: skip
_TRUE_COUNT: Final = re.compile(
    r"[<>≥~]?\s*([+-]?[0-9]{1,9})(?:[.,]0+)?\s*\+?(?:\s*(?:pcs?|pieces|stk|stuck|units?))?"
)
_BETWEEN: Final = re.compile(r"[|/,;&+]|\s(?:and|und|et|y|e|or)\s")


class WordUnknown(ValueError):  # noqa: N818  # becomes a warning
    """A word has no meaning here; what it says follows the field's name."""


def availability(word: str) -> Availability:
    """Return what a word, a number of pieces or schema.org's address says; nothing is in stock.

    Raises:
        WordUnknown: it has no meaning here.

    >>> availability("in stock"), availability("https://schema.org/PreOrder")
    (<Availability.IN_STOCK: 'in_stock'>, <Availability.PREORDER: 'preorder'>)
    >>> availability("5"), availability("0"), availability("Nicht vorrätig")
    (<Availability.IN_STOCK: 'in_stock'>, <Availability.OUT_OF_STOCK: 'out_of_stock'>, <Availability.OUT_OF_STOCK: 'out_of_stock'>)
    """
    plain = _folded(word.strip().rsplit("/", 1)[-1] if "://" in word else word)
    if not plain:
        return Availability.IN_STOCK
    if counted := _TRUE_COUNT.fullmatch(word.strip().casefold()):
        return Availability.IN_STOCK if int(counted[1]) > 0 else Availability.OUT_OF_STOCK
    found = _STATES.get(plain) or _STATES.get(plain.replace(" ", ""))
    if found is None:
        raise WordUnknown(f"got {word[:60]!r}; expected a word such as {', '.join(Availability)}")
    return found


def audience(gender: str, age_group: str = "") -> Audience:
    """Return whom a garment is for; nothing is unknown, and so is an adult's age without a gender.

    Raises:
        WordUnknown: none of the words has a meaning here.

    >>> audience("female", "adult"), audience("male", "toddler"), audience("", "adult")
    (<Audience.WOMEN: 'women'>, <Audience.KIDS: 'kids'>, <Audience.UNKNOWN: 'unknown'>)
    >>> audience("Damen"), audience("female|male"), audience("all ages")
    (<Audience.WOMEN: 'women'>, <Audience.UNISEX: 'unisex'>, <Audience.UNKNOWN: 'unknown'>)
    """
    if _one(age_group) is Audience.KIDS:
        return Audience.KIDS
    return _one(gender) if gender.strip() else _one(age_group)


def _one(text: str) -> Audience:
    """Return what a cell says: a word, or several with something between them."""
    whole = _folded(text)
    if not whole:
        return Audience.UNKNOWN
    if (found := _WEARERS.get(whole) or _WEARERS.get(whole.replace(" ", ""))) is not None:
        return found
    parts = [_folded(part) for part in _BETWEEN.split(text.casefold())]
    wearers = {_WEARERS[part] for part in parts if part in _WEARERS} - {Audience.UNKNOWN}
    if not wearers:
        raise WordUnknown(f"got {text[:60]!r}; expected a word such as {', '.join(Audience)}")
    return wearers.pop() if len(wearers) == 1 else Audience.UNISEX


def _folded(text: str) -> str:
    """Return words in lower case, without accents, parted by one blank.

    >>> _folded(" Men's_T-Shirts "), _folded("Männlich")
    ('mens t shirts', 'mannlich')
    """
    plain = unicodedata.normalize("NFKD", re.sub("['’`]", "", text.casefold()))
    plain = "".join(sign for sign in plain if not unicodedata.combining(sign))
    return " ".join(re.findall(r"[^\W_]+", plain))


def _by_word(
    words: Mapping[Availability, str] | Mapping[Audience, str],
) -> Iterable[tuple[str, str]]:
    return ((_folded(word), value) for value, line in words.items() for word in line.split(","))


_STATES: Final = {word: Availability(value) for word, value in _by_word(_AVAILABILITIES)}
_STATES.update({state.value.replace("_", ""): state for state in Availability})
_WEARERS: Final = {word: Audience(value) for word, value in _by_word(_AUDIENCES)}
