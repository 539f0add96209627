"""[ipv6] of settings.toml: how much of a site is looked at over IPv6, and at which ports."""

from __future__ import annotations

from typing import Annotated

from pydantic import Field

from monitor.section import Section

_Port = Annotated[int, Field(ge=1, le=65535)]


class Ipv6(Section):
    """[ipv6]: ``ports`` are knocked at besides that of the site's own address; samples are links per level."""

    ports: tuple[_Port, ...] = Field((80, 443), strict=False)
    level2_links: int = Field(30, ge=0, le=2000)
    level3_links: int = Field(30, ge=0, le=2000)
    dns_port: int = Field(53, ge=1, le=65535)
