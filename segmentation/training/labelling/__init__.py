"""Masks for photos that have none: a development tool, run before training.

python -m segmentation.training.labelling products ../shared/data/clothing-dataset-small OUT
python -m segmentation.training.labelling tags ../shared/data/clothing-co-parsing OUT
"""
