"""The catalogue over HTTP: leafed through, counted, searched page by page; its index and models."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from starlette.testclient import TestClient

from index.errors import LossUnconfirmed
from recommender.api.app import create_app
from recommender.runtime import upkeep
from tests.recommender.fake_shop import FakeShop, open_shop


@pytest.fixture(scope="module")
def shop(tmp_path_factory: pytest.TempPathFactory) -> FakeShop:
    return open_shop(tmp_path_factory.mktemp("home"))


@pytest.fixture(scope="module")
def api(shop: FakeShop) -> TestClient:
    return TestClient(create_app(shop, outfits={}, warm=False), raise_server_exceptions=False)


def test_the_catalogue_is_leafed_through_to_its_end(shop: FakeShop, api: TestClient) -> None:
    skus: list[str] = []
    offset: int | None = 0
    while offset is not None:
        page = api.get("/v1/items", params={"k": 40, "offset": offset}).json()
        assert page["total"] == len(shop.searcher.items)
        skus += [item["sku"] for item in page["items"]]
        offset = page["next_offset"]
    assert skus == sorted(item.sku for item in shop.searcher.items)


def test_a_page_behind_the_last_is_empty(api: TestClient) -> None:
    page = api.get("/v1/items", params={"offset": 5000}).json()
    assert (page["items"], page["next_offset"]) == ([], None)


def test_filters_leave_kids_and_all_others_to_whoever_keeps_the_shop(api: TestClient) -> None:
    page = api.get("/v1/items", params={"category": "dress"}).json()
    assert [item["audience"] for item in page["items"]] == ["unisex", "women", "men", "kids"]
    none = api.get("/v1/items", params={"slot": "shoes", "brand": "nobody"}).json()
    assert (none["items"], none["total"]) == ([], 0)


def test_words_find_what_is_like_them_page_by_page(api: TestClient) -> None:
    first = api.get("/v1/items", params={"text": "red", "k": 5}).json()
    assert {item["colour"] for item in first["items"]} == {"red"} and first["total"] is None
    assert first["next_offset"] == 5
    second = api.get("/v1/items", params={"text": "red", "k": 5, "offset": 5}).json()
    assert not {i["sku"] for i in first["items"]} & {i["sku"] for i in second["items"]}
    assert api.get("/v1/items", params={"text": "red", "offset": 1001}).status_code == 422


@pytest.mark.parametrize("k", [1, 3, 7])
def test_pages_of_similar_items_are_one_list(api: TestClient, k: int) -> None:
    asked = {"category": ["dress", "coat", "shirt"]}
    path = "/v1/items/dress-0/similar"
    whole = api.get(path, params={**asked, "k": 100}).json()
    assert whole["next_offset"] is None and len(whole["hits"]) > 7
    hits: list[str] = []
    offset: int | None = 0
    while offset is not None:
        page = api.get(path, params={**asked, "k": k, "offset": offset}).json()
        hits += [hit["sku"] for hit in page["hits"]]
        offset = page["next_offset"]
    assert hits == [hit["sku"] for hit in whole["hits"]]


def test_values_are_counted_and_a_filter_to_drop_is_named(api: TestClient) -> None:
    everything = api.get("/v1/facets").json()
    assert everything["facets"]["category"]["dress"] == 4 and everything["drop"] == []
    record = api.get("/v1/facets", params={"category": "dress", "max_price": "30"}).json()
    assert record["passing"] == 1
    assert record["facets"]["category"]["coat"] == 1 and record["facets"]["brand"] == {"Nord": 1}
    assert record["drop"][0]["filter"] == "category"
    assert {each["filter"] for each in record["drop"]} == {"category", "price"}


def test_only_what_is_proposed_is_counted_on_request(api: TestClient) -> None:
    asked = {"category": "dress", "proposable": "true"}
    record = api.get("/v1/facets", params=asked).json()
    assert record["passing"] == 3
    assert [each["filter"] for each in record["drop"]] == ["category"]


def test_an_index_that_is_not_there_is_told(shop: FakeShop, api: TestClient) -> None:
    record = api.get("/v1/index").json()
    assert record["items"] == len(shop.searcher.items) and record["generation"] is None
    assert "recommender catalog import" in record["note"]
    refused = api.post("/v1/index/rollback")
    assert refused.status_code == 409 and refused.json()["type"].endswith(":no-earlier-index")


def test_going_back_to_much_less_needs_a_word(
    api: TestClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    asked: list[bool] = []

    def refuse(*_: object, confirmed: bool) -> None:
        asked.append(confirmed)
        raise LossUnconfirmed("less", got="1", expected="2", next_step="Say so.")

    monkeypatch.setattr(upkeep, "roll_back", refuse)
    refused = api.post("/v1/index/rollback")
    assert refused.status_code == 409 and refused.json()["type"].endswith(":loss-unconfirmed")
    api.post("/v1/index/rollback", params={"confirmed": "true"})
    assert asked == [False, True]


def test_the_models_cards_are_told_in_the_order_of_a_photo(
    shop: FakeShop, api: TestClient, tmp_path: Path
) -> None:
    models = api.get("/v1/models").json()["models"]
    assert [model["name"] for model in models] == ["segmentation", "encoder", "compatibility"]
    assert all(model["shipped"] and "## Figures" in model["card"] for model in models)
    other = replace(shop, settings=shop.settings.model_copy(update={"encoder": str(tmp_path)}))
    own = TestClient(create_app(other, outfits={}, warm=False)).get("/v1/models").json()["models"]
    assert [model["shipped"] for model in own] == [True, False, False]


def test_the_stylists_table_is_told_with_the_shops_own(
    shop: FakeShop, api: TestClient, tmp_path: Path
) -> None:
    answer = api.get("/v1/stylist").json()
    assert "[occasions." in answer["shipped"] and not answer["own"] and not answer["problem"]
    own = tmp_path / "own.toml"
    for text, right in (("[limits]\npatterns = 1\n", True), ("[limits]\nstripes = 1\n", False)):
        own.write_text(text)
        other = replace(shop, settings=shop.settings.model_copy(update={"stylist": own}))
        result = TestClient(create_app(other, outfits={}, warm=False)).get("/v1/stylist").json()
        assert (result["own"], result["problem"] == "") == (text if right else "", right)


def test_several_questions_are_answered_in_order(api: TestClient) -> None:
    queries = [
        {"item": "dress-0", "k": 2},
        {"item": "nothing"},
        {"text": "red", "k": 3, "category": ["bag"]},
        {"photo_id": "gone"},
    ]
    result = api.post("/v1/lookup", json={"queries": queries})
    assert result.status_code == 200
    one, gone, words, photo = result.json()["answers"]
    alone = api.post("/v1/similar", json=queries[0]).json()
    assert [hit["sku"] for hit in one["answer"]["hits"]] == [h["sku"] for h in alone["hits"]]
    assert gone["answer"] is None and gone["problem"]["status"] == 404
    assert words["answer"]["hits"][0]["sku"] == "bag-0" and words["problem"] is None
    assert photo["problem"]["type"].endswith(":photo-not-found")


@pytest.mark.parametrize(
    "queries",
    [
        [],
        [{"item": "a"}] * 51,
        "item",
    ],
)
def test_lists_that_are_none_refuse_all(api: TestClient, queries: object) -> None:
    assert api.post("/v1/lookup", json={"queries": queries}).status_code == 422


@pytest.mark.parametrize(
    "query",
    [{"item": "a", "text": "b"}, {}, {"url": "https://shop.example/a.jpg"}, {"text": "a", "but": "b"}, "item", 7,
     {"text": "a", "k": 0}, {"zorblax": 1}],
)  # fmt: skip
def test_a_malformed_question_is_answered_by_itself(api: TestClient, query: object) -> None:
    answer = api.post("/v1/lookup", json={"queries": [{"item": "dress-0"}, query, {"text": "red"}]})
    assert answer.status_code == 200
    one, bad, words = answer.json()["answers"]
    assert one["problem"] is None and words["problem"] is None
    assert bad["answer"] is None and bad["problem"]["status"] == 422


def test_all_words_of_a_lookup_are_encoded_in_one_batch(
    shop: FakeShop, api: TestClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    batches: list[list[str]] = []
    real = shop.encoder.encode_texts

    def counted(texts: Sequence[str]) -> Any:
        batches.append(list(texts))
        return real(texts)

    monkeypatch.setattr(shop.encoder, "encode_texts", counted)
    queries = [{"text": word} for word in ("red", "navy coat", "red", " bag ")]
    answers = api.post("/v1/lookup", json={"queries": queries}).json()["answers"]
    assert batches == [["red", "navy coat", "bag"]]
    alone = [api.post("/v1/similar", json=query).json()["hits"] for query in queries]
    assert [[hit["sku"] for hit in each["answer"]["hits"]] for each in answers] == [
        [hit["sku"] for hit in hits] for hits in alone
    ]


@pytest.mark.parametrize(
    "path", ["/v1/items", "/v1/items?category=dress", "/v1/items?text=red", "/v1/facets"]
)
def test_lists_have_an_etag(api: TestClient, path: str) -> None:
    first = api.get(path)
    again = api.get(path, headers={"If-None-Match": first.headers["etag"]})
    assert (again.status_code, again.content) == (304, b"")
    assert again.headers["etag"] == first.headers["etag"]
    assert api.get(path, headers={"If-None-Match": '"other"'}).json() == first.json()


def test_gaps_are_told_as_json_and_as_a_table(api: TestClient) -> None:
    answer = api.get("/v1/gaps", params={"least": 50})
    assert answer.status_code == 200 and answer.json()["least"] == 50
    table = api.get("/v1/gaps", params={"least": 50, "format": "csv"})
    assert table.headers["content-type"].startswith("text/csv")
    assert table.text.splitlines()[0].startswith("slot,audience,formality,warmth,price_band,items,")
    assert len(table.text.splitlines()) == 1 + len(answer.json()["gaps"])
    assert api.get("/v1/gaps", params={"least": 0}).status_code == 422
