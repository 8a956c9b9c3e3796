"""The first try with a feed from the shell: hosts, proposals, and what is wrong, by reason."""

from __future__ import annotations

import json

from tests.recommender.cli.conftest import Shell

FAR = {"sku": "far", "title": "Red dress", "image": "https://cdn.shop.example/a.jpg"}


def test_a_feed_of_addresses_is_told_with_the_command_that_lets_it_in(shell: Shell) -> None:
    path = shell.file("my feed.jsonl", json.dumps(FAR).encode())
    answer = shell.refused("catalog", "import", path)
    assert "1 picture at cdn.shop.example (1)" in answer
    assert f"recommender catalog import '{path}' --fetch cdn.shop.example" in answer
    [dry] = shell.ok("catalog", "import", path, "--dry-run")
    assert (dry["added"], dry["hosts"]) == (1, {"cdn.shop.example": 1})
    assert dry["allow"] == f"recommender catalog import '{path}' --fetch cdn.shop.example"


def test_what_is_wrong_is_told_by_reason_and_listed_where_asked(shell: Shell) -> None:
    path = shell.feed([{"sku": n, "title": f"Dress {n}", "availability": "maybe"} for n in "abcde"])
    result = shell.run("catalog", "import", path, "--dry-run")
    assert "5 x availability: got …" in result.stderr and "mend: Write in stock" in result.stderr
    assert result.stderr.count("row ") == 3
    rejects = shell.folder / "out.csv"
    [answer] = shell.ok("catalog", "import", path, "--dry-run", "--rejects", rejects)
    assert (answer["warnings"], answer["rejects"]) == (5, str(rejects))
    assert rejects.read_text().count(",warning") == 5


def test_a_proposal_is_shown_and_nothing_is_stored(shell: Shell) -> None:
    text = 'Nr,Was,Kosten,Zeigt\nA1,Red wool dress,"49,90",https://x.example/a.jpg\n'
    path = shell.file(
        "feed.csv",
        (text + text.splitlines()[1].replace("A1", "A2").replace("Red", "Blue")).encode(),
    )
    [answer] = shell.ok("catalog", "import", path, "--suggest-map")
    fields = {each["column"]: each["field"] for each in answer["columns"]}
    assert fields == {"Nr": "sku", "Was": "title", "Kosten": "price", "Zeigt": "image"}
    shown = shell.run("catalog", "import", path, "--suggest-map")
    assert (
        "--map Nr=sku --map Was=title --map Kosten=price --map Zeigt=image --dry-run"
        in shown.stdout
    )
    assert "cannot be looked at" in shell.refused(
        "catalog", "import", shell.folder, "--suggest-map"
    )


def test_gaps_are_told_for_people_programs_and_spreadsheets(stocked: Shell) -> None:
    rows = stocked.ok("catalog", "gaps", "--least", "1")
    shown = stocked.run("catalog", "gaps", "--least", "1", "--csv")
    assert shown.stdout.splitlines()[0].startswith(
        "slot,audience,formality,warmth,price_band,items,wanting,share,"
    )
    assert len(shown.stdout.splitlines()) == 1 + len(rows)
    assert stocked.run("catalog", "gaps").exit_code == 0
