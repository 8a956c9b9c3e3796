"""What axe finds on a page, in the light and in the dark."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final, Literal

from axe_playwright_python.base import AXE_SCRIPT
from playwright.sync_api import Page

GRAVE: Final = frozenset({"serious", "critical"})
STILL: Final = """() => document.getAnimations().every(
    (each) => each.playState !== 'running' || each.effect?.getTiming().iterations === Infinity)"""
"""Nothing fades in or out any more: a colour halfway is nobody's."""

PAINTED: Final = """(dark) => {
    const app = document.querySelector('[data-testid=stApp]');
    const paper = getComputedStyle(app).backgroundColor.match(/\\d+/g).slice(0, 3).map(Number);
    return Math.max(...paper) < 128 === dark;
}"""


def hold(page: Page) -> None:
    """Hold that axe finds nothing serious: all rules as the page is, the colours in both schemes."""
    if not page.evaluate("'axe' in window"):
        page.evaluate(AXE_SCRIPT)
    now: Literal["dark", "light"] = "dark" if _is_dark(page) else "light"
    then: Literal["dark", "light"] = "light" if now == "dark" else "dark"
    found = _grave(page, now, {})
    page.emulate_media(color_scheme=then)
    page.wait_for_function(PAINTED, arg=then == "dark")
    found += _grave(page, then, {"runOnly": ["color-contrast"]})
    page.emulate_media(color_scheme=now)
    page.wait_for_function(PAINTED, arg=now == "dark")
    assert not found, "\n".join(found)


def _is_dark(page: Page) -> bool:
    return bool(page.evaluate("matchMedia('(prefers-color-scheme: dark)').matches"))


def _grave(page: Page, scheme: str, options: Mapping[str, Any]) -> list[str]:
    # a toast is Streamlit's own dialog without a name, gone after seconds; nothing can name it
    page.wait_for_function(STILL)
    asked = {"resultTypes": ["violations"], **options}
    violations = page.evaluate("asked => axe.run({exclude: ['.stToast']}, asked)", asked)[
        "violations"
    ]
    return [
        f"{scheme}: {each['id']} ({each['impact']}): {node['target']}\n  {node['html'][:200]}"
        f"\n  {' '.join(entry['message'] for entry in node['any'])}"
        for each in violations
        if each["impact"] in GRAVE
        for node in each["nodes"]
    ]
