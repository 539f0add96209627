"""Domains that seem to belong to somebody else now: parked or for sale, or turned to gambling or filth (疑似被抢注).

Wrong here is worse than blind. One sign is never enough, what a page reports is not what it is, and an article is not
judged at all.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

from monitor.extract.document import parse


def looks_hijacked(text: str, *, host: str = "") -> str:
    """Why the page of ``host`` looks like one of a parked or gambling domain, in Chinese; empty where it does not."""
    page = _Page.read(text)
    why = next(filter(None, (trade.shown_by(page) for trade in TRADES)), "") or _parked(page, text, host)
    return "" if page.reports else why


@dataclass(frozen=True)
class _Page:
    """``says``: its title, keywords and description; ``visible``: its text without blanks; ``title`` alone."""

    title: str
    says: str
    visible: str

    @classmethod
    def read(cls, text: str) -> _Page:
        tree = parse(text)
        node = tree.css_first("title")
        title = " ".join((node.text() if node else "").split())
        metas = [
            meta.attributes.get("content") or ""
            for meta in tree.css("meta[name]")
            if (meta.attributes.get("name") or "").lower() in ("keywords", "description")
        ]
        tree.strip_tags(["script", "style", "template"])
        visible = "".join((tree.body.text() if tree.body else "").split())
        return cls(title, " ".join([title, *metas]), visible)

    @property
    def reports(self) -> bool:
        """Whether it bears the marks of an article, or speaks of such trades as those do who fight them."""
        return bool(
            _REPORTS.search(self.says) or _ARTICLE.search(self.visible) or len(set(_DEEDS.findall(self.visible))) >= 2
        )


@dataclass(frozen=True, kw_only=True)
class Trade:
    """A trade that buys up domains. Its page calls itself by two of the ``names`` in title, keywords and description,
    and ``woos`` its visitors anywhere."""

    title: str
    names: re.Pattern[str]
    woos: re.Pattern[str]

    def shown_by(self, page: _Page) -> str:
        named = sorted({name.lower() for name in self.names.findall(page.says)})
        if len(named) < 2 or not self.woos.search(page.says + page.visible):
            return ""
        return f"页面标题和说明像是{self.title}（{'、'.join(named[:3])}）"


def _any(*words: str) -> re.Pattern[str]:
    return re.compile("|".join(words), re.I)


TRADES = (
    Trade(
        title="博彩网站",
        names=_any(
            # what the trade calls itself, in simplified and traditional characters
            "博彩",
            "真人(?:百家[乐樂]|[视視][讯訊]|荷官|娱乐|娛樂|游戏平台)",
            "百家[乐樂]",
            "老虎[机機]",
            "[娱娛][乐樂]城",
            "[线線]上(?:[娱娛][乐樂]|[赌賭][场場])|网上赌场|現金網|现金网",
            "棋牌(?:游戏|遊戲)?(?:平台|下载|下載|娱乐|娛樂|官网|官網|app)",
            "(?:体育|體育)(?:投注|博彩|竞猜平台)|投注平台",
            "[电電]子[游遊][艺戲艺]|[电電]子游戏平台|捕[鱼魚](?:平台|[娱娛][乐樂]|官网)",
            "足球(?:投注|外围|竞彩平台)|外围(?:投注|平台)",
            # unlawful lotteries
            "六合彩|时时彩|時時彩|北京(?:赛车|賽車|28)|幸[运運]飞艇|分分彩|极速(?:赛车|快三)|加拿大28|pk10",
            "香港(?:马会|馬會)|一肖中特|特码|特碼|平特一肖",
            # brands with a word of the trade: alone they may be an honest company or a place
            "(?:澳门|澳門)?新?葡京(?:[娱娛][乐樂]|赌场|賭場|官网|官網|网站|棋牌|真人)?|威尼斯人(?:[娱娛][乐樂]|官网|网站|棋牌)",
            "(?:永利|金沙|银河|銀河|太阳城|太陽城|美高梅|皇冠|大发|大發|新濠|巴黎人)(?:体育|體育|[娱娛][乐樂]|棋牌|投注|彩票|网投|国际娱乐)",
            "(?:亚博|亞博|凯发|凱發|必威|华体会|華體會|开云|開雲|乐鱼|樂魚|九游|米兰|星空|江南|火狐|爱游戏|万博|萬博|伟德|韦德|博天堂|沙巴)"
            "(?:体育|體育|[娱娛][乐樂]|真人|电竞|官网登录|app下载|综合)",
            "bet365|188bet|[aA][gG]真人|(?:pg|mg|cq9|jdb)[电電]子|k8凯发|888casino|1xbet",
            # English, and as seen from south-east Asia
            r"online casino|casino online|sportsbook|slot gacor|situs (?:slot|judi)|judi (?:online|bola)|togel",
            "baccarat",
        ),
        woos=_any(
            "注册(?:即?送|就送|开户|登录|入口)|註冊(?:即?送|登[录錄])|开户|開戶|首存|存款|充值|提款|返水|彩金|礼金|体验金|體驗金",
            "投注|下注|赔率|賠率|开奖|開獎|(?:官方)?(?:入口|网址|網址|登录|登錄|登陆)|备用网址|最新网址|app下载|手机版|官网|官網|全站",
            r"sign ?up bonus|free (?:spins|bets?)|deposit|daftar|play now|bonus",
        ),
    ),
    Trade(
        title="色情网站",
        names=_any(
            "成人(?:视频|影院|电影|網站|网站|小说|av)",
            "无码|無碼|有码中文",
            "(?:国产|國產|亚洲|亞洲|欧美|歐美|日韩|日韓)(?:精品|av|无码|無碼|激情|色图|自拍|熟女)",
            "免费(?:a片|av|黄片)|黄色(?:视频|网站|电影)|av(?:在线|在線|天堂|网站)|三级片|A片",
            "约炮|裸聊|一夜情|情色",
            r"free porn|porn (?:videos?|tube)|xxx (?:videos?|movies?)",
        ),
        woos=_any("在线观看|在線觀看|免费观看|免費觀看|高清|播放|下载|下載|点击进入|点击观看|watch|18\\+|未成年|满18"),
    ),
)
"""The table: words as such pages print them, of two of which one is never met by chance."""

FOR_SALE = _any(
    "(?:此|该|該|本|这个)?(?:网站)?域名(?:正在|现|可以?|待|已|诚意|低价|急)*(?:出售|出讓|转让|轉讓|拍卖|拍賣|待售)",
    "(?:出售|转让|轉讓|购买|購買|竞购|求购)(?:此|该|該|本)?域名|域名(?:停放|停泊|抢注|抢购|经纪)",
    "您(?:正在|所)(?:访问|查看)的域名.{0,12}(?:出售|转让|过期|到期)|(?:这个|此|该|本)域名.{0,6}(?:待价而沽|寻找新主人)",
    "域名(?:已经?|现已)?(?:过期|到期)(?!提醒|查询|时间|日期|后|前|怎|多久|删除)",
    "this ?domain(?: ?name)? ?(?:is|may ?be|might ?be) ?(?:available ?)?(?:for ?sale|parked|expired)",
    "domain ?(?:name )?(?:is )?for ?sale|(?:buy|purchase|get|own) ?this ?domain|the ?domain.{0,60}is ?for ?sale",
    "domain ?(?:has ?)?(?:expired|is ?parked)|parked ?(?:free|domain)",
)
"""Phrases that offer a domain, or say that its time is over."""

BARGAINING = _any(
    "报价|報價|出价|出價|议价|一口价|底价|成交|中介|担保交易|经纪|联系(?:我们|方式|卖家|人|QQ|电话|邮箱)?|微信",
    r"QQ[:：]?\d{5}|续费|續費|赎回|注册商",
    r"make ?(?:an? )?offer|buy ?now|inquire|enquire|get ?(?:a )?price|contact ?(?:us|the ?owner)|escrow|renew|usd|\$\d",
    "related ?searches",
)
"""What stands beside such a phrase where it is meant."""

DEALERS = (
    "4.cn", "22.cn", "aliyun.com", "ename.com", "ename.net", "juming.com", "west.cn", "xinnet.com", "cndns.com",
    "dnspod.cn", "domain.cn", "190.com", "wanwang.com", "yumi.com", "jucha.com", "quyu.net", "afternic.com",
    "bodis.com", "dan.com", "domainmarket.com", "dynadot.com", "efty.com", "godaddy.com", "hugedomains.com",
    "namebright.com", "namecheap.com", "parkingcrew.net", "parklogic.com", "sedo.com", "sedoparking.com",
    "skenzo.com", "undeveloped.com", "uniregistry.com", "voodoo.com", "above.com", "dsultra.com", "squadhelp.com",
)  # fmt: skip
"""Who parks and sells domains, and whose pages and scripts stand on them."""

_REPORTS = _any(
    "打击|整治|治理|查处|查获|举报|防范|警惕|反赌|禁赌|公安|警方|法院|检察|判决|新闻|涉赌|戒赌|政府|打擊|查處|警惕|案件|通报|揭秘|曝光|研究|彩票中心"
)
_DEEDS = _any(
    "打击|整治|查处|查获|举报|警方|民警|公安|法院|检察院|涉赌|禁赌|反赌|戒赌|开设赌场|赌博罪|犯罪嫌疑人|涉案|判处|扫黄打非"
)
_ARTICLE = _any(
    "(?:发布|发表|更新)(?:时间|日期)[:：]?20\\d\\d", "(?:记者|责任编辑|责编|作者|来源)[:：]", "本报讯|新华社"
)
_MOVED = _any("新域名|(?<!最)新网址|新版?网站|已(?:迁移|搬迁|更换)|请访问")
_DEALER = re.compile(
    r"(?:https?:)?//(?:[a-z0-9-]+\.)*(" + "|".join(re.escape(name) for name in DEALERS) + r")(?=[/\"'?:>\s])", re.I
)
_NAME = re.compile(r"[a-z0-9-]+(?:\.[a-z]{2,6}){1,2}", re.I)
_MOST_TEXT = 1_000  # characters: a parked page has next to nothing to say


def _parked(page: _Page, text: str, host: str) -> str:
    """A page with little text that offers its domain, and bears a second sign of it."""
    if len(page.visible) > _MOST_TEXT:
        return ""
    host = host.removeprefix("www.")
    phrase = FOR_SALE.search(f"{page.says} {page.visible}")
    if (
        phrase is None
        or _MOVED.search(page.visible)
        or any(host == dealer or host.endswith("." + dealer) for dealer in DEALERS)
    ):
        return ""
    name = host or "?"
    signs = (
        _NAME.match(page.title) is not None or name in page.title.lower(),  # such pages are named after the domain
        name in page.visible.lower(),
        _DEALER.search(text) is not None,
        BARGAINING.search(page.visible) is not None,
    )
    return f"页面显示域名已过期或待出售（{phrase[0][:30]}）" if any(signs) else ""
