"""Go on with the fault campaigns where they were left.

python -m tests.faults [CAMPAIGN...] [--minutes M] [--ledgers DIR] [--table]
"""

from __future__ import annotations

import argparse
import sys
import tempfile
import time
from pathlib import Path

from tests.faults.campaign import Ledger, run, table
from tests.faults.campaigns import CAMPAIGNS


def say(line: str) -> None:
    """Tell a line at once, wherever it goes."""
    sys.stdout.write(line + "\n")
    sys.stdout.flush()


def main(words: list[str]) -> int:
    """Run what is asked for; return 1 where a campaign failed."""
    parser = argparse.ArgumentParser("python -m tests.faults", description=__doc__)
    parser.add_argument("campaigns", nargs="*", help=f"of {', '.join(CAMPAIGNS)}; all by default")
    parser.add_argument("--minutes", type=float, default=24 * 60, help="no batch begins after them")
    parser.add_argument("--ledgers", type=Path, default=Path("runs/faults"))
    parser.add_argument("--table", action="store_true", help="print what was done, run nothing")
    asked = parser.parse_args(words)
    if unknown := set(asked.campaigns) - set(CAMPAIGNS):
        parser.error(f"no such campaign: {', '.join(sorted(unknown))}")
    ledgers = {
        campaign: Ledger(asked.ledgers / f"{name}.jsonl")
        for name, campaign in CAMPAIGNS.items()
        if not asked.campaigns or name in asked.campaigns
    }
    if asked.table:
        say("\n".join(table(ledgers)))
        return 0
    until = time.monotonic() + 60 * asked.minutes
    well = True
    for campaign, ledger in ledgers.items():
        with tempfile.TemporaryDirectory(prefix=f"faults-{campaign.name}-") as folder:
            well &= run(campaign, ledger, Path(folder), until=until, report=say)
    return 0 if well else 1


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
