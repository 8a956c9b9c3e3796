"""The wardrobe: pieces cut out and laid flat, kept where a visitor says, looks made with them."""

from __future__ import annotations

import base64
import io
import json
import zipfile
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
from PIL import Image

from recommender.client import Client
from segmentation.common.errors import PhotoError, Refusal
from segmentation.common.taxonomy import Category, Slot
from tests.recommender.fake_shop import FakeShop, street
from tests.ui.screens import Presses, again, open_page, run, texts, visit_of
from ui import components
from ui.visit import shopkeeper, verdicts
from ui.visit.corrections import Added, Laid
from ui.visit.state import Visit
from ui.visit.wardrobe import home_store, pieces, places
from ui.visit.wardrobe.pieces import Piece
from ui.visit.wardrobe.places import Wardrobe


def png(colour: str = "navy", size: tuple[int, int] = (60, 90)) -> str:
    buffer = io.BytesIO()
    Image.new("RGBA", size, colour).save(buffer, "PNG")
    return base64.b64encode(buffer.getvalue()).decode()


def piece(name: str = "piece-1", kind: Category = Category.SKIRT, **more: Any) -> Piece:
    facts = {"colour": "navy", "pattern": "plain"}
    return Piece.model_validate(
        {"id": name, "category": kind, "facts": facts, "picture": png()} | more
    )


def test_a_garment_is_cut_out_and_the_photo_thrown_away(api: Client) -> None:
    photo = api.hold(street())
    for garment in photo.garments:
        made = pieces.of_garment(street(), garment)
        with Image.open(io.BytesIO(made.png)) as picture:
            assert picture.mode == "RGBA" and max(picture.size) <= pieces.SIDE
            corners = [(0, 0), (picture.width - 1, picture.height - 1)]
            assert all(picture.getpixel(at) == (0, 0, 0, 0) for at in corners)
            assert picture.getpixel((picture.width // 2, picture.height // 2))[3] == 255  # type: ignore[index]
        assert (made.category, made.slot) == (garment.category, garment.slot)
        assert made.facts["colour"] == garment.attributes["colour"]


def test_a_piece_is_called_as_its_shop_says_or_by_its_facts() -> None:
    assert piece().name == "Navy skirt" and piece(title="Anna").name == "Anna"


def test_pieces_are_laid_beside_each_other_each_in_its_box() -> None:
    given = [
        piece(f"piece-{n}", picture=png(colour)) for n, colour in enumerate(("red", "navy", "lime"))
    ]
    sheet, boxes = pieces.laid_flat(given)
    with Image.open(io.BytesIO(sheet)) as picture:
        for (left, top, right, bottom), colour in zip(
            boxes, ((255, 0, 0), (0, 0, 128), (0, 255, 0)), strict=True
        ):
            middle = int(left + right) // 2, int(top + bottom) // 2
            assert picture.getpixel(middle) == colour and right - left < bottom - top
            assert picture.getpixel((int(left) - 3, int(top) - 3)) == (255, 255, 255)


def test_what_is_taken_along_is_pictures_and_facts() -> None:
    packed = pieces.packed([piece(), piece("piece-2", title="Anna", sku="A-1")])
    with zipfile.ZipFile(io.BytesIO(packed)) as archive:
        answer = json.loads(archive.read("wardrobe.json"))["pieces"]
        assert [each["id"] for each in answer] == ["piece-1", "piece-2"] and answer[1][
            "sku"
        ] == "A-1"
        for each in answer:
            with Image.open(io.BytesIO(archive.read(each["picture"]))) as picture:
                assert picture.format == "PNG"


def test_what_was_taken_along_is_brought_back(
    api: Client, parts: Presses, browser: list[tuple[dict[str, Any], Any]]
) -> None:
    own = [piece(), piece("piece-2", title="Anna", sku="A-1")]
    packed = pieces.packed(own)
    assert pieces.unpacked(packed) == own
    page = wardrobe_page(own[0])
    page.file_uploader(key="wardrobe-brought-0").upload("wardrobe.zip", packed, "application/zip")
    again(page)
    assert [each["id"] for each in browser[-1][0]["put"]] == ["piece-2"]  # the other is there
    page.file_uploader(key="wardrobe-brought-1").upload("w.zip", b"PK no zip", "application/zip")
    again(page)
    assert [each for each in page.toast if "no exported wardrobe" in each.value]


def _zip(**members: bytes) -> bytes:
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, data in members.items():
            archive.writestr(name.replace("_", "."), data)
    return buffer.getvalue()


@pytest.mark.parametrize(
    "wrong",
    [
        b"", b"PK", _zip(), _zip(wardrobe_json=b"{"), _zip(wardrobe_json=b"[]"),
        _zip(wardrobe_json=b'{"pieces": 3}'), _zip(wardrobe_json=b'{"pieces": ["x"]}'),
        _zip(wardrobe_json=b'{"pieces": [{"picture": "gone.png"}]}'),
        _zip(wardrobe_json=b" " * 2_000_000),
        _zip(wardrobe_json=b'{"pieces": [{"picture": "a.png"}]}', a_png=bytes(2_000_000)),
    ],
)  # fmt: skip
def test_what_is_no_exported_wardrobe_is_refused(wrong: bytes) -> None:
    with pytest.raises(PhotoError, match="no exported wardrobe"):
        pieces.unpacked(wrong)


@pytest.mark.parametrize(
    "wrong",
    [
        None, "piece", {}, {"picture": "not base64!"}, {"picture": base64.b64encode(b"GIF89a").decode()},
        {"id": "../../etc"}, {"category": "spoon"}, {"picture": png(size=(2000, 10))},
    ],
)  # fmt: skip
def test_what_the_browser_tells_is_believed_only_where_it_is_a_piece(wrong: Any) -> None:
    good = piece().model_dump(mode="json")
    given = {**good, **wrong} if isinstance(wrong, dict) and wrong else wrong
    assert pieces.read([given, good]) == [piece()]


@pytest.fixture
def browser(monkeypatch: pytest.MonkeyPatch) -> list[tuple[dict[str, Any], Any]]:
    """What was asked of the browser, with what hears its answer."""
    asked: list[tuple[dict[str, Any], Any]] = []
    monkeypatch.setattr(components, "wardrobe", lambda data, done, **_: asked.append((data, done)))
    return asked


def test_the_browser_is_asked_once_for_what_it_keeps(
    api: Client, parts: Presses, browser: list[tuple[dict[str, Any], Any]]
) -> None:
    page = open_page("style", part="wardrobe")
    assert "Your wardrobe is empty" in texts(page)
    assert [data["read"] for data, _ in browser] == [True]
    again(page)
    assert {data["turn"] for data, _ in browser} == {1}  # not heard yet: it is the same question


def wardrobe_page(*known: Piece, chosen: tuple[str, ...] = ()) -> Any:
    page = open_page("style")
    page.session_state["own-pieces"] = Wardrobe(here=list(known), chosen=chosen)
    page.session_state["style-part"] = "wardrobe"
    return again(page)


def test_pieces_are_chosen_deleted_and_all_deleted_at_once(
    api: Client, parts: Presses, browser: list[tuple[dict[str, Any], Any]]
) -> None:
    page = wardrobe_page(piece(), piece("piece-2", Category.SHOE), piece("piece-3", Category.BAG))
    assert parts.ids("wardrobe") == ["piece-3", "piece-2", "piece-1"]
    assert page.button(key="wardrobe-looks").disabled
    parts.press(page, "wardrobe", "chosen", "piece-2")
    assert page.button(key="wardrobe-looks").label == "Make looks with one piece"
    parts.press(page, "wardrobe", "acted", "piece-2", "drop")
    assert parts.ids("wardrobe") == ["piece-3", "piece-1"]
    assert page.button(key="wardrobe-looks").disabled
    assert browser[-1][0]["drop"] == ["piece-2"]
    page.button(key="wardrobe-clear").click()
    again(page)
    assert "Your wardrobe is empty" in texts(page)
    assert browser[-1][0]["clear"] and not browser[-1][0]["put"]


def test_looks_are_made_with_own_pieces_and_cost_only_what_is_bought(
    api: Client, parts: Presses
) -> None:
    held = Visit(photo=b"", corrections=())
    own = [piece(), piece("piece-2", Category.SHOE)]
    sheet, boxes = pieces.laid_flat(own)
    laid = tuple(Added(box, each.category) for box, each in zip(boxes, own, strict=True))
    held = Visit(photo=sheet, title="From your wardrobe", corrections=(Laid(laid),))
    page = run(held)
    result = visit_of(page)
    assert {garment.category for garment in result.worn} == {Category.SKIRT, Category.SHOE}
    picks = result.fitting.picks(0)
    assert picks and not {Slot.BOTTOM, Slot.SHOES} & set(picks)
    bought = sum((pick.item.asking_price or Decimal(0) for pick in picks.values()), Decimal(0))
    assert f"€{bought:,.0f}" in parts.given["looks"]["looks"][0]["total"].replace(".00", "")
    assert not [each for each in page.button if each.key == "everyone"]


def test_a_sheet_with_one_piece_is_no_screenshot(api: Client, parts: Presses) -> None:
    noise = Image.effect_noise((300, 400), 90).convert("RGB")
    buffer = io.BytesIO()
    noise.save(buffer, "PNG")
    own = piece(picture=base64.b64encode(buffer.getvalue()).decode())
    sheet, (box,) = pieces.laid_flat([own])
    assert api.hold(sheet, crop=True).frame is not None  # such a picture would be taken for one
    page = run(Visit(photo=sheet, corrections=(Laid((Added(box, own.category),)),)))
    held = visit_of(page).garments
    assert held is not None and held.frame is None
    assert [garment.category for garment in held.garments] == [Category.SKIRT]


def test_a_garment_is_kept_where_the_visitor_says(
    api: Client, shop: FakeShop, parts: Presses, browser: list[tuple[dict[str, Any], Any]]
) -> None:
    page = run(Visit(photo=street()))
    assert not browser  # nowhere, until somebody says where
    parts.press(page, "photo", "picked", 0)
    button = next(each for each in page.button if each.label == "In this browser")
    button.click()
    again(page)
    data, _ = browser[-1]
    assert len(data["put"]) == 1 and "In your wardrobe" in texts(page)
    assert set(data["put"][0]) == {"id", "category", "facts", "title", "sku", "picture"}


def test_answers_to_older_questions_are_none(monkeypatch: pytest.MonkeyPatch) -> None:
    held, notes, waits = Wardrobe(here=[]), list[str](), list[bool]()
    monkeypatch.setattr(places, "wardrobe", lambda: held)
    monkeypatch.setattr(verdicts, "note", notes.append)

    def heard(**answer: Any) -> list[Piece] | None:
        places._done(answer)
        waits.append(held.orders.wait)
        return held.here

    places.keep_here(piece())
    places.keep_here(piece("piece-2"))
    assert heard(turn=1, pieces=None) == []
    assert heard(turn=2, pieces=None) == [piece(), piece("piece-2")]
    assert notes == ["Kept in your wardrobe; it is on the page Your style."]
    places.keep_here(piece("piece-3"))
    assert heard(turn=3, failed=True) == [piece(), piece("piece-2")]
    assert "keeps nothing" in notes[-1] and waits == [True, False, False]


@pytest.fixture
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The folder of a home's own store, which is not there yet."""
    monkeypatch.setenv("RECOMMENDER_HOME", str(tmp_path))
    monkeypatch.delenv("RECOMMENDER_API_KEY", raising=False)
    monkeypatch.setattr(shopkeeper, "is_at_home", lambda: True)
    return tmp_path / "wardrobe"


def test_a_home_keeps_pieces_for_its_owner_alone_and_deletes_them(home: Path) -> None:
    assert home_store.read() == [] and not home.exists()
    for name in ("piece-2", "piece-1"):
        home_store.keep(piece(name))
    assert [each.id for each in home_store.read()] == ["piece-2", "piece-1"]
    assert home.stat().st_mode & 0o077 == 0
    (home / "spoiled.json").write_text("{")
    home_store.drop(piece("piece-2"))
    assert home_store.read() == [piece()]
    home_store.clear()
    assert not home.exists()
    home_store.clear()


@pytest.mark.parametrize("reason", ["others", "key", "no home"])
def test_a_home_that_is_not_the_visitors_own_keeps_nothing(
    reason: str, home: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    home_store.keep(piece())
    if reason == "others":
        monkeypatch.setattr(shopkeeper, "is_at_home", lambda: False)
    elif reason == "key":
        monkeypatch.setenv("RECOMMENDER_API_KEY", "ctl_1_2")
    else:
        monkeypatch.delenv("RECOMMENDER_HOME")
    assert home_store.folder() is None and home_store.read() == []
    with pytest.raises(Refusal, match="nothing is kept in this home"):
        home_store.keep(piece("piece-2"))
    home_store.drop(piece())
    home_store.clear()
    assert [each.name for each in home.iterdir()] == ["piece-1.json"]


def test_a_piece_is_kept_on_this_machine_and_deleted_there(
    api: Client, parts: Presses, browser: list[tuple[dict[str, Any], Any]], home: Path
) -> None:
    page = run(Visit(photo=street()))
    parts.press(page, "photo", "picked", 0)
    next(each for each in page.button if each.label == "On this machine").click()
    again(page)
    assert "Kept in your wardrobe" in texts(page) and len(list(home.iterdir())) == 1
    assert not browser  # nothing is asked of the browser
    page = wardrobe_page(piece())
    assert len(parts.ids("wardrobe")) == 2 and "on this machine" in texts(page)
    page.button(key="wardrobe-clear").click()
    again(page)
    assert not home.exists() and "Your wardrobe is empty" in texts(page)


def test_a_full_disk_is_told(home: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    notes: list[str] = []
    monkeypatch.setattr(verdicts, "note", notes.append)
    home.write_text("in the way")
    assert not places.keep_home(piece())
    assert "wardrobe" in notes[0] or "written" in notes[0]
