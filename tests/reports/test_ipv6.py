"""The rates of IPv6 by region and level, and the parts of each site: what was not tested is in no number."""

from __future__ import annotations

from dataclasses import replace

from checks.core.model import Level
from checks.core.parts import Part, PartStatus
from reports.drafting import draft
from reports.html import to_html
from reports.inspection import half_year_report
from reports.ipv6 import ipv6_rates, parts_table
from tests.reports.district import material, site


def part(key: str, status: PartStatus = PartStatus.PASSED, *, of: tuple[int, int] | None = None) -> Part:
    points = None if status in (PartStatus.UNTESTED, PartStatus.NOT_APPLICABLE) else 10.0
    reached, tested = of or (None, None)
    return Part(key=key, name=key, status=status, text="说明", points=points, reached=reached, tested=tested)


def sites():
    ours = [site(n) for n in range(1, 5)]
    return [
        replace(ours[0], region="甲县", level=Level.COUNTY),
        replace(ours[1], region="乙县", level=Level.COUNTY),
        replace(ours[2], region="甲县", level=Level.PREFECTURE),
        replace(ours[3], region="甲县", level=Level.PREFECTURE),
    ]


def parts():
    one, two, three, _ = sites()
    return {
        one.ref: [part("aaaa"), part("reach", PartStatus.PARTIAL), part("content"), part("level2", of=(9, 10))],
        two.ref: [part("aaaa", PartStatus.FAILED), part("reach", PartStatus.NOT_APPLICABLE)],
        three.ref: [
            part("aaaa"),
            part("reach", PartStatus.FAILED),
            part("content", PartStatus.UNTESTED),
            part("level2", of=(1, 10)),
        ],
    }


def test_rates_count_sites_and_links_by_region_and_level():
    rates = ipv6_rates(sites(), parts())
    everywhere = rates.everywhere
    assert (everywhere.sites, str(everywhere.aaaa), str(everywhere.home)) == (4, "2/3（66.7%）", "1/3（33.3%）")
    assert (str(everywhere.content), str(everywhere.level2), str(everywhere.level3)) == (
        "1/1（100.0%）",
        "10/20（50.0%）",
        "—",
    )
    assert [(row.name, row.sites, str(row.level2)) for row in rates.by_region] == [
        ("甲县", 3, "10/20（50.0%）"),
        ("乙县", 1, "—"),
    ]
    assert [row.name for row in rates.by_level] == [Level.PREFECTURE, Level.COUNTY]


def test_the_table_has_a_line_for_each_part_and_a_sum_for_each_site():
    table = parts_table(sites(), parts())
    assert len(table.rows) == 4 + 1 + 2 + 1 + 4 + 1
    sums = [row for row in table.rows if row[2] == "合计"]
    assert [(row[5], row[6]) for row in sums] == [(40.0, 40.0), (10.0, 10.0), (30.0, 30.0)]


def test_a_paper_prints_the_rates_only_where_they_are_known():
    bare = to_html(draft(half_year_report(material(sites=sites()))))
    assert "二级链接" not in bare
    told = to_html(draft(half_year_report(replace(material(sites=sites()), ipv6=parts()))))
    assert "网站 IPv6 支持情况（按地区）" in told
    assert "50.0%" in told
