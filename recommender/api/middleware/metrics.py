"""Figures for Prometheus: requests by route, method and status, and how full the server is.

Every application counts in a registry of its own, so that several in one process do not mix.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Final, cast

from fastapi import APIRouter, Request, Response
from prometheus_client import CollectorRegistry, Gauge
from prometheus_client.exposition import CONTENT_TYPE_PLAIN_0_0_4, generate_latest
from prometheus_client.metrics_core import GaugeMetricFamily, Metric
from prometheus_client.registry import Collector
from prometheus_fastapi_instrumentator.metrics import Info, latency, requests
from prometheus_fastapi_instrumentator.middleware import PrometheusInstrumentatorMiddleware
from starlette.types import ASGIApp, Receive, Scope, Send

from recommender.api.http.asked import NOWHERE, asked_now
from recommender.api.http.backend import Backend
from segmentation.common.errors import Refusal

NAMESPACE: Final = "recommender"
BUCKETS_S: Final = (0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 2.5, 5.0, 10.0, 30.0, 60.0)

router = APIRouter()


@dataclass(frozen=True)
class Figures:
    """What one application counts.

    Attributes:
        registry: its own.
        in_progress: requests that are being answered.
        count: write down one that was.
    """

    registry: CollectorRegistry
    in_progress: Gauge
    count: tuple[Callable[[Info], None], ...]


def figures_of(backend: Backend) -> Figures:
    """Return what an application over this backend counts in."""
    registry = CollectorRegistry()
    registry.register(_Fullness(backend))
    made = (
        requests(metric_namespace=NAMESPACE, registry=registry),
        latency(metric_namespace=NAMESPACE, buckets=BUCKETS_S, registry=registry),
    )
    gauge = Gauge(
        "http_requests_in_progress",
        "Requests that are being answered.",
        namespace=NAMESPACE,
        registry=registry,
    )
    return Figures(registry, gauge, tuple(_templated(each) for each in made if each))


class Counted(PrometheusInstrumentatorMiddleware):
    """Counts the requests to the application that it is around."""

    def __init__(self, app: ASGIApp, figures: Figures) -> None:
        super().__init__(
            app,
            should_group_status_codes=False,
            instrumentations=figures.count,
            registry=figures.registry,
        )
        self._figures = figures

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer one request."""
        with self._figures.in_progress.track_inprogress():
            await super().__call__(scope, receive, send)


@router.get("/metrics", include_in_schema=False)
def metrics(request: Request) -> Response:
    """Return all figures as Prometheus reads them."""
    figures = cast(Figures, request.app.state.figures)
    return Response(generate_latest(figures.registry), media_type=CONTENT_TYPE_PLAIN_0_0_4)


class _Fullness(Collector):
    """What is looked at only when somebody asks."""

    def __init__(self, backend: Backend) -> None:
        self._backend = backend

    def collect(self) -> Iterator[Metric]:
        """Return the gauges; that of the index is left out where there is none."""
        gate = self._backend.gate
        for name, entry, value in (
            ("photos_waiting", "Photos that wait for their turn.", gate.inside - gate.running),
            ("photos_at_work", "Photos that are worked on.", gate.running),
            ("photos_held", "Photos that are held in memory for a visit.", len(self._backend.held)),
        ):
            yield GaugeMetricFamily(f"{NAMESPACE}_{name}", entry, value=value)
        try:
            number = self._backend.shop.upkeep.generations.current().number
        except Refusal:
            return
        yield GaugeMetricFamily(
            f"{NAMESPACE}_index_generation", "The number of the index that is served.", value=number
        )


def _templated(count: Callable[[Info], None]) -> Callable[[Info], None]:
    """Return what counts by the method and template that the log tells, and nothing of the path."""

    def counted(info: Info) -> None:
        asked = asked_now()
        info.method = asked.method if asked else info.method
        info.modified_handler = asked.route if asked else NOWHERE
        count(info)

    return counted
