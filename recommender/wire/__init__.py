"""Requests and answers on the wire, as the API, the client and the command line speak them."""
