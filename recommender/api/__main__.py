"""`python -m recommender.api` prints the OpenAPI document, as docs/openapi.json has it."""

from __future__ import annotations

import json
import sys

from recommender.api.app import create_app
from recommender.runtime.wiring import Wiring
from recommender.settings import Settings


def main() -> None:
    """Print it for a server that requires no keys, whatever is set here."""
    shop = Wiring(Settings(require_keys=False), serving=True)
    document = create_app(shop, outfits={}, warm=False).openapi()
    sys.stdout.write(json.dumps(document, indent=1, ensure_ascii=False) + "\n")


if __name__ == "__main__":
    main()
