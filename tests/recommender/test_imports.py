"""Imports as jobs: done in order, told of while they run, stopped, found again after a restart."""

from __future__ import annotations

import io
import json
import threading
import time
import zipfile
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from starlette.testclient import TestClient

from index.errors import CatalogError
from index.importing.reports import ImportOptions, ImportReport
from index.model.progress import Event, Step, silent
from recommender.api.app import create_app
from recommender.errors import ImportNotFound, ImportsFull
from recommender.jobs import imports as module
from recommender.jobs.import_job import FAILED, RUNS, WAITS, Job, write_job
from recommender.jobs.imports import ImportJobs
from tests.recommender.fake_shop import FakeShop, open_shop, picture

FEED = "feed.jsonl"


@pytest.fixture
def shop(tmp_path: Path) -> Iterator[FakeShop]:
    shop = open_shop(tmp_path / "home")
    yield shop
    shop.imports.close()


@pytest.fixture
def api(shop: FakeShop) -> TestClient:
    return TestClient(create_app(shop, outfits={}, warm=False), raise_server_exceptions=False)


def rows(*skus: str, **more: Any) -> list[dict[str, Any]]:
    return [
        {"sku": sku, "title": f"Coat {sku}", "category": "coat", "image": f"{sku}.png", **more}
        for sku in skus
    ]


def zipped(lines: list[dict[str, Any]], extra: dict[str, bytes] | None = None) -> bytes:
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w") as archive:
        archive.writestr(f"spring/{FEED}", "\n".join(json.dumps(line) for line in lines))
        for number, line in enumerate(lines):
            colour = (number * 53 % 256, number * 97 % 256, number * 151 % 256)
            archive.writestr(f"spring/{line['sku']}.png", picture(colour))
        for name, data in (extra or {}).items():
            archive.writestr(name, data)
    return buffer.getvalue()


def send(api: TestClient, data: bytes, name: str = "spring.zip", **fields: Any) -> dict[str, Any]:
    answer = api.post("/v1/imports", files={"feed": (name, data)}, data=fields)
    assert answer.status_code == 202, answer.text
    assert answer.headers["location"] == f"/v1/imports/{answer.json()['id']}"
    return ended(api, answer.json()["id"])


def ended(api: TestClient, job: str) -> dict[str, Any]:
    until = time.monotonic() + 60
    while time.monotonic() < until:
        record: dict[str, Any] = api.get(f"/v1/imports/{job}").json()
        if record["state"] in ("done", "failed"):
            return record
        time.sleep(0.02)
    raise AssertionError(record)


def test_a_zip_of_a_feed_and_its_pictures_is_imported(shop: FakeShop, api: TestClient) -> None:
    lines = [*rows("n1", "n2", "n3"), {"sku": "bad", "title": "No kind", "image": "bad.png"}]
    result = send(api, zipped(lines), max_reject_share="0.5")
    assert (result["state"], result["source"]) == ("done", "spring.zip")
    report = result["report"]
    assert (report["added"], report["rejected"]) == (3, 1) and report["encoded"] >= 3
    left_out = api.get(f"/v1/imports/{result['id']}/rejects").json()
    assert left_out["total"] == 1 and left_out["rejects"][0]["sku"] == "bad"
    assert left_out["rejects"][0]["row"] == 4 and left_out["rejects"][0]["reason"]
    table = api.get(f"/v1/imports/{result['id']}/rejects", params={"format": "csv"})
    assert table.text.startswith("row,sku,reason") and "bad" in table.text
    page = api.get("/v1/items", params={"category": "coat", "k": 100}).json()
    assert {"n1", "n2", "n3"} <= {item["sku"] for item in page["items"]}
    assert not (shop.settings.home / "imports" / result["id"] / "upload").exists()


def test_a_dry_run_changes_nothing_and_lists_its_rejects(api: TestClient) -> None:
    lines = [*rows("n1"), {"sku": "bad", "title": "No kind", "image": "bad.png"}]
    result = send(api, zipped(lines), dry_run="true", max_reject_share="0.5")
    assert result["report"]["dry_run"] and result["report"]["added"] == 1
    assert api.get(f"/v1/imports/{result['id']}/rejects").json()["total"] == 1
    assert api.get("/v1/items/n1").status_code == 404


def test_a_feed_with_columns_of_its_own(api: TestClient) -> None:
    table = b"Artikel\tname\tkind\timage\nA1\tCoat\tcoat\tnone.png\n"
    result = send(
        api, table, "own.tsv", map=["Artikel=sku", "name=title", "kind=category"], format="csv"
    )
    assert result["state"] == "failed" and "none.png" in result["problem"]["got"]


def test_too_many_bad_rows_are_refused_as_a_whole_and_listed(api: TestClient) -> None:
    result = send(api, zipped([{"sku": f"b{n}", "title": "?", "image": "b.png"} for n in range(5)]))
    assert result["state"] == "failed" and result["report"] is None
    assert result["problem"]["type"].endswith(":feed-rejects")
    assert "5 of 5" in result["problem"]["got"] and result["problem"]["next_step"]
    assert api.get(f"/v1/imports/{result['id']}/rejects", params={"k": 2, "offset": 4}).json() == {
        "rejects": [api.get(f"/v1/imports/{result['id']}/rejects").json()["rejects"][4]],
        "total": 5,
        "next_offset": None,
    }


@pytest.mark.parametrize("name", ["../out.png", "/out.png", "a/../../out.png", "C:/out.png"])
def test_a_zip_that_leads_elsewhere_writes_nothing(
    shop: FakeShop, api: TestClient, name: str
) -> None:
    result = send(api, zipped(rows("n1"), {name: b"out"}))
    assert result["state"] == "failed" and "out.png" in result["problem"]["got"]
    assert not list(shop.settings.home.parent.rglob("out.png"))


def test_a_link_in_a_zip_is_refused(api: TestClient) -> None:
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w") as archive:
        link = zipfile.ZipInfo("feed.jsonl")
        link.external_attr = 0o120777 << 16
        archive.writestr(link, "/etc/passwd")
    assert "feed.jsonl" in send(api, buffer.getvalue())["problem"]["got"]


def damaged(how: str) -> bytes:
    kinds = {"deflate": zipfile.ZIP_DEFLATED, "lzma": zipfile.ZIP_LZMA, "dot": zipfile.ZIP_STORED}
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", kinds[how]) as archive:
        archive.writestr("." if how == "dot" else "feed.csv", b"sku,title\n" * 5000)
    data = bytearray(buffer.getvalue())
    if how != "dot":
        data[45:75] = bytes(255 - byte for byte in data[45:75])
    return bytes(data)


@pytest.mark.parametrize("how", ["deflate", "lzma", "dot"])
def test_a_damaged_zip_is_told_as_one(api: TestClient, how: str) -> None:
    result = send(api, damaged(how))
    assert result["state"] == "failed" and result["problem"]["what"] == "the archive cannot be used"


def test_what_lies_beside_a_feed_is_no_second_one(api: TestClient) -> None:
    beside = {"spring/README.txt": b"hello", "spring/._feed.csv": b"x", "__MACOSX/a.csv": b"x"}
    assert send(api, zipped(rows("n1"), beside))["state"] == "done"


def test_a_long_name_is_no_trouble(api: TestClient) -> None:
    result = send(api, zipped(rows("n1")), "服" * 90 + ".zip")
    assert result["state"] == "done" and result["source"].startswith("服")


def test_rejects_keep_their_skus(api: TestClient) -> None:
    lines = [*rows("n1"), {"sku": "-42", "title": "No kind", "image": "bad.png"}]
    result = send(api, zipped(lines), max_reject_share="0.5")
    [left_out] = api.get(f"/v1/imports/{result['id']}/rejects").json()["rejects"]
    assert left_out["sku"] == "-42"
    table = api.get(f"/v1/imports/{result['id']}/rejects", params={"format": "csv"}).text
    assert "'-42" in table


def test_a_bomb_is_not_unpacked(shop: FakeShop, api: TestClient) -> None:
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("feed.csv", b"\0" * (80 * 2**20))
    result = send(api, buffer.getvalue())
    assert result["state"] == "failed" and "bytes out of" in result["problem"]["got"]


@pytest.mark.parametrize("data", [b"PK\x03\x04 and no more", b"", b"\x00\x01\x02"])
def test_what_is_no_feed_fails_and_says_why(api: TestClient, data: bytes) -> None:
    result = send(api, data)
    assert result["state"] == "failed" and result["problem"]["what"]


@pytest.mark.parametrize(
    "fields", [{"format": "word"}, {"map": "no-equals"}, {"pictures": "some"}, {"strange": "1"}]
)
def test_options_that_are_none_are_refused_and_leave_nothing(
    shop: FakeShop, api: TestClient, fields: dict[str, str]
) -> None:
    answer = api.post("/v1/imports", files={"feed": ("f.csv", b"a")}, data=fields)
    assert answer.status_code == 422
    assert not list((shop.settings.home / "imports").glob("*"))


def test_a_request_without_a_feed_is_refused(api: TestClient) -> None:
    assert api.post("/v1/imports", json={}).status_code == 415
    assert api.post("/v1/imports", files={"other": b"1"}).status_code == 422


def test_a_feed_that_is_too_large_is_not_kept(tmp_path: Path) -> None:
    shop = open_shop(tmp_path / "home", max_feed_mb=0.1)
    api = TestClient(create_app(shop, outfits={}, warm=False))
    answer = api.post("/v1/imports", files={"feed": ("f.csv", b"a" * 200_000)})
    assert answer.status_code == 413
    assert not list((shop.settings.home / "imports").glob("*"))


def test_a_name_stays_inside_its_folder(shop: FakeShop, api: TestClient) -> None:
    result = send(api, zipped(rows("n1")), "../../../evil.zip")
    assert result["source"] == "evil.zip" and result["state"] == "done"
    assert not list(shop.settings.home.parent.rglob("evil.zip"))


class Slow:
    """Imports nothing, a row whenever it is let."""

    def __init__(self) -> None:
        self.progress: Any = silent
        self.begun, self.go = threading.Event(), threading.Semaphore(0)
        self.order: list[str] = []

    def import_feed(self, source: Path, options: ImportOptions | None = None) -> ImportReport:
        self.order.append(source.name)
        for done in range(1, 4):
            self.progress(Event(Step.STORED, done, 3))
            self.begun.set()
            assert self.go.acquire(timeout=30)
        return ImportReport(3, 0, 0, 0, 3, (), 1, 0.1)


@pytest.fixture
def slow(tmp_path: Path) -> Iterator[tuple[Slow, ImportJobs]]:
    slow = Slow()

    def indexer(progress: Any) -> Slow:
        slow.progress = progress
        return slow

    jobs = ImportJobs(tmp_path, indexer)
    yield slow, jobs
    for _ in range(50):
        slow.go.release()
    jobs.close()


def begin(jobs: ImportJobs, name: str = "a.csv") -> Job:
    job, folder = jobs.place()
    (folder / name).write_bytes(b"sku")
    return jobs.start(job, name, folder / name, ImportOptions())


def wait(jobs: ImportJobs, job: Job, state: str) -> Job:
    until = time.monotonic() + 30
    while jobs.job(job.id).state != state and time.monotonic() < until:
        time.sleep(0.01)
    assert jobs.job(job.id).state == state
    return jobs.job(job.id)


def test_progress_is_told_and_jobs_take_turns(slow: tuple[Slow, ImportJobs]) -> None:
    work, jobs = slow
    first, second = begin(jobs, "a.csv"), begin(jobs, "b.csv")
    assert work.begun.wait(30)
    result = jobs.job(first.id)
    assert (result.state, result.step, result.done, result.total) == (RUNS, "stored", 1, 3)
    assert jobs.job(second.id).state == WAITS
    work.go.release()
    until = time.monotonic() + 30
    while jobs.job(first.id).done < 2 and time.monotonic() < until:
        time.sleep(0.01)
    result = jobs.job(first.id)
    assert result.done == 2 and result.rate > 0 and result.eta_s is not None and result.eta_s > 0
    for _ in range(5):
        work.go.release()
    assert wait(jobs, second, "done").report is not None
    assert work.order == ["a.csv", "b.csv"]
    assert [job.source for job in jobs.jobs()] == ["b.csv", "a.csv"]


def test_a_running_job_is_stopped_at_its_next_step(slow: tuple[Slow, ImportJobs]) -> None:
    work, jobs = slow
    job = begin(jobs)
    assert work.begun.wait(30)
    jobs.stop(job.id)
    work.go.release()
    result = wait(jobs, job, FAILED)
    assert result.problem is not None and "stopped" in result.problem["what"] and result.done == 1


def test_a_waiting_job_is_stopped_at_once(slow: tuple[Slow, ImportJobs]) -> None:
    work, jobs = slow
    begin(jobs)
    second = begin(jobs, "b.csv")
    assert work.begun.wait(30)
    assert jobs.stop(second.id).state == FAILED
    for _ in range(10):
        work.go.release()
    assert work.order == ["a.csv"]
    with pytest.raises(ImportNotFound):
        jobs.stop("none")


def test_only_so_many_may_wait(slow: tuple[Slow, ImportJobs]) -> None:
    _, jobs = slow
    for _ in range(module.WAITING + 1):
        begin(jobs)
    with pytest.raises(ImportsFull):
        jobs.place()


def test_an_import_that_died_with_its_server_is_told_of(tmp_path: Path) -> None:
    (tmp_path / "imports" / "ab" / "upload").mkdir(parents=True)
    died = Job("ab", "spring.csv", RUNS, "stored", 3, 9, created_at="2026-01-01T00:00:00+00:00")
    write_job(tmp_path / "imports", died)
    [value] = ImportJobs(tmp_path, lambda _: Slow()).jobs()
    assert value.state == FAILED and value.problem is not None
    assert "Send the feed again" in value.problem["next_step"]
    assert not (tmp_path / "imports" / "ab" / "upload").exists()
    [again] = ImportJobs(tmp_path, lambda _: Slow()).jobs()
    assert again == value


def test_the_oldest_are_forgotten(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(module, "KEPT", 3)

    class Quick:
        def import_feed(self, source: Path, options: ImportOptions | None = None) -> ImportReport:
            return ImportReport(0, 0, 0, 0, 0, (), 1, 0.0)

    jobs = ImportJobs(tmp_path, lambda _: Quick())
    for number in range(5):
        wait(jobs, begin(jobs, f"{number}.csv"), "done")
    assert [job.source for job in jobs.jobs()] == ["4.csv", "3.csv", "2.csv"]
    assert len(list((tmp_path / "imports").iterdir())) == 3
    jobs.close()


def test_a_fault_of_ours_is_no_secret_told(
    tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    class Broken:
        def import_feed(self, source: Path, options: ImportOptions | None = None) -> ImportReport:
            raise ZeroDivisionError("secret")

    jobs = ImportJobs(tmp_path, lambda _: Broken())
    result = wait(jobs, begin(jobs), FAILED)
    assert "secret" not in json.dumps(result.problem) and "secret" in caplog.text
    jobs.close()


def test_a_job_knows_when_it_will_be_done() -> None:
    job = Job("a", "a.csv", RUNS, done=10, total=30, rate=4.0)
    assert job.eta_s == 5.0 and replace(job, total=None).eta_s is None
    assert replace(job, state=FAILED).eta_s == 0.0


def test_places_are_kept_from_the_first_byte_on(slow: tuple[Slow, ImportJobs]) -> None:
    _, jobs = slow
    names = [jobs.place()[0] for _ in range(module.WAITING + 1)]
    with pytest.raises(ImportsFull):
        jobs.place()
    jobs.drop(names[0])
    jobs.place()


def test_an_upload_that_was_cut_off_is_swept(tmp_path: Path) -> None:
    (tmp_path / "imports" / "ab" / "upload").mkdir(parents=True)
    assert ImportJobs(tmp_path, lambda _: Slow()).jobs() == []
    assert not list((tmp_path / "imports").iterdir())


def test_a_full_disk_stops_one_job_and_no_other(
    slow: tuple[Slow, ImportJobs], monkeypatch: pytest.MonkeyPatch
) -> None:
    work, jobs = slow
    written: list[str] = []

    def full(folder: Path, job: Job) -> None:
        if job.source == "a.csv" and job.state != WAITS:
            written.append(job.state)
            raise OSError("no space left on device")
        write_job(folder, job)

    monkeypatch.setattr(module, "write_job", full)
    first = begin(jobs, "a.csv")
    second = begin(jobs, "b.csv")
    for _ in range(10):
        work.go.release()
    assert wait(jobs, second, "done").report is not None
    assert written and jobs.job(first.id).state == FAILED


def test_a_full_disk_at_the_start_leaves_no_job(
    slow: tuple[Slow, ImportJobs], monkeypatch: pytest.MonkeyPatch
) -> None:
    _, jobs = slow

    def full(folder: Path, job: Job) -> None:
        raise OSError("no space left on device")

    with monkeypatch.context() as patched:
        patched.setattr(module, "write_job", full)
        with pytest.raises(OSError, match="no space"):
            begin(jobs)
    assert jobs.jobs() == []


def test_another_server_of_the_home_leaves_what_is_under_way(
    slow: tuple[Slow, ImportJobs], tmp_path: Path
) -> None:
    work, jobs = slow
    running = begin(jobs)
    assert work.begun.wait(30)
    _, sending = jobs.place()
    other = ImportJobs(tmp_path, lambda _: Slow())
    assert [job.state for job in other.jobs()] == [RUNS] and sending.is_dir()
    for _ in range(10):
        work.go.release()
    wait(jobs, running, "done")
    assert other.job(running.id).state == "done"


def test_a_place_that_cannot_be_made_takes_none(
    slow: tuple[Slow, ImportJobs], monkeypatch: pytest.MonkeyPatch
) -> None:
    _, jobs = slow

    def full(self: Path, *_: Any, **__: Any) -> None:
        raise OSError("no space left on device")

    with monkeypatch.context() as patched:
        patched.setattr(Path, "mkdir", full)
        for _ in range(module.WAITING + 2):
            with pytest.raises(CatalogError):
                jobs.place()
    jobs.place()


def test_catalogues_with_one_writer_take_turns(tmp_path: Path) -> None:
    turns, under_way, goes_on = threading.Lock(), threading.Event(), threading.Event()

    class Slow:
        def import_feed(self, source: Path, options: ImportOptions | None = None) -> ImportReport:
            under_way.set()
            assert goes_on.wait(10)
            return ImportReport(0, 0, 0, 0, 0, (), 1, 0.0)

    one, other = (ImportJobs(tmp_path / name, lambda _: Slow(), turns=turns) for name in "ab")
    first = begin(one)
    assert under_way.wait(10)
    second = begin(other)
    assert other.job(second.id).state == "waiting"
    goes_on.set()
    wait(one, first, "done")
    wait(other, second, "done")
    for jobs in (one, other):
        jobs.close()


def test_a_feed_of_addresses_names_its_hosts(api: TestClient) -> None:
    lines = [{**line, "image": "https://cdn.shop.example/a.png"} for line in rows("n1", "n2")]
    data = "\n".join(map(json.dumps, lines)).encode()
    result = send(api, data, "spring.jsonl")
    assert (result["state"], result["hosts"]) == ("failed", {"cdn.shop.example": 2})
    assert result["problem"]["type"].endswith(":feed-addresses")
    assert "--fetch cdn.shop.example" in result["problem"]["next_step"]
    dry = send(api, data, "spring.jsonl", dry_run="true")
    assert (dry["state"], dry["report"]["added"], dry["hosts"]) == (
        "done",
        2,
        {"cdn.shop.example": 2},
    )
    assert dry["report"]["findings"] == []


def test_what_is_warned_of_is_told_by_reason(api: TestClient) -> None:
    data = zipped(rows("n1", "n2", availability="maybe"))
    report = send(api, data)["report"]
    assert (report["added"], report["warnings"]) == (2, 2)
    (found,) = report["findings"]
    assert found["count"] == 2 and [each["sku"] for each in found["examples"]] == ["n1", "n2"]
