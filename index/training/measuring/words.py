"""Words to pictures and back: the right answers of a query, their precision, and names for pictures."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Any, Final, NamedTuple

import numpy as np
from numpy.typing import NDArray

from index.encoders.encoder import Encoder
from index.model.patterns import allowed_by
from index.training.examples.captions import PATTERN_WORDS, caption
from index.training.examples.facts import TRUE, Claim, verdict
from index.training.examples.garments import PRODUCT_PHOTOS, Example
from index.training.measuring.features import Vectors
from index.training.measuring.neighbours import NEAREST, colour_distance, share
from segmentation.common.colours import PALETTE, lab_of

MIN_RIGHT: Final = 10
"""A query counts where at least this many pictures are right answers."""
AS_NAMED: Final = 10.0
"""A main colour this near (CIEDE2000) to the palette's may be called by its name."""


class AnswerCosines(NamedTuple):
    """How near garments are to answers, and which answers are true of them.

    Attributes:
        cosines: (n, answers).
        true: (n, answers) bool, at least one a row.
    """

    cosines: NDArray[np.float32]
    true: NDArray[np.bool_]


def colour_kind_queries(examples: Sequence[Example]) -> dict[str, NDArray[np.bool_]]:
    """Return "colour kind" -> which garments are right, for all that have `MIN_RIGHT`.

    Right is a garment of the kind whose measured main colour bears the name, or is no further than
    `AS_NAMED` from the palette's colour of that name.
    """
    measured = [example.lab is not None for example in examples]
    nowhere = np.full(3, np.nan, dtype=np.float32)
    lab = np.stack([nowhere if example.lab is None else example.lab for example in examples])
    queries = {}
    for name, rgb in PALETTE.items():
        wanted = lab_of(np.array([rgb], dtype=np.uint8))[0]
        near = colour_distance(lab, wanted) <= AS_NAMED
        called = np.array([e.facts.colours[:1] == (name,) for e in examples])
        for kind, of_kind in _by_kind(examples):
            queries[f"{name} {kind}"] = (near | called) & of_kind & measured
    return _answerable(queries)


def colour_article_queries(examples: Sequence[Example]) -> dict[str, NDArray[np.bool_]]:
    """Return "colour article" -> which product photos are right, for all that have `MIN_RIGHT`.

    Right is what the shop's table calls so, in the palette's word for its colour.
    """
    products = np.array([example.source == PRODUCT_PHOTOS for example in examples], dtype=bool)
    called = {
        f"{example.facts.colours[0]} {example.facts.name}"
        for example in examples
        if example.source == PRODUCT_PHOTOS and example.facts.colours
    }
    names = np.array([" ".join((*e.facts.colours[:1], e.facts.name)) for e in examples])
    return _answerable({query: products & (names == query) for query in sorted(called)})


def pattern_kind_queries(examples: Sequence[Example]) -> dict[str, NDArray[np.bool_]]:
    """Return "pattern kind" -> which garments are right, for all that have `MIN_RIGHT`.

    As in the product's filters, pinstripes are stripes; stripes are no pinstripes.
    """
    patterns = np.array([example.facts.pattern for example in examples])
    queries = {
        f"{words[0]} {kind}": np.isin(patterns, list(allowed_by([pattern]))) & of_kind
        for pattern, words in PATTERN_WORDS.items()
        for kind, of_kind in _by_kind(examples)
    }
    return _answerable(queries)


def _by_kind(examples: Sequence[Example]) -> Iterator[tuple[str, NDArray[np.bool_]]]:
    kinds = np.array([example.facts.category.value for example in examples])
    for kind in np.unique(kinds):
        yield str(kind), kinds == kind


def _answerable(queries: Mapping[str, NDArray[np.bool_]]) -> dict[str, NDArray[np.bool_]]:
    return {query: right for query, right in queries.items() if right.sum() >= MIN_RIGHT}


def precision(
    queries: Mapping[str, NDArray[np.bool_]], vectors: Vectors, encoder: Encoder
) -> float:
    """Return the mean share of right answers among the first `NEAREST` pictures of each query."""
    if not queries:
        return 0.0
    scores = encoder.encode_texts(list(queries)) @ vectors.T
    order = np.argsort(-scores, axis=1)[:, :NEAREST]
    right = np.stack(list(queries.values()))
    return share(np.take_along_axis(right, order, axis=1))


def chance_of(queries: Mapping[str, NDArray[np.bool_]]) -> float:
    """Return what `precision` is expected to be for random pictures."""
    return share(np.array([right.mean() for right in queries.values()]))


def caption_figures(
    examples: Sequence[Example], vectors: Vectors, encoder: Encoder
) -> dict[str, Any]:
    """Return where a caption's own picture ranks, and where the first picture that it is true of does."""
    rng = np.random.default_rng(11)
    claims = [caption(example.facts, rng) for example in examples]
    scores = encoder.encode_texts([claim.text for claim in claims]) @ vectors.T
    own = scores[np.arange(len(claims)), np.arange(len(claims))]
    true = np.array(
        [[verdict(claim, e.facts) == TRUE for e in examples] for claim in claims], dtype=bool
    )
    best = np.where(true, scores, -np.inf).max(axis=1)
    return {
        "caption_median_rank": float(np.median((scores > own[:, None]).sum(axis=1) + 1)),
        "caption_first_true_r1": share((scores > best[:, None]).sum(axis=1) == 0),
    }


def named(
    examples: Sequence[Example], vectors: Vectors, words: Sequence[Claim], encoder: Encoder
) -> AnswerCosines:
    """Return how near each picture is to each word, for pictures that some word is true of.

    Args:
        examples: n garments.
        vectors: (n, d) unit rows.
        words: k claims.
        encoder: that made the vectors.
    """
    cosines = vectors @ encoder.encode_texts([word.text for word in words]).T
    true = [[verdict(word, example.facts) == TRUE for word in words] for example in examples]
    truth = np.array(true, dtype=bool).reshape(cosines.shape)
    known = truth.any(axis=1)
    return AnswerCosines(cosines[known], truth[known])
