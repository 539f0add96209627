"""report notice, notices and templates, as a user runs them."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path

import pytest

from monitor.cli import main
from monitor.store import Store
from tests.test_issuing import assign, store

__all__ = ["store"]

Command = Callable[..., tuple[int, str, str]]


@pytest.fixture
def xuncha(tmp_path: Path, store: Store, capsys: pytest.CaptureFixture[str]) -> Command:
    """The program over the record of ``store``, with a settings file of its own."""
    settings = tmp_path / "settings.toml"
    settings.write_text('[report]\nnotice_number = "网改〔{year}〕{number}号"\n', encoding="utf-8")
    assign(store, 1, 3)

    def run(*arguments: object) -> tuple[int, str, str]:
        capsys.readouterr()
        given = ["--settings", settings, "--now", "2026-11-24T10:30:00+08:00", *arguments]
        with pytest.raises(SystemExit) as ended:
            main([str(argument) for argument in given])
        printed = capsys.readouterr()
        return int(ended.value.code or 0), printed.out, printed.err

    return run


def test_each_unit_gets_one_notice_and_none_a_second_time(xuncha: Command, tmp_path: Path) -> None:
    status, out, _ = xuncha("report", "notice", "--all", "--out", tmp_path / "out")
    assert (status, len(out.splitlines())) == (0, 2)
    assert all(Path(line).exists() for line in out.splitlines())
    assert xuncha("report", "notice", "--all", "--out", tmp_path / "out")[:2] == (0, "")
    status, out, err = xuncha("report", "notice", "甲单位", "--out", tmp_path / "out")
    assert (status, out) == (0, "")
    assert "没有已交办而未通知的问题" in err
    status, out, _ = xuncha("report", "notices", "--format", "json")
    assert [(n["number"], n["written"], n["unit"]) for n in json.loads(out)] == [
        ("2026-1", "网改〔2026〕1号", "乙单位/办公室"),
        ("2026-2", "网改〔2026〕2号", "甲单位"),
    ]
    status, out, _ = xuncha("report", "notice", "--again", "2026-2", "--out", tmp_path / "again")
    assert (status, Path(out.strip()).name) == (0, "整改通知单-2026-002-甲单位.docx")


@pytest.mark.parametrize("arguments", [(), ("甲单位", "--all"), ("--all", "--again", "2026-1")])
def test_a_notice_asks_for_one_way_of_choosing(xuncha: Command, arguments: tuple[str, ...]) -> None:
    status, _, err = xuncha("report", "notice", *arguments)
    assert (status, "三者选一" in err) == (2, True)


def test_a_wording_of_ones_own_is_used_and_its_fault_is_told(xuncha: Command, tmp_path: Path) -> None:
    folder = tmp_path / "own"
    assert xuncha("report", "templates", folder)[0] == 0
    (folder / "demands.txt").write_text("请于一周内整改。\n", encoding="utf-8")
    status, out, err = xuncha("report", "templates", folder)
    assert (status, out) == (0, "")
    assert "没有改动" in err
    settings = tmp_path / "settings.toml"
    settings.write_text('[report]\ntemplates = "own"\n', encoding="utf-8")
    assert xuncha("report", "quarter", "2026Q4", "--out", tmp_path / "out")[0] == 0
    assert "请于一周内整改。" in (tmp_path / "out/季度通报-2026Q4.html").read_text(encoding="utf-8")
    (folder / "demands.txt").write_text("{{ nobody.name }}\n", encoding="utf-8")
    status, _, err = xuncha("report", "quarter", "2026Q4", "--out", tmp_path / "out")
    assert (status, "第 1 行" in err) == (2, True)
    settings.write_text('[report]\ntemplates = "nowhere"\n', encoding="utf-8")
    status, _, err = xuncha("report", "quarter", "2026Q4", "--out", tmp_path / "out")
    assert (status, "没有文件夹" in err) == (2, True)


def test_the_number_of_one_paper_is_given_on_the_command_line(xuncha: Command, tmp_path: Path) -> None:
    assert xuncha("report", "quarter", "2026Q4", "--number", "测办函〔2026〕67号", "--out", tmp_path / "out")[0] == 0
    assert "测办函〔2026〕67号" in (tmp_path / "out/季度通报-2026Q4.html").read_text(encoding="utf-8")


def test_a_font_without_chinese_is_refused(xuncha: Command, tmp_path: Path) -> None:
    (tmp_path / "settings.toml").write_text('[report]\nfont = "settings.toml"\n', encoding="utf-8")
    status, _, err = xuncha("report", "quarter", "2026Q4", "--out", tmp_path / "out")
    assert (status, "不是含中文的字体文件" in err) == (2, True)
