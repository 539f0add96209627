"""[sources]: where the interfaces of platforms are reached, and where their secrets lie. Reads no file."""

from __future__ import annotations

from typing import Annotated

from pydantic import AfterValidator, Field

from monitor.section import Section, web_address


class Sources(Section):
    """[sources]: how accounts' sources are asked. Times in seconds.

    ``secrets`` is the path of a TOML file outside the database; ``gateways`` leads a platform's host to another
    address, such as a forward proxy of the government network.
    """

    secrets: str = ""
    confirm_on_import: bool = True
    canary_days: int = Field(3, ge=1, le=30)
    interval: float = Field(1.0, ge=0, le=600)
    gateways: dict[str, Annotated[str, AfterValidator(web_address)]] = Field(default_factory=dict)
