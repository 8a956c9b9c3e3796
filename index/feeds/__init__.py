"""Merchants' formats -> `CatalogItem`, one row at a time. A bad row never stops or shifts others.

detect.py    which format it is, by content; `open_feed`
rows.py      what a feed yields: `FeedRow` or `Reject`; its options
folder.py jsonl.py tables.py shopify.py xml_feed.py parquet.py   one module a format
columns.py   what feeds call their columns -> our fields
fields.py reading.py   a record of named values, whatever the format -> an item, a row
money.py vocabulary.py categories*.py options.py html_text.py   words -> values
texts.py delimited.py   bytes -> lines -> records of a table; products.py: Shopify's rows -> variants
pictures.py  a name in a feed -> a file inside the feed's root, or an address; fetching/ opens those
rejects.py   rejects -> a CSV file
"""
