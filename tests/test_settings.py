"""settings.toml: what is taken, what is refused, and that every fault is told at once."""

from __future__ import annotations

import tomllib
from datetime import date
from pathlib import Path

import pytest

from monitor.errors import FaultyInput, UsageError
from monitor.settings import Settings, default_settings_text, load_settings, parse_settings, split_nameserver


def faults(data: dict) -> tuple[str, ...]:
    with pytest.raises(FaultyInput) as caught:
        parse_settings(data, "settings.toml")
    assert "settings.toml" in str(caught.value)
    return caught.value.faults


def written(folder: Path, content: str | bytes) -> Path:
    path = folder / "settings.toml"
    path.write_bytes(content.encode() if isinstance(content, str) else content)
    return path


LISTS_OF_TABLES = {("alerts", "channel"), ("alerts", "rule")}  # tests/notify/test_alert_settings.py


def keys() -> list[tuple[str, str]]:
    return [
        (section, key)
        for section in Settings.model_fields
        for key in type(getattr(Settings(), section)).model_fields
        if (section, key) not in LISTS_OF_TABLES
    ]


BAD_VALUES = {
    ("database", "url"): [1, "", "xuncha.db", "mysql://host/db", "sqlite:/xuncha.db"],
    ("standard", "edition"): [2019, None, ["gwb-2019"]],
    ("network", "nameservers"): ["223.5.5.5", [1], ["dns.example"], ["192.0.2.1:0"], ["192.0.2.1:65536"],
                                 ["[::1]:x"], [""]],
    ("network", "allow_addresses"): ["10.0.0.0/8", ["10.0.0.0/33"], ["10.0.0"], ["intranet"], [8]],
    ("network", "user_agent"): ["", 1],
    ("network", "timeout"): [0, -1, 300.5, float("nan"), "15", True],
    ("network", "host_interval"): [-0.1, 60.5, float("inf"), "0.2"],
    ("network", "host_connections"): [0, 65, 4.5, "4", True],
    ("network", "crawl_pages"): [0, 1_000_001, 1.5, "2000"],
    ("network", "crawl_seconds"): [0, 86_400.5, "1800"],
    ("network", "crawl_processes"): [0, 65, 1.5],
    ("network", "crawl_depth"): [0, 10_001, 1.5],
    ("network", "robots_ignored"): ["*", [5118000022]],
    ("vantage", "name"): ["", 1],
    ("vantage", "ipv4"): ["https://www.example/", ["www.example"], ["ftp://www.example/"], ["https://"], [1]],
    ("vantage", "ipv6"): ["https://www.example/", ["www.example"], ["ftp://www.example/"], ["https://"], [1]],
    ("ipv6", "ports"): [80, [0], [65536], ["80"]],
    ("ipv6", "level2_links"): [-1, 2001, 1.5],
    ("ipv6", "level3_links"): [-1, 2001, 1.5],
    ("ipv6", "dns_port"): [0, 65536, "53"],
    ("schedule", "every_hours"): [1, {"site.visit": 0.0}, {"site.visit": 8784.5}, {"site.visit": "1"}],
    ("schedule", "second_look_hours"): [0.5, 24.5, "8"],
    ("schedule", "night"): ["22-6", "22:00", "22:00-22:00", "24:00-06:00", 22],
    ("schedule", "crawls_at_once"): [0, 25, 1.5],
    ("schedule", "inspect_hours"): [0.2, 168.5, "6"],
    ("schedule", "papers_after_days"): [-1, 31, 1.5],
    ("service", "heartbeat_url"): ["www.example", "ftp://www.example/", 1],
    ("service", "metrics"): ["9464", "127.0.0.1", "127.0.0.1:0", "127.0.0.1:65536", ":9464", 9464],
    ("service", "papers"): [1],
    ("service", "backups"): [1],
    ("service", "backups_kept"): [0, 367, 1.5],
    ("retention", "raw_days"): [0, 3661, 1.5],
    ("retention", "fact_days"): [0, 36_601, 1.5],
    ("ledger", "auto_close"): [1, "true", "是"],
    ("calendar", "days_off"): ["2027-01-01", ["2027-01-01"], [1.5], [20270101]],
    ("calendar", "make_up_days"): [[date(2027, 1, 4)], ["2027-01-02"], ["周六"]],  # 2027-01-04 is a Monday
    ("report", "issuer"): [1, "长" * 61],
    ("report", "recipients"): [["各县"], "长" * 501],
    ("report", "number"): [67, "长" * 61],
    ("report", "contact"): [1, "长" * 501],
    ("report", "notice_number"): ["", "〔{year}〕号", "{number}{day}", "{number", "{}号", 1],
    ("report", "decimals"): [-1, 5, 1.0, "1"],
    ("report", "rounding"): ["", "up", "四舍五入", 1],
    ("report", "trim_zeros"): [0, "true"],
    ("report", "templates"): [1],
    ("report", "font"): [1],
    ("sources", "secrets"): [1, None],
    ("sources", "confirm_on_import"): ["false", 0],
    ("sources", "canary_days"): [0, 31, 1.5],
    ("sources", "interval"): [-1, 601, "1"],
    ("sources", "gateways"): [[], {"api.weixin.qq.com": "proxy"}, {"api.weixin.qq.com": 1}],
    ("alerts", "quiet"): ["22:00", "22-7", "24:00-07:00", "07:00-07:00", 22],
    ("alerts", "digest_at"): ["", "8:30", "24:00", "08:60", 830],
    ("alerts", "give_up_hours"): [0, 8760.5, "72"],
}  # fmt: skip

GOOD_VALUES = {
    ("database", "url"): ["sqlite:///a.db", "sqlite:////var/a.db", "postgresql+psycopg://user@host/db"],
    ("standard", "edition"): ["ganzi", "own.toml"],
    ("network", "nameservers"): [[], ["192.0.2.1", "192.0.2.1:1", "2001:db8::1", "[2001:db8::1]:65535"]],
    ("network", "allow_addresses"): [[], ["10.0.0.0/8", "::1/128", "192.0.2.7"]],
    ("network", "user_agent"): ["x"],
    ("network", "timeout"): [0.1, 15, 300],
    ("network", "host_interval"): [0, 60],
    ("network", "host_connections"): [1, 64],
    ("network", "crawl_pages"): [1, 1_000_000],
    ("network", "crawl_seconds"): [0.1, 86_400],
    ("network", "crawl_processes"): [1, 64],
    ("network", "crawl_depth"): [1, 10_000],
    ("network", "robots_ignored"): [[], ["*"], ["5118000022"]],
    ("vantage", "name"): ["雅安"],
    ("vantage", "ipv4"): [["http://192.0.2.1/", "https://www.example:8443/x"]],
    ("vantage", "ipv6"): [["http://[2001:db8::1]/"]],
    ("ipv6", "ports"): [[], [1, 65535]],
    ("ipv6", "level2_links"): [0, 2000],
    ("ipv6", "level3_links"): [0, 2000],
    ("ipv6", "dns_port"): [1, 65535],
    ("schedule", "every_hours"): [{}, {"site.visit": 0.05, "site.links": 8784.0}],
    ("schedule", "second_look_hours"): [1, 24],
    ("schedule", "night"): ["", "22:00-06:00", "00:00-23:59"],
    ("schedule", "crawls_at_once"): [1, 24],
    ("schedule", "inspect_hours"): [0.25, 168],
    ("schedule", "papers_after_days"): [0, 30],
    ("service", "heartbeat_url"): ["", "https://alive.example/ping/1"],
    ("service", "metrics"): ["", "127.0.0.1:1", "[::1]:65535"],
    ("service", "papers"): ["reports", "/var/lib/xuncha/reports"],
    ("service", "backups"): ["", "backups"],
    ("service", "backups_kept"): [1, 366],
    ("retention", "raw_days"): [1, 3660],
    ("retention", "fact_days"): [1, 36_600],
    ("ledger", "auto_close"): [True, False],
    ("calendar", "days_off"): [[], [date(2027, 1, 1)]],
    ("calendar", "make_up_days"): [[]],
    ("report", "issuer"): ["", "长" * 60],
    ("report", "recipients"): ["各县（市）人民政府，州级各部门", "长" * 500],
    ("report", "number"): ["测办函〔2026〕67号"],
    ("report", "contact"): ["张三，0836-1234567"],
    ("report", "notice_number"): ["{number}", "网改〔{year}〕{number:03}号"],
    ("report", "decimals"): [0, 4],
    ("report", "rounding"): ["half_up", "half_even", "cut"],
    ("report", "trim_zeros"): [True, False],
    ("report", "templates"): ["", "templates", "/srv/templates"],
    ("report", "font"): ["", "font.ttf"],
    ("sources", "secrets"): ["", "secrets.toml"],
    ("sources", "confirm_on_import"): [True, False],
    ("sources", "canary_days"): [1, 30],
    ("sources", "interval"): [0, 600],
    ("sources", "gateways"): [{}, {"api.weixin.qq.com": "http://10.0.0.1:8080"}],
    ("alerts", "quiet"): ["", "22:00-07:00", "12:00-14:00"],
    ("alerts", "digest_at"): ["00:00", "23:59"],
    ("alerts", "give_up_hours"): [0.1, 8760],
}


def cases(values: dict) -> list:
    return [
        pytest.param(*key, value, id=f"{'.'.join(key)}={value!r}") for key, each in values.items() for value in each
    ]


@pytest.mark.parametrize(("section", "key", "value"), cases(BAD_VALUES))
def test_a_bad_value_is_refused_with_its_place(section, key, value):
    [fault] = faults({section: {key: value}})
    assert fault.startswith(f"{section}.{key}")
    assert "：" in fault


@pytest.mark.parametrize(("section", "key", "value"), cases(GOOD_VALUES))
def test_a_value_within_the_limits_is_taken(section, key, value):
    taken = getattr(getattr(parse_settings({section: {key: value}}, "settings.toml"), section), key)
    assert taken == (tuple(value) if isinstance(value, list) else value)


def test_every_key_has_its_bad_and_its_good_values_here():
    assert set(keys()) == set(BAD_VALUES) == set(GOOD_VALUES)


def test_faults_are_told_in_chinese():
    data: dict[str, dict[str, object]] = {}
    for section, key in keys():
        data.setdefault(section, {})[key] = BAD_VALUES[section, key][0]
    told = faults(data)
    assert len(told) == len(keys())
    for fault in told:
        assert any("一" <= character <= "鿿" for character in fault.partition("（现为")[0]), fault


def test_all_faults_are_told_at_once():
    told = faults(
        {
            "database": {"url": "xuncha.db"},
            "network": {"timeout": 0, "timeuot": 15, "nameservers": ["dns.example", "192.0.2.1:0"]},
            "ledger": {"auto_close": "no"},
            "alarms": {},
        }
    )
    places = [fault.partition("：")[0] for fault in told]
    assert sorted(places) == [
        "alarms",
        "database.url",
        "ledger.auto_close",
        "network.nameservers.0",
        "network.nameservers.1",
        "network.timeout",
        "network.timeuot",
    ]


@pytest.mark.parametrize("data", [{"netwrok": {}}, {"network": {"time_out": 15.0}}, {"crawl_pages": 10}])
def test_an_unknown_key_is_refused_by_name(data):
    [fault] = faults(data)
    assert "没有这一项" in fault


@pytest.mark.parametrize("value", [1, "x", [], True])
def test_a_value_in_the_place_of_a_section_is_refused(value):
    [fault] = faults({"network": value})
    assert fault.startswith("network：")
    assert "[network]" in fault


@pytest.mark.parametrize(
    ("text", "server"),
    [
        ("192.0.2.1", ("192.0.2.1", 53)),
        ("192.0.2.1:5353", ("192.0.2.1", 5353)),
        ("2001:db8::1", ("2001:db8::1", 53)),
        ("[2001:db8::1]", ("2001:db8::1", 53)),
        ("[2001:db8::1]:5353", ("2001:db8::1", 5353)),
        ("192.0.2.1:", ("192.0.2.1", 0)),
        ("192.0.2.1:５３", ("192.0.2.1", 0)),
        ("192.0.2.1:-1", ("192.0.2.1", 0)),
    ],
)
def test_a_nameserver_is_an_address_with_or_without_a_port(text, server):
    assert split_nameserver(text) == server


@pytest.mark.parametrize("text", ["[2001:db8::1", "[2001:db8::1]5353", "[]:53", ":53", "192.0.2.1 ", "192.0.2.1:53:53"])
def test_a_nameserver_that_is_half_written_is_refused(text):
    assert len(faults({"network": {"nameservers": [text]}})) == 1


def test_the_settings_that_init_writes_are_the_defaults():
    assert parse_settings(tomllib.loads(default_settings_text()), "settings.toml") == Settings()


def test_the_settings_that_init_writes_show_every_key():
    shown = tomllib.loads(default_settings_text())
    assert {(section, key) for section, values in shown.items() for key in values} == set(keys())


def test_an_empty_file_means_the_defaults(tmp_path):
    assert load_settings(written(tmp_path, ""), must_exist=True) == Settings()


def test_a_file_with_a_byte_order_mark_is_read(tmp_path):
    path = written(tmp_path, '\ufeff[vantage]\nname = "雅安"\n')
    assert load_settings(path, must_exist=True).vantage.name == "雅安"


def test_a_missing_file_is_refused_where_it_was_named_and_the_default_otherwise(tmp_path):
    missing = tmp_path / "nowhere" / "settings.toml"
    with pytest.raises(UsageError, match=r"找不到设置文件 .*init"):
        load_settings(missing, must_exist=True)
    assert load_settings(missing, must_exist=False) == Settings()


@pytest.mark.parametrize("text", ["[network", "timeout = ", "[network]\ntimeout = 1\ntimeout = 2\n", "a b"])
def test_malformed_toml_is_refused_with_its_place(tmp_path, text):
    with pytest.raises(UsageError, match=r"settings\.toml 不是正确的 TOML：.*(line|end of document)"):
        load_settings(written(tmp_path, text), must_exist=True)


def test_a_file_in_another_encoding_is_refused(tmp_path):
    path = written(tmp_path, '[vantage]\nname = "雅安"\n'.encode("gb18030"))
    with pytest.raises(UsageError, match="不是 UTF-8 编码"):
        load_settings(path, must_exist=True)


def test_a_folder_in_the_place_of_the_file_is_refused(tmp_path):
    with pytest.raises(UsageError, match="无法读取设置文件"):
        load_settings(tmp_path, must_exist=True)


def test_a_settings_error_is_a_usage_error_with_status_2(tmp_path):
    with pytest.raises(UsageError) as caught:
        load_settings(written(tmp_path, "[network]\ntimeout = 0\n"), must_exist=True)
    assert caught.value.exit_status == 2
    assert str(tmp_path) in str(caught.value)


def test_settings_cannot_be_changed_once_read():
    with pytest.raises(ValueError, match="frozen"):
        Settings().network.timeout = 1.0
