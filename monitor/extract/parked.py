"""Domains that seem to belong to somebody else now: parked or for sale, or turned to gambling (疑似被抢注).

Wrong here is worse than blind: only what a page says of itself in its title and metas counts, and not what it reports.
"""

from __future__ import annotations

import re

from selectolax.lexbor import LexborHTMLParser


def looks_hijacked(text: str) -> str:
    """Why the page looks like one of a parked or gambling domain, in Chinese; empty where it does not."""
    if not any(word in text for word in _WORDS):
        return ""
    tree = LexborHTMLParser(text)
    title = tree.css_first("title")
    says = [title.text() if title else ""]
    for meta in tree.css("meta[name]"):
        if (meta.attributes.get("name") or "").lower() in ("keywords", "description"):
            says.append(meta.attributes.get("content") or "")
    shown = " ".join(" ".join(says).split())
    tree.strip_tags(["script", "style", "template"])
    visible = "".join((tree.body.text() if tree.body else "").split())
    if _REPORTS.search(shown):
        return ""
    terms = sorted({match.lower() for match in _GAMBLING.findall(shown)})
    if len(terms) >= _ENOUGH_TERMS:
        return f"页面标题和说明像是博彩网站（{'、'.join(terms[:3])}）"
    if len(visible) <= _PARKED_TEXT and (match := _PARKED.search(shown + visible)):
        return f"页面显示域名已过期或待出售（{match[0][:30]}）"
    return ""


_ENOUGH_TERMS = 2
_PARKED_TEXT = 1_000
_WORDS = ("域名", "omain", "DOMAIN", "博彩", "娱乐", "棋牌", "百家乐", "彩", "真人", "澳门", "体育")
_GAMBLING = re.compile(
    r"博彩|真人(?:百家乐|视讯|荷官|娱乐)|百家乐|老虎机|棋牌(?:游戏)?(?:平台|下载|娱乐)|(?:澳门|新)葡京|威尼斯人(?:娱乐|官网)"
    r"|注册送彩金|六合彩|时时彩|北京赛车|娱乐城|现金网|皇冠(?:体育|投注|娱乐)|(?:亚博|凯发|必威|华体会|开云)(?:体育|娱乐|官网)?|体育投注|电子游艺|AG真人"
)
_REPORTS = re.compile(r"打击|治理|整治|查处|举报|防范|警惕|反赌|禁赌|公安|警方|法院|检察|判决|新闻|涉赌|戒赌|政府")
_PARKED = re.compile(
    r"(?:此|该|本)?域名(?:正在|可|可以|待|已)?(?:出售|转让|拍卖)|域名(?:已经?|现已)?(?:过期|到期)(?!提醒|查询)|购买(?:此|该|本)域名"
    r"|this\s*domain\s*(?:name\s*)?(?:is|may\s*be)\s*(?:available\s*)?for\s*sale|buy\s*this\s*domain"
    r"|domain\s*(?:has\s*)?(?:is\s*)?(?:expired|parked)|sedoparking|parkingcrew|hugedomains",
    re.I,
)
