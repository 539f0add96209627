"""The Chinese of every closed set, once: ``said`` for a value, ``check_title`` for a check. No sentences."""

from __future__ import annotations

from collections.abc import Mapping
from enum import StrEnum
from types import MappingProxyType

from checks.core.assess import Status
from checks.core.ledger import Action
from checks.core.model import Platform
from checks.core.observations import DateBasis, Outcome
from checks.core.parts import PartStatus
from checks.core.registry import Severity, all_checks
from checks.core.standard import Tier

UNNAMED = "（未填写）"


def said(value: StrEnum | None) -> str:
    """The Chinese word for a member of a closed set; members whose value is Chinese already stand for themselves."""
    if value is None:
        return UNNAMED
    return _WORDS.get(value.__class__, {}).get(value, value.value)


def check_title(check_id: str) -> str:
    """The title of a check; the id itself where the check is no longer there."""
    declared = all_checks().get(check_id)
    return declared.title if declared else check_id


def or_unnamed(text: str) -> str:
    """The text, or a mark that the registry left it empty."""
    return text.strip() or UNNAMED


def subject_kind(kind: str) -> str:
    """网站, 栏目 or 新媒体, for the ``kind`` of a reference."""
    return {"site": "网站", "column": "栏目", "account": "新媒体"}.get(kind, kind)


_WORDS: Mapping[type[StrEnum], Mapping[StrEnum, str]] = MappingProxyType(
    {
        Status: {
            Status.PASSED: "通过",
            Status.FAILED: "有问题",
            Status.UNTESTED: "未检测",
            Status.ERROR: "检查出错",
        },
        PartStatus: {
            PartStatus.PASSED: "通过",
            PartStatus.PARTIAL: "部分",
            PartStatus.FAILED: "未通过",
            PartStatus.UNTESTED: "未检测",
            PartStatus.NOT_APPLICABLE: "不适用",
        },
        Severity: {Severity.PROBLEM: "问题", Severity.WARNING: "预警"},
        Tier: {Tier.VETO: "单项否决", Tier.DEDUCT: "扣分", Tier.BONUS: "加分", Tier.REMIND: "提醒"},
        Action: {
            Action.FOUND: "发现",
            Action.RECURRED: "复现",
            Action.RECHECK_PASSED: "复查未再发现",
            Action.RECHECK_FAILED: "复查仍有问题",
            Action.CONFIRMED: "核实",
            Action.ASSIGNED: "交办",
            Action.SUBMITTED: "提交整改",
            Action.APPROVED: "销号",
            Action.REJECTED: "退回",
            Action.DISMISSED: "不予认定",
            Action.EXTENDED: "延期",
            Action.AUTO_CLOSED: "自动销号",
            Action.URGED: "催办",
            Action.REOPENED: "撤销不予认定",
        },
        Outcome: {
            Outcome.OK: "正常",
            Outcome.HTTP_ERROR: "返回错误状态码",
            Outcome.SOFT_404: "页面提示内容不存在",
            Outcome.TIMEOUT: "超时",
            Outcome.DNS_ERROR: "域名解析失败",
            Outcome.CONNECT_ERROR: "无法建立连接",
            Outcome.TLS_ERROR: "安全连接失败",
            Outcome.TOO_LARGE: "内容过大",
            Outcome.REDIRECT_LOOP: "循环跳转",
            Outcome.BLOCKED: "监测被拦截",
            Outcome.REFUSED_BY_GUARD: "地址不在允许访问的范围",
        },
        DateBasis: {
            DateBasis.LIST: "列表页日期",
            DateBasis.ARTICLE: "正文页日期",
            DateBasis.META: "页面标签 PubDate",
            DateBasis.API: "列表接口",
            DateBasis.URL: "网址中的日期",
            DateBasis.PUBLISHED: "订阅源发布时间",
            DateBasis.UPDATED: "订阅源更新时间",
            DateBasis.SELF_REPORTED: "主办单位填报",
            DateBasis.REF_DATE: "微信发表统计",
            DateBasis.PROOF_PAGE: "所报链接的页面",
            DateBasis.FIRST_SEEN: "首次见到的时间",
        },
        Platform: {
            Platform.WECHAT: "微信公众号",
            Platform.WECHAT_CHANNELS: "微信视频号",
            Platform.WECHAT_MINI: "微信小程序",
            Platform.WEIBO: "新浪微博",
            Platform.TOUTIAO: "今日头条",
            Platform.DOUYIN: "抖音",
            Platform.KUAISHOU: "快手",
            Platform.BILIBILI: "哔哩哔哩",
            Platform.BAIJIAHAO: "百家号",
            Platform.PEOPLE: "人民号",
            Platform.APP: "移动客户端",
            Platform.XIAOHONGSHU: "小红书",
            Platform.THEPAPER: "澎湃号",
            Platform.QQ: "企鹅号",
            Platform.DAYU: "大鱼号",
            Platform.XUEXI: "学习强国号",
            Platform.TIEBA: "百度贴吧",
            Platform.OTHER: "其他平台",
        },
    }
)
