"""docs/api.md: every endpoint has its section, every example runs, every problem is listed."""

from __future__ import annotations

import contextlib
import io
import re
import shlex
from pathlib import Path
from typing import Any

import httpx
import pytest

from recommender.api.app import create_app
from recommender.api.http.problems import INVALID, TABLE, Kind
from recommender.wire.queries import CompleteQuery, SimilarItemsQuery
from tests.recommender.fake_shop import bare_shop, open_shop, picture, street
from tests.ui.fake_api import transport_to

PAGE = (Path(__file__).parent.parent / "docs" / "api.md").read_text(encoding="utf-8")
BASE = "http://127.0.0.1:8000"
NOT_OF_THE_API = {"refused", "backup", "dataset", "settings", "not-trainable", "service"}
ABSTRACT = {"catalogue", "index"}


@pytest.fixture(scope="module")
def transport(tmp_path_factory: pytest.TempPathFactory) -> httpx.MockTransport:
    folder = tmp_path_factory.mktemp("docs")
    shop = open_shop(folder / "home", events=True)
    renamed = [each for each in shop.searcher.items if each.sku == "top-1"]
    assert renamed
    object.__setattr__(renamed[0], "sku", "MT-0001")
    for _ in range(2):  # an index to serve, and one to go back to
        shop.indexer().rebuild(encode_again=True)
    (folder / "walk.png").write_bytes(street())
    return transport_to(create_app(shop, outfits={"harbour-walk": folder / "walk.png"}, warm=False))


def blocks(language: str) -> list[str]:
    return re.findall(rf"^```{language}\n(.+?)^```$", PAGE, flags=re.MULTILINE | re.DOTALL)


def commands() -> list[list[str]]:
    lines = "\n".join(blocks("sh")).replace("\\\n", " ").splitlines()
    return [shlex.split(line)[1:] for line in lines if line.startswith("curl ")]


def test_every_endpoint_has_its_section_with_both_examples() -> None:
    schema = create_app(bare_shop(), outfits={}, warm=False).openapi()
    routes = {f"{m.upper()} {path}" for path, methods in schema["paths"].items() for m in methods}
    parts = re.split(r"^## `(.+)`$", PAGE, flags=re.MULTILINE)
    sections = dict(zip(parts[1::2], parts[2::2], strict=True))
    assert set(sections) == routes
    for route, text in sections.items():
        assert "```sh\ncurl" in text, route
        assert "```python" in text, route


def test_every_parameter_is_in_the_table() -> None:
    listed = set(re.findall(r"`([a-z_]+)`", "".join(re.findall(r"^\| (`.+?) \|", PAGE, re.M))))
    assert set(CompleteQuery.model_fields) | set(SimilarItemsQuery.model_fields) <= listed


def test_every_problem_is_in_the_table() -> None:
    listed: dict[str, str] = {}
    for status, names in re.findall(r"^\| (\d{3}) \| (.+?) \|", PAGE, re.MULTILINE):
        listed |= dict.fromkeys(re.findall(r"`([a-z-]+)`", names), status)
    kinds: list[Kind] = [*TABLE.values(), INVALID]
    met = {k.name: str(k.status) for k in kinds if k.name not in NOT_OF_THE_API | ABSTRACT}
    assert met.items() <= listed.items()


@pytest.mark.parametrize("command", commands(), ids=lambda command: command[-1])
def test_every_curl_example_runs(command: list[str], transport: httpx.MockTransport) -> None:
    with httpx.Client(transport=transport) as client:
        answer = client.request(**curled(filled(command, client)))
    assert answer.status_code in (200, 201, 202), answer.text


def filled(command: list[str], client: httpx.Client) -> list[str]:
    """Return a command with what was made just now for its `$PHOTO`, `$LOOK` or `$SHARE`."""
    for name, make in MADE.items():
        if any(f"${name}" in word for word in command):
            made = make(client)
            command = [word.replace(f"${name}", made) for word in command]
    return command


def hold(client: httpx.Client) -> str:
    return str(client.post(f"{BASE}/v1/photos", files={"photo": street()}).json()["id"])


def save(client: httpx.Client) -> str:
    client.post(f"{BASE}/v1/people/p-42/looks", json={"skus": ["MT-0001"]})
    return str(client.get(f"{BASE}/v1/people/p-42/looks").json()["looks"][0]["id"])


def share(client: httpx.Client) -> str:
    return str(client.post(f"{BASE}/v1/shares", json={"skus": ["MT-0001"]}).json()["token"])


def start_import(client: httpx.Client) -> str:
    made = client.post(f"{BASE}/v1/imports", files={"feed": ("spring.csv", b"sku")})
    return str(made.json()["id"])


MADE = {"JOB": start_import, "PHOTO": hold, "LOOK": save, "SHARE": share}


def curled(command: list[str]) -> dict[str, Any]:
    """Return what curl would send: -F, -d, -H, -X and -o are known."""
    record: dict[str, Any] = {"method": "GET", "url": "", "headers": {}}
    form: list[tuple[str, Any]] = []
    words = iter(command)
    for word in words:
        if word == "-F":
            name, value = next(words).split("=", 1)
            part = (value[1:], street()) if value.startswith("@") else (None, value)
            form.append((name, part))
        elif word == "-d":
            before = f"{record['content']}&" if "content" in record else ""
            record["content"] = before + next(words)
            record["headers"].setdefault("Content-Type", "application/x-www-form-urlencoded")
        elif word == "-H":
            name, value = next(words).split(": ", 1)
            record["headers"][name] = value
        elif word == "-X":
            record["method"] = next(words)
        elif word == "-o":
            next(words)
        else:
            assert word.startswith(BASE), word
            record["url"] = word
    if form:
        record["files"] = form
    if (form or "content" in record) and "-X" not in command:
        record["method"] = "POST"
    return record


def test_the_python_examples_run(
    transport: httpx.MockTransport, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    (tmp_path / "outfit.jpg").write_bytes(street("JPEG"))
    monkeypatch.chdir(tmp_path)
    real = httpx.Client
    monkeypatch.setattr(httpx, "Client", lambda **k: real(transport=transport, **k))
    names: dict[str, Any] = {}
    printed = io.StringIO()
    with contextlib.redirect_stdout(printed):
        for block in blocks("python"):
            exec(compile(block, "docs/api.md", "exec"), names)
    names["api"].close()
    assert "415 Export the photo as JPEG" in printed.getvalue()
    assert names["answer"].status_code == 415
    assert names["picture"] == picture((30, 40, 90), (40, 61))
