"""A visitor before the app: opens pages on a screen of some size, presses, waits for what is told."""

from __future__ import annotations

import contextlib
import re
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any, Final, Literal, TypeAlias
from urllib.parse import urlsplit

from playwright.sync_api import Browser, BrowserContext, ConsoleMessage, Locator, Page, expect
from playwright.sync_api import TimeoutError as PlaywrightTimeoutError

from tests.browser import accessibility

WAIT_MS: Final = 45_000
FINGER_MS: Final = 50
"""How long a finger takes from one place to the next."""
SAMPLE: Final = "Harbour walk"
BEGIN: Final = f"Begin with {SAMPLE}"
MOST_TABS: Final = 120
AGAIN_MS: Final = 50
"""How soon the screen is read again that does not show yet what it should."""
FREE: Final = """(shape) => {
    shape.scrollIntoView({block: 'center'});
    const {left, top, width, height} = shape.getBoundingClientRect();
    for (let down = 1; down < 20; down++)
        for (let along = 1; along < 20; along++) {
            const at = [left + (along * width) / 20, top + (down * height) / 20];
            if (shape.contains(shape.getRootNode().elementFromPoint(...at))) return at;
        }
    return [left, top];
}"""
"""Where on the screen a shape can be pressed."""
QUIET_MS: Final = 400
"""How long the app is at rest before it is taken to be: it begins to run a while after a press."""
REST_MS: Final = 5_000
"""How long a finger waits for a page that moves."""
ANSWER_MS: Final = 10_000
"""How long an answer of the app is waited for, where the page asked it for something."""
LISTENING: Final = """() => {
    window.asked = window.answered = 0;
    window.WebSocket = class extends WebSocket {
        constructor(...given) {
            super(...given);
            this.addEventListener("message", () => { window.answered = performance.now(); });
        }
        send(message) {
            window.asked = performance.now();
            super.send(message);
        }
    };
}"""
"""Notes when the page last asked the app, and when the app last answered."""
SETTLED: Final = """([quiet, patience]) => {
    const app = document.querySelector("[data-testid=stApp]");
    const now = performance.now();
    const waits = window.asked > window.answered && now - window.asked < patience;
    const rests = app?.dataset.testScriptState === "notRunning" && !waits;
    if (!rests || document.querySelector("[data-stale=true]")) window.restsSince = undefined;
    else window.restsSince ??= now;
    return now - (window.restsSince ?? now) >= quiet;
}"""
"""Whether the app is at rest since then; `restsSince` begins anew wherever the page runs."""
PROBED: Final = re.compile(r"/\w+/_stcore/(health|host-config)$")
"""Where Streamlit asks for its server before it finds it at the root: a 404 by design."""
Point: TypeAlias = tuple[float, float]
Permission: TypeAlias = Literal["camera", "clipboard-read", "clipboard-write"]


@dataclass(frozen=True)
class Device:
    """What the app is looked at on; `size_wh` in CSS pixels."""

    name: str
    size_wh: tuple[int, int]
    touch: bool = False

    def context(self, browser: Browser, **options: Any) -> BrowserContext:
        """Return a new context of this size: nothing is kept from earlier ones."""
        width, height = self.size_wh
        return browser.new_context(
            viewport={"width": width, "height": height},
            has_touch=self.touch,
            is_mobile=self.touch,
            reduced_motion="reduce",
            locale="en-GB",
            **options,
        )


DESKTOP: Final = Device("desktop", (1280, 860))
PHONE: Final = Device("phone", (390, 844), touch=True)


@dataclass
class Visitor:
    """One visitor, whose page is at the app's address.

    Attributes:
        page: what they look at.
        device: what they look at it on.
        address: where the app is.
        wrong: what went wrong behind the screen, of all pages in the context.
    """

    page: Page
    device: Device
    address: str
    wrong: list[str] = field(default_factory=list)

    def watch(self) -> None:
        """Note errors of the page, and whoever else than the app is asked."""
        self.page.set_default_timeout(WAIT_MS)
        self.page.add_init_script(f"({LISTENING})()")
        self.page.on("pageerror", lambda error: self.wrong.append(f"page error: {error}"))
        self.page.on("console", self._note)
        self.page.on("request", lambda request: self._note_foreign(request.url))
        self.page.on("websocket", lambda socket: self._note_foreign(socket.url))

    def go(self, path: str = "") -> None:
        """Open one of the app's pages anew."""
        self.page.goto(f"{self.address}/{path}")

    def press(self, what: Locator) -> None:
        """Press something by mouse, or by finger where there is none.

        What a finger presses follows from where it was lifted: where the page moves meanwhile, that is something else.
        """
        if self.device.touch:
            self._rest()
            what.tap()
        else:
            what.click()

    def press_within(self, shape: Locator) -> None:
        """Press an outline where no other lies on it."""
        left, top = shape.evaluate(FREE)
        if self.device.touch:
            self.page.touchscreen.tap(left, top)
        else:
            self.page.mouse.click(left, top)

    def tab_to(self, what: Locator) -> None:
        """Press Tab until the focus is there, as somebody without a mouse would."""
        for _ in range(MOST_TABS):
            if what.evaluate("each => each.getRootNode().activeElement === each"):
                return
            self.page.keyboard.press("Tab")
        raise AssertionError(f"the focus does not get to {what}")

    def draw(self, picture: Locator, begin: Point, end: Point) -> None:
        """Draw from one point of a picture at rest to another, each in shares of its sides."""
        self.settle()
        picture.scroll_into_view_if_needed()
        box = picture.bounding_box()
        assert box is not None
        points = [
            (box["x"] + left * box["width"], box["y"] + top * box["height"])
            for left, top in (begin, end)
        ]
        if self.device.touch:
            self._swipe(*points)
            return
        self.page.mouse.move(*points[0])
        self.page.mouse.down()
        self.page.mouse.move(*points[1], steps=5)
        self.page.mouse.up()

    def _swipe(self, begin: Point, end: Point) -> None:
        """Move a finger over the screen, and lift it once it rests; Playwright's own only taps.

        A finger lifted in full motion flings the page, and the next tap merely ends that.
        """
        browser = self.page.context.new_cdp_session(self.page)

        def touch(kind: str, *points: Point) -> None:
            at = [{"x": left, "y": top} for left, top in points]
            browser.send("Input.dispatchTouchEvent", {"type": kind, "touchPoints": at})
            self.page.wait_for_timeout(FINGER_MS)

        touch("touchStart", begin)
        for share in (0.25, 0.5, 0.75, 1.0, 1.0):
            left, top = ((1 - share) * a + share * b for a, b in zip(begin, end, strict=True))
            touch("touchMove", (left, top))
        touch("touchEnd")
        browser.detach()

    def button(self, name: str, *, exact: bool = False) -> Locator:
        """Return the first button of that name."""
        return self.page.get_by_role("button", name=name, exact=exact).first

    def push(self, name: str, *, exact: bool = False) -> None:
        """Press the button of that name."""
        self.press(self.button(name, exact=exact))

    def choose(self, piece: str, act: str) -> None:
        """Choose from the menu on a piece's card; its card comes first where there are several."""
        self.push(f"More about {piece}", exact=True)
        self.press(self.page.get_by_role("dialog").get_by_role("button", name=act, exact=True))

    def reads(self, text: str) -> None:
        """Wait until a text is on the screen."""
        expect(self.page.get_by_text(text).first).to_be_visible()

    def has(self, found: Locator, at_least: int) -> None:
        """Wait until there are as many, or more."""
        expect(found.nth(at_least - 1)).to_be_attached()

    def comes_to(self, read: Callable[[], object], wanted: object) -> None:
        """Wait until what is read off the screen is what it should be; `read` itself does not wait."""
        deadline = time.monotonic() + WAIT_MS / 1000
        while (found := read()) != wanted and time.monotonic() < deadline:
            self.page.wait_for_timeout(AGAIN_MS)
        assert found == wanted

    def begin(self, outfit: str = SAMPLE) -> None:
        """Take a sample outfit, and wait for its looks."""
        self.push(f"Begin with {outfit}")
        expect(self.looks().first).to_be_visible()
        self.settle()

    def looks(self) -> Locator:
        """Return the looks, each a button that opens it."""
        return self.page.get_by_role("group", name="Looks").get_by_role("button")

    def garments(self) -> Locator:
        """Return the outlines of the garments on the photo."""
        return self.page.locator("svg[role=group]").get_by_role("button")

    def chips(self) -> Locator:
        """Return the garments' names below the photo: the outlines' twins."""
        twins = self.page.locator("div[role=group][aria-label^=Garments]")
        return twins.get_by_role("button")

    def pieces(self) -> Locator:
        """Return the cards of the open look's pieces."""
        return self.page.get_by_role("list", name="The pieces of look").get_by_role("listitem")

    def titles(self) -> list[str]:
        """Return the titles of the open look's pieces."""
        likes = self.pieces().get_by_role("button", name="I like ")
        named: list[str] = likes.evaluate_all("all => all.map((each) => each.ariaLabel)")
        return [name.removeprefix("I like ") for name in named]

    def _rest(self) -> None:
        """Wait until the app is at rest, or for a while where it works on."""
        with contextlib.suppress(PlaywrightTimeoutError):
            self.page.wait_for_function(SETTLED, arg=[QUIET_MS, ANSWER_MS], timeout=REST_MS)

    def settle(self) -> None:
        """Wait until the app has drawn what was asked of it last."""
        self.page.wait_for_function(SETTLED, arg=[QUIET_MS, ANSWER_MS])

    def hold_accessible(self) -> None:
        """Hold that nobody is shut out of what is on the screen, in the light and in the dark."""
        self.settle()
        accessibility.hold(self.page)

    def hold_narrow(self) -> None:
        """Hold that the page does not scroll sideways."""
        wide = self.page.evaluate("document.documentElement.scrollWidth")
        assert wide <= self.device.size_wh[0], "the page scrolls sideways"

    def _note(self, message: ConsoleMessage) -> None:
        if message.type == "error" and not PROBED.search(message.location["url"]):
            self.wrong.append(f"console: {message.text}")

    def _note_foreign(self, url: str) -> None:
        asked = urlsplit(url)
        if asked.scheme not in {"data", "blob"} and asked.netloc != urlsplit(self.address).netloc:
            self.wrong.append(f"asked {url}")
