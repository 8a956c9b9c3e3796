"""What Streamlit serves, before anybody has come."""

from __future__ import annotations

import importlib
from pathlib import Path

from streamlit.runtime.pages_manager import PagesManager

from ui import server


def test_the_first_visitor_may_come_by_a_link_to_a_page() -> None:
    """Else the folder `pages` beside the script counts as its pages, until it has run once."""
    assert "uses_pages_directory" in vars(PagesManager)
    script = Path(server.__file__).with_name("app.py")
    assert script.with_name("pages").is_dir()
    PagesManager.uses_pages_directory = None  # as in a new process
    importlib.reload(server)
    PagesManager(str(script))
    assert PagesManager.uses_pages_directory is False
