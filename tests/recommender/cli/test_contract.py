"""What other programs rely on: commands, exit codes, JSON keys."""

from __future__ import annotations

import json
from pathlib import Path

import numpy as np
import pytest

from recommender.compatibility.saved import FILE, read_model
from segmentation.common import masks
from segmentation.common.taxonomy import Category
from tests.fakes import FakeEncoder
from tests.recommender.cli.conftest import ROWS, Shell, picture
from tests.recommender.fakes import FakeDetector
from tests.street import write_street
from tests.tiny_encoder import write_encoder


def test_segment(shell: Shell) -> None:
    one, two = shell.file("a.png", picture()), shell.file("b.jpg", picture(kind="JPEG"))
    first, second = shell.ok("segment", one, two)
    assert set(first) == {"photo", "width", "height", "garments", "wearers", "ms"}
    assert (first["photo"], second["photo"]) == (str(one), str(two))
    assert (first["width"], first["height"]) == (40, 60)
    garment = first["garments"][0]
    assert set(garment) == {"category", "score", "box", "mask", "attributes"}
    assert garment["category"] == "dress" and garment["attributes"]["colour"] == "red"
    assert garment["box"] == [8.0, 6.0, 32.0, 48.0]
    assert garment["mask"]["size"] == [60, 40] and isinstance(garment["mask"]["counts"], str)
    assert masks.decode(garment["mask"]).sum() == 24 * 42
    assert set(first["ms"]) == {"decode", "segment"}


def test_segment_tells_passers_by_where_asked_for(shell: Shell) -> None:
    shell.detector.passers_by = [(Category.HAT, 0.5, (0.8, 0.0, 1.0, 0.2))]
    photo = shell.file("a.png", picture())
    [main], [everyone] = shell.ok("segment", photo), shell.ok("segment", photo, "--everyone")
    assert len(everyone["garments"]) == len(main["garments"]) + 1
    assert everyone["garments"][-1]["category"] == "hat"
    [wearer] = main["wearers"]
    assert wearer["garments"] == list(range(len(main["garments"])))


def test_one_bad_photo_does_not_stop_the_others(shell: Shell) -> None:
    bad, good = shell.file("bad.jpg", b""), shell.file("good.png", picture())
    result = shell.run("segment", bad, good, "--json")
    assert result.exit_code == 1
    assert [json.loads(line)["photo"] for line in result.stdout.splitlines()] == [str(good)]
    assert "the picture is empty" in result.stderr and str(bad) in result.stderr


def test_complete(stocked: Shell) -> None:
    stocked.detector = FakeDetector([stocked.detector.found[0]])
    [answer] = stocked.ok("complete", stocked.file("a.png", picture()))
    assert set(answer) == {"look", "slots"}
    assert set(answer["slots"]) == {"shoes", "outer", "bag", "accessories"}
    for candidates in answer["slots"].values():
        for candidate in candidates:
            assert set(candidate) == {"sku", "score", "why"}
    assert "outer" not in answer["look"]["picks"]  # a parka is not for a mild day
    assert set(answer["look"]) == {
        "picks", "score", "totals", "worn", "idea", "change", "reason", "alternatives", "notes",
        "context", "is_complete", "told", "ms",
    }  # fmt: skip
    assert answer["slots"]["accessories"] == []  # the cap is for kids
    assert len(answer["look"]["alternatives"]) == 1
    assert answer["look"]["context"]["text"] == "smart, mild day"
    assert list(answer["look"]["ms"]) == ["decode", "segment", "cutout", "encode", "search", "rank"]


def test_complete_takes_slots_a_budget_and_a_number(stocked: Shell) -> None:
    photo = stocked.file("a.png", picture())
    [answer] = stocked.ok(
        "complete", photo, "--slot", "bag", "--slot", "outer", "--budget", "50", "-k", "1"
    )
    assert {slot: [c["sku"] for c in pool] for slot, pool in answer["slots"].items()} == {
        "outer": [],
        "bag": [answer["look"]["picks"]["bag"]],
    }
    assert "outer" in answer["look"]["notes"]


@pytest.mark.parametrize("query", ["photo", "item", "text"])
def test_similar(stocked: Shell, query: str) -> None:
    given: dict[str, str | Path] = {
        "photo": stocked.file("a.png", picture()),
        "item": "gown",
        "text": "a red dress",
    }
    [answer] = stocked.ok("similar", f"--{query}", given[query], "--category", "bag", "-k", "2")
    assert set(answer) == {"hits"}
    assert {hit["sku"] for hit in answer["hits"]} == {"tote", "clutch"}
    scores = [hit["score"] for hit in answer["hits"]]
    assert scores == sorted(scores, reverse=True)
    assert {"title", "category", "slot", "brand", "price", "currency"} < set(answer["hits"][0])


def test_similar_but_otherwise(shell: Shell) -> None:
    shell.encoder = FakeEncoder(
        said={"like the tote bag": (106, 194, 46)}
    )  # as `Shell.feed` paints it
    shell.ok("catalog", "import", shell.feed())

    def bags(*words: str | Path) -> list[str]:
        [answer] = shell.ok("similar", "--category", "bag", *words)
        return [hit["sku"] for hit in answer["hits"]]

    skirt = ("--item", "skirt")
    assert bags(*skirt) == ["clutch", "tote"]
    assert bags(*skirt, "--but", "like the tote") == ["tote", "clutch"]
    assert bags(*skirt, "--but", "like the tote", "--max-price", "30") == ["clutch"]
    photo = ("--photo", shell.file("navy.png", picture((90, 40, 160))))
    assert bags(*photo) == ["clutch", "tote"]
    assert bags(*photo, "--but", "like the tote") == ["tote", "clutch"]


def test_similar_keeps_to_a_price(stocked: Shell) -> None:
    [answer] = stocked.ok("similar", "--text", "bag", "--max-price", "30", "--min-price", "20")
    assert [hit["sku"] for hit in answer["hits"]] == ["clutch"]


def test_remarks_go_to_stderr(stocked: Shell) -> None:
    stocked.detector = FakeDetector()
    result = stocked.run("similar", "--photo", stocked.file("a.png", picture()), "--json")
    assert result.exit_code == 0 and json.loads(result.stdout)["hits"]
    assert "the whole picture was compared" in result.stderr


@pytest.mark.parametrize("whole", [True, False])
def test_embed_pictures(shell: Shell, whole: bool) -> None:
    paths = [shell.file("a.png", picture()), shell.file("b.png", picture((20, 40, 90)))]
    words = ["--whole"] if whole else []
    [record] = shell.ok("embed", "--out", "sub/v.npy", *paths, *words)
    vectors = np.load(shell.folder / "sub" / "v.npy")
    assert vectors.shape == (2, 8) == (record["count"], record["dim"])
    assert vectors.dtype == np.float32
    assert np.allclose(np.linalg.norm(vectors, axis=1), 1, atol=1e-6)
    assert shell.detector.calls == (0 if whole else 2)
    assert record["encoder"] == "fake-1" and shell.encoder.calls == 1


def test_embed_words_writes_to_the_very_path(shell: Shell) -> None:
    shell.ok("embed", "--out", "words", "--text", "red", "--text", "blue")
    assert np.load(shell.folder / "words").shape == (2, 8)


def test_catalog_import_is_idempotent(shell: Shell) -> None:
    [first] = shell.ok("catalog", "import", shell.feed())
    assert (first["added"], first["encoded"], first["rejects"]) == (len(ROWS), len(ROWS), None)
    [second] = shell.ok("catalog", "import", shell.feed())
    assert (second["unchanged"], second["encoded"]) == (len(ROWS), 0)
    assert set(first) == {
        "added", "changed", "unchanged", "removed", "withheld", "encoded", "rejected",
        "pictures_left_out", "warnings", "findings", "hosts", "allow", "rejects", "generation",
        "seconds", "dry_run",
    }  # fmt: skip


def test_catalog_import_options(shell: Shell) -> None:
    feed = shell.feed([{**row, "name": row["title"], "currency": ""} for row in ROWS])
    renamed = feed.read_text().replace('"title"', '"was"')
    feed.write_text(renamed)
    words = ("catalog", "import", feed, "--format", "jsonl", "--map", "name=title")
    [dry] = shell.ok(*words, "--currency", "USD", "--dry-run")
    assert (dry["dry_run"], dry["added"], dry["generation"]) == (True, len(ROWS), 0)
    assert shell.skus() == []
    shell.ok(*words, "--currency", "USD")
    [item] = shell.ok("catalog", "show", "tote")
    assert (item["title"], item["price"], item["currency"]) == ("Tote", "40.00", "USD")


def test_bad_rows_are_listed(shell: Shell) -> None:
    feed = shell.feed()
    (feed.parent / "boots.png").write_bytes(b"no picture")
    result = shell.run("catalog", "import", feed, "--json")
    assert result.exit_code == 0, result.output
    record = json.loads(result.stdout)
    assert (record["rejected"], record["rejects"]) == (1, "rejects.csv")
    assert "boots" in Path("rejects.csv").read_text()
    assert "boots" in result.stderr


def test_catalog_list_show_remove(stocked: Shell) -> None:
    assert stocked.skus() == sorted(row["sku"] for row in ROWS)
    bags = stocked.ok("catalog", "list", "--category", "bag")
    assert [row["sku"] for row in bags] == ["clutch", "tote"]
    page = stocked.ok("catalog", "list", "--after", "gown", "-n", "2")
    assert [row["sku"] for row in page] == ["parka", "pumps"]
    [shown] = stocked.ok("catalog", "show", "tote")
    assert (shown["sku"], shown["slot"], shown["price"]) == ("tote", "bag", "40.00")
    [removed] = stocked.ok("catalog", "remove", "tote", "cap")
    assert removed == {"removed": ["cap", "tote"]}
    assert "tote" not in stocked.skus()
    [left] = stocked.ok("similar", "--text", "bag", "--category", "bag")
    assert [hit["sku"] for hit in left["hits"]] == ["clutch"]
    assert "'tote'" in stocked.refused("catalog", "remove", "tote")
    assert "'tote'" in stocked.refused("catalog", "show", "tote")


def test_index_commands(stocked: Shell) -> None:
    [status] = stocked.ok("index", "status")
    assert (status["generation"], status["items"], status["current"]) == (1, len(ROWS), True)
    assert (status["search"], status["why"]) == ("exact", "up to 5,000 vectors")
    [built] = stocked.ok("index", "build")
    assert (built["generation"], built["encoded"]) == (2, 0)
    [verified] = stocked.ok("index", "verify")
    assert verified["intact"] is True
    [rolled] = stocked.ok("index", "rollback")
    assert rolled["generation"] == 1
    [again] = stocked.ok("index", "build", "--encode-again")
    assert again["encoded"] == len(ROWS)


def test_tables_for_people(stocked: Shell) -> None:
    photo = stocked.file("a.png", picture())
    for words, expected in [
        (("segment", photo), "dress"),
        (("complete", photo), "Look 1"),
        (("similar", "--item", "tote"), "Clutch"),
        (("catalog", "list"), "8 of 8 items"),
        (("catalog", "show", "tote"), "40.00"),
        (("index", "status"), "fake-1"),
        (("embed", "--out", "v.npy", "--text", "red"), "1 vectors of 8 numbers"),
    ]:
        result = stocked.run(*words)
        assert result.exit_code == 0, result.output
        assert expected in result.stdout


@pytest.mark.parametrize(
    "words",
    [
        "nonsense",
        "segment",
        "complete",
        "complete a.jpg --slot sofa",
        "complete a.jpg --budget lots",
        "complete a.jpg --budget -1",
        "complete a.jpg -k 0",
        "complete a.jpg --item tote",
        "complete a.jpg --keep sofa",
        "similar",
        "similar --text red --item tote",
        "similar --text red --category sofa",
        "similar --text red --max-price nan",
        "similar --text red --garment 1",
        "similar --text shirt --but red",
        "similar --but red",
        "similar --text red -k many",
        "embed a.jpg",
        "embed --out v.npy",
        "embed --out v.npy a.jpg --text red",
        "catalog import",
        "catalog import feed --map title",
        "catalog show",
        "index sideways",
        "train segmentation",
        "evaluate compatibility --data feed --split train",
        "serve api --port 0",
    ],
)
def test_wrong_usage_is_2(shell: Shell, words: str) -> None:
    result = shell.run(*words.split())
    assert result.exit_code == 2, result.output
    assert result.stdout == "" and result.stderr


def test_the_compatibility_model_trains_and_is_measured(
    shell: Shell, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("RECOMMENDER_ENCODER", str(write_encoder(shell.folder / "encoder")))
    street = write_street(shell.folder / "street", 90)
    [record] = shell.ok("train", "compatibility", "--data", street, "--steps", "3", "--out", "mine")
    assert record == {"weights": "mine"}
    assert {path.name for path in Path("mine").iterdir()} == {FILE, "kinds.json"}
    model = read_model(Path("mine") / FILE)
    assert 0 <= model.least < 1
    kinds = json.loads((Path("mine") / "kinds.json").read_text())
    assert kinds == {"outfits": 30, "kinds": {"hat": 30, "pants": 30}, "pairs": {"hat+pants": 30}}
    said = shell.refused("evaluate", "compatibility", "--data", street)
    assert "image tower of timm's" in said
    ask = ("evaluate", "compatibility", "--shipped", "--data", street, "--seeds", "1")
    assert "trained for another encoder" in shell.refused(*ask)
    monkeypatch.setenv("RECOMMENDER_COMPATIBILITY", "mine")
    [value] = shell.ok(*ask, "--split", "train")
    assert value["outfits"] == {"asked": 30} and value["questions"]["fitb"] > 0
    assert {"random", "cosine, encoder", "shipped"} <= value["models"].keys()
    assert 0 <= value["models"]["shipped"]["fitb"] <= 1
    assert "no outfits of the split 'nowhere'" in shell.refused(*ask, "--split", "nowhere")


def test_too_few_outfits_are_refused(shell: Shell, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("RECOMMENDER_ENCODER", str(write_encoder(shell.folder / "encoder")))
    street = write_street(shell.folder / "street")
    said = shell.refused("train", "compatibility", "--data", street)
    assert "too few outfits" in said and "hundreds of outfits" in said


@pytest.mark.parametrize("command", ["train", "evaluate"])
@pytest.mark.parametrize("model", ["segmentation", "encoder", "compatibility"])
def test_data_that_is_not_there(shell: Shell, command: str, model: str) -> None:
    assert "/nowhere" in shell.refused(command, model, "--data", shell.folder, "/nowhere")


def test_wrong_settings_are_refused(shell: Shell, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("RECOMMENDER_THREADS", "-4")
    assert "RECOMMENDER_THREADS='-4'" in shell.refused("similar", "--text", "red")
