"""How the end of a look, of a question to the DNS, or the place of a date reads in a sentence."""

from __future__ import annotations

from collections.abc import Mapping

from checks.core.observations import DateBasis, Outcome

OUTCOMES: Mapping[Outcome, str] = {
    Outcome.OK: "正常打开",
    Outcome.HTTP_ERROR: "服务器返回错误",
    Outcome.SOFT_404: "页面提示不存在",
    Outcome.TIMEOUT: "访问超时",
    Outcome.DNS_ERROR: "域名无法解析",
    Outcome.CONNECT_ERROR: "连接失败",
    Outcome.TLS_ERROR: "TLS 握手失败",
    Outcome.TOO_LARGE: "内容过大",
    Outcome.REDIRECT_LOOP: "循环跳转",
    Outcome.BLOCKED: "被防护设备拦截",
    Outcome.REFUSED_BY_GUARD: "地址不在允许访问的范围",
}

BASES: Mapping[DateBasis, str] = {
    DateBasis.LIST: "列表标注",
    DateBasis.ARTICLE: "文章页标注",
    DateBasis.META: "文章页 PubDate",
    DateBasis.API: "列表接口",
    DateBasis.URL: "网址中的日期",
    DateBasis.PUBLISHED: "订阅源发布时间",
    DateBasis.UPDATED: "订阅源更新时间",
    DateBasis.SELF_REPORTED: "单位填报",
}

DNS_ANSWERS: Mapping[str, str] = {
    "ok": "有记录",
    "no_data": "没有记录",
    "nxdomain": "域名不存在",
    "timeout": "查询超时",
    "servfail": "域名服务器故障",
    "refused": "域名服务器拒绝查询",
}
