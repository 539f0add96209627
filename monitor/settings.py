"""settings.toml → Settings: frozen, strict, and every fault named at once. Reads files, decides nothing."""

from __future__ import annotations

import ipaddress
import tomllib
from pathlib import Path
from typing import Annotated, Any

from pydantic import AfterValidator, Field, ValidationError
from pydantic_core import ErrorDetails

from monitor.alert_settings import Alerts
from monitor.calendar_settings import Calendar
from monitor.errors import FaultyInput, UsageError
from monitor.ipv6_settings import Ipv6
from monitor.notify.channel import all_kinds
from monitor.report_settings import Report
from monitor.section import Section, web_address
from monitor.service_settings import Retention, Schedule, Service
from monitor.source_settings import Sources


def _cidr(text: str) -> str:
    try:
        ipaddress.ip_network(text, strict=False)
    except ValueError:
        raise ValueError("应为网段，例如 10.0.0.0/8 或 ::1/128") from None
    return text


def _nameserver(text: str) -> str:
    host, port = split_nameserver(text)
    try:
        ipaddress.ip_address(host)
    except ValueError:
        raise ValueError("应为“地址”或“地址:端口”，IPv6 地址写在方括号里") from None
    if not 0 < port < 65536:
        raise ValueError("端口应在 1 到 65535 之间")
    return text


def _database_url(text: str) -> str:
    if not text.startswith(("sqlite:///", "postgresql+psycopg://")):
        raise ValueError("应以 sqlite:/// 或 postgresql+psycopg:// 开头")
    return text


def split_nameserver(text: str) -> tuple[str, int]:
    """``192.0.2.1``, ``192.0.2.1:53``, ``2001:db8::1`` or ``[2001:db8::1]:53`` as address and port; port 0 if bad."""
    if text.startswith("["):
        host, bracket, rest = text[1:].partition("]")
        port = "53" if bracket and not rest else rest[1:] if rest.startswith(":") else ""
    elif text.count(":") == 1:
        host, _, port = text.partition(":")
    else:
        host, port = text, "53"
    return host, int(port) if port.isascii() and port.isdigit() else 0


def default_settings_text() -> str:
    """The commented settings.toml that `init` writes: the project's own, wherever it was installed to."""
    here = Path(__file__).parent
    installed, checkout = here / "default_settings.toml", here.parent / "settings.toml"
    return (installed if installed.exists() else checkout).read_text(encoding="utf-8")


class Database(Section):
    """[database]"""

    url: Annotated[str, AfterValidator(_database_url)] = "sqlite:///xuncha.db"


class StandardChoice(Section):
    """[standard]"""

    edition: str = "gwb-2019"


class Network(Section):
    """[network]: how we visit others. Times in seconds."""

    nameservers: tuple[Annotated[str, AfterValidator(_nameserver)], ...] = Field((), strict=False)
    allow_addresses: tuple[Annotated[str, AfterValidator(_cidr)], ...] = Field((), strict=False)
    user_agent: str = Field("xuncha/0.1 (government website inspection)", min_length=1)
    timeout: float = Field(15.0, gt=0, le=300)
    host_interval: float = Field(0.2, ge=0, le=60)
    host_connections: int = Field(4, ge=1, le=64)
    crawl_pages: int = Field(2000, ge=1, le=1_000_000)
    crawl_seconds: float = Field(1800, gt=0, le=86_400)
    crawl_processes: int = Field(1, ge=1, le=64)
    crawl_depth: int = Field(50, ge=1, le=10_000)
    robots_ignored: tuple[str, ...] = Field((), strict=False)


class Vantage(Section):
    """[vantage]: where we look from, and what proves that we are online."""

    name: str = Field("local", min_length=1)
    ipv4: tuple[Annotated[str, AfterValidator(web_address)], ...] = Field((), strict=False)
    ipv6: tuple[Annotated[str, AfterValidator(web_address)], ...] = Field((), strict=False)


class LedgerRules(Section):
    """[ledger]: whether the machine may close an entry whose re-check passed."""

    auto_close: bool = False


class Settings(Section):
    """The whole of settings.toml."""

    database: Database = Database()
    standard: StandardChoice = StandardChoice()
    network: Network = Network()
    vantage: Vantage = Vantage()
    ipv6: Ipv6 = Ipv6()
    schedule: Schedule = Schedule()
    service: Service = Service()
    retention: Retention = Retention()
    ledger: LedgerRules = LedgerRules()
    calendar: Calendar = Calendar()
    sources: Sources = Sources()
    report: Report = Report()
    alerts: Alerts = Alerts()


def load_settings(path: Path, *, must_exist: bool) -> Settings:
    """Read a settings file. Raises ``UsageError`` or ``FaultyInput``, in Chinese, with every fault."""
    if not path.exists():
        if must_exist:
            raise UsageError(f"找不到设置文件 {path}。请检查 --settings，或先运行 xuncha init")
        return Settings()
    try:
        data = tomllib.loads(path.read_text(encoding="utf-8-sig"))
    except OSError as error:
        raise UsageError(f"无法读取设置文件 {path}：{error.strerror}") from None
    except UnicodeDecodeError:
        raise UsageError(f"设置文件 {path} 不是 UTF-8 编码，请另存为 UTF-8") from None
    except tomllib.TOMLDecodeError as error:
        raise UsageError(f"设置文件 {path} 不是正确的 TOML：{error}") from None
    return _placed(parse_settings(data, str(path)), path.parent)


def parse_settings(data: dict[str, Any], source: str) -> Settings:
    """Check settings already read from TOML. Raises ``FaultyInput`` with every fault."""
    try:
        return Settings.model_validate(data)
    except ValidationError as error:
        raise FaultyInput(f"设置文件 {source} 有误：", [_fault(e) for e in error.errors()]) from None


def _placed(settings: Settings, folder: Path) -> Settings:
    """With the paths that start at the file's own folder."""
    if not settings.sources.secrets:
        return settings
    placed = settings.sources.model_copy(update={"secrets": str(folder / settings.sources.secrets)})
    return settings.model_copy(update={"sources": placed})


_MESSAGES = {
    "extra_forbidden": "没有这一项，请检查拼写或删去",
    "missing": "缺少这一项",
    "union_tag_not_found": "缺少 kind，应为 {kinds} 之一",
    "union_tag_invalid": "kind 应为 {kinds} 之一",
    "string_too_long": "不能超过 {max_length} 个字",
    "literal_error": "应为 {expected}",
    "string_type": "应为文字",
    "string_too_short": "不能为空",
    "bool_type": "应为 true 或 false",
    "int_type": "应为整数",
    "float_type": "应为数字",
    "date_from_datetime_parsing": "应为日期，例如 2027-01-01，不加引号",
    "date_parsing": "应为日期，例如 2027-01-01，不加引号",
    "date_type": "应为日期，例如 2027-01-01，不加引号",
    "dict_type": "应为一节，例如 {{}}",
    "tuple_type": "应为列表，例如 []",
    "model_type": "应为一节，例如 [network]",
    "greater_than": "应大于 {gt}",
    "greater_than_equal": "应不小于 {ge}",
    "less_than_equal": "应不大于 {le}",
}


# what was written is of no use there, or may be a secret
_VALUE_UNSAID = ("extra_forbidden", "missing", "secret_reference", "union_tag_not_found")


def _fault(error: ErrorDetails) -> str:
    place = ".".join(str(part) for part in error["loc"])
    context = error.get("ctx", {}) | {"kinds": "、".join(all_kinds())}
    if error["type"] == "value_error":
        message = str(context["error"])
    else:
        message = _MESSAGES.get(error["type"], error["msg"]).format(**context)
    unsaid = error["type"] in _VALUE_UNSAID or isinstance(error["input"], dict)
    value = "" if unsaid else f"（现为 {error['input']!r}）"
    return f"{place}：{message}{value}"
