"""The page that compares the models: docs/segmentation.md, from result files alone.

python -m segmentation.training.comparison
"""
