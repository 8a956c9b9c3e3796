"""Webhooks: signed as the page verifies, sent until they arrive, and to nobody who is not allowed."""

from __future__ import annotations

import http.server
import ipaddress
import json
import re
import threading
from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

import migrations
from index.database.database import Database, open_database
from recommender.errors import RequestError, SettingsError
from recommender.jobs import import_job
from recommender.jobs.imports import ImportJobs
from recommender.runtime.wiring import Wiring
from recommender.settings import Settings
from recommender.webhooks.courier import Courier
from recommender.webhooks.sending import Sender, check_address, networks_of, rules_of
from recommender.webhooks.webhooks import ATTEMPTS, Webhooks, wait_s
from recommender.wire.terms import Topic
from tests.index.conftest import DATABASES
from tests.recommender.fake_shop import open_shop

PAGE = (Path(__file__).parents[2] / "docs" / "webhooks.md").read_text(encoding="utf-8")
HERE = (ipaddress.ip_network("127.0.0.0/8"),)


@dataclass
class Receiver:
    """A shop's own server.

    Attributes:
        address: where it listens.
        got: headers and body of each request.
        answers: statuses of its next answers; 204 after them.
    """

    address: str = ""
    got: list[tuple[dict[str, str], bytes]] = field(default_factory=list)
    answers: list[int] = field(default_factory=list)


@pytest.fixture(scope="module")
def listening() -> Iterator[Receiver]:
    receiver = Receiver()

    class Handler(http.server.BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            body = self.rfile.read(int(self.headers["content-length"]))
            receiver.got.append(({k.lower(): v for k, v in self.headers.items()}, body))
            self.send_response(receiver.answers.pop(0) if receiver.answers else 204)
            self.send_header("Location", f"{receiver.address}/elsewhere")
            self.send_header("Content-Length", "0")
            self.end_headers()

        def log_message(self, *_: object) -> None:
            pass

    with http.server.ThreadingHTTPServer(("127.0.0.1", 0), Handler) as server:
        receiver.address = f"http://127.0.0.1:{server.server_port}"
        thread = threading.Thread(target=server.serve_forever, daemon=True)
        thread.start()
        yield receiver
        server.shutdown()


@pytest.fixture
def receiver(listening: Receiver) -> Receiver:
    listening.got.clear()
    listening.answers.clear()
    return listening


@pytest.fixture
def database(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Database]:
    on_server = getattr(request, "param", "sqlite") == "postgresql"
    there = request.getfixturevalue("postgres").empty() if on_server else ""
    database = open_database(there or f"sqlite:///{tmp_path / 'catalog.sqlite3'}")
    migrations.upgrade(database.engine)
    yield database
    database.close()


@dataclass
class Clock:
    now: datetime = datetime(2026, 5, 1, tzinfo=UTC)

    def __call__(self) -> datetime:
        return self.now


def courier(webhooks: Webhooks, receiver: Receiver, networks: Any = HERE) -> Courier:
    return Courier(lambda: webhooks, lambda: Sender(rules_of(receiver.address), networks))


def verified() -> Any:
    """Return the page's own function."""
    [block] = re.findall(r"^```python\n(.+?)^```$", PAGE, flags=re.MULTILINE | re.DOTALL)
    names: dict[str, Any] = {}
    exec(compile(block, "docs/webhooks.md", "exec"), names)
    return names["verified"]


def test_a_delivery_is_verified_as_the_page_says(database: Database, receiver: Receiver) -> None:
    webhooks = Webhooks(database)
    hook = webhooks.add(f"{receiver.address}/look", [])
    assert webhooks.tell(Topic.ITEMS_CHANGED, {"items": [{"sku": "ä-1", "result": "changed"}]}) == 1
    assert courier(webhooks, receiver).deliver() == 1
    [(headers, body)] = receiver.got
    answer = json.loads(body)
    assert (answer["type"], answer["data"]["items"][0]["sku"]) == ("items.changed", "ä-1")
    check = verified()
    assert check(hook.secret, headers, body)
    assert not check(hook.secret, headers, body + b" ")
    assert not check(webhooks.add(receiver.address, []).secret, headers, body)
    old = str(int(headers["webhook-timestamp"]) - 1000)
    assert not check(hook.secret, {**headers, "webhook-timestamp": old}, body)
    assert [each.waiting for each in webhooks.all()] == [0, 0]


def test_what_does_not_arrive_is_kept_and_sent_again_later(
    database: Database, receiver: Receiver
) -> None:
    clock = Clock()
    webhooks = Webhooks(database, now=clock)
    webhooks.add(receiver.address, [Topic.ITEMS_CHANGED])
    assert webhooks.tell(Topic.IMPORT_FINISHED, {}) == 0  # it wants no word of those
    for number in range(2):
        webhooks.tell(Topic.ITEMS_CHANGED, {"n": number})
    receiver.answers += [500]
    assert courier(webhooks, receiver).deliver() == 0
    assert len(receiver.got) == 1, "the others to the same address wait as well"
    [hook] = webhooks.all()
    assert (hook.waiting, hook.lost) == (2, 0) and "500" in hook.trouble
    assert courier(webhooks, receiver).deliver() == 0  # it is not time yet
    clock.now += timedelta(seconds=10)
    anew = Webhooks(database, now=clock)  # as a server that was started anew
    assert courier(anew, receiver).deliver() == 2
    names = [headers["webhook-id"] for headers, _ in receiver.got]
    assert names[0] == names[1] != names[2]
    assert [json.loads(body)["data"]["n"] for _, body in receiver.got] == [0, 0, 1]
    assert (anew.all()[0].waiting, anew.all()[0].trouble) == (0, "")


def test_it_waits_longer_each_time_and_gives_up_in_the_end(
    database: Database, receiver: Receiver
) -> None:
    clock = Clock()
    webhooks = Webhooks(database, now=clock)
    webhooks.add(receiver.address, [])
    webhooks.tell(Topic.ITEMS_CHANGED, {})
    waits = [wait_s(attempt) for attempt in range(1, ATTEMPTS)]
    assert waits[4] > waits[0] * 8 and 2.5 < sum(waits) / 86400 < 4
    for _ in range(ATTEMPTS):
        [delivery] = webhooks.take()
        webhooks.failed(delivery, "no")
        clock.now += timedelta(hours=8)
    assert webhooks.take() == []
    assert [(each.waiting, each.lost) for each in webhooks.all()] == [(0, 1)]


def test_no_address_that_is_not_public_is_asked_unless_allowed(
    database: Database, receiver: Receiver
) -> None:
    webhooks = Webhooks(database)
    webhooks.add(receiver.address, [])
    webhooks.tell(Topic.ITEMS_CHANGED, {})
    assert courier(webhooks, receiver, ()).deliver() == 0
    assert "not public" in webhooks.all()[0].trouble and receiver.got == []


def test_a_redirect_is_not_followed(database: Database, receiver: Receiver) -> None:
    webhooks = Webhooks(database)
    webhooks.add(receiver.address, [])
    webhooks.tell(Topic.ITEMS_CHANGED, {})
    receiver.answers += [302]
    assert courier(webhooks, receiver).deliver() == 0 and len(receiver.got) == 1


@pytest.mark.parametrize(
    "url",
    ["http://hooks.shop.example/a", "https://other.example", "ftp://hooks.shop.example", "hooks",
     "https://me:pw@hooks.shop.example", "s3://hooks.shop.example"],
)  # fmt: skip
def test_addresses_that_are_not_allowed_are_refused(url: str) -> None:
    with pytest.raises(RequestError, match="RECOMMENDER_WEBHOOKS"):
        check_address(rules_of("hooks.shop.example"), url)


def test_what_is_set_wrongly_is_told() -> None:
    assert check_address(rules_of("https"), "https://a.example/b") == "https://a.example/b"
    for read, word in ((rules_of, "no-host"), (networks_of, "10.0.0.1/8"), (networks_of, "x")):
        with pytest.raises(SettingsError, match="RECOMMENDER_WEBHOOK"):
            read(word)
    assert networks_of("10.1.0.0/16, ::1/128") and networks_of("") == ()


@pytest.mark.parametrize("database", DATABASES, indirect=True)
def test_one_server_at_a_time_has_a_delivery_and_none_is_told_twice(database: Database) -> None:
    webhooks = Webhooks(database)
    hook = webhooks.add("https://a.example", [])
    assert webhooks.tell(Topic.IMPORT_FINISHED, {}, "import_1") == 1
    assert webhooks.tell(Topic.IMPORT_FINISHED, {}, "import_1") == 0
    assert len(webhooks.take()) == 1 and webhooks.take() == []
    with pytest.raises(RequestError, match="webhooks list"):
        Webhooks(database, "other").remove(hook.id)
    webhooks.remove(hook.id)
    assert webhooks.all() == []


def test_the_wiring_tells_of_items_and_jobs(tmp_path: Path, receiver: Receiver) -> None:
    shop = open_shop(tmp_path)
    sku = shop.searcher.items[0].sku
    shop.database.close()
    allowed = {"webhooks": receiver.address, "webhook_networks": "127.0.0.0/8"}
    wiring = Wiring(Settings(home=tmp_path, **allowed))  # type: ignore[arg-type]
    wiring.webhooks.add(receiver.address, [])
    writes = replace(shop.writes, on_written=wiring.writes.on_written)
    writes.change(sku, {"price": "3 EUR"}, dry_run=True)
    writes.change(sku, {"price": "3 EUR"})
    writes.bulk([{"sku": sku, "delete": True}, {"sku": "nowhere", "delete": True}])
    jobs = ImportJobs(tmp_path, shop.indexer, on_end=wiring._job_ended)
    name, upload = jobs.place()  # a job whose server is killed
    import_job.write_job(tmp_path / "imports", import_job.Job(name, "spring.csv"))
    jobs.close()
    again = ImportJobs(tmp_path, shop.indexer, on_end=wiring._job_ended)
    assert again.jobs()[0].state == import_job.FAILED and not upload.exists()
    assert wiring.courier is not None and wiring.courier.deliver() == 3
    answer = [json.loads(body)["data"] for _, body in receiver.got]
    assert answer[0]["items"] == [{"sku": sku, "result": "changed"}]
    assert answer[1]["items"] == [{"sku": sku, "result": "removed"}]
    assert (answer[2]["import"], answer[2]["state"]) == (name, "failed")
    wiring.close()


def test_nothing_is_written_down_where_they_are_off(tmp_path: Path) -> None:
    wiring = Wiring(Settings(home=tmp_path))
    wiring.webhooks.add("https://a.example", [])
    wiring.written({"a": "changed"})
    assert wiring.courier is None and wiring.webhooks.all()[0].waiting == 0
    wiring.close()
