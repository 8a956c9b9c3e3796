"""The TypeScript client: its types are the API's as it is, and its calls reach it."""

from __future__ import annotations

import json
import re
import subprocess
from collections.abc import Mapping
from pathlib import Path
from typing import Any, Final

import playwright
import pytest

from recommender.api.app import create_app
from recommender.client.generator.declarations import Types, declarations
from tests.recommender.fake_shop import bare_shop, open_shop
from tests.recommender.serving import within

ROOT: Final = Path(__file__).parents[2]
PACKAGE: Final = ROOT / "recommender" / "client" / "typescript"
DOCUMENT: Final = json.loads((ROOT / "docs" / "openapi.json").read_text(encoding="utf-8"))
NODE: Final = Path(playwright.__file__).parent / "driver" / "node"
"""It comes with the browser tests."""


def node(script: str, folder: Path) -> str:
    (folder / "script.mjs").write_text(script, encoding="utf-8")
    done = subprocess.run(
        [NODE, "--no-warnings", "script.mjs"],
        cwd=folder,
        capture_output=True,
        text=True,
        timeout=60,
    )
    assert done.returncode == 0, done.stdout + done.stderr
    return done.stdout


def test_the_document_is_of_the_api_as_it_is() -> None:
    is_now = create_app(bare_shop(), outfits={}, warm=False).openapi()
    assert is_now == DOCUMENT, "run `make client` and commit what it writes"


def test_the_types_are_of_the_document() -> None:
    written = (PACKAGE / "schema.d.ts").read_text(encoding="utf-8")
    assert declarations(DOCUMENT) == written, "run `make client` and commit what it writes"
    package = json.loads((PACKAGE / "package.json").read_text(encoding="utf-8"))
    assert package["version"] == DOCUMENT["info"]["version"]
    assert all((PACKAGE / name).is_file() for name in package["files"])


def test_every_operation_is_there_and_every_name_is_declared(tmp_path: Path) -> None:
    written = (PACKAGE / "schema.d.ts").read_text(encoding="utf-8")
    asked = re.findall(r'^  "([A-Z]+ /.*)": {$', written, re.MULTILINE)
    paths = DOCUMENT["paths"].items()
    assert asked == [f"{method.upper()} {path}" for path, methods in paths for method in methods]
    declared = set(re.findall(r"^export (?:type|interface) (\w+)", written, re.MULTILINE))
    used = set(re.findall(r"\b([A-Z]\w+)\b", re.sub(r"//.*|/\*\*.*?\*/|\"[^\"]*\"", "", written)))
    assert used - declared == {"Blob", "Partial", "Record"}
    for name in ("schema.d.ts", "index.d.ts"):
        code = (PACKAGE / name).read_text(encoding="utf-8")
        parse = f"import {{ stripTypeScriptTypes }} from 'node:module'; stripTypeScriptTypes({json.dumps(code)});"
        node(parse, tmp_path)


@pytest.mark.parametrize(
    ("schema", "type_"),
    [
        ({"type": "integer"}, "number"),
        ({"enum": ["b", "a"], "type": "string"}, "Letter"),
        ({"enum": ["a", 1]}, '"a" | 1'),
        ({"type": "array", "items": {"anyOf": [{"type": "string"}, {"type": "null"}]}}, "(string | null)[]"),
        ({"type": "string", "format": "binary"}, "Blob"),
        ({"type": "object", "additionalProperties": {"type": "number"}}, "Record<string, number>"),
        ({"type": "object", "properties": {"a-b": {"type": "string"}}}, '{\n  "a-b"?: string;\n}'),
        ({}, "unknown"),
    ],
)  # fmt: skip
def test_a_schema_is_said_as_a_type(schema: Mapping[str, Any], type_: str) -> None:
    assert Types({("a", "b"): "Letter"}).of(schema) == type_


def test_what_is_not_read_is_refused_rather_than_guessed() -> None:
    with pytest.raises(ValueError, match="oneOf"):
        Types({}).of({"oneOf": [{"type": "string"}]})


def test_what_is_sent_is_what_was_asked(tmp_path: Path) -> None:
    (tmp_path / "index.mjs").write_text((PACKAGE / "index.js").read_text(), encoding="utf-8")
    script = """
        import { ApiProblem, Client } from './index.mjs';
        const asked = [];
        const busy = { status: 503, headers: { 'Retry-After': '4', 'Content-Type': 'application/problem+json' } };
        const fetch = async (url, init) => {
            asked.push([init.method, url, init.headers, typeof init.body === 'string' ? init.body : null]);
            return new Response('{"detail": "busy"}', busy);
        };
        const api = new Client({ url: 'https://a.example/', key: 'k', catalog: 'out let', fetch });
        const told = [];
        for (const [name, parts] of [
            ['GET /v1/items/{sku}', { path: { sku: 'a/b ü' }, query: { colour: ['navy', 'red'], k: undefined } }],
            ['PATCH /v1/items/{sku}', { path: { sku: 'a' }, json: { price: '5' } }],
            ['GET /readyz'],
        ])
            await api.call(name, parts).catch((error) => told.push(error instanceof ApiProblem && error.retryAfterS));
        console.log(JSON.stringify({ asked, told }));
    """
    found = json.loads(node(script, tmp_path))
    key, base = {"X-API-Key": "k"}, "https://a.example/v1/catalogs/out%20let/items/"
    assert found["asked"] == [
        ["GET", f"{base}a%2Fb%20%C3%BC?colour=navy&colour=red", key, None],
        ["PATCH", f"{base}a", key | {"Content-Type": "application/json"}, '{"price":"5"}'],
        ["GET", "https://a.example/readyz", key, None],
    ]
    assert found["told"] == [4, 4, 4]


def test_the_example_of_its_page_runs(tmp_path: Path) -> None:
    (tmp_path / "node_modules").mkdir()
    (tmp_path / "node_modules" / "complete-the-look-client").symlink_to(PACKAGE)
    page = (PACKAGE / "README.md").read_text(encoding="utf-8")
    (script,) = re.findall(r"^```js\n(.+?)^```$", page, re.MULTILINE | re.DOTALL)
    app = create_app(open_shop(tmp_path / "home"), outfits={}, warm=False)
    with within(app) as address:
        answer = node(
            script.replace("http://127.0.0.1:8000", address).replace("MT-0001", "top-1"), tmp_path
        )
    assert "404 " in answer and f"{address}/v1/items/top-1/image?v=" in answer
    assert re.search(r"zu|passt|wie", answer)
