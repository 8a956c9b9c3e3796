"""`python -m recommender.client.generator`: docs/openapi.json -> recommender/client/typescript."""

from __future__ import annotations

import json
from pathlib import Path

from recommender.client.generator.declarations import declarations

ROOT = Path(__file__).parents[3]


def main() -> None:
    """Write the declarations, and the document's version into the package."""
    document = json.loads((ROOT / "docs" / "openapi.json").read_text(encoding="utf-8"))
    folder = ROOT / "recommender" / "client" / "typescript"
    (folder / "schema.d.ts").write_text(declarations(document), encoding="utf-8")
    package = json.loads((folder / "package.json").read_text(encoding="utf-8"))
    package["version"] = document["info"]["version"]
    (folder / "package.json").write_text(json.dumps(package, indent=2) + "\n", encoding="utf-8")


if __name__ == "__main__":
    main()
