"""The record: the only package that speaks SQL."""

from monitor.store.store import Store

__all__ = ["Store"]
