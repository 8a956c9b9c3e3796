"""How often one may ask, and the record of it."""

from __future__ import annotations

from pathlib import Path

import pytest
from fastapi import FastAPI
from starlette.testclient import TestClient

from recommender.access import keys as keys_of
from recommender.access.keys import Keys, Lock
from recommender.access.scope import Scope
from recommender.api.app import create_app
from recommender.api.middleware import rate_limits
from recommender.api.middleware.rate_limits import RateLimits, caller_at
from recommender.errors import SettingsError
from recommender.settings import read_settings
from tests.recommender.fake_shop import FakeShop, open_shop
from tests.recommender.test_api_problems import problem_of


def app_of(shop: FakeShop) -> FastAPI:
    return create_app(shop, outfits={}, warm=False)


def client(app: FastAPI, address: str = "192.0.2.7", **headers: str) -> TestClient:
    return TestClient(app, raise_server_exceptions=False, client=(address, 4711), headers=headers)


def test_the_one_too_many_is_sent_away_and_told_when_to_come_again(tmp_path: Path) -> None:
    asks = client(app_of(open_shop(tmp_path, rate_limit="3/minute")))
    for left in (2, 1, 0):
        answer = asks.get("/v1/models")
        assert answer.status_code == 200
        assert answer.headers["ratelimit-limit"] == "3"
        assert answer.headers["ratelimit-remaining"] == str(left)
        assert 1 <= int(answer.headers["ratelimit-reset"]) <= 60
    over = asks.get("/v1/models")
    result = problem_of(over, 429, "too-many-requests")
    assert over.headers["retry-after"] == over.headers["ratelimit-reset"]
    assert over.headers["ratelimit-remaining"] == "0"
    assert f"in {over.headers['retry-after']} seconds" in str(result.next_step)
    assert over.headers["x-request-id"] == result.request_id


def test_every_route_counts_but_those_of_whoever_watches(tmp_path: Path) -> None:
    asks = client(app_of(open_shop(tmp_path, rate_limit="1/hour")))
    for path in ("/healthz", "/readyz", "/metrics"):
        for _ in range(3):
            answer = asks.get(path)
            assert answer.status_code == 200 and "ratelimit-limit" not in answer.headers
    assert asks.get("/nowhere").status_code == 404
    problem_of(asks.get("/openapi.json"), 429, "too-many-requests")


def test_without_a_limit_nothing_is_told(tmp_path: Path) -> None:
    answer = client(app_of(open_shop(tmp_path))).get("/v1/models")
    assert "ratelimit-limit" not in answer.headers


def test_each_address_counts_for_itself_and_nobody_lends_another(tmp_path: Path) -> None:
    app = app_of(open_shop(tmp_path, rate_limit="1/hour"))
    assert client(app, "192.0.2.7").get("/v1/models").status_code == 200
    assert client(app, "192.0.2.8").get("/v1/models").status_code == 200
    lying = client(app, "192.0.2.7", **{"X-Forwarded-For": "192.0.2.99"})
    problem_of(lying.get("/v1/models"), 429, "too-many-requests")


def test_each_key_counts_for_itself_wherever_it_is_used(tmp_path: Path) -> None:
    shop = open_shop(tmp_path, rate_limit="1/hour", require_keys=True)
    app, one, two = app_of(shop), *(shop.keys.create(name, Scope.READ).text for name in "ab")
    assert client(app, "192.0.2.7", **{"X-API-Key": one}).get("/v1/models").status_code == 200
    assert client(app, "192.0.2.7", **{"X-API-Key": two}).get("/v1/models").status_code == 200
    elsewhere = client(app, "192.0.2.8", **{"X-API-Key": one})
    problem_of(elsewhere.get("/v1/models"), 429, "too-many-requests")


def test_whoever_guesses_keys_is_counted_by_address(tmp_path: Path) -> None:
    app = app_of(open_shop(tmp_path, rate_limit="2/hour", require_keys=True))
    for number in range(2):
        guess = client(app, **{"X-API-Key": f"ctl_{number:012x}_{'A' * 43}"})
        problem_of(guess.get("/v1/models"), 401, "key-invalid")
    guess = client(app, **{"X-API-Key": f"ctl_{2:012x}_{'A' * 43}"})
    problem_of(guess.get("/v1/models"), 429, "too-many-requests")


def test_guesses_beyond_the_limit_cost_no_look_into_the_database(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    shop = open_shop(tmp_path, rate_limit="3/hour", require_keys=True)
    text, new = (shop.keys.create(name, Scope.READ).text for name in "ab")
    real, looked_up = Keys.lock, []

    def lock(self: Keys, id: str) -> Lock | None:
        looked_up.append(id)
        return real(self, id)

    monkeypatch.setattr(Keys, "lock", lock)
    app = app_of(shop)
    assert client(app, **{"X-API-Key": text}).get("/v1/models").status_code == 200
    for number in range(20):
        guess = client(app, **{"X-API-Key": f"ctl_{number:012x}_{'A' * 43}"})
        answer = guess.get("/v1/models")
        assert answer.status_code == (401 if number < 3 else 429)
    assert answer.headers["ratelimit-remaining"] == "0" and "retry-after" in answer.headers
    assert looked_up == [text.split("_")[1], *(f"{number:012x}" for number in range(3))]
    monkeypatch.setattr(keys_of, "REMEMBERED_S", 0.0)  # a key that was met is looked up again
    assert client(app, **{"X-API-Key": text}).get("/v1/models").status_code == 200
    assert client(app, "192.0.2.9", **{"X-API-Key": new}).get("/v1/models").status_code == 200


def test_the_window_moves() -> None:
    """Two at its end and two at the next one's beginning are four in one second, and too many."""
    counted = RateLimits("2/second")
    assert [counted.take("a").over for _ in range(3)] == [False, False, True]
    left = counted.take("a")
    assert (left.limit, left.remaining, left.reset_s) == (2, 0, 1)
    assert not counted.take("b").over


def test_callers_are_forgotten_before_they_fill_the_memory(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(rate_limits, "MOST_CALLERS", 10)
    counted = RateLimits("1/hour")
    for number in range(100):
        counted.take(f"192.0.2.{number}")
    assert len(counted._storage.events) <= 10
    assert [counted.take("late").over for _ in range(2)] == [False, True]


@pytest.mark.parametrize(
    ("one", "other", "same"),
    [
        ("192.0.2.7", "192.0.2.8", False),
        ("2001:db8::1", "2001:db8::ffff:0:1", True),
        ("2001:db8::1", "2001:db8:0:1::1", False),
        ("::ffff:192.0.2.7", "192.0.2.7", True),
        ("", "", True),
    ],
)
def test_who_is_one_caller(one: str, other: str, same: bool) -> None:
    assert (caller_at(one) == caller_at(other)) is same


@pytest.mark.parametrize(
    "rate", ["often", "0/minute", "600", "600/", "600/month", "-1/hour", "1e3/hour", "5/hour\n"]
)
def test_a_wrong_rate_is_refused_at_the_start(monkeypatch: pytest.MonkeyPatch, rate: str) -> None:
    monkeypatch.setenv("RECOMMENDER_RATE_LIMIT", rate)
    with pytest.raises(SettingsError, match=r"RECOMMENDER_RATE_LIMIT.*600/minute"):
        read_settings()


@pytest.mark.parametrize("rate", ["", "1/second", "600/minute", "5/hour", "999999/day"])
def test_right_rates(monkeypatch: pytest.MonkeyPatch, rate: str) -> None:
    monkeypatch.setenv("RECOMMENDER_RATE_LIMIT", rate)
    assert read_settings().rate_limit == rate
    assert not rate or RateLimits(rate).take("a").limit == int(rate.split("/")[0])
