"""Journeys 1 to 3: from the first screen to looks, with a sample and with a photo of one's own."""

from __future__ import annotations

import base64
import re
import time
from pathlib import Path
from typing import Final

import pytest
from playwright.sync_api import expect

from recommender.sample import BOUTIQUE
from tests.browser.conftest import Arrive
from tests.browser.visitor import BEGIN, DESKTOP, Visitor

pytestmark = [pytest.mark.browser, pytest.mark.timeout(300)]

SECONDS: Final = 30.0
"""So soon a newcomer has looks on the screen."""
OUTFIT: Final = BOUTIQUE / "outfits" / "harbour-walk.webp"
DROP: Final = """(zone, [name, type, content]) => {
    const bytes = Uint8Array.from(atob(content), (each) => each.charCodeAt(0));
    const dataTransfer = new DataTransfer();
    dataTransfer.items.add(new File([bytes], name, {type}));
    for (const event of ['dragenter', 'dragover', 'drop'])
        zone.dispatchEvent(new DragEvent(
            event, {dataTransfer, bubbles: true, cancelable: true, composed: true}));
}"""
COPY: Final = """async (content) => {
    const blob = await (await fetch(`data:image/webp;base64,${content}`)).blob();
    const picture = await createImageBitmap(blob);
    const canvas = new OffscreenCanvas(picture.width, picture.height);
    canvas.getContext('2d').drawImage(picture, 0, 0);
    const copied = await canvas.convertToBlob({type: 'image/png'});
    await navigator.clipboard.write([new ClipboardItem({'image/png': copied})]);
}"""


def test_a_newcomer_has_looks_within_thirty_seconds(arrive: Arrive) -> None:
    began = time.monotonic()
    visitor = arrive()
    expect(visitor.page.get_by_role("heading", name="Complete the look")).to_be_visible()
    visitor.button(BEGIN).wait_for()
    visitor.hold_accessible()
    visitor.hold_narrow()
    held_s = time.monotonic() - began

    began = time.monotonic()
    visitor.push(BEGIN)
    expect(visitor.looks()).to_have_count(3)
    took_s = time.monotonic() - began
    assert took_s < SECONDS, f"after {held_s:.0f} s of looking around"
    expect(visitor.looks().first).to_contain_text("€")
    expect(visitor.looks().first).to_be_in_viewport(ratio=0.3)  # on a phone too, without scrolling
    expect(visitor.page.get_by_role("radio", name="Everyday")).to_be_visible()
    worn = visitor.looks().first.locator("svg")  # cut out of the photo
    expect(worn.first).to_be_visible()
    visitor.has(visitor.garments(), 3)
    visitor.hold_accessible()
    visitor.hold_narrow()


def test_a_photo_of_ones_own(visitor: Visitor) -> None:
    with visitor.page.expect_file_chooser() as choosing:
        visitor.push("Choose a photo")
    choosing.value.set_files(OUTFIT)
    expect(visitor.looks().first).to_be_visible()
    visitor.push("Another photo")
    expect(visitor.button(BEGIN)).to_be_visible()


def test_a_file_that_is_no_photo(visitor: Visitor, tmp_path: Path) -> None:
    letter, broken = tmp_path / "letter.txt", tmp_path / "holiday.jpg"
    letter.write_text("Dear all,")
    broken.write_text("this is no picture")
    for file, entry in (
        (letter, "This is not a picture"),
        (broken, "format is not accepted"),
    ):
        with visitor.page.expect_file_chooser() as choosing:
            visitor.push("Choose a photo")
        choosing.value.set_files(file)
        visitor.reads(entry)
        expect(visitor.button(BEGIN)).to_be_visible()
    visitor.hold_accessible()


def test_a_photo_is_dropped(visitor: Visitor) -> None:
    zone = visitor.page.get_by_text("Drop a photo of an outfit here")
    zone.evaluate(DROP, ["letter.txt", "text/plain", _encoded(b"Dear all,")])
    visitor.reads("This is not a picture")
    zone.evaluate(DROP, ["outfit.webp", "image/webp", _encoded(OUTFIT.read_bytes())])
    expect(visitor.looks().first).to_be_visible()


def test_a_photo_is_pasted(arrive: Arrive) -> None:
    visitor = arrive(may=("clipboard-read", "clipboard-write"))
    visitor.button(BEGIN).wait_for()
    visitor.page.evaluate("navigator.clipboard.writeText('a shirt')")
    visitor.page.keyboard.press("Control+V")
    visitor.reads("There is no picture to paste")
    visitor.page.evaluate(COPY, _encoded(OUTFIT.read_bytes()))
    visitor.page.keyboard.press("Control+V")
    expect(visitor.looks().first).to_be_visible()


def test_a_photo_is_taken(arrive: Arrive) -> None:
    visitor = arrive(may=("camera",))
    if visitor.device.touch:  # a phone has an app of its own for it
        with visitor.page.expect_file_chooser() as choosing:
            visitor.push("Take a photo")
        assert choosing.value.element.get_attribute("capture") == "environment"
        choosing.value.set_files(OUTFIT)
        expect(visitor.looks().first).to_be_visible()
        return
    visitor.push("Take a photo")
    expect(visitor.page.get_by_label("What the camera sees")).to_be_visible()
    visitor.hold_accessible()
    expect(visitor.button("Take it")).to_be_focused()
    # nothing moves under the finger when the first picture comes, and there is none to take before
    finder = visitor.page.get_by_label("What the camera sees")
    expect(finder).to_have_css("aspect-ratio", "4 / 3")
    visitor.comes_to(lambda: finder.evaluate("video => video.videoWidth > 0"), True)
    visitor.page.keyboard.press("Tab")
    expect(visitor.button("Cancel")).to_be_focused()
    visitor.page.keyboard.press("Escape")
    expect(visitor.button("Take a photo")).to_be_focused()
    visitor.push("Take a photo")
    visitor.push("Take it")
    expect(visitor.page.get_by_alt_text("Your photo")).to_be_visible()
    expect(visitor.page.get_by_role("heading", name=re.compile("No look|looks$"))).to_be_visible()


@pytest.mark.parametrize(
    "device", [DESKTOP], indirect=True
)  # a phone's own camera app asks by itself
def test_the_camera_may_not_be_used(arrive: Arrive) -> None:
    visitor = arrive(may=("clipboard-read",))  # and nothing else
    visitor.push("Take a photo")
    visitor.reads("The camera may not be used")
    expect(visitor.button("Choose a photo")).to_be_visible()


def _encoded(content: bytes) -> str:
    return base64.b64encode(content).decode()
