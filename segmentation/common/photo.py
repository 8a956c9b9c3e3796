"""Bytes -> Photo: the one door through which pictures enter.

Only formats on the allow-list are opened, only as many bytes and pixels as a phone's camera makes
are accepted, the EXIF turn is applied and nothing else of the file's metadata survives.

Pixels of any mode, depth and colour profile become 8-bit sRGB as a viewer shows them. Pillow's own
`convert` clips 16-bit grey to white, compares the one transparent colour of a PNG in another depth
than the file's, and ignores colour profiles.
"""

from __future__ import annotations

import io
import warnings
from typing import Final

import numpy as np
import pillow_heif
from PIL import Image, ImageCms, ImageOps, UnidentifiedImageError

from segmentation.common.errors import PhotoError, PhotoUnsupported
from segmentation.common.garments import Photo

pillow_heif.register_heif_opener()

FORMATS: Final = ("JPEG", "PNG", "WEBP", "HEIF", "AVIF")
MAX_BYTES: Final = 15 * 1024 * 1024
MAX_PIXELS: Final = 50_000_000
WORKING_SIDE: Final = 1600
"""A photo's longer side is brought down to this many pixels: no stage looks at more."""
LEAST_SIDE: Final = 96
"""Clothes cannot be distinguished in a photo whose longer side has fewer pixels."""

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
_ACCEPTED = "a JPEG, PNG, WebP, HEIC or AVIF picture"


def decode(data: bytes, *, max_bytes: int = MAX_BYTES, max_pixels: int = MAX_PIXELS) -> Photo:
    """Return the picture in `data`, upright, RGB, its longer side at most `WORKING_SIDE` pixels.

    Transparent pixels come out on white, and `Photo.alpha` tells them; of an animation, the first
    frame.

    Raises:
        PhotoError: nothing in it, too many bytes or pixels, a format that is not accepted, or
            a file that ends early.
    """
    image = _opened(data, max_bytes, max_pixels)
    try:
        image.draft("RGB", (WORKING_SIDE, WORKING_SIDE))  # JPEG: decode at 1/2, 1/4 or 1/8
        raw_mode = _raw_mode(image)
        if image.info.get("default_image"):
            image.seek(1)  # what stands before an animation in a PNG is no frame of it
        image.load()
        rgb, alpha = _on_white(*shown(ImageOps.exif_transpose(image), raw_mode))
    except (OSError, ValueError, SyntaxError, MemoryError, Image.DecompressionBombError) as error:
        raise _broken(error) from error
    for part in (rgb, alpha):
        if part is not None:
            part.thumbnail((WORKING_SIDE, WORKING_SIDE), Image.Resampling.BILINEAR)
    return Photo(np.asarray(rgb), None if alpha is None else np.asarray(alpha))


def too_small(width: int, height: int) -> bool:
    """Whether a photo of this size in pixels is too small to tell clothes apart.

    >>> too_small(60, 80), too_small(60, 160)
    (True, False)
    """
    return max(width, height) < LEAST_SIDE


def check(data: bytes, *, max_bytes: int = MAX_BYTES, max_pixels: int = MAX_PIXELS) -> None:
    """Find out, for less than decoding costs, whether `decode` would take a picture.

    A JPEG is read to its end at an eighth of its size; a PNG's check-sums are compared; others are
    decoded. What passes may still fail in `decode`, though hardly ever.

    Raises:
        PhotoError: `decode` would refuse it.
    """
    image = _opened(data, max_bytes, max_pixels)
    try:
        if image.format == "PNG":
            image.verify()
        else:
            image.draft("RGB", (1, 1))
            image.load()
    except (OSError, ValueError, SyntaxError, MemoryError, Image.DecompressionBombError) as error:
        raise _broken(error) from error


def _opened(data: bytes, max_bytes: int, max_pixels: int) -> Image.Image:
    _check_size(len(data), max_bytes)
    try:
        # The decompression-bomb warning is Pillow's; our own cap below is stricter.
        with warnings.catch_warnings():
            warnings.simplefilter("ignore", Image.DecompressionBombWarning)
            image = Image.open(io.BytesIO(data), formats=FORMATS)
    except (UnidentifiedImageError, Image.DecompressionBombError) as error:
        raise _unreadable(data, error) from error
    except (OSError, ValueError, SyntaxError) as error:
        raise _broken(error) from error
    _check_pixels(image.size, max_pixels)
    return image


def _raw_mode(image: Image.Image) -> str:
    """Return Pillow's name for how a PNG's pixels are written; nothing for other formats."""
    tiles = getattr(image, "tile", ()) if image.format == "PNG" else ()
    args = tiles[0].args if tiles else ""
    return args if isinstance(args, str) else str(args[0])


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
            result = ImageCms.ImageCmsProfile(io.BytesIO(profile))
            if result.profile.xcolor_space == _SPACES[image.mode] and not _is_srgb(result):
                turned = ImageCms.profileToProfile(
                    image, result, ImageCms.createProfile("sRGB"), outputMode="RGB"
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


def _on_white(
    rgb: Image.Image, alpha: Image.Image | None
) -> tuple[Image.Image, Image.Image | None]:
    """Return the picture on white, and how opaque it is where it is not opaque all over."""
    if alpha is None or alpha.getextrema() == (255, 255):
        return rgb, None
    white = Image.new("RGB", rgb.size, "white")
    white.paste(rgb, mask=alpha)
    return white, alpha


def _check_size(size: int, max_bytes: int) -> None:
    if size == 0:
        raise PhotoError(
            "the picture is empty",
            got="0 bytes",
            expected=_ACCEPTED,
            next_step="Choose the file again; the upload may have been cut off.",
        )
    if size > max_bytes:
        raise PhotoError(
            "the picture has too many bytes",
            got=f"{size / 1e6:.1f} MB",
            expected=f"at most {max_bytes / 1e6:.1f} MB",
            next_step="Save it smaller, for example as a JPEG of 2000 pixels.",
        )


def _check_pixels(size_wh: tuple[int, int], max_pixels: int) -> None:
    width, height = size_wh
    if width * height > max_pixels:
        raise PhotoError(
            "the picture has too many pixels",
            got=f"{width} x {height}",
            expected=f"at most {max_pixels / 1e6:.0f} million pixels",
            next_step="Save it smaller, for example 1500 x 2000 pixels.",
        )


def _unreadable(data: bytes, error: Exception) -> PhotoError:
    if isinstance(error, Image.DecompressionBombError):
        return PhotoError(
            "the picture has too many pixels",
            got="a picture larger than the decoder opens",
            expected=f"at most {MAX_PIXELS / 1e6:.0f} million pixels",
            next_step="Save it smaller, for example 1500 x 2000 pixels.",
        )
    return PhotoUnsupported(
        "the picture's format is not accepted",
        got=f"{len(data)} bytes that begin with {data[:8]!r}",
        expected=_ACCEPTED,
        next_step="Export the photo as JPEG and try again.",
    )


def _broken(error: Exception) -> PhotoError:
    return PhotoError(
        "the picture cannot be read to its end",
        got=str(error) or type(error).__name__,
        expected=f"{_ACCEPTED} that is complete",
        next_step="Upload the original file again; this copy is damaged.",
    )
