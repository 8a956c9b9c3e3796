"""Writing a pack: as good as fits."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable, Sequence
from contextlib import suppress
from pathlib import Path
from typing import Final
from zipfile import ZIP_DEFLATED, ZIP_STORED, ZipFile, ZipInfo

from segmentation.common.errors import DatasetError
from segmentation.datasets.packing.entries import Level, Packed, PackEntry, entries_of
from segmentation.datasets.packing.reading import MANIFEST

LEVELS: Final = (
    Level(75, 1.0), Level(60, 1.0), Level(45, 1.0), Level(40, 0.85), Level(35, 0.8), Level(30, 0.75),
    Level(20, 0.6),
)  # fmt: skip
"""Tried in this order until everything fits."""
MOST_BYTES: Final = 60_000_000
SAMPLES: Final = 160
"""Files from which the size of a pack is estimated before it is written."""
COMPRESSED: Final = {".json", ".jsonl", ".csv", ".tsv", ".txt"}
SURE: Final = 0.96
"""Estimates have to stay below this share of the limit."""


def write_pack(
    folders: Sequence[Path], out: Path, most_bytes: int, report: Callable[[str], None]
) -> int:
    """Write one file that holds data folders, and return its size in bytes.

    Folders that are not there are left out, each with a line. Optional files go before pictures
    become worse than `LEVELS` knows.

    Args:
        folders: in layouts that are read here; their names become the pack's.
        out: the file; written whole or not at all.
        most_bytes: how large it may become.
        report: receives lines.

    Raises:
        DatasetError: no folder is there, one is in no known layout, two have one name, a file is damaged,
            or the pack does not fit or cannot be written.
    """
    entries = _entries(folders, report)
    level, chosen = _fitting(entries, most_bytes)
    report(f"{len(chosen)} files, WebP quality {level.quality}, sides x {level.scale:g}")
    for entry in entries:
        if entry not in chosen:
            report(f"left out for want of room: {entry.name}")
    half_written = out.with_name(f"{out.name}.tmp")
    try:
        out.parent.mkdir(parents=True, exist_ok=True)
        _write(half_written, chosen, level, report)
        size = half_written.stat().st_size
        if size > most_bytes:
            raise _too_large(f"{size} bytes", most_bytes)
        half_written.replace(out)
    except OSError as error:
        raise DatasetError(
            "the pack cannot be written",
            got=f"{out}: {error.strerror or error}",
            expected="a folder that can be written to, with room for the pack",
            next_step="Choose another place with --out, or make room.",
        ) from error
    finally:
        with suppress(OSError):
            half_written.unlink(missing_ok=True)
    return size


def _write(
    path: Path, chosen: Sequence[PackEntry], level: Level, report: Callable[[str], None]
) -> None:
    digest = hashlib.sha256()
    with ZipFile(path, "w") as file:
        for number, entry in enumerate(chosen):
            data = entry.make(level)
            digest.update(entry.name.encode() + hashlib.sha256(data).digest())
            _put(file, entry.name, data)
            if (number + 1) % 500 == 0:
                report(f"{number + 1}/{len(chosen)} files")
        manifest = {"sha256": digest.hexdigest(), "files": len(chosen)}
        _put(file, MANIFEST, json.dumps(manifest).encode())


def _entries(folders: Sequence[Path], report: Callable[[str], None]) -> list[PackEntry]:
    packed, entries = Packed(), list[PackEntry]()
    there = [folder for folder in folders if folder.is_dir()]
    for folder in folders:
        if folder not in there:
            report(f"{folder}: not there, left out")
    if len({folder.name for folder in there}) < len(there):
        raise DatasetError(
            "two data folders have one name",
            got=", ".join(map(str, there)),
            expected="names that tell them apart in the pack",
            next_step="Rename one of them.",
        )
    for folder in sorted(there, key=_refers_to_others):
        mine = entries_of(folder, packed)
        if not mine:
            raise DatasetError(
                "the folder is no data set that can be packed",
                got=str(folder),
                expected="a layout that docs/data.md describes",
                next_step="Leave the folder out, or check the path.",
            )
        report(f"{folder}: {len(mine)} files")
        entries += mine
    if not entries:
        raise DatasetError(
            "there is nothing to pack",
            got=", ".join(map(str, folders)) or "no folder",
            expected="at least one data folder",
            next_step="Check the paths.",
        )
    return entries


def _refers_to_others(folder: Path) -> bool:
    return (folder / "self_labelled.jsonl").is_file()


def _fitting(entries: Sequence[PackEntry], most_bytes: int) -> tuple[Level, list[PackEntry]]:
    """Return the best level at which the entries fit, and these; the optional ones go first of all."""
    needed = [entry for entry in entries if not entry.optional]
    for chosen, levels in ((entries, LEVELS[:4]), (needed, LEVELS)):
        for level in levels:
            if _estimate(chosen, level) <= SURE * most_bytes:
                return level, list(chosen)
    raise _too_large(f"about {_estimate(needed, LEVELS[-1]):.0f} bytes", most_bytes)


def _estimate(entries: Sequence[PackEntry], level: Level) -> float:
    known = [entry.estimate(level) for entry in entries if entry.estimate]
    others = [entry for entry in entries if not entry.estimate]
    some = others[:: max(1, len(others) // SAMPLES)]
    sizes = [len(entry.make(level)) for entry in some]
    mean = sum(sizes) / max(1, len(sizes))
    return sum(known) + len(others) * (mean + 150)  # what zip keeps of each file


def _put(file: ZipFile, name: str, data: bytes) -> None:
    info = ZipInfo(name)  # no times: the same data, the same pack
    info.compress_type = ZIP_DEFLATED if Path(name).suffix in COMPRESSED else ZIP_STORED
    info.external_attr = 0o644 << 16
    file.writestr(info, data)


def _too_large(got: str, most_bytes: int) -> DatasetError:
    return DatasetError(
        "the pack becomes too large",
        got=got,
        expected=f"at most {most_bytes} bytes",
        next_step="Allow more with --most-mb, or give fewer folders.",
    )
