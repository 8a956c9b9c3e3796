"""Merchants' formats -> `CatalogItem`, one row at a time. A bad row never stops or shifts others.

detect.py        which format it is, by content; `open_feed`
rows.py          what a feed yields: `FeedRow` or `Reject`; its options
unpacking.py     zip and gzip -> the feed inside
formats/         tables, JSON lines, Parquet, folders -> records
documents/       JSON documents, XML, workbooks -> records
systems/         shop systems: which records are variants, what is for sale
vocabularies/    what exports call their columns
fields/          a record of named values -> an item: money, pictures, words, sizes, colours
categories/      a shop's words -> our kinds
fetching/        pictures at an address
rejects.py       rejects -> a CSV file
"""
