"""robots.txt of a site: read once a crawl, obeyed unless the settings let it be, and told either way."""

from __future__ import annotations

from dataclasses import dataclass
from urllib.parse import urljoin
from urllib.robotparser import RobotFileParser

from checks import Outcome
from monitor.extract import charset
from monitor.net import Net


@dataclass(frozen=True)
class Robots:
    """``told`` says in Chinese what was found and whether it is obeyed."""

    told: str = ""
    agent: str = "xuncha"
    rules: RobotFileParser | None = None

    def allows(self, url: str) -> bool:
        """Whether this address may be asked for."""
        return self.rules is None or self.rules.can_fetch(self.agent, url)


async def read_robots(net: Net, home: str, *, agent: str, ignored: bool) -> Robots:
    """Read the robots.txt beside ``home``. What cannot be read forbids nothing, for its site does answer."""
    fetched = await net.fetch(urljoin(home, "/robots.txt"), body_limit=_MOST_BYTES)
    if fetched.outcome is Outcome.HTTP_ERROR and fetched.status_code in (404, 410):
        return Robots()
    if fetched.outcome is not Outcome.OK:
        return Robots(told=f"robots.txt 未能读取（{fetched.detail or fetched.outcome}），按没有限制处理")
    text = charset.decode(fetched.body, fetched.headers.get("content-type", "")).text
    if "html" in fetched.headers.get("content-type", "").lower() or text.lstrip()[:1] == "<":
        return Robots()  # a page, not rules: many servers answer everything with one
    rules = RobotFileParser()
    rules.parse(text.splitlines())
    name = agent.partition("/")[0].strip() or "xuncha"
    if not any(_forbids(line) for line in text.splitlines()):
        return Robots()
    if ignored:
        return Robots(told="robots.txt 有限制；按设置不受其限制")
    return Robots(told="robots.txt 有限制，其不允许访问的地址未检测", agent=name, rules=rules)


def _forbids(line: str) -> bool:
    field, _, path = line.partition("#")[0].partition(":")
    return field.strip().lower() == "disallow" and bool(path.strip())


_MOST_BYTES = 500_000
