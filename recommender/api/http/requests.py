"""The parameters on the wire -> what is asked of the verbs."""

from __future__ import annotations

from dataclasses import replace

from index.model.filters import Filters, declared, filters_of
from recommender.completion.asking import CompleteRequest
from recommender.similarity.similarity_search import SimilarRequest
from recommender.wire.queries import CompleteItemQuery, Filtering, ItemsQuery, SimilarItemsQuery


def filters(query: Filtering) -> Filters:
    """Return the filters, of the kinds that slots and categories allow together."""
    return replace(_named(query), categories=query.kinds())


def complete(query: CompleteItemQuery) -> CompleteRequest:
    """Return what is asked of completing; slots say what is wanted there and filter nothing."""
    return CompleteRequest(
        slots=tuple(query.slot),
        k=query.k,
        looks=query.looks,
        filters=replace(_named(query), exclude=frozenset(query.exclude)),
        budget=query.budget,
        keep=tuple(query.keep),
        picked=tuple(query.picked),
        person=query.person or "",
        occasion=query.occasion,
        temperature_c=query.temperature_c,
        season=query.season,
        change=query.change,
    )


def similar(query: SimilarItemsQuery) -> SimilarRequest:
    """Return what is asked of finding similar items."""
    return SimilarRequest(query.k, filters(query), query.but, query.every_variant, query.offset)


def page(query: ItemsQuery) -> SimilarRequest:
    """Return what is asked of finding items like words, a page at a time."""
    return SimilarRequest(query.k, filters(query), offset=query.offset)


def _named(query: Filtering) -> Filters:
    return filters_of({name: getattr(query, name) for name in declared()})
