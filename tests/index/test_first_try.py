"""The first try with a feed of addresses, and the record of what is wrong."""

from __future__ import annotations

import csv
from pathlib import Path

import pytest

from index.errors import FeedError, PicturesElsewhere
from index.feeds.rejects import read_rejects
from index.feeds.rows import FeedOptions, PictureSource, Reject
from index.importing.findings.addresses import SAMPLED
from index.importing.findings.reasons import EXAMPLES, summary
from tests.index.conftest import Shop, colour_of, picture

HOSTS = ("cdn.shop.example", "img.shop.example")


def addressed(shop: Shop, count: int) -> list[dict[str, object]]:
    return [{**shop.row(n), "image": f"https://{HOSTS[n % 3 == 0]}/{n}.png"} for n in range(count)]


class Remote:
    """A picture that counts how often it is asked for."""

    def __init__(self, address: str, asked: list[str]) -> None:
        self.address, self.asked = address, asked

    def read(self) -> bytes:
        self.asked.append(self.address)
        return picture(colour_of(len(self.address)))

    def digest(self) -> str:
        import hashlib

        return hashlib.sha256(self.read()).hexdigest()


class Counting:
    def __init__(self) -> None:
        self.asked: list[str] = []

    def picture(self, url: str) -> PictureSource:
        return Remote(url, self.asked)


def test_a_dry_run_counts_addresses_as_importable_and_names_their_hosts(shop: Shop) -> None:
    shop.write(*addressed(shop, 9))
    report = shop.run(dry_run=True)
    assert (report.added, report.rejected, report.warning_count) == (9, 0, 0)
    assert report.hosts == {HOSTS[0]: 6, HOSTS[1]: 3}


def test_an_import_of_addresses_is_refused_once_with_the_command(shop: Shop) -> None:
    shop.write(*addressed(shop, 9))
    with pytest.raises(PicturesElsewhere) as refused:
        shop.run()
    assert refused.value.got == f"9 pictures at {HOSTS[0]} (6), {HOSTS[1]} (3)"
    assert refused.value.next_step == (
        f"Allow them: recommender catalog import feed.jsonl --fetch {HOSTS[0]} --fetch {HOSTS[1]}"
    )
    assert refused.value.hosts == {HOSTS[0]: 6, HOSTS[1]: 3}
    assert shop.skus() == []


def test_a_few_addresses_cost_their_rows_alone(shop: Shop) -> None:
    shop.write(*(shop.row(n) for n in range(9)), addressed(shop, 1)[0] | {"sku": "far"})
    report = shop.run()
    assert (report.added, report.rejected, report.hosts) == (9, 1, {HOSTS[1]: 1})
    assert "--fetch" in report.rejects[0].reason


def test_a_dry_run_looks_at_a_sample_of_what_may_be_fetched(shop: Shop) -> None:
    shop.write(*addressed(shop, 60))
    fetcher = Counting()
    report = shop.run(dry_run=True, feed=FeedOptions(fetcher=fetcher))
    assert (report.added, report.hosts) == (60, {})
    looked = set(fetcher.asked)
    assert {host: sum(host in each for each in looked) for host in HOSTS} == dict.fromkeys(
        HOSTS, SAMPLED
    )


def test_what_is_held_is_unchanged_in_a_dry_run_that_reads_no_picture(shop: Shop) -> None:
    rows = addressed(shop, 8)
    shop.write(*rows)
    shop.run(feed=FeedOptions(fetcher=Counting()))
    shop.write(*rows[:7], rows[7] | {"price": "12.00"})
    report = shop.run(dry_run=True)
    assert (report.added, report.changed, report.unchanged) == (0, 1, 7)


def test_a_dry_run_lists_rejects_where_it_was_told_to(shop: Shop, tmp_path: Path) -> None:
    shop.write(
        *(shop.row(n) for n in range(8)),
        shop.row(8, price="-1"),
        shop.row(9, availability="maybe"),
        shop.row(10, category="sofa"),
    )
    path = tmp_path / "out.csv"
    report = shop.run(dry_run=True, rejects_to=path)
    assert shop.skus() == [] and report.added == 9
    with path.open(newline="") as file:
        rows = list(csv.DictReader(file))
    assert [(row["sku"], row["kind"]) for row in rows] == [
        ("s8", "rejected"), ("s10", "passed over"), ("s9", "warning")
    ]  # fmt: skip
    assert [each.sku for each in read_rejects(path)] == ["s8", "s10"]
    assert [each.sku for each in read_rejects(path, warnings=True)] == ["s9"]


def test_prices_without_a_currency_refuse_an_import_once(shop: Shop) -> None:
    shop.write(*(shop.row(n, currency="") for n in range(4)))
    assert shop.run(dry_run=True).warning_count == 4
    with pytest.raises(FeedError, match="--currency EUR"):
        shop.run()
    assert shop.run(feed=FeedOptions(currency="EUR")).added == 4


def test_what_is_wrong_is_told_by_reason() -> None:
    answer = [
        Reject(n, f"s{n}", f"price: got '1.23{n}', which could be 123{n} or 1.23{n} (line {n})")
        for n in range(5)
    ]
    answer.append(Reject(9, "x", "picture 'a.jpg' is not there"))
    first, second = summary(answer)
    assert first.reason == "price: got …, which could be … or …"
    assert (first.count, [each.sku for each in first.examples]) == (
        5,
        ["s0", "s1", "s2"][:EXAMPLES],
    )
    assert "1299.00" in first.mend
    assert (second.count, second.reason) == (1, "picture … is not there")


def test_too_many_bad_rows_are_told_by_reason(shop: Shop) -> None:
    shop.write(*(shop.row(n, price="-1") for n in range(3)), shop.row(4))
    with pytest.raises(FeedError) as refused:
        shop.run()
    assert "and 2 more like it" in refused.value.got
