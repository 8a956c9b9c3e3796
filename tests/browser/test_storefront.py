"""The elements for a shop's own pages: on the example page, at an origin of its own, under its strict policy."""

from __future__ import annotations

import re
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from functools import partial
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any, Final

import pytest
from axe_playwright_python.base import AXE_SCRIPT
from playwright.sync_api import Browser, Locator, Page, expect

from index.model.items import Availability
from recommender.access.scope import Scope
from recommender.api.app import create_app
from tests.browser.accessibility import GRAVE
from tests.browser.running import ROOT
from tests.browser.visitor import WAIT_MS
from tests.recommender.fake_shop import FakeShop, open_shop
from tests.recommender.serving import within
from tests.test_guides import blocks

EXAMPLE: Final = ROOT / "docs" / "storefront"
API: Final = "http://127.0.0.1:8000"
SKU: Final = "top-1"
BARE: Final = "bare.html"
"""A page with the script and nothing else."""


class Pages(SimpleHTTPRequestHandler):
    """Serves a folder as a strict shop does."""

    policy = ""

    def end_headers(self) -> None:
        self.send_header("Content-Security-Policy", self.policy)
        self.send_header("Cache-Control", "no-store")
        super().end_headers()

    def log_message(self, *_: Any) -> None:
        """Say nothing."""


@contextmanager
def storefront(home: Path, **settings: Any) -> Iterator[tuple[str, str, FakeShop]]:
    """Serve the example page and the API at two origins; yield both addresses and the shop."""
    pages = home / "pages"
    pages.mkdir(parents=True)
    server = ThreadingHTTPServer(("127.0.0.1", 0), partial(Pages, directory=str(pages)))
    origin = f"http://127.0.0.1:{server.server_port}"
    shop = open_shop(home / "home", cors_origins=origin, **settings)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    try:
        with within(create_app(shop, outfits={}, warm=False)) as api:
            write_pages(pages, api)
            yield origin, api, shop
    finally:
        server.shutdown()
        server.server_close()


def write_pages(folder: Path, api: str) -> None:
    """Write the example page with this API's address, and let its own policy be the header too."""
    for path in EXAMPLE.iterdir():
        text = path.read_text(encoding="utf-8").replace(API, api).replace("MT-0001", SKU)
        (folder / path.name).write_text(text, encoding="utf-8")
        if path.name == "index.html":
            Pages.policy = text.split('Content-Security-Policy" content="')[1].split('"')[0]
    bare = f'<!doctype html><link rel="icon" href="icon.svg"><script src="{api}/v1/embed.js"></script><main></main>'
    (folder / BARE).write_text(bare, encoding="utf-8")


def change(shop: FakeShop, sku: str, **fields: Any) -> None:
    """Have the shop say something else of an item."""
    items = shop.searcher.items
    shop.searcher.items = [replace(i, **fields) if i.sku == sku else i for i in items]


@pytest.fixture(scope="module")
def served(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[str, str, FakeShop]]:
    with storefront(tmp_path_factory.mktemp("storefront")) as both:
        yield both


@pytest.fixture
def visit(browser: Browser, served: tuple[str, str, FakeShop]) -> Iterator[Any]:
    """Opens the example page; afterwards holds that the browser complained of nothing unexpected."""
    wrong: list[str] = []
    contexts = []

    def visit(path: str = "", *, expects: str = "", **options: Any) -> Page:
        context = browser.new_context(**{"locale": "en-GB", **options})
        contexts.append(context)
        page = context.new_page()
        page.set_default_timeout(WAIT_MS)
        page.on("pageerror", lambda error: wrong.append(str(error)))
        page.on(
            "console",
            lambda answer: (
                wrong.append(answer.text)
                if answer.type in ("error", "warning") and not (expects and expects in answer.text)
                else None
            ),
        )
        page.goto(f"{served[0]}/{path}")
        return page

    yield visit
    for context in contexts:
        context.close()
    assert wrong == []


def element(page: Page, name: str = "complete-the-look", state: str = "ready") -> Locator:
    found = page.locator(name)
    found.scroll_into_view_if_needed()
    expect(found).to_have_attribute("state", state)
    return found


def put(page: Page, html: str, lang: str = "en") -> Locator:
    """Return an element that is put in place of the example's, by what a shop's script may do."""
    page.evaluate(
        """([name, attributes, text, lang]) => {
            document.documentElement.lang = lang;
            const made = document.createElement(name);
            made.id = 'put';
            made.textContent = text;
            for (const [key, value] of Object.entries(attributes)) made.setAttribute(key, value);
            document.querySelector('main').replaceChildren(made);
        }""",
        [*_parsed(html), lang],
    )
    return page.locator("#put")


def _parsed(html: str) -> list[Any]:
    head, _, text = html.partition("|")
    name, *pairs = head.split()
    return [name, {k: v for k, _, v in (pair.partition("=") for pair in pairs)}, text]


def test_the_example_page_shows_looks_and_a_list_to_buy(visit: Any) -> None:
    page = visit()
    looks, shop = element(page), element(page, "shop-this-look")
    expect(looks.get_by_role("heading", name="Complete the look")).to_be_visible()
    expect(shop.get_by_role("heading", name="Shop this look")).to_be_visible()
    pieces = looks.get_by_role("listitem")
    for listed in (pieces, shop.get_by_role("listitem")):
        expect(listed.nth(2)).to_be_attached()
    expect(pieces.first.get_by_role("link")).to_have_attribute(
        "href", page.url.split("?")[0] + "?sku=" + page.evaluate(SKU_OF_FIRST)
    )
    page.wait_for_function("() => document.querySelector('complete-the-look').shadowRoot"
                           ".querySelector('img').naturalWidth > 0")  # fmt: skip
    expect(looks.locator(".total")).to_contain_text("€")
    add_all = shop.get_by_role("button", name="Add all to the basket")
    sea = "rgb(11, 92, 107)"  # the page's own variable reaches into the element
    assert add_all.evaluate("each => getComputedStyle(each).backgroundColor") == sea
    page.evaluate(ANSWERED)
    add_all.click()
    answered = page.wait_for_function("window.answered").json_value()
    assert re.fullmatch(r"[A-Za-z0-9._-]{8,64}", answered)
    expect(page.locator("#basket")).to_contain_text(SKU)
    pieces.first.get_by_role("link").click()
    page.wait_for_url("**/?sku=*")
    element(page)


ANSWERED: Final = """() => document.addEventListener('look-basket',
    (event) => { window.answered = event.detail.answer; }, { once: true })"""
SKU_OF_FIRST: Final = """() => document.querySelector('complete-the-look').shadowRoot
    .querySelector('li a').href.split('sku=')[1]"""


def test_nobody_is_shut_out_in_the_light_or_in_the_dark(visit: Any) -> None:
    page = visit(color_scheme="light", reduced_motion="reduce", bypass_csp=True)
    element(page)
    element(page, "shop-this-look")
    page.evaluate(AXE_SCRIPT)
    for rules in ("{}", "{runOnly: ['color-contrast']}"):
        found = page.evaluate(f"axe.run({rules})")["violations"]
        assert [f"{each['id']}: {each['nodes']}" for each in found if each["impact"] in GRAVE] == []
        page.emulate_media(color_scheme="dark")
    moving = "() => document.querySelector('complete-the-look').shadowRoot.getAnimations().length"
    assert page.evaluate(moving) == 0


def test_another_look_is_chosen_by_keyboard_alone(visit: Any) -> None:
    page = visit()
    looks = element(page)
    buttons = looks.get_by_role("group", name="Looks").get_by_role("button")
    before = looks.get_by_role("listitem").all_text_contents()
    for _ in range(60):
        page.keyboard.press("Tab")
        if buttons.nth(1).evaluate("each => each.getRootNode().activeElement === each"):
            break
    page.keyboard.press("Enter")
    expect(buttons.nth(1)).to_have_attribute("aria-pressed", "true")
    expect(buttons.nth(0)).to_have_attribute("aria-pressed", "false")
    assert looks.get_by_role("listitem").all_text_contents() != before
    link = element(page, "shop-this-look").get_by_role("link").first
    link.focus()
    assert link.evaluate(
        "each => each.getRootNode().activeElement === each && each.offsetHeight > 44"
    )


def test_language_and_money_are_the_pages(visit: Any) -> None:
    page = visit(BARE)
    german = put(page, f"complete-the-look sku={SKU}", lang="de-AT")
    expect(german.get_by_role("heading", name="Look vervollständigen")).to_be_visible()
    expect(german.locator(".total")).to_contain_text("€ ")  # as Austria writes it: € 60,00
    expect(german.locator(".total")).to_contain_text(",00")
    french = put(page, f"shop-this-look skus={SKU},dress-0", lang="fr")
    expect(french.locator("h2")).to_have_attribute("lang", "en")  # nobody reads it out as French
    expect(french.locator(".total")).to_contain_text("55,00 €")
    expect(french.locator("s")).to_have_text("20,00 €")


def test_a_shared_look_and_what_is_sold_out_or_gone(
    visit: Any, served: tuple[str, str, FakeShop]
) -> None:
    shop = served[2]
    change(shop, "dress-2", availability=Availability.OUT_OF_STOCK)
    page = visit(BARE, expects="404")
    found = put(page, f"shop-this-look basket= skus={SKU},dress-2,nothing")
    expect(found.get_by_text("Sold out")).to_be_visible()
    expect(found.get_by_text("One piece is no longer sold.")).to_be_visible()
    expect(found.get_by_role("button")).to_have_count(1)
    expect(found.locator(".total")).to_contain_text("€40.00")
    token = shop.shares.share([SKU]).token
    shared = put(page, f"shop-this-look share={token}")
    expect(shared.get_by_role("listitem")).to_have_count(1)


def test_failures_and_empty_answers_are_quiet(visit: Any) -> None:
    page = visit(BARE)
    nothing = put(page, f"complete-the-look sku={SKU} max-price=0.01")
    expect(nothing).to_have_attribute("state", "empty")
    expect(nothing.get_by_role("status")).to_have_text("Nothing that goes with it was found.")
    own = put(page, f"complete-the-look sku={SKU} max-price=0.01|Ask us in the shop")
    expect(own).to_have_attribute("state", "empty")
    expect(own.get_by_text("Ask us in the shop")).to_be_visible()


def test_an_error_is_one_sentence_for_people_and_the_cause_for_developers(visit: Any) -> None:
    page = visit(BARE, expects="o")
    said: list[str] = []
    page.on(
        "console", lambda answer: said.append(answer.text) if answer.type == "warning" else None
    )
    for html in (f"sku={SKU} slots=feet", "", f"sku={SKU} api=http://127.0.0.1:9"):
        wrong = put(page, f"complete-the-look {html}")
        expect(wrong).to_have_attribute("state", "error")
        expect(wrong.get_by_role("status")).to_have_text("Suggestions cannot be shown right now.")
    assert len(said) == 3 and "the attribute sku must name an item" in said[1]
    for html, text in (
        ("complete-the-look sku=no-such-sku", "Nothing that goes with it was found."),
        ("shop-this-look share=no-such-look", "This look is no longer there."),
    ):
        gone = put(page, html)
        expect(gone).to_have_attribute("state", "empty")
        expect(gone.get_by_role("status")).to_have_text(text)


def test_another_catalogue_is_asked_under_its_path(visit: Any) -> None:
    page = visit(BARE, expects="404")
    with page.expect_request("**/v1/catalogs/outlet/items/a%2Fb") as asked:
        found = put(page, "shop-this-look skus=a/b catalog=outlet")
    assert asked.value.headers["accept-language"] == "en"
    expect(found).to_have_attribute("state", "empty")


def test_a_feed_plants_no_script_and_no_way_to_one(
    visit: Any, served: tuple[str, str, FakeShop]
) -> None:
    title = "<img src=x onerror=alert(1)> hat"
    change(served[2], "hat-1", title=title, link="javascript:alert(1)")
    page = visit(BARE)
    found = put(page, "shop-this-look skus=hat-1")
    expect(found.get_by_text(title)).to_be_visible()
    expect(found.get_by_role("link")).to_have_count(0)


def test_the_page_of_the_ten_minutes_opens_with_its_key(browser: Browser, tmp_path: Path) -> None:
    (html,) = (text for language, text in blocks("ten-minutes") if language == "html")
    with storefront(tmp_path, require_keys=True) as (origin, api, shop):
        key = shop.keys.create("storefront", Scope.READ).text
        text = html.replace(API, api).replace("MT-0001", SKU)
        (tmp_path / "pages" / "page.html").write_text(text.replace('"READ"', f'"{key}"'))
        page = browser.new_context().new_page()
        page.goto(f"{origin}/page.html")
        element(page)
        page.wait_for_function(
            """() => [...document.querySelector('complete-the-look').shadowRoot.querySelectorAll('canvas')]
                .every((each) => each.width !== 300)"""
        )
        page.locator("complete-the-look").evaluate("each => each.removeAttribute('key')")
        element(page, state="error")
        page.context.close()
