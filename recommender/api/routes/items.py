"""The routes of a catalogue item: itself, its picture, what is like it, what goes with it."""

from __future__ import annotations

from functools import partial
from typing import Annotated

from anyio import to_thread
from fastapi import APIRouter, Path, Query, Request, Response
from fastapi.responses import FileResponse

from recommender import serializers
from recommender.api.http import requests
from recommender.api.http.backend import Backend, BackendOf
from recommender.api.http.documents import picture as picture_responses
from recommender.api.http.documents import problems, unchanged
from recommender.api.http.errors import PictureMissing
from recommender.api.http.pictures import checked, picture
from recommender.api.middleware.auth_middleware import check_person
from recommender.completion import complete
from recommender.similarity import similarity_search
from recommender.wire.catalogue_shapes import ItemsAnswer
from recommender.wire.look_shapes import CompletionAnswer
from recommender.wire.queries import TEXT, CompleteItemQuery, ItemsQuery, SimilarItemsQuery
from recommender.wire.shapes import Item, SimilarAnswer

router = APIRouter(prefix="/v1/items", tags=["items"])

# a sku may hold a slash, so the plain item's route must come last
Sku = Annotated[str, Path(min_length=1, max_length=200, pattern=TEXT, examples=["B-0042"])]


@router.get(
    "",
    summary="A page of the catalogue",
    response_model=ItemsAnswer,
    responses=unchanged("The page that the client has is still right") | problems(422, 503),
)
async def browse(
    query: Annotated[ItemsQuery, Query()], request: Request, backend: BackendOf
) -> Response:
    """Leaf through all items, sold out or not; with words, those that are like them and proposable."""
    if query.text is not None:
        found = await backend.questions.run(partial(_like, query.text, query, backend))
    else:
        found = await to_thread.run_sync(_page, query, backend)
    return checked(request, found)


def _like(text: str, query: ItemsQuery, backend: Backend) -> ItemsAnswer:
    found = similarity_search.similar_to_text(text, backend.shop, requests.page(query))
    items = [serializers.item(hit.item) for hit in found.ranking]
    return ItemsAnswer(items=items, total=None, next_offset=found.next_offset)


def _page(query: ItemsQuery, backend: Backend) -> ItemsAnswer:
    filters = requests.filters(query)
    page = backend.shop.browsing.page(filters, limit=query.k, offset=query.offset)
    end = query.offset + len(page.items)
    return ItemsAnswer(
        items=[serializers.item(record) for record in page.items],
        total=page.total,
        next_offset=end if page.items and end < page.total else None,
    )


@router.get(
    "/{sku:path}/similar",
    summary="Items like an item",
    responses=problems(404, 422, 503),
)
async def similar_items(
    sku: Sku, query: Annotated[SimilarItemsQuery, Query()], backend: BackendOf
) -> SimilarAnswer:
    """Find items like an item, itself left out; of its own slot where no other is asked for."""

    def work() -> SimilarAnswer:
        return serializers.similars(
            similarity_search.similar_to_item(sku, backend.shop, requests.similar(query))
        )

    return await backend.questions.run(work)


@router.get(
    "/{sku:path}/complete",
    summary="What goes with an item",
    responses=problems(404, 422, 503),
)
async def complete_item(
    sku: Sku, query: Annotated[CompleteItemQuery, Query()], backend: BackendOf
) -> CompletionAnswer:
    """Propose what completes an outfit that begins with an item."""
    check_person(query.person)

    def work() -> CompletionAnswer:
        done = complete.complete_item(sku, backend.shop, requests.complete(query))
        return serializers.completion(done, None)

    return await backend.questions.run(work)


@router.get(
    "/{sku:path}/image",
    summary="An item's picture",
    response_class=FileResponse,
    responses=picture_responses() | problems(404, 422, 503),
)
def image(
    sku: Sku,
    request: Request,
    backend: BackendOf,
    v: Annotated[str, Query(max_length=64, description="As in the item's `image`.")] = "",
    number: Annotated[
        int, Query(alias="picture", ge=0, le=100, description="0, or the place in `more_images`.")
    ] = 0,
) -> Response:
    """Return the picture with an ETag; with the `v` of the item's `image` it may be kept for good."""
    item = backend.shop.item(sku)
    names = (item.image, *item.more_images)
    path = backend.shop.images.path_of(names[number]) if number < len(names) else None
    if path is None or not path.is_file():
        raise PictureMissing(
            "the item's picture is not there",
            got=f"no file for {sku!r}" + (f", picture {number}" if number else ""),
            expected="the picture that was imported",
            next_step="Import the catalogue again.",
        )
    tag = serializers.picture_tag(names[number])
    return picture(request, path, tag, lasting=v == tag)


@router.get(
    "/{sku:path}",
    summary="An item",
    response_model=Item,
    responses=unchanged("The item that the client has is still right") | problems(404, 422, 503),
)
def item(sku: Sku, request: Request, backend: BackendOf) -> Response:
    """Return an item as the catalogue has it now, with an ETag of this answer."""
    return checked(request, serializers.item(backend.shop.item(sku)))
