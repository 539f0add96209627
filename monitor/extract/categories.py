"""类别 of a column, proposed by what the page and the site call it, and by its titles where neither says. A proposal:
people confirm it."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass

from checks import ColumnCategory


@dataclass(frozen=True, slots=True)
class Proposed:
    """A category and in Chinese why it was chosen. ``sure`` is false for what nothing speaks for."""

    category: ColumnCategory
    why: str
    sure: bool = True


def propose_category(names: Sequence[tuple[str, str]], titles: Sequence[str] = (), *, is_list: bool = True) -> Proposed:
    """The category by the first of the names that says one, then by what most titles are like.

    ``names`` are pairs of what kind of name it is and the name, the most telling first. ``is_list`` is false for a
    page of prose.
    """
    for kind, name in names:
        category = _by_name(name, is_list=is_list)
        if category is not None:
            return Proposed(category, f"{kind}“{name}”")
    if not is_list:
        return Proposed(ColumnCategory.STATIC, "页面是文字介绍，没有信息列表", sure=False)
    counts = Counter(category for title in titles if (category := _by_title(title)) is not None)
    if counts:
        [(category, count)] = counts.most_common(1)
        # 招生考试 reports of meetings like any column: what has a name of its own is no 动态要闻 for that.
        telling = category is not ColumnCategory.NEWS or not names
        if telling and count * 2 >= len(titles):
            return Proposed(category, f"{len(titles)} 条标题中 {count} 条像{category}")
    return Proposed(ColumnCategory.PERIODIC, "名称和标题未表明类别，按应更新", sure=False)


_BY_NAME: tuple[tuple[ColumnCategory, re.Pattern[str]], ...] = (
    (ColumnCategory.INTERPRETATION, re.compile(r"解读|图解|一图读懂|政策(?:问答|辅导|宣讲)")),
    (
        ColumnCategory.INTERACTION,
        re.compile(
            r"信箱|互动|咨询|投诉|举报|留言|征集|调查|访谈|问政|回应|民意|热线|来信|常见问题|网民|听证|建言|信访|我要写信"
        ),
    ),
    (
        ColumnCategory.STATIC,
        re.compile(
            r"概况|简介|机构(?:职能|设置|概况|简介)?$|内设机构|直属单位|领导(?:之窗|信息|介绍|班子|成员|简历|分工)?$|职能|职责|"
            r"联系(?:我们|方式|电话)|地图|历史|沿革|风光|风貌|地理|人文|公开指南|关于我们|网站(?:声明|介绍)|使用帮助|版权|县情|市情|省情|区情"
        ),
    ),
    (
        ColumnCategory.PERIODIC,
        re.compile(
            r"招标|采购|招聘|招考|录用|考录|拍卖|土地|人事|预决?算|决算|统计|年报|年度报告|规划|计划|总结|监测|处罚|许可|"
            r"双公示|抽查|建议提案|议案|提案|应急|价格|资金|项目|发布会|公报|工作报告"
        ),
    ),
    (ColumnCategory.NOTICES, re.compile(r"通知|公告|公示|通告|公示公告")),
    (
        ColumnCategory.NEWS,
        re.compile(
            r"要闻|动态|新闻|时政|快讯|头条|资讯|(?:工作|部门|乡镇|基层|党建)(?:信息|交流)|简讯|活动$|播报|传真"
        ),
    ),
    (
        ColumnCategory.POLICY,
        re.compile(r"政策|文件|法规|规章|法律|条例|政令|(?:政府|部|委|局|厅)令$|委令$|制度|标准|规范"),
    ),
)
_BY_TITLE: tuple[tuple[ColumnCategory, re.Pattern[str]], ...] = (
    (ColumnCategory.INTERPRETATION, re.compile(r"解读|图解|一图读懂|答记者问|问答")),
    (ColumnCategory.NOTICES, re.compile(r"公示|公告|通告|招聘|征求.{0,20}意见|放假|停水|停电|名单")),
    (
        ColumnCategory.POLICY,
        re.compile(
            r"印发|转发|办法|条例|规定|规则|细则|意见|方案|令第|号令|决定|规划|若干|〔20\d\d〕|规范|贯彻|实施|纪要的通知|职责"
        ),
    ),
    (ColumnCategory.NOTICES, re.compile(r"通知")),
    (
        ColumnCategory.NEWS,
        re.compile(
            r"召开|调研|举行|开展|举办|会见|出席|慰问|督导|检查|座谈|部署|走访|启动|推进|主持|强调|传达|学习|赴|走进"
        ),
    ),
    (ColumnCategory.INTERACTION, re.compile(r"回复|咨询|建议|投诉|反映|请问|吗？?$")),
)
_PLAIN_NAME = re.compile(r"[\s>|·\[\]()（）【】]+|更多|more", re.I)


def _by_name(name: str, *, is_list: bool) -> ColumnCategory | None:
    plain = _PLAIN_NAME.sub("", name)
    for category, words in _BY_NAME:
        # A list of items called 机构 or 领导 is kept up; prose that is called so is not.
        if words.search(plain):
            return ColumnCategory.PERIODIC if category is ColumnCategory.STATIC and is_list else category
    return None


def _by_title(title: str) -> ColumnCategory | None:
    return next((category for category, words in _BY_TITLE if words.search(title)), None)
