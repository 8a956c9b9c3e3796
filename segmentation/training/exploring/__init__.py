"""The exploratory report of a data set: `recommender explore DATASET`.

`survey` looks at every photo once and keeps figures, `sections` counts them, `plots` draws the
counts and `page` puts them into one HTML file. No photo, nor any part of one, is ever put into the
report: photos show people, and a report is passed on. What it holds of a photo is its size, its
name and how much of it each garment covers.
"""
