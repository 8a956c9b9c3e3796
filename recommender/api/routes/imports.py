"""The routes of imports: a feed is sent, a job does it, its progress and its rejects are reported."""

from __future__ import annotations

import shutil
from dataclasses import asdict
from pathlib import Path as FilePath
from typing import Annotated, Any, Final, Literal

from anyio import to_thread
from fastapi import APIRouter, Path, Query, Request, Response
from fastapi.responses import FileResponse
from pydantic import BaseModel, ConfigDict, Field, StringConstraints
from starlette.datastructures import UploadFile
from starlette.formparsers import MultiPartException, MultiPartParser

from index.feeds.detect import FORMATS
from index.feeds.rejects import read_rejects
from index.feeds.rows import FeedOptions
from index.files import durable
from index.importing.reports import ImportOptions
from index.model.items import Pictures
from recommender import serializers
from recommender.api.http.backend import BackendOf
from recommender.api.http.bodies import MULTIPART, OVERHEAD, capped, form_fields, invalid, validated
from recommender.api.http.documents import csv_too, problems
from recommender.api.http.errors import BodyMalformed, BodyUnsupported
from recommender.api.http.problems import TABLE, problem
from recommender.errors import ImportFailed
from recommender.jobs.import_job import Job
from recommender.wire import catalogue_shapes as shapes

router = APIRouter(prefix="/v1/imports", tags=["shopkeeping"])

FIELD: Final = "feed"
Name = Annotated[str, Path(pattern=r"^[0-9a-f]{1,32}$", examples=["5f0c7a521e0b"])]
Column = Annotated[
    str, StringConstraints(min_length=3, max_length=200, pattern=r"^[^=\x00]+=[^=\x00]+$")
]


class ImportQuery(BaseModel):
    """How a feed is to be imported."""

    model_config = ConfigDict(extra="forbid")

    format: Literal[FORMATS] | None = Field(default=None, description="Told by content without it.")  # type: ignore[valid-type]
    currency: str = Field(
        default="", pattern=r"^([A-Za-z]{3})?$", description="For prices that come without one."
    )
    map: list[Column] = Field(
        default=[], max_length=50, description="`column=field`, where the feed calls it otherwise."
    )
    remove_missing: bool = Field(default=False, description="Take out what the feed lacks.")
    dry_run: bool = Field(default=False, description="Only say what would happen.")
    max_reject_share: float = Field(
        default=0.25, ge=0, le=1, description="A larger share of bad rows refuses the feed."
    )
    pictures: Pictures = Field(default=Pictures.AUTO, description="What the pictures show.")
    later: bool = Field(default=False, description="Store pictures, encode nothing yet.")
    confirmed: bool = Field(
        default=False, description="More than half of what is there may be taken away."
    )

    fetch: str = Field(
        default="",
        max_length=2000,
        description="Hosts that pictures may be fetched from beside those that are set, parted by "
        "commas: `cdn.shop.example`, `s3://pictures`.",
    )

    def options(self) -> ImportOptions:
        """Return what is asked of the import."""
        columns = dict(each.split("=", 1) for each in self.map)
        return ImportOptions(
            feed=FeedOptions(self.format or "", columns, self.currency),
            max_reject_share=self.max_reject_share,
            remove_missing=self.remove_missing,
            dry_run=self.dry_run,
            pictures=self.pictures,
            later=self.later,
            confirmed=self.confirmed,
            fetch=self.fetch,
        )


class RejectsQuery(BaseModel):
    """Which of an import's rejects are wanted."""

    model_config = ConfigDict(extra="forbid")

    k: int = Field(default=100, ge=1, le=1000, description="Rejects of a page.")
    offset: int = Field(default=0, ge=0, le=10_000_000, description="So many are passed over.")
    format: Literal["json", "csv"] = Field(default="json", description="`csv` is all of them.")


def _documented() -> dict[str, Any]:
    schema = ImportQuery.model_json_schema()
    definitions = schema.pop("$defs", {})
    properties = dict(schema["properties"])
    properties["pictures"] = {**definitions["Pictures"], "default": "auto"}
    upload = {
        "type": "string",
        "format": "binary",
        "description": "A feed of any format that is known, or a zip of one with its pictures.",
    }
    form = {
        "type": "object",
        "properties": {FIELD: upload, **properties},
        "required": [FIELD],
    }
    return {"requestBody": {"required": True, "content": {MULTIPART: {"schema": form}}}}


@router.post(
    "",
    summary="Import a feed",
    status_code=202,
    openapi_extra=_documented(),
    responses=problems(400, 408, 413, 415, 422, 503),
)
async def start(request: Request, response: Response, backend: BackendOf) -> shapes.ImportJob:
    """Take a feed and import it when its turn comes; the answer names the job."""
    kind = request.headers.get("content-type", "").split(";")[0].strip().lower()
    if kind != MULTIPART:
        raise BodyUnsupported(
            "this kind of body is not read",
            got=kind or "no content type",
            expected=MULTIPART,
            next_step=f"Send the feed as the field `{FIELD}` of a form.",
        )
    jobs = backend.shop.imports
    name, folder = jobs.place()
    try:
        upload, query = await _received(request, backend.shop.settings.max_feed_mb)
        source = _plain(upload.filename)
        path = folder / f"feed{FilePath(source).suffix[:12].lower()}"
        await to_thread.run_sync(_keep, upload, path)
        job = jobs.start(name, source, path, query.options())
    except BaseException:
        jobs.drop(name)
        raise
    response.headers["Location"] = serializers.address_of(f"/imports/{job.id}")
    return job_answer(job)


@router.get("", summary="The latest imports", responses=problems())
def imports(backend: BackendOf) -> shapes.ImportsAnswer:
    """List the latest imports, the newest first."""
    return shapes.ImportsAnswer(imports=[job_answer(job) for job in backend.shop.imports.jobs()])


@router.get("/{job}", summary="An import", responses=problems(404, 422))
def one(job: Name, backend: BackendOf) -> shapes.ImportJob:
    """Tell how far an import is, or what it did."""
    return job_answer(backend.shop.imports.job(job))


@router.delete("/{job}", summary="Stop an import", responses=problems(404, 422))
def stop(job: Name, backend: BackendOf) -> shapes.ImportJob:
    """Have an import end at its next step; what it stored so far stays."""
    return job_answer(backend.shop.imports.stop(job))


@router.get(
    "/{job}/rejects",
    summary="What an import left out",
    response_model=shapes.RejectsAnswer,
    responses=csv_too() | problems(404, 422),
)
def rejects(
    job: Name, query: Annotated[RejectsQuery, Query()], backend: BackendOf
) -> Response | shapes.RejectsAnswer:
    """Return a page of the rows that were left out, with the reasons; or all of them as CSV."""
    path = backend.shop.imports.rejects(job)
    if query.format == "csv":
        if path.is_file():
            return FileResponse(path, media_type="text/csv", filename="rejects.csv")
        return Response("row,sku,reason,kind\r\n", media_type="text/csv")
    left_out = list(read_rejects(path)) if path.is_file() else []
    end = query.offset + query.k
    return shapes.RejectsAnswer(
        rejects=[
            shapes.Rejected(row=each.number, sku=each.sku, reason=each.reason)
            for each in left_out[query.offset : end]
        ],
        total=len(left_out),
        next_offset=end if end < len(left_out) else None,
    )


def job_answer(job: Job) -> shapes.ImportJob:
    """Return a job as the wire has it."""
    record = asdict(job) | {"eta_s": job.eta_s, "rate": round(job.rate, 2)}
    del record["created_at"]
    if job.problem is not None:
        parts = dict(job.problem)
        kind = TABLE[parts.pop("code", ImportFailed.code)]
        detail = f"{parts['what']}: got {parts['got']}; expected {parts['expected']}."
        record["problem"] = problem(kind, f"{detail} {parts['next_step']}", **parts)
    return shapes.ImportJob.model_validate(record)


async def _received(request: Request, max_feed_mb: float) -> tuple[UploadFile, ImportQuery]:
    """Return the feed, spooled to the disk, and the fields beside it; whoever gets it closes it."""
    cap = int(max_feed_mb * 2**20) + OVERHEAD
    body = capped(request, cap, f"a feed of at most {max_feed_mb:g} MB")
    parser = MultiPartParser(request.headers, body, max_files=1, max_part_size=8192)
    try:
        form = await parser.parse()
    except (MultiPartException, KeyError) as error:
        got = getattr(error, "message", "no boundary")
        raise BodyMalformed.of(got, f"a form with one file, `{FIELD}`") from error
    upload = form.get(FIELD)
    try:
        fields = form_fields(form, ImportQuery)
        if not isinstance(upload, UploadFile):
            raise invalid([{"type": "missing", "loc": ("body", FIELD), "msg": "Must be a file"}])
        return upload, validated(fields, ImportQuery)
    except BaseException:
        await form.close()
        raise


def _keep(upload: UploadFile, path: FilePath) -> None:
    with durable.disk_refusals(path), upload.file as file, path.open("wb") as kept:
        shutil.copyfileobj(file, kept, 1 << 20)


def _plain(name: str | None) -> str:
    """Return a file's name without what leads elsewhere.

    >>> _plain("../../etc/feed.csv"), _plain(None), _plain("..")
    ('feed.csv', 'feed', 'feed')
    """
    plain = FilePath((name or "").replace("\\", "/")).name.replace("\0", "")[-100:]
    return plain if plain.strip(".") else "feed"
