"""The routes for whoever watches the server: whether it lives, and whether it can answer."""

from __future__ import annotations

from collections.abc import Callable
from importlib.metadata import PackageNotFoundError, version

from fastapi import APIRouter, Response
from fastapi.responses import JSONResponse

from recommender.api.http.backend import Backend, BackendOf, Shop
from recommender.api.http.documents import problems
from recommender.api.http.problems import Kind, problem, respond
from recommender.wire.state_shapes import Check, Health, Readiness
from segmentation.common.errors import Refusal

router = APIRouter(tags=["health"])

NOT_READY = Kind("not-ready", 503, "Photos cannot be answered yet")


@router.get("/healthz", summary="Whether the process lives", responses=problems())
def healthz() -> Health:
    """Answer."""
    return Health(status="ok", version=release())


@router.get(
    "/readyz",
    summary="Whether photos can be answered",
    response_model=Readiness,
    responses=problems(503),
)
def readyz(backend: BackendOf) -> Response:
    """Say for each part whether it is ready, and how to mend it where it is not."""
    checks = checked(backend)
    results = [check.model_dump() for check in checks]
    missing = [check for check in checks if not check.ready]
    if not missing:
        return JSONResponse({"ready": True, "checks": results})
    detail = " ".join(f"{check.name}: {check.detail}. {check.next_step}" for check in missing)
    return respond(problem(NOT_READY, detail, checks=results))


def checked(backend: Backend) -> list[Check]:
    """Return the state of each part; while the models load, that and nothing else."""
    if not backend.warm.is_set():
        return [
            Check(
                name="models",
                ready=False,
                detail="the models are being loaded",
                next_step="Ask again in a few seconds.",
            )
        ]
    return [_check(name, ask) for name, ask in parts(backend.shop).items()]


def parts(shop: Shop) -> dict[str, Callable[[], object]]:
    """Return what must be ready: its name -> what raises where it is not."""
    return {
        "detector": lambda: shop.detector,
        "encoder": lambda: (shop.encoder, shop.attributes, shop.relevance),
        "index": lambda: shop.searcher.vectors_of([]),
    }


def release() -> str:
    """Return this software's version."""
    try:
        return version("complete-the-look")
    except PackageNotFoundError:  # run from a checkout that was never installed
        return "0"


def _check(name: str, ask: Callable[[], object]) -> Check:
    try:
        ask()
    except Refusal as refusal:
        return Check(name=name, ready=False, detail=refusal.what, next_step=refusal.next_step)
    return Check(name=name, ready=True, detail="ready", next_step="")
