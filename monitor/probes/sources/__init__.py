"""Ways to learn when an account last published. Each module here is one, named as in 采集方式, and holds ``ask``.

``json_list`` is the exception: it holds one way for each TOML file in ``presets``.
"""

from __future__ import annotations

from collections.abc import Awaitable, Callable

from checks import Account, Observation
from monitor.probing import Kit

Ask = Callable[[Account, Kit], Awaitable[Observation]]
