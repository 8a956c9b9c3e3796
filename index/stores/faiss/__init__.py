"""FAISS: exact for few vectors, inverted lists for many; see `engine.FaissEngine`."""

from index.stores.faiss.engine import FaissEngine
from index.stores.faiss.exact import KIND, FaissStore

__all__ = ["KIND", "FaissEngine", "FaissStore"]
