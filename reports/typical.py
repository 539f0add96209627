"""典型问题: for each check its count and a few named examples, those first that a person confirmed."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from checks.core.ledger import State
from reports.figures import grouped
from reports.problems import Problem, ProblemGroup

EXAMPLES = 3
_UNCONFIRMED = ("", State.TO_VERIFY.value)


@dataclass(frozen=True, slots=True, kw_only=True)
class Example:
    """One site, column or account with its worst-counted problem. ``confirmed``: a person upheld it."""

    group: ProblemGroup
    confirmed: bool

    @property
    def text(self) -> str:
        first = self.group.problems[0]
        more = f"等 {len(self.group.problems)} 处" if len(self.group.problems) > 1 else ""
        doubt = "" if self.confirmed else "（待核实）"
        return f"{self.group.subject.full_name}：{first.text.rstrip('。；')}{more}{doubt}"


@dataclass(frozen=True, slots=True, kw_only=True)
class TypicalProblem:
    """One check: how many problems of how many subjects, and some of them by name."""

    title: str
    problems: int
    subjects: int
    examples: tuple[Example, ...]


def typical(problems: Iterable[Problem]) -> tuple[TypicalProblem, ...]:
    """By check, the most frequent first. One example a unit, confirmed ones first, then those with most problems."""
    kinds = []
    for title, found in grouped(problems, lambda problem: problem.title).items():
        groups = [
            ProblemGroup(subject=mine[0].subject, title=title, problems=tuple(sorted(mine, key=_doubt)))
            for mine in grouped(found, lambda problem: problem.subject.ref).values()
        ]
        kinds.append(TypicalProblem(title=title, problems=len(found), subjects=len(groups), examples=_examples(groups)))
    return tuple(sorted(kinds, key=lambda kind: (-kind.subjects, -kind.problems, kind.title)))


def _examples(groups: list[ProblemGroup]) -> tuple[Example, ...]:
    ordered = sorted(groups, key=lambda group: (_doubt(group.problems[0]), -len(group.problems)))
    chosen: dict[str, ProblemGroup] = {}
    for group in ordered:
        chosen.setdefault(group.subject.sponsor or str(group.subject.ref), group)
    return tuple(
        Example(group=group, confirmed=not _doubt(group.problems[0])) for group in list(chosen.values())[:EXAMPLES]
    )


def _doubt(problem: Problem) -> bool:
    return problem.state in _UNCONFIRMED
