"""A shop's words that mean something to Markdown, and to Streamlit's own signs in it."""

from __future__ import annotations

from typing import Final

WORDS: Final = (
    "2 for $10, 3 for $12 ![t](http://evil.example/t.png) **bold** :red[red] $x^2$ "
    "[here](http://evil.example) :tada: :material/home: www.evil.example <b>b</b> a -- b"
)
"""What is drawn of it is to be these very letters; no picture of another host is fetched."""
BRAND: Final = (
    "![t](http://evil.example/b.png) **bold** :red[a] $x^2$ :tada: :material/home: www.evil.example"
)
"""As `WORDS`, short enough to be filtered by."""
