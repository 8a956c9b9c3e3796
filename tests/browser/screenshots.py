"""Screenshots of the app on the sample boutique: `python -m tests.browser.screenshots FOLDER`.

Each screen is taken on a desktop and on a phone, light and dark, and written as a small WebP.
"""

from __future__ import annotations

import io
import os
import sys
import tempfile
from contextlib import ExitStack
from pathlib import Path
from typing import Final, Literal

from PIL import Image
from playwright.sync_api import Browser, Page, sync_playwright

from tests.browser import running

SIZES: Final = {"desktop": (1280, 860), "phone": (390, 844)}
SCHEMES: Final[tuple[Literal["light", "dark"], ...]] = ("light", "dark")
SAMPLE: Final = "Summer concert"
SETTLE_MS: Final = 1500
"""Pictures fade in and fonts arrive; a screenshot waits for them."""


def main(folder: Path) -> None:
    """Write the screenshots into a folder; the app is started, and ended, for it."""
    folder.mkdir(parents=True, exist_ok=True)
    with ExitStack() as started:
        address = os.environ.get("JOURNEY_URL") or _demo(started)
        browser = running.launch(started.enter_context(sync_playwright()))
        started.callback(browser.close)
        for device in SIZES:
            for scheme in SCHEMES:
                _visit(browser, address, device, scheme, folder)


def _demo(started: ExitStack) -> str:
    home = Path(started.enter_context(tempfile.TemporaryDirectory()))
    return started.enter_context(running.app(home, log=home / "demo.log", timeout_s=900))


def _visit(
    browser: Browser,
    address: str,
    device: str,
    scheme: Literal["light", "dark"],
    folder: Path,
) -> None:
    width, height = SIZES[device]
    context = browser.new_context(
        viewport={"width": width, "height": height}, color_scheme=scheme, device_scale_factor=1.5
    )
    page = context.new_page()
    page.set_default_timeout(60_000)
    name = f"{device}-{scheme}"
    page.goto(address)
    page.get_by_role("button", name=f"Begin with {SAMPLE}").wait_for()
    _shoot(page, folder / f"begin-{name}.webp")
    page.get_by_role("button", name=f"Begin with {SAMPLE}").click()
    page.locator(".look").first.wait_for()
    _shoot(page, folder / f"looks-{name}.webp")
    page.locator(".chip").last.click()
    page.get_by_text("Similar to your").wait_for()
    page.get_by_role("list", name="Items like your").wait_for()
    _shoot(page, folder / f"similar-{name}.webp")
    page.get_by_role("button", name="Something missed?").click()
    page.get_by_label("Box around what was missed").wait_for()
    _shoot(page, folder / f"corrections-{name}.webp")
    page.keyboard.press("Escape")
    _others(page, address, folder, name)
    context.close()


def _others(page: Page, address: str, folder: Path, name: str) -> None:
    """Shoot the other pages, once the visitor liked a piece, saved the look and shared it."""
    page.get_by_role("button", name="I like").first.click()
    page.get_by_text("You like").first.wait_for()
    page.get_by_role("button", name="Save", exact=False).first.click()
    page.get_by_text("The look is saved").first.wait_for()
    page.locator(".st-key-share-look button").click()
    shared = page.locator(".st-key-share-link code").inner_text().strip()
    pages = {
        "catalogue": ("/catalogue", ".card"),
        "style": ("/style", ".look"),
        "models": ("/shop?part=models", "table"),
        "shared": (shared.removeprefix(address.rstrip("/")), ".look"),
    }
    for title, (path, sign) in pages.items():
        page.goto(address.rstrip("/") + path)
        page.locator(sign).first.wait_for()
        _shoot(page, folder / f"{title}-{name}.webp")
    page.goto(f"{address.rstrip('/')}/catalogue")
    page.locator(".card button").first.click()
    page.get_by_role("heading", name="Goes with it").wait_for()
    page.get_by_role("list", name="What goes with").wait_for()
    page.get_by_role("list", name="Items like").wait_for()
    _shoot(page, folder / f"item-{name}.webp")
    for part, heading in (
        ("import", "Import a feed"),
        ("index", "Index"),
        ("gaps", "What outfits lack"),
    ):
        page.goto(f"{address.rstrip('/')}/shop?part={part}")
        page.get_by_role("heading", name=heading).first.wait_for()
        _shoot(page, folder / f"{part}-{name}.webp")


def _shoot(page: Page, path: Path) -> None:
    page.mouse.move(0, 0)
    page.wait_for_timeout(SETTLE_MS)
    with Image.open(io.BytesIO(page.screenshot())) as picture:
        picture.convert("RGB").save(path, "WEBP", quality=80, method=6)


if __name__ == "__main__":
    main(Path(sys.argv[1] if len(sys.argv) > 1 else "docs/screens"))
