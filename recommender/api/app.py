"""`create_app`: settings or a wired shop -> the application.

`recommender serve api` serves it: a bare uvicorn would log paths, which hold ids of photos and
tokens, and believe any X-Forwarded-For.
"""

from __future__ import annotations

import io
import logging
from collections.abc import AsyncIterator, Callable, Mapping
from concurrent.futures import ThreadPoolExecutor
from contextlib import AbstractAsyncContextManager, asynccontextmanager
from dataclasses import dataclass, replace
from pathlib import Path
from threading import Thread
from typing import Any, TypeAlias

from fastapi import FastAPI
from PIL import Image
from starlette.middleware.cors import CORSMiddleware

from recommender.access.keys import KeyRing
from recommender.api.catalogues import ByCatalogue
from recommender.api.embed import script as embed
from recommender.api.http import problems
from recommender.api.http.admission_queue import Gate, Places
from recommender.api.http.backend import Backend, Shop
from recommender.api.middleware import metrics
from recommender.api.middleware.auth_middleware import AccessRules, Door
from recommender.api.middleware.languages import Languages
from recommender.api.middleware.observing import Observed
from recommender.api.middleware.rate_limits import RateLimits
from recommender.api.middleware.scopes import routes_of, tell
from recommender.api.routes import (
    facets,
    health,
    held_photos,
    imports,
    item_writes,
    items,
    looks,
    lookup,
    people,
    photos,
    samples,
    shopkeeping,
)
from recommender.api.routes.shop import events
from recommender.photos.photo_analysis import analyse
from recommender.runtime import allocator
from recommender.wire.state_shapes import Problem
from segmentation.common.errors import Refusal

log = logging.getLogger(__name__)

Lifespan: TypeAlias = Callable[[FastAPI], AbstractAsyncContextManager[None]]
SUMMARY = "Garments of a photo, items that complete the look, similar items."


def create_app(
    shop: Shop | None = None,
    *,
    outfits: Mapping[str, Path] | None = None,
    warm: bool = True,
) -> FastAPI:
    """Return the application; nothing heavy is loaded before it starts.

    Args:
        shop: the wired services; where not given, those of this process's settings.
        outfits: name -> photo of the sample outfits; where not given, the sample boutique's.
        warm: load the models in a thread when the server starts, rather than on first use.

    Raises:
        SettingsError: settings are wrong.
    """
    shop = shop if shop is not None else _wired()
    value = shop.settings
    backend = Backend(
        shop=shop,
        samples=outfits if outfits is not None else _outfits(),
        gate=Gate(at_once=value.photos_at_once, waiting=value.photos_waiting),
    )
    if not warm:
        backend.warm.set()
    around = _Around.of(backend)
    app = _application(backend, around, _lifespan(backend, warm=warm))
    others = {
        name: _application(replace(backend, shop=other), around)
        for name, other in shop.others.items()
    }
    if others:
        app.add_middleware(ByCatalogue, own=value.catalogue, others=others)
    return app


@dataclass(frozen=True)
class _Around:
    """What the applications of all catalogues share.

    Attributes:
        ring: tells whose a key is; None where keys are not required.
        limits: None where everyone may ask as often as they like.
        figures: what they count in.
    """

    ring: KeyRing | None
    limits: RateLimits | None
    figures: metrics.Figures

    @classmethod
    def of(cls, backend: Backend) -> _Around:
        """Return what the settings ask for."""
        shop, settings = backend.shop, backend.shop.settings
        return cls(
            KeyRing(lambda id: shop.keys.lock(id)) if settings.require_keys else None,
            RateLimits(settings.rate_limit) if settings.rate_limit else None,
            metrics.figures_of(backend),
        )


def _application(backend: Backend, around: _Around, lifespan: Lifespan | None = None) -> FastAPI:
    """Return the application of one catalogue."""
    # the framework's documentation pages load scripts from other hosts, so there are none
    app = FastAPI(
        title="Complete the look",
        summary=SUMMARY,
        version=health.release(),
        lifespan=lifespan,
        docs_url=None,
        redoc_url=None,
        redirect_slashes=False,  # a path that was not asked for would be revealed, ids and all
        separate_input_output_schemas=False,
    )
    app.state.backend = backend
    problems.install(app)
    for part in (
        photos,
        held_photos,
        items,
        lookup,
        looks,
        people,
        facets,
        samples,
        health,
        imports,
        item_writes,
        shopkeeping,
        events,
        embed,
        metrics,
    ):
        app.include_router(part.router)
    _surround(app, backend, around)
    app.openapi = _documented(  # type: ignore[method-assign]  # FastAPI's own way to extend it
        app, keys_required=around.ring is not None
    )
    return app


def _surround(app: FastAPI, backend: Backend, around: _Around) -> None:
    """Put around the routes what every request passes: here from the inside out."""
    settings = backend.shop.settings
    app.state.figures = around.figures
    rules = AccessRules(
        ring=around.ring,
        limits=around.limits,
        host=settings.host,
        names=settings.names,
        routes=routes_of(app),
        origins=frozenset(
            each.strip() for each in settings.cors_origins.split(",") if each.strip()
        ),
        catalogue=settings.catalogue,
    )
    app.add_middleware(Places)
    app.add_middleware(Languages)
    app.add_middleware(Door, rules=rules)
    if rules.origins:
        app.add_middleware(
            CORSMiddleware,
            allow_origins=sorted(rules.origins),
            allow_methods=["GET", "POST", "PUT", "PATCH", "DELETE"],
            allow_headers=[
                "Authorization",
                "X-API-Key",
                "Content-Type",
                "If-None-Match",
                "Idempotency-Key",
            ],
            expose_headers=["ETag", "Retry-After", "Content-Language", "Location", "X-Request-ID"],
            max_age=600,
        )
    app.add_middleware(metrics.Counted, figures=app.state.figures)
    app.add_middleware(Observed)


def _lifespan(backend: Backend, *, warm: bool) -> Lifespan:
    @asynccontextmanager
    async def lifespan(_: FastAPI) -> AsyncIterator[None]:
        if warm:
            Thread(target=_load, args=(backend,), name="load-models", daemon=True).start()
        courier = backend.shop.courier
        if courier is not None:
            for each in (backend.shop, *backend.shop.others.values()):
                each.imports.jobs()  # what died with its server has ended, and is reported
            courier.start()
        async with held_photos.swept(backend.held):
            yield
        backend.shop.close()

    return lifespan


def _documented(app: FastAPI, *, keys_required: bool) -> Any:
    plain = app.openapi

    def openapi() -> dict[str, Any]:
        """Return the schema, with the problems' shape and the keys that all routes refer to."""
        schema = plain()
        if "securitySchemes" in schema.setdefault("components", {}):
            return schema  # it was made before
        schemas = schema["components"].setdefault("schemas", {})
        result = Problem.model_json_schema(ref_template="#/components/schemas/{model}")
        schemas.update(result.pop("$defs", {}))
        schemas[Problem.__name__] = result
        for unused in ("HTTPValidationError", "ValidationError"):
            schemas.pop(unused, None)
        tell(schema, required=keys_required)
        return schema

    return openapi


def _wired() -> Shop:
    from recommender.runtime.wiring import Wiring
    from recommender.settings import read_settings

    return Wiring(read_settings(), serving=True)


def _outfits() -> dict[str, Path]:
    from recommender.sample import outfit_paths

    return {path.stem: path for path in outfit_paths()}


def _load(backend: Backend) -> None:
    """Load the models and send a grey picture through them, so that the first photo is quick.

    What decodes photos starts meanwhile, and the encoder is loaded while the detector looks for the first time.
    """
    file, shop = io.BytesIO(), backend.shop
    Image.new("RGB", (192, 256), "grey").save(file, "PNG")
    try:
        with ThreadPoolExecutor(2, "load-models") as beside:
            grey = beside.submit(shop.decode, file.getvalue())
            shop.detector  # noqa: B018  # the libraries of both are imported with it
            encoded = beside.submit(lambda: shop.encoder.encode_images([grey.result().rgb]))
            analyse(grey.result(), shop)
            encoded.result()
        shop.searcher.vectors_of([])
        shop.shares.purge()
        shop.events.purge()
    except Refusal as refusal:  # the server answers all the same; /readyz says how to mend it
        log.warning("not ready: %s", refusal)
    except Exception:
        log.exception("the models could not be loaded")
    finally:
        allocator.settle()
        backend.warm.set()
        allocator.give_back()  # what files took on their way to weights
