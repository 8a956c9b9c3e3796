"""A file's pixels, of any mode, depth and colour profile -> 8-bit sRGB as a viewer shows it.

Pillow's own `convert` clips 16-bit grey to white, compares the one transparent colour of a PNG in
another depth than the file's, and ignores colour profiles.
"""

from __future__ import annotations

import io
from typing import Final

import numpy as np
from PIL import Image, ImageCms

MAX_PROFILE: Final = 8 * 2**20
"""Bytes of a colour profile; printers' largest take three million."""
_OPAQUE: Final = {
    "1": "L",
    "P": "RGB",
    "YCbCr": "RGB",
    "RGBX": "RGB",
    "L": "L",
    "RGB": "RGB",
    "CMYK": "CMYK",
}
_CLEAR: Final = {"La": "LA", "RGBa": "RGBA", "PA": "RGBA", "LA": "LA", "RGBA": "RGBA"}
_STEPS: Final = {"L;2": 85, "L;4": 17}
"""Grey levels between two values of a depth below 8 bits, by Pillow's name for what the file has."""
_SPACES: Final = {"L": "GRAY", "RGB": "RGB ", "CMYK": "CMYK"}


def shown(image: Image.Image, raw_mode: str = "") -> tuple[Image.Image, Image.Image | None]:
    """Return colours (mode RGB, sRGB) and how opaque each pixel is (L; None where all are).

    Args:
        image: loaded.
        raw_mode: Pillow's name for how the file's pixels are written, where that says more than
            the image's mode.

    Raises:
        ValueError: its mode is none that a viewer shows.
    """
    plain, alpha = _eight_bits(image, raw_mode)
    return _in_srgb(plain, image.info.get("icc_profile")), alpha


def _eight_bits(image: Image.Image, raw_mode: str) -> tuple[Image.Image, Image.Image | None]:
    """Return colours of mode L, RGB or CMYK, and alpha where there is any."""
    clear = image.info.get("transparency")
    if image.mode.startswith("I;16") or image.mode == "I":
        return _from_16_bits(image, clear)
    if image.mode in _CLEAR or (image.mode == "P" and image.has_transparency_data):
        whole = _as(_CLEAR.get(image.mode, "RGBA"), image)
        return whole.convert(whole.mode[:-1]), whole.getchannel("A")
    if image.mode not in _OPAQUE:
        raise ValueError(f"pixels of mode {image.mode}, which no viewer shows")
    plain = _as(_OPAQUE[image.mode], image)
    if clear is None:
        return plain, None
    key = _in_8_bits(clear, raw_mode)
    return plain, _all_but(np.asarray(plain), np.asarray(key, np.uint8))


def _from_16_bits(image: Image.Image, clear: object) -> tuple[Image.Image, Image.Image | None]:
    values = np.asarray(image).astype(np.uint32).clip(0, 65535)
    grey = ((values * 255 + 32767) // 65535).astype(np.uint8)
    alpha = _all_but(values, np.asarray(clear)) if isinstance(clear, int) else None
    return Image.fromarray(grey), alpha


def _in_8_bits(clear: object, raw_mode: str) -> object:
    """Return the one transparent colour of a PNG, written in the file's depth, in 8 bits a channel."""
    if isinstance(clear, tuple):
        return tuple(value >> 8 for value in clear) if raw_mode.endswith(";16B") else clear
    return clear * _STEPS.get(raw_mode, 1) if isinstance(clear, int) else clear


def _all_but(pixels: np.ndarray, key: np.ndarray) -> Image.Image:
    same = pixels == key
    return Image.fromarray(
        np.where(same.all(axis=2) if same.ndim == 3 else same, 0, 255).astype(np.uint8)
    )


def _in_srgb(image: Image.Image, profile: object) -> Image.Image:
    """Return an image of mode L, RGB or CMYK in sRGB; without a usable profile it is taken for that."""
    if isinstance(profile, bytes) and 0 < len(profile) <= MAX_PROFILE:
        try:
            told = ImageCms.ImageCmsProfile(io.BytesIO(profile))
            if told.profile.xcolor_space == _SPACES[image.mode] and not _is_srgb(told):
                turned = ImageCms.profileToProfile(
                    image, told, ImageCms.createProfile("sRGB"), outputMode="RGB"
                )
                if turned is not None:
                    return turned
        except (ImageCms.PyCMSError, OSError, ValueError, TypeError):
            pass  # viewers go by the pixels alone then
    return _as("RGB", image)


def _as(mode: str, image: Image.Image) -> Image.Image:
    """Return an image in a mode; Pillow's `convert` copies fifty million pixels for nothing."""
    return image if image.mode == mode else image.convert(mode)


def _is_srgb(profile: ImageCms.ImageCmsProfile) -> bool:
    return "sRGB" in (profile.profile.profile_description or "")
