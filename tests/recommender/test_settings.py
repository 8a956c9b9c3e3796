from __future__ import annotations

from pathlib import Path
from typing import Literal

import pytest

from index.distributed.fleet import Resources
from recommender.errors import SettingsError
from recommender.runtime.workers import WorkerRecipe
from recommender.settings import PREFIX, Settings, read_settings


@pytest.fixture(autouse=True)
def _clean(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in Settings.model_fields:
        monkeypatch.delenv(PREFIX + name.upper(), raising=False)


def test_defaults() -> None:
    settings = read_settings()
    assert settings.home.name == "complete-the-look"
    assert settings.catalogue_url == f"sqlite:///{settings.home}/catalog.sqlite3"
    assert settings.api_address == "http://127.0.0.1:8000"
    assert (settings.max_bytes, settings.max_pixels) == (15 * 2**20, 50_000_000)


def test_the_environment_rules(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setenv("RECOMMENDER_HOME", str(tmp_path))
    monkeypatch.setenv("RECOMMENDER_DATABASE_URL", "postgresql://shop")
    monkeypatch.setenv("RECOMMENDER_API_URL", "http://api/")
    settings = read_settings()
    assert settings.home == tmp_path
    assert (settings.catalogue_url, settings.api_address) == ("postgresql://shop", "http://api")


@pytest.mark.parametrize("url", ["", "sqlite:///shop.sqlite3"])
def test_pgvector_needs_the_catalogue_on_postgresql(
    monkeypatch: pytest.MonkeyPatch, url: str
) -> None:
    monkeypatch.setenv("RECOMMENDER_STORE", "pgvector")
    monkeypatch.setenv("RECOMMENDER_DATABASE_URL", url)
    monkeypatch.setenv("RECOMMENDER_MILVUS_TOKEN", "hunter2")
    with pytest.raises(
        SettingsError, match=r"RECOMMENDER_DATABASE_URL=postgresql\+psycopg"
    ) as caught:
        read_settings()
    assert "hunter2" not in str(caught.value) + str(caught.value.__cause__)
    monkeypatch.setenv("RECOMMENDER_DATABASE_URL", "postgresql://somewhere/shop")
    assert read_settings().store == "pgvector"


def test_another_store_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("RECOMMENDER_STORE", "chroma")
    with pytest.raises(SettingsError, match=r"'chroma'.*'faiss', 'pgvector' or 'milvus'"):
        read_settings()


def test_a_secret_is_not_shown(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("RECOMMENDER_MILVUS_TOKEN", "root:hunter2")
    settings = read_settings()
    assert settings.milvus_token.get_secret_value() == "root:hunter2"
    assert "hunter2" not in repr(settings) + str(settings)


def test_all_mistakes_are_told_at_once(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("RECOMMENDER_API_PORT", "eighty")
    monkeypatch.setenv("RECOMMENDER_MAX_UPLOAD_MB", "-1")
    with pytest.raises(SettingsError) as caught:
        read_settings()
    assert "RECOMMENDER_API_PORT='eighty'" in caught.value.got
    assert "RECOMMENDER_MAX_UPLOAD_MB='-1'" in caught.value.got


@pytest.mark.parametrize(
    ("engine", "gpus", "expected"),
    [("auto", 0, "cpu"), ("auto", 0.5, "auto"), ("cuda", 0, "cuda"), ("int8", 1, "int8")],
)
def test_a_worker_takes_a_gpu_where_one_is_kept_for_it(
    engine: Literal["auto", "cuda", "int8"], gpus: float, expected: str
) -> None:
    recipe = WorkerRecipe.of(Settings(engine=engine), Resources(cpus=2, gpus=gpus))
    assert (recipe.settings.engine, recipe.settings.threads) == (expected, 2)
