"""The app's own components: whole, and asking nobody else for anything."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

import pytest
from streamlit.testing.v1 import AppTest

import ui
from tests.recommender.fake_shop import FakeShop, open_shop, picture
from tests.ui.fake_api import api_over, deaf_api
from ui.visit import pictures, service

FOLDER = Path(ui.__file__).parent
NAMESPACE = "http://www.w3.org/2000/svg"


@pytest.fixture
def shop(tmp_path: Path) -> FakeShop:
    return open_shop(tmp_path / "home")


def test_no_part_of_the_app_names_another_host() -> None:
    parts = [path for end in ("js", "css", "html", "toml") for path in FOLDER.rglob(f"*.{end}")]
    assert len(parts) >= 9
    for path in parts:
        text = path.read_text(encoding="utf-8").replace(NAMESPACE, "")
        assert not re.search(r"https?://|//[a-z]+\.[a-z]+", text), path
        assert "innerHTML" not in text, path


def test_a_toggle_turns_only_where_its_card_is_drawn_anew() -> None:
    """A refusal leaves a card's data as they were: nothing would turn the toggle back."""
    script = (FOLDER / "components" / "cards.js").read_text(encoding="utf-8")
    assert script.count("aria-pressed") == 1 and "made.onclick = tell;" in script


def test_the_components_mount_as_they_are() -> None:
    """With nothing in their place: Streamlit itself registers and serialises them."""

    def page() -> None:
        from ui import components

        garment = {
            "name": "Top",
            "label": "Top",
            "box": [0, 0, 1, 1],
            "outline": [[0, 0, 1, 0, 1, 1]],
        }
        photo: dict[str, Any] = {"photo": "", "alt": "", "label": "", "width": 1, "height": 1}
        photo |= {"kinds": [], "words": {}, "told": "", "open": True}
        components.outfit(
            {**photo, "shows": "worn", "key": "a", "selected": None, "garments": [garment]},
            key="photo",
            picked=lambda number: None,
        )
        zone = {"shows": "zone", "key": "0", "endings": [], "most": 1, "words": {}}
        components.outfit(zone, key="drop", photo=lambda encoded: None)
        card = {"id": "a", "image": "", "action": "Similar", "actionLabel": "Similar to a"}
        components.cards("Items", [card], key="cards", chosen=lambda sku: None)
        look = {"name": "Look 1", "label": "Look 1", "total": "€1", "pieces": []}
        components.looks(
            {"key": "a", "label": "Looks", "open": 0, "looks": [look]},
            key="looks",
            opened=lambda number: None,
        )

    shown = AppTest.from_function(page, default_timeout=60).run()
    assert not shown.exception


def test_pictures_are_small_and_plain_where_there_is_none(
    shop: FakeShop, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    held: dict[str, str] = {}
    monkeypatch.setattr(service, "_held", lambda: held)
    client = api_over(shop, tmp_path)
    monkeypatch.setattr(service, "api", lambda: client)
    good, bad = "/v1/items/bag-0/image", "/v1/items/none/image"
    got = service.cards([good, bad, good])
    assert got[good].startswith("data:image/webp;base64,")
    assert got[bad] == service.NO_PICTURE
    deaf = deaf_api()
    monkeypatch.setattr(service, "api", lambda: deaf)
    assert service.cards([good]) == {good: got[good]}


def test_held_pictures_do_not_grow_without_end() -> None:
    held = {str(number): "" for number in range(10)}
    service._forget_oldest(held, most=4)
    assert list(held) == ["6", "7", "8", "9"]


def test_a_large_picture_is_made_small() -> None:
    large = picture(size_wh=(3000, 2000), kind="JPEG")
    assert len(pictures.card_url(large)) < 20_000
    assert len(pictures.photo_url(large)) < 40_000
