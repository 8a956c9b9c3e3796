"""`doctor`: what is installed, what is wrong, and how to mend it."""

from __future__ import annotations

import platform
import sqlite3
from collections.abc import Callable
from dataclasses import asdict, dataclass
from importlib.metadata import PackageNotFoundError, version
from typing import TYPE_CHECKING, Final

import typer

from recommender.cli.terminal.options import JsonFlag, open_wiring
from recommender.cli.terminal.output import emit, table
from segmentation.common.errors import Refusal

if TYPE_CHECKING:
    from recommender.runtime.wiring import Wiring

PACKAGES: Final = (
    "complete-the-look", "torch", "torchvision", "timm", "open_clip_torch", "numpy", "SQLAlchemy",
    "fastapi",
)  # fmt: skip
EXTRA: Final = {"streamlit": "ui"}
"""Packages that serving can do without -> the extra that brings them."""
FAISS: Final = ("faiss-cpu", "faiss-gpu", "faiss-gpu-cu11", "faiss-gpu-cu12")


@dataclass(frozen=True)
class DoctorCheck:
    """One thing looked at.

    Attributes:
        name: what.
        ok: whether it can be used as it is.
        found: what was found.
        mend: what to do where it is not ok; empty otherwise.
    """

    name: str
    ok: bool
    found: str
    mend: str = ""


def doctor(json: JsonFlag = False) -> None:
    """Look at everything the product needs; exit code 1 where something is wrong."""
    checks = examine()
    healthy = all(check.ok for check in checks)
    if json:
        emit({"ok": healthy, "checks": [asdict(check) for check in checks]})
    else:
        rows = [
            ("ok" if check.ok else "WRONG", check.name, check.found, check.mend) for check in checks
        ]
        table("", ("", "what", "found", "how to mend it"), rows)
    if not healthy:
        raise typer.Exit(1)


def examine() -> list[DoctorCheck]:
    """Return all checks, in the order in which things depend on one another."""
    checks = [_versions(), _one_faiss(), _check("device", _device)]
    try:
        wiring = open_wiring()
    except Refusal as refusal:
        return [*checks, DoctorCheck("settings", False, refusal.got, refusal.next_step)]
    text = f"home {wiring.settings.home}, catalogue {wiring.settings.catalogue}"
    checks.append(DoctorCheck("settings", True, text))
    looks: dict[str, Callable[[Wiring], str]] = {
        "detector": _detector,
        "refiner": _refiner,
        "encoder": _encoder,
        "database": _database,
        "pictures": _pictures,
        "store": _store,
        "index": _index,
        "scorer": lambda known: known.scorer.name,
    }
    checks += [_check(name, lambda look=look: look(wiring)) for name, look in looks.items()]  # type: ignore[misc]
    wiring.close()
    return checks


def _check(name: str, look: Callable[[], str]) -> DoctorCheck:
    try:
        return DoctorCheck(name, True, look())
    except Refusal as refusal:
        return DoctorCheck(name, False, f"{refusal.what}: {refusal.got}", refusal.next_step)
    except Exception as error:  # the doctor looks on whatever he finds
        return DoctorCheck(name, False, f"{type(error).__name__}: {error}", "Install it again.")


def _versions() -> DoctorCheck:
    found = {name: _version(name) for name in PACKAGES}
    missing = [name for name, number in found.items() if not number]
    text = ", ".join(f"{name} {number or 'missing'}" for name, number in found.items())
    text += "".join(
        f", {name} {_version(name) or f'not installed (extra `{extra}`)'}"
        for name, extra in EXTRA.items()
    )
    text += f", Python {platform.python_version()}, SQLite {sqlite3.sqlite_version}"
    mend = f"Run `pip install {' '.join(missing)}`." if missing else ""
    return DoctorCheck("versions", not missing, text, mend)


def _one_faiss() -> DoctorCheck:
    found = [f"{name} {_version(name)}" for name in FAISS if _version(name)]
    mend = "" if len(found) == 1 else "Uninstall all of them, then install exactly one."
    return DoctorCheck("vector library", len(found) == 1, ", ".join(found) or "none", mend)


def _version(name: str) -> str:
    try:
        return version(name)
    except PackageNotFoundError:
        return ""


def _device() -> str:
    from segmentation.engines.device import machine

    return machine()


def _detector(wiring: Wiring) -> str:
    from segmentation.detector import maskrcnn
    from segmentation.engines.choice import Engine

    settings = wiring.settings
    detector = maskrcnn.Detector.load(
        settings.detector or maskrcnn.WEIGHTS, engine=Engine(settings.engine)
    )
    spec = detector.spec
    size = f"{spec.short_side} x {spec.long_side}"
    return f"{len(spec.categories)} kinds, photos within {size}, run in {detector.engine}"


def _refiner(wiring: Wiring) -> str:
    if wiring.settings.sam_checkpoint is None:
        return "none"
    from segmentation.detector.refine import Refiner

    Refiner.load(wiring.settings.sam_checkpoint)
    return f"segment-anything from {wiring.settings.sam_checkpoint}"


def _encoder(wiring: Wiring) -> str:
    text = f"{wiring.encoder.fingerprint}, {wiring.encoder.dim} numbers"
    families = ", ".join(wiring.attributes.families) or "colours alone"
    return f"{text}; attributes: {families}"


def _database(wiring: Wiring) -> str:
    import migrations

    database = wiring.database
    migrations.check(database.engine)
    with database.reading() as session:
        return f"{wiring.catalog(session).count()} items, {database.engine.dialect.name}"


def _pictures(wiring: Wiring) -> str:
    from index.files.images import KEPT_FOR_S

    aside = wiring.images.unclaimed()
    if not aside:
        return "none without an item"
    size = sum(each.bytes for each in aside) / 1e6
    left = max(0.0, KEPT_FOR_S - aside[0].age_s) / 86400
    return (
        f"{len(aside)} without an item are set aside ({size:.1f} MB in images/unclaimed); the next "
        f"import or build deletes the oldest from {left:.1f} days on"
    )


def _store(wiring: Wiring) -> str:
    from index.stores.servers import ServerEngine

    engine = wiring.engine
    return engine.answer() if isinstance(engine, ServerEngine) else "faiss, on this machine"


def _index(wiring: Wiring) -> str:
    from index.generations.guards import require_own
    from index.stores.servers import check_served

    generation = wiring.generations.verify()
    manifest = generation.manifest
    check_served(wiring.engine, generation.folder, manifest)
    database = wiring.database
    with database.reading() as session:
        require_own(manifest, wiring.catalog(session), database.place)
    manifest.require(fingerprint=wiring.encoder.fingerprint, dim=wiring.encoder.dim)
    fields = "".join(
        f", field {name} of {held.count}" for name, held in sorted(manifest.fields.items())
    )
    return f"generation {generation.number}, {manifest.count} vectors, {manifest.store}{fields}"
