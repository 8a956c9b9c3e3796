"""Merchants' formats -> `CatalogItem`, one row at a time. A bad row never stops or shifts others.

rows.py     what a feed yields: `FeedRow` or `Reject`
fields.py   a record of named values, whatever the format -> an item
pictures.py a path in a feed -> a file inside the feed's root
folder.py jsonl.py   one module a format
detect.py   which format it is, by content; `open_feed`
rejects.py  rejects -> a CSV file
"""
