"""Pictures that lie at an address -> their bytes, safely; off unless someone switched it on.

fetcher.py    the door: `RemoteFetcher`, a feed's `Fetcher`; nothing is fetched twice in an import
origins.py    what lies at an address, in memory
rules.py      which addresses may be read at all
web.py        http and https: redirects, retries, caps, time-outs
addresses.py  a host's name -> addresses of the public internet, and a connection to just these
special.py    which addresses are not public: IANA's registries
buckets.py    s3 and gs, through fsspec
spool.py      what was fetched during one import, and what is remembered between imports
"""
