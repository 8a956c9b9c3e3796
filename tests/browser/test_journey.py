"""A visitor's journeys through the running app, in a real browser, with the shipped models."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from pathlib import Path
from urllib.parse import urlsplit

import pytest
from playwright.sync_api import Browser, Page, expect, sync_playwright

from tests.browser import running
from tests.recommender.fake_shop import picture

pytestmark = [pytest.mark.browser, pytest.mark.timeout(420)]

WAIT_MS = 60_000
DESKTOP, PHONE = (1280, 860), (390, 844)
OpenPage = Callable[..., Page]


@pytest.fixture(scope="module")
def address(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """The app's address; of one that runs already, where JOURNEY_URL says so."""
    if url := os.environ.get("JOURNEY_URL"):
        yield url
        return
    folder = tmp_path_factory.mktemp("app")
    running.index(folder / "home", running.write_part_of_the_boutique(folder / "feed"))
    with running.app(folder / "home", log=folder / "demo.log") as url:
        yield url


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    with sync_playwright() as playwright:
        browser = running.launch(playwright)
        yield browser
        browser.close()


@pytest.fixture
def open_page(browser: Browser, address: str) -> Iterator[OpenPage]:
    """Opens the app; afterwards holds that nothing failed and nobody outside was asked."""
    wrong: list[str] = []
    with ExitStack() as opened:

        def open_page(size: tuple[int, int], *, touch: bool = False) -> Page:
            width, height = size
            context = browser.new_context(
                viewport={"width": width, "height": height}, has_touch=touch
            )
            opened.callback(context.close)
            page = context.new_page()
            page.set_default_timeout(WAIT_MS)
            page.on("pageerror", lambda error: wrong.append(f"page error: {error}"))
            page.on("request", lambda request: _note_foreign(request.url, address, wrong))
            page.on("websocket", lambda socket: _note_foreign(socket.url, address, wrong))
            page.goto(address)
            return page

        yield open_page
    assert wrong == []


def _note_foreign(url: str, address: str, wrong: list[str]) -> None:
    asked = urlsplit(url)
    if asked.scheme not in {"data", "blob"} and asked.netloc != urlsplit(address).netloc:
        wrong.append(f"asked {url}")


def sample(page: Page, name: str = "Harbour walk") -> None:
    page.get_by_role("button", name=f"Begin with {name}").click()


def test_from_a_sample_to_a_look_to_similar_items(open_page: OpenPage) -> None:
    page = open_page(DESKTOP)
    sample(page)
    garments = page.locator(".garment")
    expect(garments.first).to_be_visible(timeout=WAIT_MS)
    assert garments.count() >= 3
    assert page.locator(".chip").count() == garments.count()

    looks = page.locator(".look")
    expect(looks.first).to_be_visible(timeout=WAIT_MS)
    expect(looks.first).to_contain_text("€")
    expect(page.locator(".why").first).not_to_be_empty()

    name = page.locator(".chip").first.inner_text()
    page.locator(".chip").first.click()
    expect(page.get_by_text(f"Like your {name[0].lower()}{name[1:]}")).to_be_visible(
        timeout=WAIT_MS
    )
    similar = page.get_by_role("list", name=f"Items like your {name[0].lower()}{name[1:]}")
    expect(similar.get_by_role("listitem").first).to_be_visible(timeout=WAIT_MS)
    assert page.locator(".garment.on").get_attribute("aria-pressed") == "true"

    title = similar.locator(".title").first.inner_text()
    similar.locator(".act").first.click()
    expect(page.get_by_text(f"Like {title}")).to_be_visible(timeout=WAIT_MS)
    expect(page.locator(".garment.on")).to_have_count(0)

    if looks.count() > 1:
        looks.nth(1).click()
        expect(page.get_by_role("list", name="The pieces of look 2")).to_be_visible(timeout=WAIT_MS)
    page.get_by_role("button", name="Another photo").click()
    expect(page.get_by_role("button", name="Begin with").first).to_be_visible(timeout=WAIT_MS)


def test_by_keyboard_alone(open_page: OpenPage) -> None:
    page = open_page(DESKTOP)
    page.get_by_role("button", name="Begin with Harbour walk").focus()
    page.keyboard.press("Enter")
    outline = page.locator(".garment").first
    expect(page.locator(".look").first).to_be_visible(timeout=WAIT_MS)
    outline.focus()
    page.keyboard.press("Enter")
    expect(page.get_by_text("Like your")).to_be_visible(timeout=WAIT_MS)
    expect(outline).to_be_focused()
    page.keyboard.press("Escape")
    expect(page.get_by_text("Like your")).to_have_count(0, timeout=WAIT_MS)
    page.locator(".look").last.focus()
    page.keyboard.press("Space")
    expect(page.locator(".look").last).to_have_attribute("aria-pressed", "true")
    expect(page.locator(".look").last).to_be_focused()


def test_on_a_phone_by_touch(open_page: OpenPage) -> None:
    page = open_page(PHONE, touch=True)
    page.get_by_role("button", name="Begin with Harbour walk").tap()
    expect(page.locator(".look").first).to_be_visible(timeout=WAIT_MS)
    page.locator(".chip").last.tap()
    expect(page.get_by_text("Like your")).to_be_visible(timeout=WAIT_MS)
    wide = page.evaluate("document.documentElement.scrollWidth")
    assert wide <= PHONE[0], "the page scrolls sideways"


def test_a_photo_of_ones_own_and_one_that_is_none(open_page: OpenPage, tmp_path: Path) -> None:
    page = open_page(DESKTOP)
    fake = tmp_path / "holiday.jpg"
    fake.write_text("this is no picture")
    page.locator("input[type=file]").set_input_files(fake)
    expect(page.get_by_text("format is not accepted")).to_be_visible(timeout=WAIT_MS)

    grey = tmp_path / "wall.png"
    grey.write_bytes(picture((128, 128, 128), (300, 400)))
    page.locator("input[type=file]").set_input_files(grey)
    expect(page.get_by_text("No garment was found")).to_be_visible(timeout=WAIT_MS)
