"""Secrets of channels: settings.toml only names where each is kept, and no message ever shows one."""

from __future__ import annotations

import os
from pathlib import Path
from typing import Annotated

from pydantic import AfterValidator
from pydantic_core import PydanticCustomError


def _reference(text: str) -> str:
    kind, colon, rest = text.partition(":")
    if kind not in ("env", "file") or not colon or not rest.strip():
        # a fault of its own kind, so that what was written is not repeated on the screen
        raise PydanticCustomError("secret_reference", "密钥不写在设置文件里，应写作 env:环境变量名 或 file:文件路径")
    return text


SecretReference = Annotated[str, AfterValidator(_reference)]
"""``env:NAME`` or ``file:PATH``."""


class SecretMissing(Exception):
    """A secret is not where the settings say. The text is Chinese and names the place."""


def reveal(reference: str, folder: Path = Path()) -> str:
    """Read a secret; a relative path starts at ``folder``. Raises ``SecretMissing``."""
    kind, _, place = reference.partition(":")
    if kind == "env":
        value = os.environ.get(place, "").strip()
        if not value:
            raise SecretMissing(f"环境变量 {place} 未设置或为空")
        return value
    try:
        value = (folder / place).read_text(encoding="utf-8-sig").strip()
    except (OSError, UnicodeDecodeError) as error:
        reason = error.strerror if isinstance(error, OSError) else "不是 UTF-8 文本"
        raise SecretMissing(f"读不到密钥文件 {place}：{reason}") from None
    if not value:
        raise SecretMissing(f"密钥文件 {place} 是空的")
    return value


def masked(text: str, secrets: tuple[str, ...]) -> str:
    """A text in which no secret can be read."""
    for secret in sorted(secrets, key=len, reverse=True):
        if secret:
            text = text.replace(secret, "***")
    return text
