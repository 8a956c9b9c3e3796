"""Recall, time and bytes of one rival, the same way for all."""

from __future__ import annotations

import ctypes
import gc
import time
from collections.abc import Iterator, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from pathlib import Path
from statistics import median
from typing import Any, Final

import faiss
import numpy as np
from numpy.typing import NDArray
from threadpoolctl import threadpool_limits

from index.bench.rivals import Answer, Rival, scratch
from index.stores.faiss.answers import THREADS

K: Final = 10
TARGET: Final = 0.95
CORES: Final = 2
_LONGEST_S: Final = 3.0
"""One measurement asks its questions again and again for at least a tenth of this."""
_ENOUGH: Final = 5
"""Questions that are asked under a filter however long they take."""


@contextmanager
def threads(number: int) -> Iterator[None]:
    """Set the number of threads of FAISS and BLAS; the graphs take it at each call."""
    token = THREADS.set(number)
    faiss.omp_set_num_threads(number)
    try:
        with threadpool_limits(number):
            yield
    finally:
        THREADS.reset(token)


def truth(
    vectors_unit: NDArray[np.float32],
    queries: NDArray[np.float32],
    passing: NDArray[np.bool_] | None = None,
) -> Answer:
    """Return the (q, K) true nearest rows; fewer than K columns where fewer pass."""
    rows = np.arange(len(vectors_unit)) if passing is None else np.flatnonzero(passing)
    pool = vectors_unit if passing is None else vectors_unit[rows]
    metric = faiss.METRIC_INNER_PRODUCT
    _, found = faiss.knn(queries, pool, min(K, len(pool)), metric=metric)
    answer: Answer = rows[found]
    return answer


def recall(found: Answer, true: Answer) -> float:
    """Return the share of the true nearest that was found."""
    pairs = zip(found.tolist(), true.tolist(), strict=True)
    return sum(len(set(a) & set(b)) for a, b in pairs) / true.size


def built(rival: Rival, vectors_unit: NDArray[np.float32]) -> dict[str, Any]:
    """Build, write and load; return seconds and bytes a vector."""
    with scratch() as name, threads(CORES):
        folder = Path(name)
        begun = time.perf_counter()
        rival.build(vectors_unit, folder, CORES)
        seconds = time.perf_counter() - begun
        disk = sum(path.stat().st_size for path in folder.iterdir())
        before = _held()
        begun = time.perf_counter()
        rival.load(folder)
        loading = time.perf_counter() - begun
        memory = _held() - before
    count = len(vectors_unit)
    return {
        "build_s": round(seconds, 2), "load_s": round(loading, 2),
        "disk_bytes_a_vector": round(disk / count), "memory_bytes_a_vector": round(memory / count),
    }  # fmt: skip


def tuned(rival: Rival, queries: NDArray[np.float32], true: Answer) -> int:
    """Return the least effort that reaches the target on these questions, or the greatest."""
    for effort in rival.efforts:
        if recall(rival.search(queries, K, effort, CORES), true) >= TARGET:
            return effort
    return rival.efforts[-1]


def unfiltered(
    held: Sequence[Rival],
    tuning: tuple[NDArray[np.float32], Answer],
    asked: tuple[NDArray[np.float32], Answer],
    runs: int,
) -> list[dict[str, Any]]:
    """Return each rival's recall and questions a second: alone, from two clients, and in batches.

    Rivals take turns, so that what else the machine does meets them alike.
    """
    efforts = [tuned(rival, *tuning) for rival in held]
    turns = [
        [_turn(rival, effort, asked[0]) for rival, effort in zip(held, efforts, strict=True)]
        for _ in range(runs)
    ]
    found = []
    for number, (rival, effort) in enumerate(zip(held, efforts, strict=True)):
        share = recall(rival.search(asked[0], K, effort, CORES), asked[1])
        rates = _summary([turn[number] for turn in turns])
        found.append({"effort": effort, "recall": round(share, 4), **rates})
    return found


def filtered(
    held: Sequence[Rival],
    tuning: tuple[NDArray[np.float32], Answer],
    asked: tuple[NDArray[np.float32], Answer],
    passing: NDArray[np.bool_],
    runs: int,
) -> list[dict[str, Any]]:
    """Return each rival's recall and questions a second under one filter, at an effort tuned under it."""
    with threads(1):
        efforts = [_tuned_among(rival, tuning, passing) for rival in held]
        turns = [
            [_among(rival, n, asked, passing) for rival, n in zip(held, efforts, strict=True)]
            for _ in range(runs)
        ]
    return [
        {
            "effort": effort,
            "recall": round(turns[0][number][0], 4),
            **_summary([{"qps_1": turn[number][1]} for turn in turns]),
        }
        for number, effort in enumerate(efforts)
    ]


def _turn(rival: Rival, effort: int, queries: NDArray[np.float32]) -> dict[str, float]:
    with threads(1):
        one = _rate(lambda q: rival.search(q, K, effort, 1), _singles(queries))
        batch_one = _rate(lambda q: rival.search(q, K, effort, 1), [queries])
    two = _rate(lambda q: rival.search(q, K, effort, 1), _singles(queries), clients=CORES)
    with threads(CORES):
        batch = _rate(lambda q: rival.search(q, K, effort, CORES), [queries])
    return {"qps_1": one, "qps_2": two, "qps_batch_1": batch_one, "qps_batch_2": batch}


def _summary(runs: Sequence[Mapping[str, float]]) -> dict[str, Any]:
    """Return the median of each figure of some runs, and their least and greatest as `spread`."""
    values = {name: sorted(run[name] for run in runs) for name in runs[0]}
    spread = {name: [round(all_[0], 1), round(all_[-1], 1)] for name, all_ in values.items()}
    return {name: round(median(all_), 1) for name, all_ in values.items()} | {"spread": spread}


def _tuned_among(
    rival: Rival, tuning: tuple[NDArray[np.float32], Answer], passing: NDArray[np.bool_]
) -> int:
    """Return the least effort that reaches the target under a filter, or where time ran out."""
    until = time.perf_counter() + 2 * _LONGEST_S
    for effort in rival.efforts:
        if _among(rival, effort, tuning, passing)[0] >= TARGET or time.perf_counter() > until:
            break
    return effort


def _among(
    rival: Rival,
    effort: int,
    asked: tuple[NDArray[np.float32], Answer],
    passing: NDArray[np.bool_],
) -> tuple[float, float]:
    """Return recall and questions a second; after a while, of those asked so far."""
    queries, k = _singles(asked[0]), asked[1].shape[1]
    found: list[Answer] = []
    done = 0
    rival.search_among(queries[0], k, effort, passing)  # what is made of a filter is made once
    begun = time.perf_counter()
    while (spent := time.perf_counter() - begun) < _LONGEST_S or done < _ENOUGH:
        if done >= len(queries) and spent > _LONGEST_S / 10:
            break
        answer = rival.search_among(queries[done % len(queries)], k, effort, passing)
        if done < len(queries):
            found.append(answer)
        done += 1
    share = recall(np.concatenate(found), asked[1][: len(found)])
    return share, done / (time.perf_counter() - begun)


def _rate(search: Any, asked: Sequence[NDArray[np.float32]], clients: int = 1) -> float:
    """Return questions a second of a number of concurrent clients that repeat `asked`."""

    def client(_: int) -> tuple[int, float]:
        with threads(1) if clients > 1 else _as_it_is():
            search(asked[0])
            done, begun = 0, time.perf_counter()
            while True:
                for queries in asked:
                    search(queries)
                    done += len(queries)
                    spent = time.perf_counter() - begun
                    if spent > _LONGEST_S:
                        return done, spent
                if spent > _LONGEST_S / 10:
                    return done, spent

    if clients == 1:
        done, spent = client(0)
        return round(done / spent, 1)
    with ThreadPoolExecutor(clients) as pool:
        return round(sum(done / spent for done, spent in pool.map(client, range(clients))), 1)


@contextmanager
def _as_it_is() -> Iterator[None]:
    yield


def _singles(queries: NDArray[np.float32]) -> list[NDArray[np.float32]]:
    return [queries[at : at + 1] for at in range(len(queries))]


def _held() -> int:
    """Return the bytes of memory that this process holds, files that are mapped left out."""
    gc.collect()
    ctypes.CDLL(None).malloc_trim(0)
    lines = Path("/proc/self/status").read_text().splitlines()
    return next(int(line.split()[1]) * 1024 for line in lines if line.startswith("RssAnon"))
