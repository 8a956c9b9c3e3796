"""Masks for photos that have none, and photos of nothing: a development tool, run before training.

python -m segmentation.training.labelling products ../shared/data/clothing-dataset-small OUT
python -m segmentation.training.labelling tags ../shared/data/clothing-co-parsing OUT
python -m segmentation.training.labelling shop ../shared/data/product-photos OUT --u2netp FILE
python -m segmentation.training.labelling flat ../shared/data/clothing-full OUT --u2netp FILE
python -m segmentation.training.labelling nothing OUT
"""
