"""Tidings, subjects and settings to test with."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any

from checks.core.notices import About, News, Place, Tiding
from monitor.alert_settings import Alerts
from monitor.settings import parse_settings

NOW = datetime(2026, 11, 23, 2, 0, tzinfo=UTC)  # 10:00 in Asia/Shanghai


def tiding(number: int = 1, **changed: Any) -> Tiding:
    """A dead link of a site; ``number`` tells one from another."""
    values: dict[str, Any] = {
        "identity": f"t{number}",
        "alarm": f"a{number}",
        "rule": "值班",
        "news": News.RAISED,
        "about": About.PROBLEM,
        "check": "site.dead_link",
        "subject": "site:5118000022",
        "place": Place(name="青禾县人民政府网站", sponsor="青禾县人民政府办公室"),
        "text": f"链接“第 {number} 条”打不开（限 0 条）",
        "url": f"http://www.example.gov.cn/{number}.html",
        "advice": "请更正链接或撤除",
        "since": NOW - timedelta(hours=3),
        "at": NOW,
    }
    return Tiding(**values | changed)


def alerts(*channels: dict[str, Any], rules: list[dict[str, Any]] | None = None, **keys: Any) -> Alerts:
    """[alerts] with these channels, and one rule for all of them where no rules are given."""
    every = {"name": "值班", "channels": [channel["name"] for channel in channels]}
    data = {"channel": list(channels), "rule": [every] if rules is None else rules, **keys}
    return parse_settings({"alerts": data}, "settings.toml").alerts
