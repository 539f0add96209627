"""What the made-up district publishes and when: articles as a function of the story's end. No pages, no servers."""

from __future__ import annotations

import zlib
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta, timezone

CHINA = timezone(timedelta(hours=8))


@dataclass(frozen=True, slots=True, kw_only=True)
class Rhythm:
    """Publications counted back from the end of the story, in days: the newest, and those before it at even gaps."""

    newest: int
    every: int = 2
    count: int = 14

    @property
    def ages(self) -> tuple[int, ...]:
        """Ages in days at the end of the story, the youngest first."""
        return tuple(self.newest + self.every * back for back in range(self.count))


@dataclass(frozen=True, slots=True)
class Article:
    """One publication. ``number`` is unique within its site and never changes."""

    number: int
    title: str
    at: datetime

    @property
    def day(self) -> date:
        return self.at.date()


def articles(seed: str, rhythm: Rhythm, *, end: datetime, first_number: int = 1) -> tuple[Article, ...]:
    """All articles that a rhythm brings forth until ``end``, newest first. ``seed`` chooses the wording."""
    last_day = end.astimezone(CHINA).date()
    return tuple(
        Article(
            first_number + rhythm.count - 1 - place,
            _title(seed, rhythm.count - 1 - place),
            datetime.combine(last_day - timedelta(days=age), _hour(seed, place), CHINA),
        )
        for place, age in enumerate(rhythm.ages)
    )


def published_by(all_articles: Iterable[Article], now: datetime) -> tuple[Article, ...]:
    """Those that were out at ``now``, in the given order."""
    return tuple(article for article in all_articles if article.at <= now)


def paragraphs(article: Article) -> tuple[str, ...]:
    """The text of an article. It names no date, so that only the printed one can be read."""
    turn = article.number % len(_SENTENCES)
    return (
        f"近日，{article.title}。有关单位负责同志到场，听取了情况介绍，并与群众代表面对面交流。",
        _SENTENCES[turn],
        _SENTENCES[(turn + 2) % len(_SENTENCES)],
    )


_PLACES = ("青禾县", "青禾县柳溪镇", "青禾县石桥乡", "青禾县北坡街道", "青禾县云岭镇", "青禾县东渠乡")
_TOPICS = (
    "春耕备耕", "河道清淤", "老旧小区改造", "校园食品安全", "森林防火", "农村饮水", "便民服务", "道路养护",
    "就业帮扶", "垃圾分类", "防汛演练", "乡村医生培训", "图书下乡", "特色果蔬销售", "营商环境", "古树保护", "电商培训",
)  # fmt: skip
_DEEDS = (
    "召开{topic}工作推进会", "开展{topic}专项行动", "组织{topic}现场观摩", "部署下一阶段{topic}任务",
    "{topic}工作取得新进展", "举办{topic}宣传活动", "完成{topic}年度目标",
)  # fmt: skip
_SENTENCES = (
    "会议要求，各乡镇各部门要把工作做细做实，逐项列出清单，明确责任人，定期通报进度。",
    "现场工作人员介绍，前期已完成摸底登记，群众反映的问题正在分类办理，办理结果将及时公开。",
    "柳溪镇村民说，路好走了，水稳定了，出门办事也比从前方便，大家心里踏实。",
    "下一步，青禾县将继续加大投入，完善长效机制，让群众得到更多看得见的实惠。",
    "活动期间发放宣传资料，解答咨询，收集意见建议，并安排专人回访。",
)


def _title(seed: str, index: int) -> str:
    # Coprime steps through the tables give a column hundreds of titles before one returns.
    start = zlib.crc32(seed.encode()) + index
    topic = _TOPICS[start % len(_TOPICS)]
    return _PLACES[start // 3 % len(_PLACES)] + _DEEDS[start % len(_DEEDS)].format(topic=topic)


def _hour(seed: str, place: int) -> time:
    # Before nine: what is dated the day of the story's end is out when the machine looks during office hours.
    minutes = (zlib.crc32(seed.encode()) + place * 7) % 60
    return time(8, minutes)
