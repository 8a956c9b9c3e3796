"""The photo's way through the app: taken, looked at once, corrected by hand, let go of."""

from __future__ import annotations

import base64
import re
from typing import Any

import pytest
from streamlit.proto.ForwardMsg_pb2 import ForwardMsg
from streamlit.runtime.forward_msg_queue import ForwardMsgQueue

from recommender.client import ApiProblem, Client
from recommender.wire.photo_shapes import PhotoAnswer
from recommender.wire.shapes import Wearer
from recommender.wire.state_shapes import Problem
from segmentation.common.taxonomy import Category
from tests.recommender.fake_shop import FakeShop, picture, street
from tests.ui.screens import Presses, run, texts, visit_of
from ui import components
from ui.pages import landing
from ui.parts.photo import kind_choice, photo_column
from ui.visit import asking, service
from ui.visit.corrections import Added, Changed, Removed
from ui.visit.state import Visit

BUSY = Problem(type=asking.BUSY, title="Busy", status=503, detail="Too many photos are waiting.")


def names(parts: Presses) -> list[str]:
    return [each["name"] for each in parts.given["photo"]["garments"]]


def encoded(photo: bytes) -> str:
    return base64.b64encode(photo).decode()


def test_the_zone_takes_what_the_service_takes(
    api: Client, parts: Presses, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("RECOMMENDER_MAX_UPLOAD_MB", "7.5")
    page = run()
    zone = parts.given["drop"]
    assert zone["shows"] == "zone" and zone["endings"] == list(landing.FORMATS)
    assert zone["most"] == 7_864_320 and "up to 7.5 MB" in zone["words"]["formats"]
    assert "kept nowhere" in texts(page)


def test_a_photo_leads_to_looks(api: Client, parts: Presses) -> None:
    page = run()
    parts.press(page, "drop", "photo", encoded(street()))
    assert names(parts) == ["Red shirt", "Navy pants"]
    assert len(parts.given["looks"]["looks"]) == 3
    assert " s" not in re.findall(r"\d[.\d]* s\b", texts(page))  # how fast is for developers
    assert parts.given["photo"]["words"]["missed"] == "Something missed?"


def test_what_is_no_base64_is_passed_over(api: Client, parts: Presses) -> None:
    page = run()
    parts.press(page, "drop", "photo", "%%%")
    assert visit_of(page).photo is None and parts.given["drop"]["shows"] == "zone"


def test_what_is_no_photo_is_told_and_the_zone_begins_anew(api: Client, parts: Presses) -> None:
    page = run()
    before = parts.given["drop"]["key"]
    parts.press(page, "drop", "photo", encoded(b"this is no picture"))
    assert "format is not accepted" in page.error[0].value
    assert parts.given["drop"]["key"] != before


def test_garments_are_looked_for_once(api: Client, shop: FakeShop, parts: Presses) -> None:
    page = run(Visit(photo=street()))
    parts.press(page, "photo", "picked", 1)
    assert "Similar to your navy pants" in texts(page)
    assert shop.detector.calls == 1
    parts.press(page, "photo", "picked", None)
    assert visit_of(page).garment is None and shop.detector.calls == 1


def test_what_is_drawn_anew_is_not_emptied_first(
    api: Client, parts: Presses, monkeypatch: pytest.MonkeyPatch
) -> None:
    page = run(Visit(photo=street()))
    sent: list[tuple[tuple[int, ...], str]] = []
    enqueue = ForwardMsgQueue.enqueue

    def noted(queue: ForwardMsgQueue, message: ForwardMsg) -> None:
        if message.HasField("delta"):
            delta = message.delta
            kind = delta.new_element.WhichOneof("type") or delta.WhichOneof("type")
            sent.append((tuple(message.metadata.delta_path), str(kind)))
        enqueue(queue, message)

    monkeypatch.setattr(ForwardMsgQueue, "enqueue", noted)
    parts.press(page, "photo", "picked", 1)
    emptied = {path for path, kind in sent if kind == "empty"}
    filled = {path for path, kind in sent if kind == "add_block"}
    # where the browser hears of the one before the other, what stood there is gone with its focus
    assert emptied and filled and not emptied & filled


def test_another_kind_is_told_and_all_follows(api: Client, parts: Presses) -> None:
    page = run(Visit(photo=street()))
    before = visit_of(page).completion
    key = parts.given["photo"]["key"]
    parts.press(page, "photo", "corrected", {"number": 1, "kind": "skirt"})
    held = visit_of(page)
    assert names(parts) == ["Red shirt", "Navy skirt"]
    assert held.garment == 1 and "Similar to your navy skirt" in texts(page)
    assert held.completion is not None and held.completion is not before
    assert held.corrections == (Changed(1, Category.SKIRT),)
    assert parts.given["photo"]["told"] == "Changed: skirt."
    assert parts.given["photo"]["key"] != key


def test_what_is_no_garment_is_taken_out(api: Client, parts: Presses) -> None:
    page = run(Visit(photo=street(), garment=0))
    parts.press(page, "photo", "removed", 0)
    held = visit_of(page)
    assert names(parts) == ["Navy pants"] and held.garment is None
    assert held.completion is not None and held.corrections == (Removed(0),)


def test_what_was_missed_is_added_and_selected(api: Client, parts: Presses) -> None:
    page = run(Visit(photo=street()))
    parts.press(page, "photo", "added", {"box": [20, 4, 58, 18], "kind": "hat"})
    held = visit_of(page)
    assert held.garments is not None and held.garment is not None
    assert held.garments.garments[held.garment].category == Category.HAT
    assert len(names(parts)) == 3
    parts.press(page, "photo", "added", {"box": [30, 100, 50, 118], "kind": "shoe"})
    held = visit_of(page)
    assert held.garments is not None and held.garment is not None
    assert held.garments.garments[held.garment].category == Category.SHOE


def test_a_correction_that_is_refused_changes_nothing(api: Client, parts: Presses) -> None:
    page = run(Visit(photo=street()))
    before = visit_of(page)
    done, key = before.completion, parts.given["photo"]["key"]
    parts.press(page, "photo", "added", {"box": [20, 4, 21, 5], "kind": "hat"})
    held = visit_of(page)
    assert held.corrections == () and held.completion is done and len(names(parts)) == 2
    assert parts.given["photo"]["told"] and parts.given["photo"]["key"] != key


def test_a_photo_that_is_gone_is_sent_again_with_its_corrections(
    api: Client, shop: FakeShop, parts: Presses
) -> None:
    page = run(Visit(photo=street()))
    parts.press(page, "photo", "corrected", {"number": 1, "kind": "skirt"})
    held = visit_of(page)
    assert held.garments is not None
    first = held.garments.id
    assert api.let_go(first)  # as when its time is over
    parts.press(page, "photo", "added", {"box": [20, 4, 58, 18], "kind": "hat"})
    held = visit_of(page)
    assert held.garments is not None and held.garments.id != first
    assert shop.detector.calls == 2
    assert sorted(each.category for each in held.garments.garments) == ["hat", "shirt", "skirt"]
    assert held.corrections == (Changed(1, Category.SKIRT), Added((20, 4, 58, 18), Category.HAT))


def test_corrections_that_do_not_fit_any_more_are_told(api: Client) -> None:
    held = Visit(photo=street(), corrections=(Removed(0), Removed(7), Removed(0)))
    photo = asking.hold(held)
    assert len(photo.garments) == 1 and held.corrections == (Removed(0),)
    assert "Not all of your corrections" in held.notice


def test_leaving_lets_the_photo_go(api: Client, parts: Presses) -> None:
    page = run(Visit(photo=street()))
    held = visit_of(page)
    assert held.garments is not None
    assert api.held(held.garments.id).id == held.garments.id
    next(each for each in page.button if each.label == "Another photo").click().run()
    with pytest.raises(ApiProblem) as caught:
        api.held(held.garments.id)
    assert caught.value.problem.type == asking.GONE
    assert visit_of(page) == Visit(uploads=1) and "drop" in parts.given


class Crowd:
    """A service that is busy so many times before it answers."""

    def __init__(self, times: int) -> None:
        self.times, self.asked = times, 0

    def __call__(self) -> str:
        self.asked += 1
        if self.asked <= self.times:
            raise ApiProblem(BUSY, 2.0)
        return "answer"


@pytest.fixture
def slept(monkeypatch: pytest.MonkeyPatch) -> list[float]:
    waits: list[float] = []
    monkeypatch.setattr(asking, "sleep", waits.append)
    return waits


def test_a_busy_service_is_waited_for(slept: list[float]) -> None:
    answer: list[str] = []
    crowd = Crowd(2)
    assert asking.patiently(crowd, answer.append) == "answer"
    assert slept == [2.0, 2.0] and crowd.asked == 3
    assert answer[0].endswith("trying again in 2 s")


def test_a_service_that_stays_busy_is_told(slept: list[float]) -> None:
    crowd = Crowd(9)
    with pytest.raises(ApiProblem) as caught:
        asking.patiently(crowd, lambda answer: None)
    assert caught.value.problem == BUSY and crowd.asked == asking.TRIES


def test_other_refusals_are_not_tried_again(slept: list[float]) -> None:
    asked: list[int] = []

    def refuse() -> str:
        asked.append(1)
        raise ApiProblem(BUSY.model_copy(update={"type": asking.GONE, "status": 404}))

    with pytest.raises(ApiProblem):
        asking.patiently(refuse, lambda answer: None)
    assert asked == [1] and slept == []


def test_a_busy_service_in_the_app(
    api: Client, parts: Presses, slept: list[float], monkeypatch: pytest.MonkeyPatch
) -> None:
    crowd, hold = Crowd(1), api.hold

    def crowded(photo: bytes, **asked: Any) -> Any:
        crowd()
        return hold(photo, **asked)

    monkeypatch.setattr(api, "hold", crowded)
    run(Visit(photo=street()))
    assert slept == [2.0] and crowd.asked == 2
    assert len(names(parts)) == 2


def test_all_kinds_are_offered_once(api: Client) -> None:
    assert [kind["id"] for kind in kind_choice.every()] == list(Category)


def test_every_text_of_the_component_is_given() -> None:
    """What the script and the page of the component name is what Python says."""
    parts = [*components.FOLDER.glob("outfit*.js"), components.FOLDER / "outfit.html"]
    source = "\n".join(path.read_text(encoding="utf-8") for path in parts)
    named = set(re.findall(r'data-say="(\w+)"|words\.(\w+)', source))
    given = {**landing._words(), **photo_column._words()}
    assert {one or other for one, other in named} == set(given)


def test_a_photo_without_garments_can_be_mended(api: Client, parts: Presses) -> None:
    page = run(Visit(photo=picture(size_wh=(80, 120))))
    assert "No garment was found" in texts(page) and parts.given["photo"]["open"]
    parts.press(page, "photo", "added", {"box": [10, 10, 60, 60], "kind": "shirt"})
    assert len(names(parts)) == 1 and "looks" in parts.given


def test_a_sample_is_taken(api: Client, parts: Presses) -> None:
    page = run()
    parts.press(page, "samples", "chosen", "/v1/samples/city-walk")
    assert visit_of(page).photo == street() and visit_of(page).title == "The sample outfit"
    assert service.api() is api


def test_a_screenshot_is_cropped_with_a_way_back(
    api: Client, parts: Presses, monkeypatch: pytest.MonkeyPatch
) -> None:
    hold, asked = Client.hold, []

    def held(client: Client, photo: bytes, *, everyone: bool = False, crop: bool) -> PhotoAnswer:
        asked.append(crop)
        answer = hold(client, photo, everyone=everyone)
        return answer.model_copy(update={"frame": [0, 0, 40, 60] if crop else None})

    monkeypatch.setattr(Client, "hold", held)
    page = run(Visit(photo=street()))
    assert asked == [True] and "only the photo in it" in texts(page)
    before = visit_of(page).preview
    page.button(key="whole").click().run()
    assert not page.exception and asked == [True, False] and "only the photo" not in texts(page)
    assert visit_of(page).preview not in {"", before}


def test_only_one_person_is_said(api: Client, parts: Presses) -> None:
    page = run(Visit(photo=street()))
    page.button(key="everyone").click().run()
    assert not page.exception and not visit_of(page).everyone
    assert parts.given["photo"]["told"] == "Only one person was found in the photo."
    assert names(parts) == ["Red shirt", "Navy pants"]


def test_another_persons_outfit_is_chosen(
    api: Client, parts: Presses, monkeypatch: pytest.MonkeyPatch
) -> None:
    hold, ask, asked = Client.hold, Client.complete, []

    def held(client: Client, photo: bytes, *, everyone: bool = False, crop: bool) -> PhotoAnswer:
        answer = hold(client, photo, crop=crop)
        box = answer.garments[0].box
        people = [Wearer(garments=[0], box=[50, *box[1:]]), Wearer(garments=[1], box=[0, *box[1:]])]
        return answer.model_copy(update={"wearers": people}) if everyone else answer

    def complete(client: Client, photo: Any, query: Any) -> Any:
        asked.append(query.wearer)
        return ask(client, photo, query.model_copy(update={"wearer": None}))

    monkeypatch.setattr(Client, "hold", held)
    monkeypatch.setattr(Client, "complete", complete)
    page = run(Visit(photo=street()))
    page.button(key="everyone").click().run()
    assert names(parts) == ["Red shirt"] and asked[-1] == 0
    people = page.button_group(key="wearer-0")
    assert people.value == 0 and list(people.options) == ["On the left", "On the right"]
    people.set_value(1).run()
    assert not page.exception and names(parts) == ["Navy pants"] and asked[-1] == 1
    parts.press(page, "photo", "picked", 0)
    assert visit_of(page).garment == 1  # as the whole photo numbers it


def test_a_drawn_box_comes_back_with_its_kind_guessed(api: Client, parts: Presses) -> None:
    page = run(Visit(photo=street()))
    parts.press(page, "photo", "boxed", [20, 4, 58, 18])
    guess: dict[str, Any] = parts.given["photo"]["guess"]
    assert guess["box"] == [20, 4, 58, 18] and guess["kinds"][0] == "hat"
    assert len(guess["kinds"]) == kind_choice.LIKELY and len(names(parts)) == 2
    parts.press(page, "photo", "added", {"box": guess["box"], "kind": guess["kinds"][0]})
    assert len(names(parts)) == 3 and parts.given["photo"]["guess"] is None


def test_likely_kinds_are_asked_once_for_a_garment(
    api: Client, shop: FakeShop, parts: Presses, monkeypatch: pytest.MonkeyPatch
) -> None:
    asked: list[Any] = []
    kinds = shop.detector.kinds

    def guess(photo: Any, box: Any) -> Any:
        asked.append(box)
        return kinds(photo, box)

    monkeypatch.setattr(shop.detector, "kinds", guess)
    page = run(Visit(photo=street(), garment=1))
    likely = parts.given["photo"]["likely"]
    assert len(likely) == kind_choice.LIKELY - 1 and "pants" not in likely
    page.run()
    assert len(asked) == 1 and parts.given["photo"]["likely"] == likely


def test_without_a_guess_kinds_of_the_same_place_are_offered(
    api: Client, parts: Presses, monkeypatch: pytest.MonkeyPatch
) -> None:
    def refuse(*_: Any) -> Any:
        raise ApiProblem(BUSY.model_copy(update={"type": "about:blank"}))

    monkeypatch.setattr(api, "kinds", refuse)
    run(Visit(photo=street(), garment=1, drawn=(20.0, 4.0, 58.0, 18.0)))
    assert parts.given["photo"]["likely"] == ["shorts", "skirt"]
    assert parts.given["photo"]["guess"]["kinds"] == ["top", "pants", "shoe", "bag"]
