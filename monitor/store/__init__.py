"""The record: the only package that speaks SQL."""

from monitor.store.judgement import Inspection
from monitor.store.rounds import ProbeRun, Round
from monitor.store.store import Store

__all__ = ["Inspection", "ProbeRun", "Round", "Store"]
