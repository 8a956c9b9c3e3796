"""Sections -> one HTML file that asks nothing of any other host, and shows no photo."""

from __future__ import annotations

from collections.abc import Sequence
from html import escape
from typing import Final

from segmentation.training.exploring.plots import plot
from segmentation.training.exploring.section import Cell, Section
from segmentation.training.exploring.survey import Survey

MOST_ROWS: Final = 500
"""Longer tables are cut on the page; the JSON has all of them."""

_STYLE: Final = """
body { font: 16px/1.5 system-ui, sans-serif; color: #1a1a1a; background: #fff; margin: 0 auto;
       max-width: 76rem; padding: 1.5rem; }
h1 { font-size: 1.7rem; margin: 0; } h2 { font-size: 1.2rem; margin: 0 0 .25rem; }
section { border-top: 1px solid #ddd; margin-top: 2rem; padding-top: 1.25rem; }
p { margin: .25rem 0 1rem; max-width: 45rem; }
nav a { margin-right: 1rem; } a { color: #00568a; }
.beside { display: flex; flex-wrap: wrap; gap: 1.5rem; align-items: flex-start; }
figure { margin: 0; flex: 1 1 34rem; min-width: 0; }
figure svg { max-width: 100%; height: auto; }
.rows { flex: 1 1 20rem; min-width: 0; overflow: auto; max-height: 34rem; }
table { border-collapse: collapse; font-size: .875rem; }
caption { text-align: left; color: #555; padding-bottom: .25rem; }
th, td { text-align: left; vertical-align: top; padding: .2rem .8rem .2rem 0;
         border-bottom: 1px solid #eee; white-space: nowrap; }
td:last-child:not(.number) { white-space: normal; overflow-wrap: anywhere; min-width: 12rem; }
thead th { white-space: normal; vertical-align: bottom; border-bottom: 1px solid #999;
           position: sticky; top: 0; background: #fff; }
.number { text-align: right; font-variant-numeric: tabular-nums; }
"""


def html_page(survey: Survey, sections: Sequence[Section]) -> str:
    """Return the report; everything that the data set names is escaped."""
    title = escape(f"{survey.name}: {len(survey.photos)} photos ({survey.kind})")
    links = "".join(f'<a href="#{each.name}">{escape(each.title)}</a>' for each in sections)
    return (
        '<!doctype html>\n<html lang="en">\n<head>\n<meta charset="utf-8">\n'
        '<meta name="viewport" content="width=device-width, initial-scale=1">\n'
        '<meta http-equiv="Content-Security-Policy" '
        "content=\"default-src 'none'; style-src 'unsafe-inline'\">\n"
        f"<title>{title}</title>\n<style>{_STYLE}</style>\n</head>\n<body>\n<main>\n"
        f'<h1>{title}</h1>\n<nav aria-label="Sections">{links}</nav>\n'
        f"{''.join(map(_section, sections))}</main>\n</body>\n</html>\n"
    )


def _section(section: Section) -> str:
    drawn = plot(section)
    figure = f"<figure>{drawn}</figure>\n" if drawn else ""
    return (
        f'<section id="{section.name}" aria-labelledby="{section.name}-title">\n'
        f'<h2 id="{section.name}-title">{escape(section.title)}</h2>\n'
        f"<p>{escape(section.summary)}</p>\n"
        f'<div class="beside">\n{figure}{_table(section)}</div>\n</section>\n'
    )


def _table(section: Section) -> str:
    if not section.rows:
        return ""
    shown = section.rows[:MOST_ROWS]
    left = len(section.rows) - len(shown)
    text = f"The first {len(shown)} of {len(section.rows)}; --json has all." if left else ""
    numeric = [not isinstance(cell, str) for cell in shown[0]]
    head = "".join(
        _cell("th", word, number, ' scope="col"')
        for word, number in zip(section.columns, numeric, strict=True)
    )
    body = "".join(
        "<tr>"
        + "".join(_cell("td", cell, number) for cell, number in zip(row, numeric, strict=True))
        + "</tr>\n"
        for row in shown
    )
    caption = f"<caption>{text}</caption>" if text else ""
    return (
        f'<div class="rows" tabindex="0" role="region" aria-label="{escape(section.title)}, table">'
        f"<table>{caption}<thead><tr>{head}</tr></thead>\n<tbody>\n{body}</tbody></table></div>\n"
    )


def _cell(tag: str, cell: Cell, number: bool, more: str = "") -> str:
    kind = ' class="number"' if number else ""
    return f"<{tag}{kind}{more}>{escape(str(cell))}</{tag}>"
