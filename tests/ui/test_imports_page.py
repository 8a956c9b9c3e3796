"""Imports from the merchant's area: over the real API, whose encoder is a fake."""

from __future__ import annotations

import io
import json
import threading
import zipfile
from pathlib import Path
from typing import Any

import pytest
from streamlit.testing.v1 import AppTest

from recommender.api.http.errors import KeyMissing, ScopeMissing
from recommender.api.http.problems import of_refusal
from recommender.client import ApiProblem, Client, ItemsQuery
from recommender.wire.catalogue_shapes import JOB_EXAMPLE, ImportJob
from recommender.wire.state_shapes import Problem
from segmentation.common.errors import Refusal
from segmentation.common.taxonomy import Category
from tests.recommender.fake_shop import open_shop, picture
from tests.ui.fake_api import api_over, serve
from tests.ui.screens import again, open_page
from tests.ui.test_pages import press, texts
from ui.pages.shop import import_report, imports


@pytest.fixture
def api(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Client:
    client = api_over(open_shop(tmp_path / "home"), tmp_path)
    serve(client, monkeypatch)
    return client


def page_of_imports() -> AppTest:
    return open_page("shop")


def feed() -> bytes:
    """Return a zip of four good rows and one without a picture."""
    rows: list[dict[str, Any]] = [
        {"sku": "new-1", "title": "Red scarf", "category": "scarf", "image": "1.png"},
        {"sku": "new-2", "title": "Navy scarf", "category": "scarf", "image": "2.png"},
        {"sku": "new-3", "title": "Red hat", "category": "hat", "image": "1.png"},
        {"sku": "new-4", "title": "Navy hat", "category": "hat", "image": "2.png"},
        {"sku": "=bad", "title": "No picture", "category": "scarf"},
    ]
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w") as packed:
        packed.writestr("feed.jsonl", "\n".join(json.dumps(row) for row in rows))
        packed.writestr("1.png", picture())
        packed.writestr("2.png", picture((30, 40, 90)))
    return buffer.getvalue()


def send(page: AppTest, name: str, data: bytes) -> AppTest:
    page.file_uploader[0].set_value((name, data, "application/zip"))
    next(each for each in page.button if each.label == "Import").click()
    return again(page)


def wait_for(api: Client) -> ImportJob:
    for _ in range(600):
        job = api.imports()[0]
        if job.state in {"done", "failed"}:
            return job
        threading.Event().wait(0.05)
    raise AssertionError("the import did not end")


def scarves(api: Client) -> list[str]:
    """Return what the catalogue itself holds."""
    return [item.sku for item in api.items(ItemsQuery(category=[Category.SCARF])).items]


def test_a_feed_is_imported_and_its_rejects_are_told(api: Client) -> None:
    page = page_of_imports()
    assert "Nothing was imported over the app yet." in texts(page)
    send(page, "spring.zip", feed())
    job = wait_for(api)
    again(page)
    assert job.state == "done", job.problem
    answer = {each.label: each.value for each in page.metric}
    assert (answer["New"], answer["Left out"]) == ("4", "1")
    table = page.dataframe[0].value
    assert list(table.columns) == ["Row", "Article number", "Reason"]
    assert table["Article number"][0] == "=bad" and "image" in table["Reason"][0]
    assert page.get("download_button")
    assert "spring.zip · Done" in texts(page) and "4 new, 1 left out" in texts(page)
    assert "new-1" in scarves(api)


def test_a_dry_run_changes_nothing(api: Client) -> None:
    page = page_of_imports()
    page.checkbox[0].set_value(True)
    send(page, "spring.zip", feed())
    assert wait_for(api).state == "done"
    again(page)
    assert "Nothing was changed: this is what would happen." in page.success[0].value
    assert "new-1" not in scarves(api)


def test_what_is_no_feed_is_told(api: Client) -> None:
    page = page_of_imports()
    next(each for each in page.button if each.label == "Import").click()
    again(page)
    assert page.warning[0].value == "Choose a file first."
    send(page, "poem.txt", b"roses are red")
    assert wait_for(api).state == "failed"
    again(page)
    assert page.error and "poem.txt · Failed" in texts(page)


def test_an_import_that_goes_on_is_told_and_stopped(
    api: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    going = {**JOB_EXAMPLE, "state": "running", "step": "encoded", "done": 40, "report": None}
    job = ImportJob.model_validate({**going, "eta_s": 75.0, "ended_at": None})
    stopped: list[str] = []

    def stop(_: Client, name: str) -> ImportJob:
        stopped.append(name)
        return job

    monkeypatch.setattr(Client, "imports", lambda _: [job])
    monkeypatch.setattr(Client, "import_job", lambda *_: job)
    monkeypatch.setattr(Client, "stop_import", stop)
    page = page_of_imports()
    press(page, f"show-{job.id}")
    said = imports.pace(job)
    assert said == (
        "Runs · stores items and pictures · 40 of 160 rows · 9.4 a second · about 1 min 15 s to go"
    )
    assert page.get("progress")[0].proto.text == said
    press(page, "stop-import")
    assert stopped == [job.id]


@pytest.mark.parametrize(
    ("kind", "says"),
    [(KeyMissing, "needs a key that the app does not have"), (ScopeMissing, "does not allow this")],
)
def test_an_import_that_is_not_allowed(
    api: Client, monkeypatch: pytest.MonkeyPatch, kind: type[Refusal], says: str
) -> None:
    refusal = kind("what", got="got", expected="expected", next_step="Next.")

    def refuse(*_: Any, **__: Any) -> None:
        raise ApiProblem(Problem.model_validate(of_refusal(refusal)))

    for name in ("start_import", "imports", "rollback"):
        monkeypatch.setattr(Client, name, refuse)
    page = page_of_imports()
    assert says in page.error[0].value
    send(page, "spring.zip", feed())
    assert all(says in each.value for each in page.error)


def test_options_that_say_nothing_are_not_sent() -> None:
    given = {"format": "", "currency": "EUR", "dry_run": False, "remove_missing": True}
    assert imports._given(given) == {"currency": "EUR", "remove_missing": "true"}
    assert imports._given({"max_reject_share": "1"}) == {"max_reject_share": "1"}


def test_spans_of_time_and_unknown_steps() -> None:
    assert import_report.duration(3720) == "1 h 2 min"
    assert import_report.step("whatever") == "whatever"


def test_a_feed_of_addresses_offers_to_fetch_from_their_hosts(
    api: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    line = {"sku": "new-1", "title": "Red scarf", "image": "https://cdn.shop.example/a.jpg"}
    page = again(send(page_of_imports(), "spring.jsonl", json.dumps(line).encode()))
    job = wait_for(api)
    assert job.state == "failed" and job.hosts == {"cdn.shop.example": 1}
    page = again(page)
    assert any("cdn.shop.example" in each.value for each in page.info)
    asked: list[dict[str, Any]] = []
    real = api.start_import

    def start(name: str, data: bytes, **options: Any) -> ImportJob:
        asked.append({"name": name, "data": data, **options})
        return real(name, data)

    monkeypatch.setattr(api, "start_import", start)
    page.button(key="fetch-hosts").click()
    again(page)
    assert [(each["name"], each["fetch"]) for each in asked] == [
        ("spring.jsonl", "cdn.shop.example")
    ]
    assert json.loads(asked[0]["data"]) == line
