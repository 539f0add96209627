"""The nine websites of 青禾县 as data: what each publishes, how each is kept, and what is wrong with it."""

from __future__ import annotations

from checks import ColumnCategory
from checks.core.model import SiteKind
from monitor.demo.keeping import fails, fresh, passes, stale, untested, untouched, warns
from monitor.demo.plans import Behaviour, ColumnPlan, LinkPlan, Outage, Shape, SitePlan
from monitor.demo.publishing import Rhythm
from monitor.demo.server import IPv6

SUPERVISOR = "青禾县人民政府办公室"

_SITE_CHECKS = ("site.unreachable", "site.homepage_stale", "site.ipv6", "site.dead_link")

_NEWS = ColumnCategory.NEWS
_NOTICES = ColumnCategory.NOTICES
_POLICY = ColumnCategory.POLICY
_PERIODIC = ColumnCategory.PERIODIC


PORTAL = SitePlan(
    code="5199210001",
    name="青禾县人民政府门户网站",
    host="www.qinghe.test",
    alias="edge.qinghe.test",
    seat=1,
    kind=SiteKind.PORTAL,
    sponsor=SUPERVISOR,
    front="qhyw",
    columns=(
        fresh("青禾要闻", "qhyw", _NEWS, shape=Shape.PINNED),
        fresh("部门动态", "bmdt", _NEWS, newest=3, shape=Shape.TABLE),
        fresh("乡镇动态", "xzdt", _NEWS, newest=4, shape=Shape.BLOCKS),
        fresh("通知公告", "tzgg", _NOTICES, newest=6, every=8, shape=Shape.ISLAND),
        fresh("政策文件", "zcwj", _POLICY, newest=20, every=15),
        ColumnPlan(name="政策解读", slug="zcjd", category=ColumnCategory.INTERPRETATION,
                   rhythm=Rhythm(newest=21, every=15)),
        ColumnPlan(name="县长信箱", slug="xzxx", category=ColumnCategory.INTERACTION, rhythm=Rhythm(newest=5, every=4),
                   shape=Shape.TABLE),
        ColumnPlan(name="财政预决算", slug="czyjs", category=_PERIODIC, rhythm=Rhythm(newest=60, every=30),
                   limit_days=365, expected=(passes("column.neglected", "60 天前更新，期限 365 天"),)),
        ColumnPlan(name="青禾概况", slug="qhgk", category=ColumnCategory.STATIC, shape=Shape.PROSE),
    ),
    links=(
        LinkPlan(href="/fw/bszn.pdf", anchor="办事指南下载", behaviour=Behaviour.DOCUMENT_NO_HEAD,
                 story="HEAD 返回 405，GET 正常"),
        LinkPlan(href="/fw/wsbs.html", anchor="网上办事大厅", behaviour=Behaviour.COOKIE,
                 story="首次访问写入 Cookie 后跳回自身"),
        LinkPlan(href="/fw/jdt.html", anchor="旧版专题入口", behaviour=Behaviour.CHAIN,
                 story="连续三次跳转后正常打开"),
        LinkPlan(href="/fw/wzgz.html", anchor="关于页面显示404问题的处理说明", behaviour=Behaviour.ABOUT_MISSING,
                 story="文章讲的是 404，页面本身存在"),
        LinkPlan(href="/fw/tjsj.html", anchor="统计数据", behaviour=Behaviour.SLOW, story="打开较慢，但能打开"),
        LinkPlan(href="/fw/zhushi.html", anchor="已停用入口", behaviour=Behaviour.NOT_A_LINK,
                 story="只出现在注释和脚本里，不是链接"),
    ),
    expected=tuple(passes(check, "一切正常") for check in _SITE_CHECKS),
)  # fmt: skip

DEVELOPMENT = SitePlan(
    code="5199210002",
    name="青禾县发展和改革局网站",
    host="fgj.qinghe.test",
    seat=2,
    kind=SiteKind.DEPARTMENT,
    sponsor="青禾县发展和改革局",
    front="gzdt",
    entrance="redirect",
    default_over_ipv6=True,
    columns=(
        fresh("工作动态", "gzdt", _NEWS, newest=2, shape=Shape.TABLE),
        fresh("通知公告", "tzgg", _NOTICES, newest=15, every=10),
        fresh("政策文件", "zcwj", _POLICY, newest=40, every=20),
        ColumnPlan(name="价格监测", slug="jgjc", category=_PERIODIC, rhythm=Rhythm(newest=9, every=7), limit_days=30,
                   expected=(passes("column.neglected", "9 天前更新，期限 30 天"),)),
    ),
    outage=Outage(slots=frozenset({3, 17, 18, 40, 59, 75, 90, 91, 110, 133})),
    expected=(
        fails("site.unreachable", "一周 149 次监测中 10 次打不开，占 6.7%"),
        passes("site.homepage_stale", "首页 2 天前更新"),
        fails("site.ipv6", "经 IPv6 打开的是服务器默认首页，不是本站"),
    ),
    unqualified=True,
)  # fmt: skip

EDUCATION = SitePlan(
    code="5199210003",
    name="青禾县教育局网站",
    host="jyj.qinghe.test",
    seat=3,
    kind=SiteKind.DEPARTMENT,
    sponsor="青禾县教育局",
    front="jyxw",
    columns=(
        fresh("教育新闻", "jyxw", _NEWS, newest=3),
        ColumnPlan(name="校园动态", slug="xydt", category=_NEWS, rhythm=Rhythm(newest=12, every=5),
                   expected=(warns("column.stale", "12 天未更新，将到 14 天"),)),
        stale("教研动态", "jydt", _NEWS, newest=15, shape=Shape.BLOCKS),
        ColumnPlan(name="招生考试", slug="zsks", category=_PERIODIC, rhythm=Rhythm(newest=150, every=30),
                   limit_days=90, expected=(fails("column.neglected", "150 天未更新，期限 90 天"),)),
        ColumnPlan(name="教育督导", slug="jydd", category=_PERIODIC, shape=Shape.EMPTY, limit_days=365,
                   expected=(fails("column.empty", "栏目里只有“暂无内容”"),)),
    ),
    outage=Outage(slots=frozenset({12, 33, 64, 98, 121})),
    expected=(
        warns("site.unreachable", "一周 149 次监测中 5 次打不开，占 3.4%，不到 5%"),
        passes("site.homepage_stale", "首页 3 天前更新"),
    ),
)  # fmt: skip

_CHALLENGED = "加速乐 521 验证页，看不到网站本身"

POLICE = SitePlan(
    code="5199210004",
    name="青禾县公安局网站",
    host="gaj.qinghe.test",
    seat=4,
    kind=SiteKind.DEPARTMENT,
    sponsor="青禾县公安局",
    front="jwdt",
    challenged=True,
    columns=(
        untouched("警务动态", "jwdt", _NEWS, _CHALLENGED),
        untouched("通知公告", "tzgg", _NOTICES, _CHALLENGED),
        untouched("政策法规", "zcfg", _POLICY, _CHALLENGED),
    ),
    expected=tuple(untested(check, _CHALLENGED) for check in _SITE_CHECKS),
)

AGRICULTURE = SitePlan(
    code="5199210005",
    name="青禾县农业农村局网站",
    host="nyj.qinghe.test",
    seat=5,
    kind=SiteKind.DEPARTMENT,
    sponsor="青禾县农业农村局",
    front="nydt",
    ipv6=IPv6.ABSENT,
    gbk=True,
    columns=(
        fresh("农业动态", "nydt", _NEWS, shape=Shape.TABLE),
        fresh("农时农事", "nsns", _NEWS, newest=2, every=4, shape=Shape.UNDATED),
        ColumnPlan(name="数据发布", slug="sjfb", category=_NEWS, shape=Shape.SHELL, expected=(
            untested("column.stale", "列表由脚本载入，读不到"), untested("column.empty", "列表由脚本载入，读不到"))),
        fresh("通知公告", "tzgg", _NOTICES, newest=30, every=12),
        fresh("惠农政策", "hnzc", _POLICY, newest=70, every=30, shape=Shape.TABLE),
    ),
    links=(
        LinkPlan(href="/search?q=春耕", key="/search?q=%B4%BA%B8%FB", anchor="春耕专题检索",
                 behaviour=Behaviour.GBK_QUERY, story="GBK 页面上的查询须按 GBK 编码"),
    ),
    expected=(
        fails("site.ipv6", "域名没有 AAAA 记录"),
        passes("site.unreachable", "IPv4 一切正常"),
        passes("site.homepage_stale", "昨天更新，GBK 编码"),
        passes("site.dead_link", "没有死链"),
    ),
)  # fmt: skip

HEALTH = SitePlan(
    code="5199210006",
    name="青禾县卫生健康局网站",
    host="wjj.qinghe.test",
    seat=6,
    kind=SiteKind.DEPARTMENT,
    sponsor="青禾县卫生健康局",
    front="wjyw",
    ipv6=IPv6.REFUSED,
    columns=(
        fresh("卫健要闻", "wjyw", _NEWS),
        fresh("基层动态", "jcdt", _NEWS, newest=5, shape=Shape.BLOCKS),
        stale("通知公告", "tzgg", _NOTICES, newest=200, every=20),
        fresh("政策文件", "zcwj", _POLICY, newest=90, every=30),
        ColumnPlan(name="疫苗接种", slug="ymjz", category=_PERIODIC, rhythm=Rhythm(newest=12, every=20), limit_days=60,
                   expected=(passes("column.neglected", "12 天前更新，期限 60 天"),)),
    ),
    links=(
        LinkPlan(href="/jgsz/jgzn.html", anchor="机构职能", behaviour=Behaviour.MISSING, status="failed",
                 story="首页上的链接返回 404"),
        LinkPlan(href="/jkjy/cjwt.html", anchor="健康教育常见问题", behaviour=Behaviour.MISSING, status="failed",
                 inner=True, story="内页上的链接返回 404"),
        LinkPlan(href="/zt/aiwei.html", anchor="爱国卫生专题", behaviour=Behaviour.SAYS_MISSING, status="failed",
                 story="返回 200，页面写着“您访问的页面不存在”"),
        LinkPlan(href="http://www.qinghe-jk.test/", anchor="青禾健康网", behaviour=Behaviour.ELSEWHERE, status="failed",
                 story="外部网站的域名已不存在"),
        LinkPlan(href="/files/P020250318512.pdf", anchor="附件：体检机构名单.pdf", behaviour=Behaviour.MISSING,
                 status="failed", inner=True, story="附件已删除"),
        LinkPlan(href="/files/P020260105337.pdf", anchor="附件：年度工作要点.pdf", behaviour=Behaviour.DOCUMENT,
                 inner=True, story="附件正常"),
    ),
    expected=(
        fails("site.ipv6", "有 AAAA 记录，但经 IPv6 连接被拒绝"),
        passes("site.homepage_stale", "首页昨天更新"),
    ),
)  # fmt: skip

CULTURE = SitePlan(
    code="5199210007",
    name="青禾县文化和旅游局网站",
    host="wlj.qinghe.test",
    seat=7,
    kind=SiteKind.DEPARTMENT,
    sponsor="青禾县文化和旅游局",
    front="wlyw",
    columns=(
        stale("文旅要闻", "wlyw", _NEWS, newest=19),
        fresh("景区动态", "jqdt", _NEWS, newest=2, shape=Shape.TABLE),
        fresh("通知公告", "tzgg", _NOTICES, newest=25, every=10),
        fresh("政策文件", "zcwj", _POLICY, newest=100, every=25),
    ),
    expected=(
        fails("site.homepage_stale", "首页 19 天没有新信息，内页仍在更新"),
        passes("site.unreachable", "一周都能打开"),
        passes("site.ipv6", "经 IPv6 可以访问"),
    ),
    unqualified=True,
)

HOUSING = SitePlan(
    code="5199210008",
    name="青禾县住房和城乡建设局网站",
    host="zjj.qinghe.test",
    seat=8,
    kind=SiteKind.DEPARTMENT,
    sponsor="青禾县住房和城乡建设局",
    front="zjyw",
    entrance="refresh",
    links_to_ipv4_only=True,
    columns=(
        fresh("住建要闻", "zjyw", _NEWS),
        stale("工作动态", "gzdt", _NEWS, newest=20),
        stale("行业动态", "hydt", _NEWS, newest=33, shape=Shape.TABLE),
        stale("基层动态", "jcdt", _NEWS, newest=47, shape=Shape.BLOCKS),
        stale("通知公告", "tzgg", _NOTICES, newest=230, every=20),
        stale("政策文件", "zcwj", _POLICY, newest=400, every=30),
        ColumnPlan(name="质量监督", slug="zljd", category=_PERIODIC, rhythm=Rhythm(newest=14, every=10), limit_days=45,
                   expected=(passes("column.neglected", "14 天前更新，期限 45 天"),)),
    ),
    expected=(
        passes("site.homepage_stale", "首页昨天更新，经 meta 刷新进入"),
        warns("site.ipv6", "经 IPv6 可以访问，友情链接中有一家没有 IPv6（天窗）"),
    ),
    unqualified=True,
)  # fmt: skip

_SUSPENDED = "备案为临时下线，期限未到"

STATISTICS = SitePlan(
    code="5199210009",
    name="青禾县统计局网站",
    host="tjj.qinghe.test",
    seat=9,
    kind=SiteKind.DEPARTMENT,
    sponsor="青禾县统计局",
    front="tjdt",
    suspended_for=30,
    columns=(
        untouched("统计动态", "tjdt", _NEWS, _SUSPENDED),
        untouched("通知公告", "tzgg", _NOTICES, _SUSPENDED),
    ),
    expected=tuple(untested(check, _SUSPENDED) for check in _SITE_CHECKS),
)

SITES = (PORTAL, DEVELOPMENT, EDUCATION, POLICE, AGRICULTURE, HEALTH, CULTURE, HOUSING, STATISTICS)
