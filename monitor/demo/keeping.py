"""Short ways to say how a column is kept and what a check should make of it."""

from __future__ import annotations

from checks import ColumnCategory
from monitor.demo.plans import ColumnPlan, Expectation, Shape
from monitor.demo.publishing import Rhythm


def passes(check: str, story: str) -> Expectation:
    return Expectation(check, "passed", story)


def fails(check: str, story: str) -> Expectation:
    return Expectation(check, "failed", story, "problem")


def warns(check: str, story: str) -> Expectation:
    return Expectation(check, "passed", story, "warning")


def untested(check: str, story: str) -> Expectation:
    return Expectation(check, "untested", story)


def fresh(
    name: str, slug: str, category: ColumnCategory, *, newest: int = 1, every: int = 2, shape: Shape = Shape.BULLETS
) -> ColumnPlan:
    """A column that is kept as it should be."""
    story = f"{newest} 天前更新"
    return ColumnPlan(
        name=name,
        slug=slug,
        category=category,
        rhythm=Rhythm(newest=newest, every=every),
        shape=shape,
        expected=(passes("column.stale", story), passes("column.empty", story)),
    )


def stale(
    name: str, slug: str, category: ColumnCategory, *, newest: int, every: int = 6, shape: Shape = Shape.BULLETS
) -> ColumnPlan:
    """A news, notice or policy column that nobody has updated for too long."""
    return ColumnPlan(
        name=name,
        slug=slug,
        category=category,
        rhythm=Rhythm(newest=newest, every=every),
        shape=shape,
        expected=(fails("column.stale", f"{newest} 天未更新"),),
    )


def untouched(name: str, slug: str, category: ColumnCategory, reason: str) -> ColumnPlan:
    """A well-kept column of a site of which nothing may be said."""
    return ColumnPlan(
        name=name,
        slug=slug,
        category=category,
        rhythm=Rhythm(newest=1),
        expected=tuple(untested(check, reason) for check in ("column.stale", "column.empty")),
    )
