"""What can go wrong on our side. The target's failures are facts, not exceptions.

XunchaError                 the root; its text is Chinese and says what to do
├── UsageError              wrong arguments, settings or input files: exit status 2
│   └── FaultyInput         several faults of one input, all told at once
└── OperationError          the command was right and could not be carried out: exit status 1
    └── NoNetwork           this machine is offline: nothing is recorded of anyone
"""

from __future__ import annotations

from collections.abc import Sequence


class XunchaError(Exception):
    """The root of our errors."""

    exit_status = 1


class UsageError(XunchaError):
    """The user's input is wrong."""

    exit_status = 2


class FaultyInput(UsageError):
    """One input with all its faults, a line each."""

    def __init__(self, title: str, faults: Sequence[str]) -> None:
        self.title, self.faults = title, tuple(faults)
        super().__init__("\n".join([title, *(f"  · {fault}" for fault in faults)]))

    def __reduce__(self) -> tuple[type[FaultyInput], tuple[str, tuple[str, ...]]]:
        """So that it comes out of another process as it went in."""
        return type(self), (self.title, self.faults)


class OperationError(XunchaError):
    """The command could not be carried out."""


class NoNetwork(OperationError):
    """This machine is offline on every address family."""
