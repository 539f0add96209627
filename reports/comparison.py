"""Against the period before: the same figures of both, counted by one standard over one register."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace

from checks.core.assess import Assessment
from reports.figures import Rate, RateStyle
from reports.material import Material
from reports.tallies import Tallies
from reports.upheld import upheld


@dataclass(frozen=True, slots=True, kw_only=True)
class Change:
    """One figure in both periods. ``difference`` is empty where one of them has no figure."""

    name: str
    before: str
    now: str
    difference: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Comparison:
    """The figures of the period before beside those of now."""

    title: str
    changes: tuple[Change, ...]


def comparison(material: Material) -> Comparison | None:
    """The comparison, or ``None`` where the record holds nothing of the period before."""
    if material.previous is None or not material.previous.assessments:
        return None
    before = replace(
        material,
        period=material.previous.period,
        assessments=material.previous.assessments,
        verdicts=material.previous.verdicts,
    )
    return Comparison(title=before.period.title, changes=tuple(_changes(upheld(before), upheld(material))))


def _changes(before: Material, now: Material) -> Iterator[Change]:
    old, new, style = Tallies(before), Tallies(now), now.rates
    for name, then, today in (
        ("政府网站", old.tally("", old.sites), new.tally("", new.sites)),
        ("政务新媒体账号", old.tally("", old.accounts), new.tally("", new.accounts)),
    ):
        yield _rates(f"{name}检查覆盖率", then.coverage, today.coverage, style)
        yield _rates(f"{name}合格率", then.pass_rate, today.pass_rate, style)
        yield _counts(f"{name}不合格数", then.failed, today.failed)
        yield _counts(f"{name}未检测数", then.untested, today.untested)
    yield _rates("网站 IPv6 支持率", old.ipv6().all_sites, new.ipv6().all_sites, style)
    yield _counts("发现问题数", _problems(before.assessments, old), _problems(now.assessments, new))


def _rates(name: str, before: Rate, now: Rate, style: RateStyle) -> Change:
    return Change(name=name, before=style.text(before), now=style.text(now), difference=style.change(before, now))


def _counts(name: str, before: int, now: int) -> Change:
    difference = now - before
    told = "持平" if not difference else f"{'增加' if difference > 0 else '减少'} {abs(difference)} 个"
    return Change(name=name, before=str(before), now=str(now), difference=told)


def _problems(assessments: object, tallies: Tallies) -> int:
    running = tallies.running
    assert isinstance(assessments, tuple | list)
    return sum(len(a.problems) for a in assessments if isinstance(a, Assessment) and a.subject in running)
