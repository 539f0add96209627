"""Secrets of interfaces: from a TOML file outside the database and from the environment; masked in whatever is kept."""

from __future__ import annotations

import os
import stat
import tomllib
from collections.abc import Mapping
from pathlib import Path
from typing import Any
from urllib.parse import quote

from monitor.errors import UsageError

_ENVIRONMENT = "XUNCHA_"


class Secrets:
    """What adapters need to be let in, by adapter and account. It shows itself to nobody.

        [wechat_official."wechat:gh_0a1b2c3d4e5f"]     of one account
        appid = "wx…"
        secret = "env:QINGHE_SECRET"                   kept in the environment
        [weibo_biz]                                    of all accounts
        access_token = "…"

    ``XUNCHA_WEIBO_BIZ_ACCESS_TOKEN`` stands for a key that the file does not give.
    """

    def __init__(self, table: Mapping[str, Any] | None = None, environment: Mapping[str, str] | None = None) -> None:
        self._table = table or {}
        self._environment = os.environ if environment is None else environment
        self._known: set[str] = set()

    def __repr__(self) -> str:
        return "Secrets(***)"

    def of(self, adapter: str, account: str) -> Mapping[str, str]:
        """What is there for an account: its own, over those of its adapter, over the environment's."""
        prefix = f"{_ENVIRONMENT}{adapter.upper()}_"
        found = {
            name.removeprefix(prefix).lower(): value
            for name, value in self._environment.items()
            if name.startswith(prefix)
        }
        section = self._table.get(adapter, {})
        own = section.get(account, {}) if isinstance(section, Mapping) else {}
        for table in (section, own):
            for key, value in table.items():
                if isinstance(value, str | int) and (revealed := self._revealed(str(value))):
                    found[key] = revealed
        self._known.update(value for value in found.values() if value)
        return found

    def learn(self, value: str) -> None:
        """Mask this, too: a token that was given for a secret is one."""
        if value:
            self._known.add(value)

    def mask(self, text: str) -> str:
        """A text in which no secret that was used can be read."""
        for value in sorted(self._known, key=len, reverse=True):
            for form in (value, quote(value, safe=""), quote(value)):
                if len(form) >= _SHORTEST:
                    text = text.replace(form, "***")
        return text

    def _revealed(self, value: str) -> str:
        return self._environment.get(value[4:], "") if value.startswith("env:") else value


_SHORTEST = 4  # shorter ones would tear holes into every text


def load_secrets(path: Path | None) -> Secrets:
    """Read the file. Raises ``UsageError`` that names it and shows nothing of it."""
    if path is None:
        return Secrets()
    try:
        if os.name == "posix" and stat.S_IMODE(path.stat().st_mode) & 0o077:
            raise UsageError(f"密钥文件 {path} 其他用户也能读。请运行 chmod 600 {path}")
        return Secrets(tomllib.loads(path.read_text(encoding="utf-8-sig")))
    except OSError as error:
        raise UsageError(f"读不到密钥文件 {path}：{error.strerror}。请检查 [sources] secrets") from None
    except (UnicodeDecodeError, tomllib.TOMLDecodeError):
        raise UsageError(f"密钥文件 {path} 不是正确的 TOML（UTF-8）") from None
