"""The public challenges: their metrics, and files to submit.

`python -m segmentation.training.challenges score|submit`.
"""
