"""What a cell may look like, and what is refused with which remedy."""

from __future__ import annotations

from datetime import date, datetime

import pytest

from checks.core.model import AccountStatus, Level, Platform, SiteKind
from monitor.registry import cells, synonyms
from monitor.registry.cells import CellFault


@pytest.mark.parametrize(
    ("cell", "code"),
    [
        ("5118000022", "5118000022"),
        (" 5118000022\u200b", "5118000022"),
        ("５１１８００００２２", "5118000022"),
        (5118000022, "5118000022"),
        ("'5118000022", "5118000022"),
        ("BM01000001", "bm01000001"),
        ("ｂｍ01000001", "bm01000001"),
    ],
)
def test_a_site_code_is_read_however_it_is_typed(cell, code):
    assert cells.site_code(cell) == code


@pytest.mark.parametrize(
    "cell",
    [
        "511800002",
        "51180000222",
        "511800002x",
        "bm0100000",
        "bm010000011",
        "bn01000001",
        511800002,
        5118000022.5,
        "٥١١٨٠٠٠٠٢٢x",
    ],
)
def test_a_site_code_of_another_form_is_refused(cell):
    with pytest.raises(CellFault, match="10 位数字"):
        cells.site_code(cell)


@pytest.mark.parametrize(
    "cell",
    ["7.4E+18", "7.4e18", "1E+15", 7.4e18, 7400000000000000000, 10**15, "1234567890123450"],
)
def test_a_number_that_excel_has_mangled_is_refused(cell):
    with pytest.raises(CellFault, match="文本"):
        cells.identifier(cell)


@pytest.mark.parametrize(
    ("cell", "read"),
    [
        (10**15 - 1, "999999999999999"),
        ("123456789012000", "123456789012000"),  # 15 digits are safe with Excel
        ("1234567890123456", "1234567890123456"),
        ("6543210987654321001", "6543210987654321001"),
        ("'1234567890123450", "1234567890123450"),  # said to be text
        ("gh_1e10", "gh_1e10"),
        ("11510000MB1234567X", "11510000MB1234567X"),
        (1234567890, "1234567890"),
        (None, ""),
    ],
)
def test_a_number_that_is_whole_is_kept_as_text(cell, read):
    assert cells.identifier(cell) == read


@pytest.mark.parametrize(
    ("cell", "day"),
    [
        ("2019-05-01", date(2019, 5, 1)),
        ("2019/5/1", date(2019, 5, 1)),
        ("2019.5.1", date(2019, 5, 1)),
        ("2019年5月1日", date(2019, 5, 1)),
        ("２０１９年５月１日", date(2019, 5, 1)),
        ("20190501", date(2019, 5, 1)),
        ("2019-05-01 10:30", date(2019, 5, 1)),
        ("2019-05-01 10:30:00", date(2019, 5, 1)),
        (datetime(2019, 5, 1, 23, 59), date(2019, 5, 1)),
        (date(2019, 5, 1), date(2019, 5, 1)),
        (43586, date(2019, 5, 1)),
        ("43586", date(2019, 5, 1)),
        (43586.75, date(2019, 5, 1)),
        ("", None),
        (None, None),
    ],
)
def test_a_day_is_read_in_the_usual_forms(cell, day):
    assert cells.day(cell) == day


@pytest.mark.parametrize("cell", ["2019-02-30", "2019年13月1日", "去年", "5.1", 12, "2019"])
def test_what_is_no_day_is_refused(cell):
    with pytest.raises(CellFault, match="不是日期"):
        cells.day(cell)


def test_a_month_alone_is_a_day_only_where_no_silence_is_counted_from_it():
    assert cells.day_or_month("2019年5月") == date(2019, 5, 1)
    assert cells.day_or_month("2019.5") == date(2019, 5, 1)
    with pytest.raises(CellFault, match="只有年月"):
        cells.day("2019年5月")


@pytest.mark.parametrize(
    ("cell", "number"),
    [
        ("1.2万", 12000),
        ("3,456", 3456),
        ("３，４５６", 3456),
        ("1.15W+", 11500),
        (3456, 3456),
        (3456.0, 3456),
        ("0", 0),
        ("2亿", 200_000_000),
        ("12人", 12),
        ("", None),
    ],
)
def test_a_number_of_followers_is_read(cell, number):
    assert cells.count(cell) == number


@pytest.mark.parametrize("cell", ["很多", "-5", "1.2.3万", "1e5", "101亿", "9" * 400])
def test_what_is_no_number_is_refused(cell):
    with pytest.raises(CellFault, match="不是数量"):
        cells.count(cell)


@pytest.mark.parametrize(
    "cell",
    [
        "http://www.yaan.gov.cn/",
        "https://a.gov.cn:8443/x?y=1",
        "HTTP://WWW.A.GOV.CN",
        "http://中国政务.cn/",
        "ｈｔｔｐ：／／ａ．ｇｏｖ．ｃｎ",
    ],
)
def test_a_web_address_is_taken_as_it_is(cell):
    assert cells.address(cell).lower().startswith("http")


@pytest.mark.parametrize(
    "cell", ["www.yaan.gov.cn", "yaan.gov.cn/index.html", "ftp://a.gov.cn/", "javascript:alert(1)", "无"]
)
def test_an_address_without_http_is_refused_and_not_guessed(cell):
    with pytest.raises(CellFault, match="http://"):
        cells.address(cell)


@pytest.mark.parametrize(
    "cell",
    ["http://", "http:///x", "http://a b.gov.cn/", "http://a.gov.cn:99999/", "http://[::1/", "http://a.gov.cn:x/"],
)
def test_an_address_that_leads_nowhere_is_refused(cell):
    with pytest.raises(CellFault, match="不是完整的网址"):
        cells.address(cell)


@pytest.mark.parametrize(("cell", "days"), [(1, 1), ("3650", 3650), ("14天", 14), ("14个自然日", 14), ("", None)])
def test_a_term_is_read_in_days(cell, days):
    assert cells.days(cell) == days


@pytest.mark.parametrize("cell", [0, 3651, "14.5", "两周", "-1", "9" * 5000])
def test_an_impossible_term_is_refused(cell):
    with pytest.raises(CellFault, match="1 到 3650"):
        cells.days(cell)


@pytest.mark.parametrize(
    ("cell", "answer"),
    [("是", True), ("否", False), (True, True), (False, False), ("√", True), (1, True), (0, False), ("", None)],
)
def test_yes_and_no_are_read(cell, answer):
    assert cells.yes(cell) is answer


@pytest.mark.parametrize(
    ("synonyms_", "cell", "member"),
    [
        (synonyms.PLATFORMS, "微信公众号（订阅号）", Platform.WECHAT),
        (synonyms.PLATFORMS, "抖音短视频", Platform.DOUYIN),
        (synonyms.PLATFORMS, "ＡＰＰ", Platform.APP),
        (synonyms.PLATFORMS, "b站", Platform.BILIBILI),
        (synonyms.LEVELS, "县（市、区）及部门", Level.COUNTY),
        (synonyms.LEVELS, "县(市、区)及部门", Level.COUNTY),
        (synonyms.ACCOUNT_STATES, "停更(已公告)", AccountStatus.PAUSED),
        (synonyms.SITE_KINDS, "门户网站", SiteKind.PORTAL),
    ],
)
def test_a_closed_set_is_read_by_its_synonyms(synonyms_, cell, member):
    assert cells.one_of(synonyms_)(cell) is member


@pytest.mark.parametrize(
    "of",
    [
        synonyms.PLATFORMS,
        synonyms.SITE_KINDS,
        synonyms.SITE_STATES,
        synonyms.LEVELS,
        synonyms.CATEGORIES,
        synonyms.ACCOUNT_STATES,
    ],
)
def test_every_member_of_a_closed_set_can_be_written_and_no_synonym_means_two(of):
    assert set(of) == set(type(next(iter(of))))
    ways = [(cells._bare(cells.folded(way)), member) for member, all_ways in of.items() for way in all_ways]
    assert len({bare for bare, _ in ways}) == len(set(ways))
    for member, all_ways in of.items():
        assert cells.one_of(of)(all_ways[0]) is member


def test_a_silence_without_announcement_is_not_an_announced_pause():
    with pytest.raises(CellFault, match="停更（已公告）"):
        cells.one_of(synonyms.ACCOUNT_STATES)("停更")


def test_names_keep_their_chinese_brackets_and_lose_full_width_letters():
    assert cells.text("　政策解读（图解）ＡＢＣ１ \n") == "政策解读（图解）ABC1"


def test_a_formula_error_is_not_a_name():
    with pytest.raises(CellFault, match="公式错误"):
        cells.text("#REF!")
