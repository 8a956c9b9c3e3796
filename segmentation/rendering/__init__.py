"""The project's own renderer: garments and outfits with exact masks. A development tool."""

from segmentation.rendering.dataset import write_dataset
from segmentation.rendering.garments.specs import STYLES, GarmentSpec
from segmentation.rendering.pictures import STUDIO, Rendering, render_garment, render_outfit
from segmentation.rendering.sampling import sample_garment, sample_outfit

__all__ = [
    "STUDIO", "STYLES", "GarmentSpec", "Rendering", "render_garment", "render_outfit",
    "sample_garment", "sample_outfit", "write_dataset",
]  # fmt: skip
