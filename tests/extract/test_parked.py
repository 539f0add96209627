"""Domains that somebody else took, told by several signs at once; and living pages, which are never taken for one."""

from __future__ import annotations

import csv
from pathlib import Path

import pytest

from monitor.extract.charset import decode
from monitor.extract.parked import DEALERS, TRADES, looks_hijacked

CORPUS = Path(__file__).parents[2] / ".." / "shared" / "corpus"
HOST = "www.oldname.cn"


def page(title: str, text: str, *, metas: str = "", more: str = "") -> str:
    described = f'<meta name="Keywords" content="{metas}">' if metas else ""
    return f"<html><head><title>{title}</title>{described}</head><body><p>{text}</p>{more}</body></html>"


@pytest.mark.parametrize(
    "text",
    [
        page("澳门新葡京_真人百家乐官网", "开户"),
        page("博彩公司排行榜-体育投注平台", "注册就送彩金，首存返水"),
        page("威尼斯人娱乐城-棋牌游戏平台下载", "官方入口 备用网址"),
        page("澳門百家樂_真人視訊_線上娛樂", "註冊送，提款快"),
        page("首页", "APP下载 最新网址", metas="开云体育,乐鱼体育,电子游艺"),
        page("六合彩开奖_香港马会资料", "一肖中特 开奖直播"),
        page("Slot Gacor | Situs Judi Online", "daftar sekarang, deposit pulsa"),
        page("国产精品无码-亚洲av在线", "免费观看 高清"),
        page("Free porn videos - xxx movies", "watch now"),
        page("oldname.cn", "此域名可出售，请联系"),
        page("oldname.cn 域名出售", "您正在访问的域名可以转让！一口价 8000 元，QQ：123456"),
        page("本域名诚意出售", "oldname.cn 欢迎报价，中介交易"),
        page("域名停放", "欢迎", more="<script src='//www.juming.com/park.js'></script>"),
        page("oldname.cn is for sale", "Buy this domain. Make an offer."),
        page("oldname.cn", "This domain may be for sale.", more="<a href='https://www.sedo.com/search'>Sedo</a>"),
        page("oldname.cn", "Related Searches: loans", more="<p>The domain oldname.cn is for sale</p>"),
        page("提示", "该域名已过期，请域名所有者尽快续费"),
        page("oldname.cn", "域名已到期"),
    ],
)
def test_a_domain_that_somebody_else_took(text: str) -> None:
    assert looks_hijacked(text, host=HOST)


@pytest.mark.parametrize(
    "text",
    [
        "",
        page("青禾健康网", "本站提供健康知识"),
        # reports, cases, warnings
        page("公安机关打击网络赌博：百家乐、老虎机网站被查处", "注册开户均属违法"),
        page("男子沉迷百家乐、老虎机输光积蓄", "记者：王某。该男子在线上赌场充值下注"),
        page("百家乐老虎机背后的骗局", "发布时间：2026-10-08 投注平台如何操纵赔率"),
        page("真人百家乐平台运营者获刑", "开设赌场罪，涉案金额巨大，提款返水话术，法院一审宣判"),
        page("防范网络博彩、棋牌平台诈骗", "不注册、不充值、不下注"),
        page("某某派出所微普法", "六合彩、时时彩、网上赌场都是赌博，开户即违法"),
        # honest trades and places
        page("体育彩票开奖公告", "中国体育彩票开奖公告，官网公布"),
        page("某省福利彩票发行中心", "双色球开奖，投注站查询，官网"),
        page("澳门威尼斯人度假村酒店", "客房预订，官网优惠"),
        page("重庆市开州区开云体育中心", "场馆预订 登录"),
        page("皇冠假日酒店官网", "注册会员，登录预订"),
        page("江南体育馆", "开放时间，官网"),
        page("围棋象棋棋牌院", "棋牌比赛报名入口"),
        page("国产精品美妆_官网", "高清大图，在线观看教程"),
        page("某电影厂", "故事片，播放"),
        # honest words about domains
        page("域名到期提醒", "您的域名到期时间请在控制台查询"),
        page("某局网站迁移公告", "原域名已过期，请访问新域名 www.newname.cn，联系电话 12345"),
        page("域名出售_域名交易", "域名出售 " + "精品域名 一口价 " * 200),
        page("域名管理办法解读", "禁止域名抢注。来源：工信部"),
        page("某公司", "我们为您注册域名、建设网站，联系我们"),
        page("关于我们", "This domain knowledge is for sales staff. Contact us."),
        page("域名转让流程", "第一步，登录"),
    ],
)
def test_a_living_page_is_not_accused(text: str) -> None:
    assert looks_hijacked(text, host=HOST) == ""


@pytest.mark.parametrize("trade", TRADES, ids=[trade.title for trade in TRADES])
def test_one_word_of_a_trade_is_never_enough(trade) -> None:
    names = {"博彩网站": ["博彩", "百家乐", "六合彩"], "色情网站": ["成人视频", "无码", "裸聊"]}[trade.title]
    for name in names:
        assert looks_hijacked(page(name, "注册送彩金 高清播放"), host=HOST) == ""
    assert looks_hijacked(page(" ".join(names), "本页介绍术语"), host=HOST) == ""
    assert looks_hijacked(page(" ".join(names), "注册送彩金 高清播放"), host=HOST)


def test_a_dealer_in_domains_is_a_living_site_itself() -> None:
    for dealer in DEALERS:
        assert looks_hijacked(page(dealer, "域名出售，欢迎报价"), host=f"www.{dealer}") == ""


def test_a_phrase_alone_is_never_enough() -> None:
    assert looks_hijacked(page("提示", "本域名可转让"), host=HOST) == ""
    assert looks_hijacked(page("提示", "本域名可转让 oldname.cn"), host=HOST)


@pytest.mark.skipif(not (CORPUS / "index.csv").is_file(), reason="真实网页语料不在此机器上（../shared/corpus）")
def test_no_real_page_of_a_government_site_is_accused() -> None:
    with (CORPUS / "index.csv").open(encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file))
    accused = {
        row["file"]: why
        for row in rows
        if (why := looks_hijacked(decode((CORPUS / row["file"]).read_bytes()).text, host=row["site"]))
    }
    assert len(rows) > 20
    assert accused == {}
