"""What is refused in a worker process arrives as it was raised."""

from __future__ import annotations

from pathlib import Path

import pytest
from torch.utils.data import Dataset

from segmentation.common.errors import DatasetError
from segmentation.common.taxonomy import Category
from segmentation.datasets import read_folder
from segmentation.training.samples.mixture import Mixture, MixtureSource, Vocabulary, batches
from segmentation.training.samples.workers import loaded_ahead
from tests.street import write_street


class Doubles(Dataset[int]):
    def __getitem__(self, number: int) -> int:
        return 2 * number


@pytest.mark.parametrize("workers", [1, 2])
@pytest.mark.parametrize(
    ("numbers", "sums"), [(range(0), []), (range(3), [2, 4]), (range(5, 9), [22, 30])]
)
def test_rows_come_in_order_and_in_batches(numbers: range, sums: list[int], workers: int) -> None:
    assert list(loaded_ahead(Doubles(), numbers, 2, sum, ahead=2, workers=workers)) == sums


def test_a_photo_that_is_gone_is_refused_by_name(tmp_path: Path) -> None:
    street = write_street(tmp_path / "street")
    photos = read_folder(street, "train")[1]
    photos[2].photo_path.unlink()
    mixture = Mixture([MixtureSource(photos)], Vocabulary({Category.PANTS: 1}), canvas_wh=(32, 48))
    with pytest.raises(DatasetError, match=r"0003\.jpg") as refused:
        list(batches(mixture, 2, 0, 6))
    assert refused.value.next_step
