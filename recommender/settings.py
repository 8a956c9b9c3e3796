"""Settings: environment variables that begin with `RECOMMENDER_`, read once at the entry point.

docs/settings.md lists them all; tests hold that it does.
"""

from __future__ import annotations

import re
from pathlib import Path
from typing import Final, Literal, Self

import platformdirs
from pydantic import Field, SecretStr, ValidationError, field_validator, model_validator
from pydantic_settings import BaseSettings, SettingsConfigDict

from recommender.errors import SettingsError

PREFIX: Final = "RECOMMENDER_"
SAM_FILES: Final = {
    "vit_b": "sam_vit_b_01ec64.pth",
    "vit_l": "sam_vit_l_0b3195.pth",
    "vit_h": "sam_vit_h_4b8939.pth",
}
"""segment-anything's published checkpoints by size."""
_RATE: Final = re.compile(r"|[1-9][0-9]{0,5}/(second|minute|hour|day)")


class Settings(BaseSettings):
    """All settings with their defaults."""

    model_config = SettingsConfigDict(
        env_prefix=PREFIX, frozen=True, extra="ignore", hide_input_in_errors=True
    )

    home: Path = Field(
        default_factory=lambda: Path(platformdirs.user_data_dir("complete-the-look")),
        description="Folder that holds the catalogue, its pictures and its index.",
    )
    database_url: str = Field(
        default="", description="SQLAlchemy URL of the catalogue; empty for SQLite inside the home."
    )
    store: Literal["faiss", "pgvector", "milvus"] = Field(
        default="faiss",
        description="Where vectors are searched: FAISS on this machine, pgvector in the catalogue's "
        "PostgreSQL, or a Milvus server.",
    )
    milvus_uri: str = Field(
        default="http://127.0.0.1:19530", min_length=1, description="Where the Milvus server is."
    )
    milvus_token: SecretStr = Field(
        default=SecretStr(""),
        description="What the Milvus server lets us in with: user:password, or a key.",
    )
    detector: Path | None = Field(
        default=None,
        description="Weights of the garment detector; the shipped ones where not given.",
    )
    sam: Path | None = Field(
        default=None,
        description="A segment-anything checkpoint that refines masks; off where not given.",
    )
    encoder: str = Field(
        default="",
        description="A folder in open_clip's local-dir layout, or any open_clip model name; "
        "the shipped encoder where not given.",
    )
    compatibility: Path | None = Field(
        default=None,
        description="Folder of a compatibility model that was trained for this encoder; the shipped "
        "one where not given. Without one for this encoder, a rule of similarity and colour scores.",
    )
    stylist: Path | None = Field(
        default=None,
        description="A shop's own table of dress conventions, laid over the shipped one: what is never "
        "or always worn together, brands that belong together. See docs/stylist.md.",
    )
    least_confidence: float | None = Field(
        default=None,
        ge=0,
        le=1,
        description="How sure the encoder must be of an item's kind where the shop does not say it; "
        "less is a reject. What the encoder's calibration found where not given.",
    )
    fetch: str = Field(
        default="",
        description="Where a feed's pictures may be fetched from, parted by commas: schemes (https), "
        "hosts, buckets (s3://pictures); empty fetches nothing.",
    )
    photo_urls: str = Field(
        default="",
        description="Where photos may be fetched from when a request names one by `url`, as for "
        "`fetch`; empty fetches none.",
    )
    photo_minutes: float = Field(
        default=15.0,
        gt=0,
        le=1440,
        description="So long the API holds a photo in memory after it was last used.",
    )
    share_days: int = Field(
        default=30, ge=1, le=365, description="After so many days a shared look is gone."
    )
    webhooks: str = Field(
        default="",
        description="Where webhooks may be sent to, parted by commas, as for `fetch`; empty sends none.",
    )
    webhook_networks: str = Field(
        default="",
        description="Networks that webhooks reach although they are not public, such as 10.1.0.0/16, "
        "with commas between them.",
    )
    events: bool = Field(
        default=False,
        description="Whether clicks, carts and purchases are taken, and move what is proposed.",
    )
    event_days: int = Field(
        default=90, ge=1, le=730, description="After so many days an event is deleted."
    )
    catalogue: str = Field(
        default="default",
        pattern=r"^[a-z0-9][a-z0-9-]{0,63}$",
        description="Which of the home's catalogues is worked on.",
    )
    catalogues: str = Field(
        default="",
        pattern=r"^([a-z0-9][a-z0-9-]{0,63}( *, *[a-z0-9][a-z0-9-]{0,63})*)?$",
        description="Further catalogues of the home that the API serves, each under /v1/catalogs/NAME/, "
        "with commas between them.",
    )
    samples_url: str = Field(
        default="https://github.com/alexeygrigorev/clothing-dataset-small/archive/refs/heads/"
        "master.tar.gz",
        description="Where `samples fetch` gets the public garments from.",
    )
    require_keys: bool = Field(
        default=False, description="Whether the API answers only those who present a key."
    )
    api_key: SecretStr = Field(
        default=SecretStr(""), description="The key that the browser app and the client present."
    )
    rate_limit: str = Field(
        default="",
        description="How often one key or address may ask, such as 600/minute; empty for no limit.",
    )
    log: Literal["plain", "json", "off"] = Field(
        default="plain", description="How the API writes a line for each request on stderr."
    )
    photos_at_once: int = Field(
        default=2, ge=1, le=64, description="So many photos are worked on at the same time."
    )
    photos_waiting: int = Field(
        default=16, ge=0, le=1000, description="So many more may wait; others are sent away."
    )
    max_feed_mb: float = Field(
        default=200.0,
        gt=0,
        le=4096,
        description="Largest feed that the API takes, in megabytes (2^20 bytes).",
    )
    threads: int = Field(
        default=0,
        ge=0,
        le=256,
        description="Processor threads for the models; 0 leaves it to torch.",
    )
    engine: Literal["auto", "cuda", "cpu", "float32", "bfloat16", "int8"] = Field(
        default="auto",
        description="What runs the garment detector and the encoder: torch on a CUDA device, or on the "
        "processor in one of two arithmetics, or OpenVINO there (8-bit integers in the detector, floats "
        "in the encoder's image tower). `cpu` takes the detector that is measured to be fastest on the "
        "processor, and the encoder in torch; `auto` takes a CUDA device where there is one, else `cpu`.",
    )
    ray_address: str = Field(
        default="",
        description="Ray cluster that `index build --engine ray` encodes on, HOST:PORT; empty for one "
        "that is started on this machine.",
    )
    host: str = Field(
        default="127.0.0.1", min_length=1, description="Address that servers listen on."
    )
    api_port: int = Field(default=8000, ge=1, le=65535, description="Port of the API.")
    ui_port: int = Field(default=8501, ge=1, le=65535, description="Port of the browser app.")
    api_url: str = Field(
        default="",
        description="Where the browser app finds the API; empty for the host and port above.",
    )
    api_names: str = Field(
        default="",
        pattern=r"^[A-Za-z0-9.-]*( *, *[A-Za-z0-9.-]+)*$",
        description="Names under which an API without keys that listens on this machine alone is "
        "asked, besides localhost and its addresses; commas between them.",
    )
    cors_origins: str = Field(
        default="",
        pattern=r"^(https?://[A-Za-z0-9.:-]+( *, *https?://[A-Za-z0-9.:-]+)*)?$",
        description="Origins of shop pages that may ask the API from a browser, such as "
        "https://shop.example; commas between them. Empty lets none.",
    )
    max_upload_mb: float = Field(
        default=15.0,
        gt=0,
        le=200,
        description="Largest photo that is accepted, in megabytes (2^20 bytes).",
    )
    max_megapixels: float = Field(
        default=50.0,
        gt=0,
        le=500,
        description="Largest photo that is accepted, in millions of pixels.",
    )

    @field_validator("rate_limit")
    @classmethod
    def _is_a_rate(cls, rate: str) -> str:
        if not _RATE.fullmatch(rate):
            raise ValueError(
                "expected a number to 999999 and a unit, such as 600/minute; units are "
                "second, minute, hour, day"
            )
        return rate

    @model_validator(mode="after")
    def _fits(self) -> Self:
        if self.store == "pgvector" and not self.database_url.startswith("postgres"):
            raise ValueError(
                f"{PREFIX}STORE=pgvector keeps vectors in the catalogue's own database: set "
                f"{PREFIX}DATABASE_URL=postgresql+psycopg://USER@HOST/DATABASE as well"
            )
        return self

    @property
    def sam_checkpoint(self) -> Path | None:
        """The segment-anything checkpoint, None for none.

        The name of a size alone means its published file in the home's `models`.
        """
        file = SAM_FILES.get(str(self.sam))
        return self.home / "models" / file if file else self.sam

    @property
    def catalogue_url(self) -> str:
        """The database's URL, the default filled in."""
        return self.database_url or f"sqlite:///{self.home / 'catalog.sqlite3'}"

    @property
    def api_address(self) -> str:
        """The API's URL, the default filled in."""
        return self.api_url.rstrip("/") or f"http://{self.host}:{self.api_port}"

    @property
    def names(self) -> frozenset[str]:
        """Names besides localhost under which the API may be asked, in small letters."""
        return frozenset(name.strip().lower() for name in self.api_names.split(",")) - {""}

    @property
    def others(self) -> tuple[str, ...]:
        """The further catalogues that are served, each once."""
        names = (name.strip() for name in self.catalogues.split(","))
        return tuple(dict.fromkeys(name for name in names if name not in ("", self.catalogue)))

    @property
    def max_bytes(self) -> int:
        """Largest accepted photo in bytes."""
        return int(self.max_upload_mb * 1024 * 1024)

    @property
    def max_pixels(self) -> int:
        """Largest accepted photo in pixels."""
        return int(self.max_megapixels * 1e6)


def read_settings() -> Settings:
    """Return the settings of this process's environment.

    Raises:
        SettingsError: some are wrong; all of them are named.
    """
    try:
        return Settings()
    except ValidationError as error:
        wrong = [
            f"{PREFIX}{'.'.join(map(str, each['loc'])).upper()}={each['input']!r}: {each['msg']}"
            if each["loc"]
            else each["msg"]  # its input would be all settings, secrets among them
            for each in error.errors()
        ]
        raise SettingsError(
            "settings cannot be used",
            got="; ".join(wrong),
            expected="values that docs/settings.md allows",
            next_step="Mend or unset these environment variables.",
        ) from error
