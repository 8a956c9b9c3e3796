"""`recommender samples fetch` where there is no network: from a few drawn pictures on loopback.

python -m tests.recommender.samples_offline [OPTION...]
"""

from __future__ import annotations

import os
import sys

from recommender.cli.app import app
from recommender.public_garments import collection
from tests.index.feeds.loopback import open_shop, sent
from tests.recommender.garments_archive import collection_of, entries, garments, tar_gz


def main(words: list[str]) -> None:
    """Run the command."""
    pictures = garments()
    collection.PUBLIC = collection_of(pictures)  # type: ignore[misc]
    with open_shop() as web:
        web.answers["/a"] = sent(tar_gz(entries(pictures)))
        os.environ |= {"RECOMMENDER_SAMPLES_URL": web.url("/a"), "NO_PROXY": "*"}
        app(["samples", "fetch", *words])


if __name__ == "__main__":
    main(sys.argv[1:])
