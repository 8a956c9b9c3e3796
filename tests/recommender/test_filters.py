"""Adding a filter touches one table: the API's parameters and the command line's options follow."""

from __future__ import annotations

import inspect
from dataclasses import fields
from decimal import Decimal
from typing import Any

import pytest

from index.model.filters import Filter, Filters, declared, filters_of
from recommender.cli.terminal import options
from recommender.wire.queries import Filtering, parameter
from tests.finer import Finer


def some_value(declaration: Filter) -> Any:
    if declaration.is_bound:
        return Decimal(1)
    return ["x"] if declaration.values is str else [next(iter(declaration.values))]  # type: ignore[call-overload]


def test_every_filter_is_a_parameter_and_is_in_use_by_its_facet() -> None:
    of_the_table = {each.field for each in declared().values()}
    assert of_the_table == {field.name for field in fields(Filters)} - {"exclude"}
    assert set(declared()) == set(Filtering.model_fields) - {"slot"}
    for name, each in declared().items():
        assert Filtering.model_validate({name: some_value(each)}).in_use() == {each.facet}


def test_one_more_filter_is_one_more_parameter() -> None:
    _, field = parameter(declared(Finer)["material"])
    assert (field.description, field.default) == ("Such as wool.", [])


def test_one_more_filter_is_one_more_option(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(options, "declared", lambda: declared(Finer))
    monkeypatch.setattr(options, "filters_of", lambda asked: filters_of(asked, Finer))

    @options.filtering("colour")
    def command(*, before: int, filters: Filters, after: int) -> Filters:
        return filters

    named = list(inspect.signature(command).parameters)
    assert set(named) == {"before", "after"} | set(declared(Finer)) - {"colour"}
    assert (named[0], named[-1]) == ("before", "after")
    asked = dict.fromkeys(set(declared(Finer)) - {"colour"}) | {"material": ["wool"]}
    given: dict[str, Any] = {"before": 1, "after": 2, **asked}
    assert command(**given) == Finer(materials=frozenset({"wool"}))
