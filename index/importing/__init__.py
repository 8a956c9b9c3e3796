"""A feed -> the catalogue: what an import looks at, works out, makes and writes, a batch at a time.

plan.py    what an import would do, before anything is written
intake.py  the pictures of rows, read, hashed and checked several at a time
placing.py rows -> items: known, or guessed by their picture
making.py  pictures -> cut-outs -> vectors, each once
batches.py one batch written in one transaction
journal.py what a killed run leaves, and its mending
ledger.py  names and numbers of a feed of any length
"""
