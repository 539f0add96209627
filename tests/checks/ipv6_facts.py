"""Facts of IPv6 made by hand for the tests."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import date, datetime

from checks import FamilyComparison, InnerLinkSurvey, NameServiceSurvey, Observation, Outcome, OutsideSurvey
from checks.core.ipv6.facts import InnerLink, LevelCount, NameServer, OutsideHost, PagePrint, ServerAnswer
from checks.core.ipv6.sketch import shingles, sketch
from tests.checks.facts import HOME, SITE, _ids, survey, visit

V6 = "2001:db8::1"
TEXT = (
    "某县人民政府门户网站今日发布重点工作部署推进会议精神传达学习贯彻落实情况通报，"
    "各乡镇街道、县直各部门参加会议并作交流发言。"
)
OTHER_TEXT = "欢迎使用云主机，这里是网站默认页面，请登录控制面板上传程序文件，完成域名绑定后即可访问您自己的站点内容。"
LINKS = [f"/art/{n}.html" for n in range(40)]


def page_print(
    family: int,
    *,
    text: str = TEXT,
    title: str = "某县人民政府",
    links: Sequence[str] = LINKS,
    dates: Sequence[date] = (date(2026, 11, 23), date(2026, 11, 20)),
    outcome: Outcome = Outcome.OK,
    status: int | None = 200,
    final: str = HOME,
) -> PagePrint:
    said, size = sketch(shingles([text]))
    targets, count = sketch(links)
    return PagePrint(
        family=family,
        outcome=outcome,
        status_code=status,
        final_url=final,
        title=title,
        text=said,
        text_size=size,
        links=targets,
        links_size=count,
        dates=tuple(dates),
    )


def comparison(
    at: datetime, six: PagePrint | None = None, *, four: PagePrint | None = None, again: PagePrint | None = None
) -> FamilyComparison:
    first = four or page_print(4)
    return FamilyComparison(
        subject=SITE.ref,
        at=at,
        vantage="test",
        url=HOME,
        first=first,
        over_ipv6=six or page_print(6),
        again=again or first,
        id=next(_ids),
    )


def level(number: int, *, reached: int = 10, failed: int = 0, dead: int = 0, unknown: int = 0, found: int = 0):
    sampled = reached + failed + dead + unknown
    return LevelCount(
        level=number,
        found=found or sampled,
        sampled=sampled,
        reached=reached,
        failed=failed,
        dead=dead,
        unknown=unknown,
    )


def inner(at: datetime, *levels: LevelCount, stayed: bool = True) -> InnerLinkSurvey:
    counts = levels or (level(2), level(3))
    return InnerLinkSurvey(
        subject=SITE.ref,
        at=at,
        vantage="test",
        url=HOME,
        levels=counts,
        failing=tuple(
            InnerLink(
                url=f"{HOME}v4/{count.level}/{n}.html",
                level=count.level,
                page=HOME,
                over_ipv6=Outcome.TIMEOUT,
                over_ipv4=Outcome.OK,
                detail="连接超时",
            )
            for count in counts
            for n in range(count.failed)
        ),
        home_stayed=stayed,
        id=next(_ids),
    )


def names(at: datetime, *servers: NameServer, answer: str = "ok") -> NameServiceSurvey:
    return NameServiceSurvey(
        subject=SITE.ref,
        at=at,
        vantage="test",
        host="www.example.gov.cn",
        zone="example.gov.cn",
        ns_answer=answer,
        servers=servers or (name_server("ns1"), name_server("ns2")),
        id=next(_ids),
    )


def name_server(name: str, *, six: str | None = "ok", four: str = "ok", aaaa_answer: str = "") -> NameServer:
    """``six`` and ``four``: how it answers over each family; ``None`` for one without IPv6."""
    address = f"2001:db8:53::{name[-1]}"
    answers = [ServerAnswer(address="192.0.2.53", answer=four, seconds=0.02)]
    if six is not None:
        answers.insert(0, ServerAnswer(address=address, answer=six))
    return NameServer(
        name=f"{name}.example.gov.cn",
        aaaa_answer=aaaa_answer or ("ok" if six is not None else "no_data"),
        aaaa=(address,) if six is not None else (),
        a=("192.0.2.53",),
        answers=tuple(answers),
    )


def outside(at: datetime, *hosts: OutsideHost, resources: int = 20, links: int = 30, unknown: int = 0) -> OutsideSurvey:
    return OutsideSurvey(
        subject=SITE.ref,
        at=at,
        vantage="test",
        pages=5,
        hosts=10,
        resources=resources,
        links=links,
        unknown=unknown,
        without=hosts,
        id=next(_ids),
    )


def both(at: datetime, *, v4: Outcome = Outcome.OK, v6: Outcome = Outcome.OK) -> list[Observation]:
    return [visit(at, v4), visit(at, v6, family=6)]


def well(at: datetime) -> list[Observation]:
    """All that makes a site pass, seen at one moment."""
    return [survey(at), names(at), *both(at), comparison(at), inner(at), outside(at)]


def pages_well(at: datetime) -> list[Observation]:
    """The pages are well; of addresses and visits nothing is said."""
    return [comparison(at), inner(at)]


def slow(at: datetime, *, v4: float, v6: float) -> list[Observation]:
    return [visit(at, seconds=v4), replace(visit(at, family=6), seconds=v6)]
