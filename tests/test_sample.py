"""The draw as a user carries it out: freeze, draw, replace, verify, quarter after quarter."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from monitor.cli import main

SEED = "2026Q4|20261201|7719304452"
NOW = "2026-12-01T10:05:00+08:00"


class Place:
    """A folder with a registry of 60 accounts and 12 sites, and the commands run in it."""

    def __init__(self, folder: Path, monkeypatch, capsys) -> None:
        self.folder, self._capsys = folder, capsys
        monkeypatch.chdir(folder)
        platforms = ("微信公众号", "新浪微博", "抖音")
        rows = ["平台,账号名称,账号ID,主办单位,行政区划,状态"]
        for n in range(60):
            status = "已注销" if n % 10 == 9 else "关停中" if n == 0 else "正常"
            rows.append(f"{platforms[n % 3]},发布{n},id{n},第{n % 20}局,{'甲乙'[n % 2]}县,{status}")
        Path("accounts.csv").write_text("\n".join(rows), encoding="utf-8")
        rows = ["标识码,网站名称,网址,类型,主办单位,行政区划,状态"]
        for n in range(12):
            status = "永久下线" if n == 11 else "正常运行"
            rows.append(f"51990000{n:02},网站{n},http://s{n}.example/,部门,第{n}局,甲县,{status}")
        Path("sites.csv").write_text("\n".join(rows), encoding="utf-8")
        assert self.run("import", "accounts.csv", "sites.csv")[0] == 0

    def run(self, *arguments: str) -> tuple[int, str, str]:
        with pytest.raises(SystemExit) as end:
            main(arguments)
        out, err = self._capsys.readouterr()
        return int(end.value.code or 0), out, err

    def sample(self, *arguments: str) -> list[dict]:
        status, out, err = self.run("sample", *arguments, "--format", "json")
        assert status == 0, err
        return json.loads(out)

    @property
    def record(self) -> Path:
        return self.folder / "sample-out" / "抽样记录-账号-2026Q4.json"


@pytest.fixture
def place(tmp_path, monkeypatch, capsys) -> Place:
    return Place(tmp_path, monkeypatch, capsys)


def draw(place: Place, *more: str) -> list[dict]:
    return place.sample("draw", "2026Q4", "--rate", "25%", "--seed", SEED, "--now", NOW, *more)


def test_a_draw_takes_a_quarter_of_each_stratum_and_tells_its_base(place):
    place.run("sample", "freeze", "2026Q4")
    status, out, err = place.run("sample", "draw", "2026Q4", "--rate", "25%", "--seed", SEED, "--format", "json")
    assert status == 0
    taken = [r for r in json.loads(out) if r["part"] == "抽样"]
    assert {s: sum(r["stratum"] == s for r in taken) for s in ("甲县", "乙县")} == {"甲县": 8, "乙县": 6}
    assert "台账登记的 60 个中，状态为正常、关停中的 54 个" in err
    assert {r["part"] for r in json.loads(out)} == {"抽样", "回头看"}


def test_the_same_draw_again_is_the_draw_that_stands_and_another_seed_is_refused(place):
    first = draw(place)
    assert draw(place) == first == place.sample("list", "2026Q4")
    status, _, err = place.run("sample", "draw", "2026Q4", "--rate", "25%", "--seed", "luckier")
    assert (status, "已于" in err, "--again" in err) == (2, True, True)


def test_a_draw_made_anew_is_on_record_with_its_reason(place):
    first = draw(place)
    again = place.sample("draw", "2026Q4", "--rate", "25%", "--seed", "other", "--again", "名单漏了乡镇")
    assert [r["subject"] for r in again] != [r["subject"] for r in first]
    record = json.loads(place.record.read_text(encoding="utf-8"))
    assert record["reason"] == "重抽：名单漏了乡镇"
    assert record["previous_record_sha256"] != "0" * 64
    assert place.run("sample", "verify", "2026Q4")[0] == 0


def test_where_the_edition_gives_no_rate_one_is_asked_for_and_where_it_does_it_is_taken(place):
    status, _, err = place.run("sample", "draw", "2026Q4")
    assert (status, "--rate" in err) == (2, True)
    Path("settings.toml").write_text('[standard]\nedition = "ganzi"\n', encoding="utf-8")
    assert sum(r["part"] == "抽样" for r in place.sample("draw", "2026Q4")) == 27


@pytest.mark.parametrize("rate", ["0%", "120%", "many"])
def test_a_rate_that_is_none_is_refused(place, rate):
    assert place.run("sample", "draw", "2026Q4", "--rate", rate)[0] == 2


def test_sites_are_drawn_in_the_same_way_at_the_rate_of_the_edition(place):
    drawn = place.sample("draw", "2026Q4", "--sites", "--redraw", "0%")
    assert len(drawn) == 4  # 30 % of the eleven that run
    assert all(r["subject"].startswith("site:51990000") for r in drawn)
    assert place.run("sample", "verify", "2026Q4", "--sites")[0] == 0


def test_an_outsider_audits_the_two_files_without_a_database(place, tmp_path_factory, monkeypatch):
    draw(place)
    elsewhere = tmp_path_factory.mktemp("auditor")
    monkeypatch.chdir(elsewhere)
    assert place.run("sample", "verify", str(place.record))[0] == 0
    assert list(elsewhere.iterdir()) == []


def test_a_changed_record_or_frame_or_a_missing_frame_is_told(place):
    draw(place)
    text = place.record.read_text(encoding="utf-8")
    place.record.write_text(text.replace("7719304452", "7719304453"), encoding="utf-8")
    status, _, err = place.run("sample", "verify", str(place.record))
    assert (status, "样本与重新抽取的不一致" in err, "数据库中没有这份记录" in err) == (1, True, True)
    place.record.write_text(text, encoding="utf-8")
    [frame] = place.record.parent.glob("*.csv")
    frame.write_text(frame.read_text(encoding="utf-8").replace("第1局", "第2局"), encoding="utf-8")
    assert "SHA-256 与记录不符" in place.run("sample", "verify", str(place.record))[2]
    frame.unlink()
    assert place.run("sample", "verify", str(place.record))[0] == 0  # the database has it
    assert place.run("sample", "verify", "nothing.json")[0] == 2


def test_a_seed_given_together_with_the_frame_is_marked_as_proving_nothing(place):
    draw(place)
    assert "不能证明种子产生于冻结之后" in json.loads(place.record.read_text(encoding="utf-8"))["seed_source"]


def test_a_seed_given_after_the_freeze_is_not_marked(place):
    assert place.run("sample", "freeze", "2026Q4", "--now", "2026-11-30T18:00:00+08:00")[0] == 0
    draw(place, "--seed-source", "10 次数字球，见证人张三、李四")
    record = json.loads(place.record.read_text(encoding="utf-8"))
    assert record["seed_source"] == "10 次数字球，见证人张三、李四"
    assert record["frozen_at"] == "2026-11-30T18:00:00+08:00"


def test_who_was_frozen_is_drawn_from_whatever_was_imported_since(place):
    place.run("sample", "freeze", "2026Q4")
    Path("more.csv").write_text("平台,账号名称,账号ID,主办单位,行政区划\n抖音,新,new1,新局,丙县", encoding="utf-8")
    place.run("import", "more.csv")
    assert not any(r["stratum"] == "丙县" for r in draw(place))


def test_a_replacement_is_chained_and_audited(place):
    first = draw(place)
    out = first[0]["subject"]
    assert place.run("sample", "replace", "2026Q4", out, "--why", " ")[0] == 2
    assert place.run("sample", "replace", "2026Q4", out, "--why", "已注销", "--who", "李四")[0] == 0
    after = place.sample("list", "2026Q4")
    assert len(after) == len(first)
    assert out not in {r["subject"] for r in after}
    assert place.run("sample", "replace", "2026Q4", out, "--why", "再来")[0] == 2
    assert place.run("sample", "verify", "2026Q4")[0] == 0
    revised = place.record.with_name("抽样记录-账号-2026Q4-修订2.json")
    assert place.run("sample", "verify", str(revised))[0] == 0
    assert json.loads(revised.read_text(encoding="utf-8"))["replacements"][0]["who"] == "李四"


def test_four_quarters_draw_everybody_and_each_record_counts_the_ones_before(place):
    seen: set[str] = set()
    for quarter in (1, 2, 3, 4):
        period = f"2027Q{quarter}"
        seen |= {r["subject"] for r in place.sample("draw", period, "--rate", "25%", "--redraw", "0%")}
        assert place.run("sample", "verify", period)[0] == 0
    assert len(seen) == 54


def test_a_record_slipped_out_of_the_chain_shows(place):
    import sqlite3

    place.sample("draw", "2027Q1", "--rate", "25%")
    place.sample("draw", "2027Q2", "--rate", "25%")
    with sqlite3.connect(place.folder / "xuncha.db") as database:
        database.execute("DELETE FROM draw_record WHERE period = '2027Q1'")
    database.close()
    status, _, err = place.run("sample", "verify", "2027Q2")
    assert (status, "与前一份不衔接" in err, "本年已抽 0 个季度" in err) == (1, True, True)


def test_the_check_sheet_holds_the_sample_and_comes_back_filled_as_facts_by_name(place):
    from openpyxl import load_workbook

    drawn = {r["subject"] for r in draw(place)}
    assert place.run("sample", "sheet", "2026Q4")[0] == 0
    path = place.folder / "sample-out" / "人工核查表-账号-2026Q4.xlsx"
    book = load_workbook(path)
    rows = list(book.active.iter_rows(values_only=True))
    head = next(n for n, row in enumerate(rows) if "指标编号" in row)
    titles = list(rows[head])
    assert {row[titles.index("对象")] for row in rows[head + 1 :]} == drawn
    line = next(n for n, row in enumerate(rows) if row[titles.index("指标编号")] == "NM3")
    subject = rows[line][titles.index("对象")]
    book.active.cell(line + 1, titles.index("结论") + 1, "有问题")
    book.active.cell(line + 1, titles.index("说明") + 1, "没有互动功能")
    book.save(path)

    status, out, err = place.run("import", str(path), "--who", "王五")
    assert (status, "已读入 王五 填报的事实 1 条" in out) == (0, True), err
    assert "事实 0 条，与已有的相同 1 条" in place.run("import", str(path), "--who", "王五")[1]
    status, out, _ = place.run("observations", subject, "--format", "json")
    [fact] = [f for f in json.loads(out) if f["kind"] == "manual_answer"]
    assert (fact["vantage"], fact["indicator"], fact["note"]) == ("manual:王五", "NM3", "没有互动功能")
    assert place.run("inspect")[0] == 0
    status, out, _ = place.run("findings", "--status", "failed", "--format", "json")
    assert subject in {f["subject"] for f in json.loads(out)}
