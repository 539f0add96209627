"""Ways to learn when an account last published. Each module here is one, named as in 采集方式, and holds ``ask``."""

from __future__ import annotations

from collections.abc import Awaitable, Callable

from checks import Account, AccountReading
from monitor.probing import Kit

Ask = Callable[[Account, Kit], Awaitable[AccountReading]]
