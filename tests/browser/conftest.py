"""The running app, once for all journeys, and visitors before it."""

from __future__ import annotations

import os
import shutil
from collections.abc import Callable, Iterator
from contextlib import ExitStack

import pytest
from playwright.sync_api import Browser, sync_playwright

from tests.browser import running
from tests.browser.visitor import DESKTOP, PHONE, Device, Permission, Visitor

Arrive = Callable[..., Visitor]


@pytest.fixture(scope="package")
def address(
    request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[str]:
    """The app's address; of one that runs already, where JOURNEY_URL says so."""
    if url := os.environ.get("JOURNEY_URL"):
        yield url
        return
    folder = tmp_path_factory.mktemp("app")
    shutil.copytree(request.getfixturevalue("boutique"), folder / "home")
    with running.app(folder / "home", log=folder / "demo.log") as url:
        yield url


@pytest.fixture(scope="package")
def browser() -> Iterator[Browser]:
    """Chromium without a window, with a camera that sees a test picture."""
    with sync_playwright() as playwright:
        browser = running.launch(playwright)
        yield browser
        browser.close()


@pytest.fixture(params=[DESKTOP, PHONE], ids=lambda device: device.name)
def device(request: pytest.FixtureRequest) -> Device:
    """Each size in turn."""
    found: Device = request.param
    return found


@pytest.fixture
def arrive(browser: Browser, address: str, device: Device) -> Iterator[Arrive]:
    """Opens the app as a newcomer; afterwards holds that nothing went wrong behind the screen."""
    came: list[Visitor] = []
    with ExitStack() as opened:

        def arrive(
            path: str = "", *, may: tuple[Permission, ...] | None = None, **options: object
        ) -> Visitor:
            context = device.context(browser, **options)
            opened.callback(context.close)
            if may is not None:
                context.grant_permissions(list(may), origin=address)
            visitor = Visitor(context.new_page(), device, address)
            came.append(visitor)
            visitor.watch()
            visitor.go(path)
            return visitor

        yield arrive
        assert [wrong for visitor in came for wrong in visitor.wrong] == []


@pytest.fixture
def visitor(arrive: Arrive) -> Visitor:
    """A newcomer on the first screen."""
    return arrive()
