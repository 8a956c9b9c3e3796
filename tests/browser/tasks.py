"""Six tasks of a shopper, from a cold start, in presses and seconds: `python -m tests.browser.tasks [FILE]`.

Each is done by a new visitor, on a desktop and on a phone, in the app of this tree on the sample
boutique; `JOURNEY_URL` names one that runs already. A press is a click, a tap, a box that is drawn
or a field that is filled in; seconds run from opening the address to what was wanted on the screen.
All is printed, and written to FILE as JSON where that is given.
"""

from __future__ import annotations

import json
import os
import re
import sys
import tempfile
import time
from collections.abc import Callable, Mapping
from contextlib import ExitStack
from dataclasses import dataclass
from decimal import Decimal
from pathlib import Path
from typing import Any, Final

from playwright.sync_api import Browser, Locator, expect, sync_playwright

from tests.browser import running
from tests.browser.visitor import DESKTOP, PHONE, Device, Visitor

BUDGET: Final = 150
_TOTAL: Final = re.compile(r"€([\d,]+(?:\.\d\d)?)")


@dataclass
class Shopper(Visitor):
    """A visitor whose presses are counted."""

    presses: int = 0

    def press(self, what: Locator) -> None:
        """Press something."""
        self.presses += 1
        super().press(what)

    def fill_in(self, field: Locator, text: str) -> None:
        """Fill in a field."""
        self.presses += 1
        field.fill(text)
        field.press("Enter")


def work_under_150(shopper: Shopper) -> None:
    """Complete this outfit for work, for at most 150."""
    shopper.begin("Summer concert")
    work = shopper.page.get_by_role("radio", name="Work", exact=True)
    if work.get_attribute("aria-checked") != "true":
        shopper.press(work)
    shopper.settle()  # nobody types while the looks are drawn
    shopper.fill_in(shopper.page.get_by_label("Budget for a look"), str(BUDGET))
    expect(shopper.page.get_by_text("of the budget left").first).to_be_visible()
    shopper.settle()
    found = _TOTAL.search(shopper.looks().first.inner_text())
    assert found is not None and Decimal(found[1].replace(",", "")) <= BUDGET


def skirt_in_navy(shopper: Shopper) -> None:
    """Find this skirt in navy."""
    shopper.begin("Autumn in the park")
    shopper.press(shopper.chips().filter(has_text="skirt").first)
    shopper.press(shopper.button("in navy", exact=True))
    items = shopper.page.get_by_role("list", name="Items like your").get_by_role("listitem")
    expect(items.first).to_contain_text("avy")
    expect(items.first).to_contain_text("kirt")


def goes_with_this(shopper: Shopper) -> None:
    """See what goes with an item of the shop."""
    shopper.press(shopper.page.get_by_role("link", name="Search", exact=True))
    shopper.press(shopper.page.locator(".card button").first)
    expect(shopper.page.get_by_role("list", name="What goes with").first).to_be_visible()


def make_it_warmer(shopper: Shopper) -> None:
    """Make this outfit warmer."""
    shopper.begin("Harbour walk")
    warmer = shopper.looks().filter(has_text="make it warmer").first
    shopper.press(warmer)
    expect(warmer).to_have_attribute("aria-pressed", "true")
    expect(shopper.pieces().first).to_be_visible()


def correct_a_garment(shopper: Shopper) -> None:
    """Say that what was taken for pants is a skirt."""
    shopper.begin("Harbour walk")
    shopper.press(shopper.chips().filter(has_text="pants"))
    likely = shopper.page.get_by_role("group", name="Likely kinds")
    shopper.press(likely.get_by_role("button", name="Skirt", exact=True))
    expect(shopper.chips().filter(has_text="skirt")).to_have_count(1)


def save_and_share(shopper: Shopper) -> None:
    """Save a look, and get a link to share it."""
    shopper.begin("Harbour walk")
    shopper.push("Save", exact=True)
    shopper.reads("The look is saved")
    shopper.settle()
    shopper.push("Share", exact=True)
    expect(shopper.page.locator(".st-key-share-link code")).to_contain_text("/shared?look=")


TASKS: Final[Mapping[str, Callable[[Shopper], None]]] = {
    "complete this outfit for work under 150": work_under_150,
    "find this skirt in navy": skirt_in_navy,
    "what goes with this item": goes_with_this,
    "make it warmer": make_it_warmer,
    "correct a wrong garment": correct_a_garment,
    "save and share": save_and_share,
}


def main(target: Path | None) -> None:
    """Do all tasks, print what each took, and write it down where a file is named."""
    figures: dict[str, dict[str, Any]] = {}
    with ExitStack() as started:
        address = os.environ.get("JOURNEY_URL") or _demo(started)
        browser = running.launch(started.enter_context(sync_playwright()))
        started.callback(browser.close)
        for name, task in TASKS.items():
            figures[name] = {}
            for device in (DESKTOP, PHONE):
                took = figures[name][device.name] = done(browser, address, device, task)
                sys.stdout.write(
                    f"{name}, {device.name}: {took['presses']} presses, {took['seconds']} s\n"
                )
    if target is not None:
        target.write_text(json.dumps(figures, indent=2) + "\n", encoding="utf-8")


def done(
    browser: Browser, address: str, device: Device, task: Callable[[Shopper], None]
) -> dict[str, float]:
    """Return the presses and seconds that a new visitor took for a task.

    Raises:
        AssertionError: they could not do it, or something went wrong behind the screen.
    """
    with device.context(browser) as context:
        shopper = Shopper(context.new_page(), device, address)
        shopper.watch()
        began = time.monotonic()
        shopper.go()
        task(shopper)
        seconds = round(time.monotonic() - began, 1)
        assert not shopper.wrong, shopper.wrong
        return {"presses": shopper.presses, "seconds": seconds}


def _demo(started: ExitStack) -> str:
    home = Path(started.enter_context(tempfile.TemporaryDirectory()))
    return started.enter_context(running.app(home, log=home / "demo.log", timeout_s=900))


if __name__ == "__main__":
    main(Path(sys.argv[1]) if len(sys.argv) > 1 else None)
