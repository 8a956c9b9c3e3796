"""How often the facts that are answered are right, on pictures that no training saw.

Beside each figure stands the majority: the most frequent answer of what was fitted on, by kind for the
finer kinds. `evaluate facts` prints it; `--compared` adds the same heads on the backbone's untouched
ImageNet features, and plain probes of the shop's own labels.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import replace
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray

from index.facts.heads import FactHeads, laid_flat, shares_of, sure_enough
from index.facts.reader import FINE_KIND
from index.facts.words import Worded, facts_in
from index.training.garment_facts.by_eye import Phrases, by_eye
from index.training.garment_facts.calibrating import allowed, judgeable, targets
from index.training.garment_facts.encoded import Encoded
from index.training.garment_facts.fitting import DETAILS, fit
from index.training.garment_facts.labelled import Labelled

Report = Callable[[str], None]
SURE: Final = 0.8
"""The share of a probe's answers that are the surest."""
MIXED_UP: Final = 20
"""Pairs of fine kinds that are reported."""
STATED: Final = ("formality", "audience")
"""Families whose answers shops state themselves, so that words alone can be wrong about them."""
PROBES: Final = ("usage", "gender", "article")
USAGES: Final = ("Casual", "Sports", "Ethnic", "Formal")
FREQUENT: Final = 33
"""Article types that a probe tells apart, the most frequent."""


def figures(
    heads: FactHeads, fitted: Sequence[Labelled], held: Encoded, phrases: Phrases | None = None
) -> dict[str, Any]:
    """Return the figures of each family on held-out garments.

    Args:
        heads: what is measured.
        fitted: what it was fitted on, for the majority.
        held: what no training saw.
        phrases: what the encoder's words say of patterns, measured beside the heads; None for nothing.
    """
    logits = heads.logits(held.vectors)
    flat = laid_flat(heads.header, logits)
    record: dict[str, Any] = {"pictures": len(held.pictures)}
    for name, family in heads.header.families.items():
        true = targets(held.pictures, name, family.answers)
        may = allowed(held.pictures, name, family.answers)
        shares = shares_of(family, logits[name], may)
        best, given = sure_enough(family, shares, flat)
        known = (true & may).any(axis=1) & judgeable(true, best)
        right = true[np.arange(len(best)), best]
        record[name] = {
            **_counted(known, given, right),
            "majority": _majority(fitted, held, name, family.answers, known),
            "by_source": {
                source: _counted(known & here, given, right)
                for source, here in _sources(held).items()
                if (known & here).any()
            },
            "by_answer": {
                answer: {
                    "known": int(true[:, at].sum()),
                    "given": int((given & known & (best == at)).sum()),
                    "right": _share(right[given & known & (best == at)]),
                    "found": _share((given & (best == at))[true[:, at] & known]),
                }
                for at, answer in enumerate(family.answers)
            },
            **_confusions(name, family.answers, true, best, known),
            **(_words_alone(held.pictures, name) if name in STATED else {}),
            **(
                {"by_eye": by_eye(name, family, held, shares=shares, given=given, phrases=phrases)}
                if name in DETAILS
                else {}
            ),
        }
    return record


def _counted(
    known: NDArray[np.bool_], given: NDArray[np.bool_], right: NDArray[np.bool_]
) -> dict[str, Any]:
    return {
        "known": int(known.sum()),
        "accuracy": _share(right[known]),
        "answered": _share(given[known]),
        "right_where_answered": _share(right[known & given]),
    }


def _sources(held: Encoded) -> dict[str, NDArray[np.bool_]]:
    names = np.array([picture.id.split("/")[0] for picture in held.pictures])
    found = {}
    for source in sorted(set(names.tolist())):
        here = names == source
        if (here & held.cut).any() and (here & ~held.cut).any():
            found[f"{source}, whole"] = here & ~held.cut
            found[f"{source}, cut out"] = here & held.cut
        else:
            found[source] = here
    return found


def _majority(
    fitted: Sequence[Labelled],
    held: Encoded,
    name: str,
    answers: tuple[str, ...],
    known: NDArray[np.bool_],
) -> float:
    """Return how often the most frequent answer is right: by kind for fine kinds."""

    def group(category: object) -> object:
        return category if name == FINE_KIND else ""

    counted: dict[object, Counter[str]] = {}
    for picture in fitted:
        if picture.answers.get(name) in answers:
            counted.setdefault(group(picture.category), Counter())[picture.answers[name]] += 1
    right = [
        bool(counted.get(group(p.category)))
        and counted[group(p.category)].most_common(1)[0][0] == p.answers.get(name)
        for p, here in zip(held.pictures, known, strict=True)
        if here
    ]
    return _share(np.array(right, np.bool_))


def _words_alone(pictures: Sequence[Labelled], name: str) -> dict[str, Any]:
    """Return how often title and article type say an answer, and say what the shop states of products."""
    said, right = [], []
    for picture in pictures:
        if picture.words.get("title") and name in picture.answers:
            words = Worded(picture.category, picture.words["title"], picture.words["article"])
            answer = facts_in(words).known().get(name)
            said.append(answer is not None)
            right.append(answer == picture.answers[name])
    given = np.array(said, np.bool_)
    return {
        "words_alone": {
            "known": len(said),
            "answered": _share(given),
            "right_where_answered": _share(np.array(right, np.bool_)[given]),
        }
    }


def _confusions(
    name: str,
    answers: tuple[str, ...],
    true: NDArray[np.bool_],
    best: NDArray[np.intp],
    known: NDArray[np.bool_],
) -> dict[str, Any]:
    """Return the table of truth by likeliest answer; of fine kinds only what is mixed up most."""
    single = known & (true.sum(axis=1) == 1)
    pairs = Counter(zip(true.argmax(axis=1)[single].tolist(), best[single].tolist(), strict=True))
    if name != FINE_KIND:
        table = {
            answer: {other: pairs[at, to] for to, other in enumerate(answers)}
            for at, answer in enumerate(answers)
        }
        return {"confusion": table}
    wrong = [(pair, count) for pair, count in pairs.most_common() if pair[0] != pair[1]]
    return {
        "mixed_up": [
            {"is": answers[at], "taken_for": answers[to], "count": count}
            for (at, to), count in wrong[:MIXED_UP]
        ]
    }


def probes(encoded: Encoded, report: Report) -> dict[str, Any]:
    """Return how well the same network tells the shop's own labels of products apart.

    The labels are usage in four classes, gender, and the most frequent article types, as earlier
    figures had them.
    """
    record = {}
    for word in PROBES:
        labels = [picture.words.get(word, "") for picture in encoded.pictures]
        names = _names(word, [p.words.get(word, "") for p in encoded.part("fit").pictures])
        chosen = encoded.where(np.array([label in names for label in labels], np.bool_))
        if len({p.words[word] for p in chosen.part("fit").pictures}) < 2:
            continue
        relabelled = Encoded(
            [replace(p, answers={"formality": p.words[word]}) for p in chosen.pictures],
            chosen.vectors,
            chosen.cut,
        )
        heads = fit(relabelled, "", report, orders={"formality": names})
        held = relabelled.part("val")
        family = heads.header.families["formality"]
        shares = shares_of(family, heads.logits(held.vectors)["formality"])
        true = targets(held.pictures, "formality", family.answers)
        right = true[np.arange(len(true)), shares.argmax(axis=1)]
        sure = np.argsort(-shares.max(axis=1))[: round(SURE * len(right))]
        record[word] = {
            "classes": len(names), "pictures": len(right), "accuracy": _share(right),
            f"of_the_surest_{SURE:g}": _share(right[sure]),
        }  # fmt: skip
    return record


def _names(word: str, labels: Sequence[str]) -> tuple[str, ...]:
    if word == "usage":
        return USAGES
    frequent = [label for label, _ in Counter(filter(None, labels)).most_common()]
    return tuple(frequent[:FREQUENT] if word == "article" else sorted(frequent))


def _share(values: NDArray[np.bool_]) -> float:
    return round(float(values.mean()), 4) if values.size else 0.0
