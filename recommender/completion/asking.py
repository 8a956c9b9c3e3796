"""One question of what completes an outfit: what is asked, what is worn, and what judges the answers."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from decimal import Decimal
from typing import Final

from index.model.filters import Filters
from index.model.garment_facts import Audience
from recommender.completion.candidates import find
from recommender.completion.outfit_context import Worn
from recommender.completion.scoring import NOBODY, OutfitScorer
from recommender.completion.seen_items import SeenItems, seen_by
from recommender.outfits import slots
from recommender.outfits.dress.context import Context, context_of
from recommender.outfits.dress.lacks import Lacks, lacks
from recommender.outfits.dress.pieces import Piece
from recommender.outfits.dress.rules import DressRules
from recommender.outfits.explain import Reasons
from recommender.outfits.look import Candidate, Look
from recommender.outfits.outfit import Outfit
from recommender.outfits.speech import N_, say
from recommender.services import Services
from recommender.similarity.retrieval import ADULT, Pool
from recommender.wire.terms import Gain, Occasion, Season
from segmentation.common.taxonomy import Category, Slot

NONE_PASSES: Final = N_("The catalogue has no item of this slot that passes the filters.")
NONE_FITS: Final = N_("No item of this slot that passes the filters fits the outfit well enough.")
COMPLETE: Final = N_("Your outfit is complete. Here is what would change it.")
OPEN: Final = N_(
    "Nothing tells whether women's or men's items are wanted: both are proposed, never mixed."
)
POOL: Final = 48
"""So many diverse candidates of a slot are open to the looks; `k` of them are shown."""


@dataclass(frozen=True)
class CompleteRequest:
    """What is asked for.

    To swap one item of a look, send the look's other items as `picked`, the item's slot alone as
    `slots`, and its sku in `filters.exclude`.

    Attributes:
        slots: wanted slots; empty for those that the outfit lacks.
        k: candidates for each slot, 1 to 100.
        looks: whole looks, 1 to 10.
        filters: which items may be proposed. Without availability, all but those out of stock;
            without audiences, all but kids', and those that what is worn speaks for.
        budget: the most that a whole look may cost, with what is picked; it counts in the picks'
            currency, or else in the one that most candidates are sold in, and leaves out the others.
        keep: slots whose garments are the outfit; all else is to be replaced. Empty keeps all.
        picked: skus that are chosen already: they stand in every look at their slots, and count as
            worn where the others are scored.
        person: whose style moves the scores, as their feedback shows it (`recommender.people.people`); empty for nobody's.
        occasion: what the outfit is for; None to read it off what is worn.
        temperature_c: of the day, -40 to 50; None to read it off what is worn.
        season: in place of a temperature.
        change: looks change the outfit in this way; None to complete it, or where it is complete to
            show every change.
    """

    slots: tuple[Slot, ...] = ()
    k: int = 5
    looks: int = 3
    filters: Filters = field(default_factory=Filters)
    budget: Decimal | None = None
    keep: tuple[Slot, ...] = ()
    picked: tuple[str, ...] = ()
    person: str = ""
    occasion: Occasion | None = None
    temperature_c: float | None = None
    season: Season | None = None
    change: Gain | None = None

    def __post_init__(self) -> None:
        for name, most in (("k", 100), ("looks", 10)):
            if not 1 <= getattr(self, name) <= most:
                raise ValueError(f"{name}: got {getattr(self, name)}; expected 1 to {most}")
        if self.budget is not None and not self.budget >= 0:
            raise ValueError(f"budget: got {self.budget}; expected zero or more")
        if self.temperature_c is not None and not -40 <= self.temperature_c <= 50:
            raise ValueError(f"temperature_c: got {self.temperature_c}; expected -40 to 50")


@dataclass(frozen=True, eq=False)
class CompletionQuestion:
    """A question, and what its answers are judged by.

    Attributes:
        request: what is asked for.
        there: what is worn and picked.
        pieces: the same as the stylist sees it.
        context: what it is worn for.
        judge: of candidates.
        seen: items as the stylist sees them.
        services: what does the work.
    """

    request: CompleteRequest
    there: Worn
    pieces: tuple[Piece, ...]
    context: Context
    judge: OutfitScorer
    seen: SeenItems
    services: Services

    @classmethod
    def of(
        cls, there: Worn, worn: Outfit, services: Services, request: CompleteRequest
    ) -> CompletionQuestion:
        """Return a question about what is worn and kept.

        Args:
            there: what is kept and picked.
            worn: all that is worn, kept or not: it tells day, formality and audience.
            services: what does the work.
            request: what is asked for.
        """
        stylist = services.stylist
        picks = tuple(stylist.item(item) for item in there.picked)
        pieces = (*stylist.worn(there.outfit)[: there.kept], *picks)
        shares = [facts.shares.get("audience", {}) for facts in worn.facts]
        context = context_of(
            (*stylist.worn(worn), *picks),
            [*shares, *({} for _ in picks)],
            stylist.table,
            occasion=request.occasion,
            temperature_c=request.temperature_c,
            season=request.season,
            audiences=request.filters.audiences,
        )
        seen = seen_by(stylist, services.facts.heads)
        return cls._judged(there, services, request, pieces=pieces, context=context, seen=seen)

    @classmethod
    def _judged(
        cls,
        there: Worn,
        services: Services,
        request: CompleteRequest,
        *,
        pieces: tuple[Piece, ...],
        context: Context,
        seen: SeenItems,
    ) -> CompletionQuestion:
        style = services.style_of(request.person) if request.person else NOBODY
        rules = DressRules(
            services.stylist, context, patterned=bool(request.filters.patterns - {"plain"})
        )
        judge = OutfitScorer(
            services.scorer, rules, there, pieces, seen, style, services.popularity
        )
        return cls(request, there, pieces, context, judge, seen, services)

    def about(self, there: Worn, pieces: tuple[Piece, ...], context: Context) -> CompletionQuestion:
        """Return the same question about less of what is worn, or another day."""
        return self._judged(
            there, self.services, self.request, pieces=pieces, context=context, seen=self.seen
        )

    def lacking(self, asked: Sequence[Slot]) -> Lacks:
        """Return what to look for; what is picked leaves no room at its slot."""
        full = {item.slot: item.category for item in self.there.picked}
        free = tuple(slot for slot in asked if slot not in full)
        found = Lacks() if asked and not free else lacks(self.pieces, self.context, free)
        sentence = say("{thing} was picked already")
        notes = {
            slot: sentence.format(thing=slots.with_article(full[slot]))
            for slot in asked
            if slot in full
        }
        kinds = {slot: kinds for slot, kinds in found.kinds.items() if slot not in full}
        return replace(found, kinds=kinds, notes={**found.notes, **notes})

    def find(self, kinds: Mapping[Slot, Sequence[Category]]) -> dict[Slot, Pool]:
        """Return the items of some slots that may be proposed, whom they are cut for included."""
        filters = self.request.filters
        if not filters.audiences and self.context.audience in (Audience.WOMEN, Audience.MEN):
            filters = replace(filters, audiences=frozenset({self.context.audience}))
        filters = replace(
            filters,
            audiences=filters.audiences or ADULT,
            exclude=filters.exclude | self.judge.style.disliked,
        )
        found = find(
            kinds,
            self.there,
            self.services.searcher,
            self.services.scorer,
            filters=filters,
            budget=self.request.budget,
        )
        return {slot: self.seen.likely(pool) for slot, pool in found.items()}

    def ranked(self, found: Mapping[Slot, Pool]) -> dict[Slot, tuple[Candidate, ...]]:
        """Return the candidates of each slot, best first."""
        count, cheap = max(POOL, self.request.k), self.request.budget is not None
        return {
            slot: self.judge.candidates(pool, count, cheap=cheap) for slot, pool in found.items()
        }

    def explained(
        self, made: Sequence[Look], answer: Mapping[Slot, Sequence[Candidate]]
    ) -> tuple[tuple[Look, ...], dict[Slot, tuple[Candidate, ...]]]:
        """Return looks and candidates with their reasons."""
        reasons = self.reasons
        looks = []
        for look in made:
            said: list[str] = []
            picks: dict[Slot, Candidate] = {}
            for slot, pick in look.picks.items():
                whys = pick.why or reasons.of(pick.item, said)
                said.append(whys[0].text)
                picks[slot] = replace(pick, why=whys)
            looks.append(replace(look, picks=picks))
        texts = {
            slot: tuple(replace(each, why=each.why or reasons.of(each.item)) for each in pool)
            for slot, pool in answer.items()
        }
        return tuple(looks), texts

    @property
    def reasons(self) -> Reasons:
        """What there is to say of items."""
        stylist = self.services.stylist
        return Reasons(self.there.outfit, self.pieces, self.context, stylist)

    def notes(
        self,
        lacking: Lacks,
        found: Mapping[Slot, Pool],
        answer: Mapping[Slot, Sequence[Candidate]],
    ) -> dict[Slot, str]:
        """Return why wanted slots are empty."""
        empty = {
            slot: say(NONE_FITS if len(found.get(slot, ())) else NONE_PASSES)
            for slot, pool in answer.items()
            if not pool
        }
        return empty | dict(lacking.notes)

    def note_on(self, lacking: Lacks) -> str:
        """Return what to know of the answer as a whole."""
        asked = self.request.slots or self.request.picked
        said = [say(COMPLETE)] if lacking.is_complete and not asked else []
        if self.context.audience is None and not self.request.filters.audiences:
            said.append(say(OPEN))
        return " ".join(said)
