"""What bringing the public garments refuses.

segmentation.common.errors.Refusal
└── SamplesError            they cannot be had, or are not what was expected; nothing was kept
"""

from __future__ import annotations

from segmentation.common.errors import Refusal


class SamplesError(Refusal):
    """The public garments cannot be had from an address, or what came is something else."""
