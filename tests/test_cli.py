"""The commands as a user runs them: arguments in, text and JSON out, exit statuses."""

from __future__ import annotations

import asyncio
import csv
import io
import json
import threading
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

import pytest
from openpyxl import load_workbook

from monitor.cli import globals_first, main
from monitor.clock import FixedClock
from monitor.demo.world import World

END = datetime(2026, 11, 23, 2, 30, tzinfo=UTC)
HEALTHY = "5199210001"

CONTRACT = (
    "check",
    "subject",
    "key",
    "status",
    "severity",
    "text",
    "advice",
    "url",
    "evidence",
    "first_seen",
    "last_seen",
)


@dataclass
class Run:
    """What a command left: its exit status and what it printed."""

    status: int
    out: str
    err: str

    @property
    def json(self):
        return json.loads(self.out)


Xuncha = Callable[..., Run]


@pytest.fixture(scope="module")
def district(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[World, Path]]:
    """The made-up district, running beside the test, with its settings and registry files in a folder."""
    loop = asyncio.new_event_loop()
    thread = threading.Thread(target=loop.run_forever)
    thread.start()
    world = World(FixedClock(END))
    folder = tmp_path_factory.mktemp("district")
    try:
        asyncio.run_coroutine_threadsafe(world.__aenter__(), loop).result(20)
        try:
            write_settings(world, folder / "settings.toml")
            world.registry_files(folder / "registry")
            yield world, folder
        finally:
            asyncio.run_coroutine_threadsafe(world.__aexit__(None, None, None), loop).result(20)
    finally:
        loop.call_soon_threadsafe(loop.stop)
        thread.join(20)
        loop.close()


def write_settings(world: World, path: Path) -> None:
    settings = world.settings("sqlite:///xuncha.db").model_dump(mode="json", exclude_defaults=True)
    lines = []
    for section, keys in settings.items():
        lines.append(f"[{section}]")
        lines += [f"{key} = {json.dumps(value)}" for key, value in keys.items()]
    path.write_text("\n".join(lines), encoding="utf-8")


@pytest.fixture
def xuncha(capsys: pytest.CaptureFixture[str]) -> Xuncha:
    def run(*arguments: str | Path) -> Run:
        capsys.readouterr()
        with pytest.raises(SystemExit) as ended:
            main([str(argument) for argument in arguments])
        printed = capsys.readouterr()
        return Run(ended.value.code or 0, printed.out, printed.err)

    return run


@pytest.fixture(scope="module")
def swept(district: tuple[World, Path]) -> Path:
    """The district's folder after import and one sweep at the end of the story."""
    _, folder = district
    settings = folder / "settings.toml"
    for arguments in (["import", *sorted((folder / "registry").glob("*.csv"))], ["--now", END.isoformat(), "sweep"]):
        with pytest.raises(SystemExit) as ended:
            main([str(a) for a in ["--settings", settings, *arguments]])
        assert not ended.value.code
    return settings


def test_global_options_may_stand_anywhere() -> None:
    assert globals_first(["sweep", "--now", "X", "--site", "1", "--settings=S"]) == [
        "--now", "X", "--settings=S", "sweep", "--site", "1",
    ]  # fmt: skip
    assert globals_first(["try", "--", "--now"]) == ["try", "--", "--now"]


def test_init_writes_settings_and_database_and_keeps_what_is_there(
    xuncha: Xuncha, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    assert xuncha("init").status == 0
    assert (tmp_path / "xuncha.db").exists()
    (tmp_path / "settings.toml").write_text("# mine\n", encoding="utf-8")
    again = xuncha("init")
    assert again.status == 0
    assert "保持不变" in again.err
    assert (tmp_path / "settings.toml").read_text(encoding="utf-8") == "# mine\n"


def test_the_database_is_made_by_whichever_command_comes_first(
    xuncha: Xuncha, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    assert xuncha("ledger", "list", "--format", "json").json == []
    assert (tmp_path / "xuncha.db").exists()


def test_a_dry_run_tells_and_changes_nothing(xuncha: Xuncha, district: tuple[World, Path], tmp_path: Path) -> None:
    _, folder = district
    settings = tmp_path / "settings.toml"
    settings.write_text("", encoding="utf-8")
    files = sorted((folder / "registry").glob("*.csv"))
    told = xuncha("--settings", settings, "import", *files, "--dry-run")
    assert told.status == 0
    assert "新增 site:5199210001" in told.out
    assert "将新增 82" in told.out
    assert "将新增 82" in xuncha("--settings", settings, "import", *files, "--dry-run").out


def test_importing_twice_changes_nothing(xuncha: Xuncha, swept: Path) -> None:
    files = sorted((swept.parent / "registry").glob("*.csv"))
    again = xuncha("--settings", swept, "import", *files)
    assert "新增 0、变更 0、移除 0，不变 82" in again.out


def test_findings_are_the_contracts_json_and_nothing_else_is_on_standard_output(xuncha: Xuncha, swept: Path) -> None:
    records = xuncha("findings", "--settings", swept, "--format", "json").json
    assert {r["status"] for r in records} == {"passed", "failed", "untested"}
    for record in records:
        assert tuple(record)[: len(CONTRACT)] == CONTRACT
        assert record["text"]
        assert datetime.fromisoformat(record["first_seen"]).tzinfo
        assert datetime.fromisoformat(record["last_seen"]).tzinfo
        assert (record["severity"] == "problem") == (record["status"] == "failed")


def test_a_dead_link_finding_says_how_it_failed(xuncha: Xuncha, swept: Path) -> None:
    records = xuncha(
        "findings", "--settings", swept, "--check", "site.dead_link", "--status", "failed", "--format", "json"
    ).json
    missing = [r for r in records if r["status_code"] == 404]
    assert missing
    for record in missing:
        assert record["key"].startswith("http://")
        assert record["url"].startswith("http://")
        assert record["outcome"] == "http_error"


def test_findings_csv_has_the_contracts_head(xuncha: Xuncha, swept: Path) -> None:
    out = xuncha("findings", "--settings", swept, "--status", "error", "--format", "csv").out
    assert list(csv.reader(io.StringIO(out))) == [list(CONTRACT)]


def test_findings_of_one_site_and_one_check(xuncha: Xuncha, swept: Path) -> None:
    records = xuncha(
        "findings", "--settings", swept, "--site", HEALTHY, "--check", "site.ipv6", "--format", "json"
    ).json
    assert [(r["subject"], r["check"]) for r in records] == [(f"site:{HEALTHY}", "site.ipv6")]


def test_a_single_sweep_is_too_little_to_say_unreachable(xuncha: Xuncha, swept: Path) -> None:
    record = xuncha(
        "explain",
        "site.unreachable",
        f"site:{HEALTHY}",
        "--settings",
        swept,
        "--now",
        END.isoformat(),
        "--format",
        "json",
    ).json
    assert record["status"] == "untested"
    assert "140" in record["reason"]
    assert record["limits"]["visits"] == 140
    assert {i["id"] for i in record["indicators"]} == {"W2"}
    assert {fact["kind"] for fact in record["facts"]} == {"page_visit"}


def test_observations_of_a_subject_newest_first(xuncha: Xuncha, swept: Path) -> None:
    records = xuncha("observations", f"site:{HEALTHY}", "--settings", swept, "--format", "json").json
    assert {"page_visit", "list_reading", "address_survey", "family_comparison", "crawl_summary"} <= {
        r["kind"] for r in records
    }
    ids = [r["id"] for r in records]
    assert ids == sorted(ids, reverse=True)
    assert {r["vantage"] for r in records} == {"demo"}


def test_try_shows_facts_and_rulings_without_a_database(
    xuncha: Xuncha, district: tuple[World, Path], tmp_path: Path
) -> None:
    world, folder = district
    settings = tmp_path / "settings.toml"
    settings.write_text((folder / "settings.toml").read_text(encoding="utf-8"), encoding="utf-8")
    home = world.addresses[HEALTHY]
    tried = xuncha("try", home, "--settings", settings, "--now", END.isoformat(), "--format", "json").json
    assert tried["outcome"] == "ok"
    assert {fact["kind"] for fact in tried["facts"]} >= {"page_visit", "list_reading", "address_survey"}
    assert {ruling["check"] for ruling in tried["rulings"]} >= {"site.unreachable", "site.ipv6"}
    assert not (tmp_path / "xuncha.db").exists()


def test_discover_writes_a_registry_file_that_import_takes(
    xuncha: Xuncha, district: tuple[World, Path], tmp_path: Path
) -> None:
    world, folder = district
    settings = tmp_path / "settings.toml"
    settings.write_text((folder / "settings.toml").read_text(encoding="utf-8"), encoding="utf-8")
    common = ("--settings", settings, "--now", END.isoformat())
    assert xuncha("import", folder / "registry" / "sites.csv", *common).status == 0
    out = tmp_path / "found.csv"
    found = xuncha("discover", HEALTHY, "--out", out, *common)
    assert found.status == 0
    assert "个栏目，请核对" in found.err
    plain = xuncha("discover", world.addresses[HEALTHY], *common)
    assert plain.out.splitlines() == out.read_text(encoding="utf-8-sig").splitlines()
    imported = xuncha("import", out, *common)
    assert imported.status == 0
    assert "发现说明" in imported.err


def test_the_ledger_from_confirm_to_close(xuncha: Xuncha, swept: Path) -> None:
    def ledger(*arguments: str) -> Run:
        return xuncha("ledger", *arguments, "--settings", swept)

    entry = ledger("list", "--format", "json").json[0]
    assert entry["state"] == "待核实"
    id = entry["id"]
    early = ledger("approve", id)
    assert early.status == 2
    assert "待核实" in early.err
    assert ledger("confirm", id[:8], "--who", "王一").status == 0
    assert "整改中" in ledger("assign", id, "--due", "2026-12-05").out
    assert ledger("extend", id, "--due", "2026-12-01").status == 2
    assert ledger("extend", id, "--due", "2026-12-09").status == 0
    assert ledger("submit", id, "--why", "已更新").status == 0
    assert ledger("reject", id, "--why", "仍打不开").status == 0
    assert ledger("submit", id).status == 0
    assert "已销号" in ledger("approve", id).out
    events = ledger("show", id, "--format", "json").json
    assert [e["action"] for e in events] == [
        "found", "confirmed", "assigned", "extended", "submitted", "rejected", "submitted", "approved",
    ]  # fmt: skip
    assert events[1]["who"] == "王一"
    assert "事件链完整" in ledger("verify").out


def test_dismissing_needs_a_reason(xuncha: Xuncha, swept: Path) -> None:
    entry = xuncha("ledger", "list", "--settings", swept, "--state", "待核实", "--format", "json").json[0]
    assert xuncha("ledger", "dismiss", entry["id"], "--settings", swept).status == 2
    assert xuncha("ledger", "dismiss", entry["id"], "--why", " ", "--settings", swept).status == 2
    assert xuncha("ledger", "dismiss", entry["id"], "--why", "误报", "--settings", swept).status == 0


def test_the_ledger_is_exported_as_a_workbook(xuncha: Xuncha, swept: Path, tmp_path: Path) -> None:
    out = tmp_path / "deep" / "台账.xlsx"
    assert xuncha("ledger", "export", "--out", out, "--settings", swept).status == 0
    entries = xuncha("ledger", "list", "--settings", swept, "--format", "json").json
    values = {str(cell) for row in load_workbook(out).active.iter_rows(values_only=True) for cell in row}
    assert {e["id"] for e in entries} <= values


def test_reports_are_written_where_asked(xuncha: Xuncha, swept: Path, tmp_path: Path) -> None:
    quarter = xuncha("report", "quarter", "2026Q4", "--out", tmp_path, "--settings", swept, "--now", END.isoformat())
    half = xuncha("report", "half-year", "2026H2", "--out", tmp_path, "--settings", swept, "--now", END.isoformat())
    assert (quarter.status, half.status) == (0, 0)
    assert len(list(tmp_path.iterdir())) == 6
    first = {path.name: path.read_bytes() for path in tmp_path.iterdir()}
    xuncha("report", "quarter", "2026Q4", "--out", tmp_path, "--settings", swept, "--now", END.isoformat())
    assert {path.name: path.read_bytes() for path in tmp_path.iterdir()} == first


def unknown_option() -> list[str]:
    return ["sweep", "--sites", "1"]


def unknown_command() -> list[str]:
    return ["swep"]


def unknown_site() -> list[str]:
    return ["sweep", "--site", "9999999999"]


def unknown_check() -> list[str]:
    return ["findings", "--check", "site.nothing"]


def bad_quarter() -> list[str]:
    return ["sweep", "--quarter", "2026Q5"]


def half_year_as_quarter() -> list[str]:
    return ["report", "quarter", "2026H2"]


def both_periods() -> list[str]:
    return ["inspect", "--quarter", "2026Q4", "--half-year", "2026H2"]


def bad_now() -> list[str]:
    return ["findings", "--now", "yesterday"]


def bad_subject() -> list[str]:
    return ["observations", "5199210001"]


def unregistered_subject() -> list[str]:
    return ["observations", "site:9999999999"]


def check_of_another_kind() -> list[str]:
    return ["explain", "account.dormant", f"site:{HEALTHY}"]


def missing_file() -> list[str]:
    return ["import", "nowhere.csv"]


def not_an_address() -> list[str]:
    return ["try", "www.example.test"]


def unknown_entry() -> list[str]:
    return ["ledger", "show", "zzzz"]


def wrong_export_name() -> list[str]:
    return ["ledger", "export", "--out", "ledger.csv"]


@pytest.mark.parametrize(
    "arguments",
    [
        unknown_option, unknown_command, unknown_site, unknown_check, bad_quarter, half_year_as_quarter, both_periods,
        bad_now, bad_subject, unregistered_subject, check_of_another_kind, missing_file, not_an_address, unknown_entry,
        wrong_export_name,
    ],
)  # fmt: skip
def test_wrong_usage_is_one_chinese_message_and_status_2(
    xuncha: Xuncha, swept: Path, arguments: Callable[[], list[str]]
) -> None:
    run = xuncha("--settings", swept, *arguments())
    assert run.status == 2
    assert run.out == ""
    assert run.err.startswith("错误：")
    assert "Traceback" not in run.err


def test_an_empty_registry_is_told(xuncha: Xuncha, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    run = xuncha("sweep")
    assert run.status == 2
    assert "xuncha import" in run.err


def test_an_unknown_edition_is_told(xuncha: Xuncha, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    Path("settings.toml").write_text('[standard]\nedition = "gwb-1999"\n', encoding="utf-8")
    run = xuncha("report", "quarter", "2026Q4")
    assert run.status == 2
    assert "gwb-1999" in run.err


def test_an_unwritable_database_is_told(xuncha: Xuncha, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    Path("settings.toml").write_text('[database]\nurl = "sqlite:///no/such/folder/x.db"\n', encoding="utf-8")
    run = xuncha("findings")
    assert run.status in (1, 2)
    assert "no/such/folder" in run.err
    assert "Traceback" not in run.err


def test_an_offline_machine_records_nothing_and_says_so(
    xuncha: Xuncha, swept: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    text = swept.read_text(encoding="utf-8")
    text += "\n"
    offline = "\n".join(
        'ipv4 = ["http://127.0.0.1:1/"]' if line.startswith("ipv4 =")
        else 'ipv6 = ["http://[::1]:1/"]' if line.startswith("ipv6 =")
        else line
        for line in text.splitlines()
    )  # fmt: skip
    settings = tmp_path / "settings.toml"
    settings.write_text(offline, encoding="utf-8")
    xuncha("--settings", settings, "import", *sorted((swept.parent / "registry").glob("*.csv")))
    run = xuncha("--settings", settings, "sweep", "--site", HEALTHY)
    assert run.status == 1
    assert "监测点离线" in run.err
    facts = xuncha("--settings", settings, "observations", f"site:{HEALTHY}", "--format", "json")
    assert facts.json == []
