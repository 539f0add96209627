"""The twenty accounts of the made-up district as data."""

from __future__ import annotations

from checks import Platform
from checks.core.model import AccountStatus
from monitor.demo.keeping import fails, passes, untested, warns
from monitor.demo.plans import AccountPlan, Expectation, FeedForm
from monitor.demo.publishing import Rhythm

GOVERNMENT = "青禾县人民政府办公室"

_DORMANT = "account.dormant"


ACCOUNTS = (
    AccountPlan(
        platform=Platform.WECHAT, name="青禾发布", account_id="gh_qinghe000001", sponsor=GOVERNMENT,
        form=FeedForm.RSS, rhythm=Rhythm(newest=1, count=20), followers=38200,
        expected=passes(_DORMANT, "RSS 正常，昨天发布"),
    ),
    AccountPlan(
        platform=Platform.WEIBO, name="青禾发布", account_id="9900000001", sponsor=GOVERNMENT,
        form=FeedForm.ATOM, rhythm=Rhythm(newest=2, count=20), followers=12800,
        expected=passes(_DORMANT, "Atom 正常，2 天前发布"),
    ),
    AccountPlan(
        platform=Platform.DOUYIN, name="青禾融媒", account_id="qhrm519921", sponsor=GOVERNMENT,
        form=FeedForm.JSON, rhythm=Rhythm(newest=3, every=3), followers=56100,
        expected=passes(_DORMANT, "JSON Feed 正常，3 天前发布"),
    ),
    AccountPlan(
        platform=Platform.WECHAT, name="青禾教育", account_id="gh_qinghe000002", sponsor="青禾县教育局",
        form=FeedForm.RSS, rhythm=Rhythm(newest=11, every=4), followers=9100,
        expected=warns(_DORMANT, "11 天未发布，未到 14 天"),
    ),
    AccountPlan(
        platform=Platform.WEIBO, name="青禾文旅", account_id="9900000002", sponsor="青禾县文化和旅游局",
        form=FeedForm.ATOM, rhythm=Rhythm(newest=20, every=4), followers=4300,
        expected=fails(_DORMANT, "20 天未发布，订阅源完整覆盖"),
    ),
    AccountPlan(
        platform=Platform.TOUTIAO, name="青禾住建", account_id="990000000003", sponsor="青禾县住房和城乡建设局",
        form=FeedForm.RSS, rhythm=Rhythm(newest=120, every=10), followers=310,
        expected=fails(_DORMANT, "120 天未发布，僵尸账号"),
    ),
    AccountPlan(
        platform=Platform.KUAISHOU, name="青禾农业", account_id="qhny519921", sponsor="青禾县农业农村局",
        form=FeedForm.EMPTY, followers=770,
        expected=untested(_DORMANT, "订阅源一条也没有，不能证明没有发布"),
    ),
    AccountPlan(
        platform=Platform.BILIBILI, name="青禾卫健", account_id="99000004", sponsor="青禾县卫生健康局",
        form=FeedForm.ERROR, followers=1500,
        expected=untested(_DORMANT, "订阅源返回 502"),
    ),
    AccountPlan(
        platform=Platform.WECHAT, name="青禾卫健", account_id="gh_qinghe000003", sponsor="青禾县卫生健康局",
        reported_age=4, followers=15200,
        expected=passes(_DORMANT, "单位自报 4 天前发布"),
    ),
    AccountPlan(
        platform=Platform.WEIBO, name="青禾公安", account_id="9900000005", sponsor="青禾县公安局",
        reported_age=45, followers=22000,
        expected=untested(_DORMANT, "单位自报的日期较旧，可能是台账没有更新"),
    ),
    AccountPlan(
        platform=Platform.XIAOHONGSHU, name="青禾文旅", account_id="990000006", sponsor="青禾县文化和旅游局",
        followers=2600,
        expected=untested(_DORMANT, "没有配置采集方式"),
    ),
    AccountPlan(
        platform=Platform.WEIBO, name="青禾统计", account_id="9900000007", sponsor="青禾县统计局",
        status=AccountStatus.DEREGISTERED, followers=90,
        expected=Expectation(_DORMANT, "exempt", "已注销，不再检查"),
    ),
    AccountPlan(
        platform=Platform.WEIBO, name="青禾教育", account_id="9900000008", sponsor="青禾县教育局",
        form=FeedForm.RSS_PINNED, rhythm=Rhythm(newest=2, every=5), followers=5400,
        expected=passes(_DORMANT, "置顶的旧帖排在最前，实际 2 天前发布"),
    ),
    AccountPlan(
        platform=Platform.DOUYIN, name="青禾公安", account_id="qhga519921", sponsor="青禾县公安局",
        form=FeedForm.RSS_UNDATED, rhythm=Rhythm(newest=1), followers=18800,
        expected=passes(_DORMANT, "条目都没有日期，但两次采集之间出现了新条目"),
    ),
    AccountPlan(
        platform=Platform.WECHAT, name="青禾农业农村", account_id="gh_qinghe000004", sponsor="青禾县农业农村局",
        form=FeedForm.RSS_CHINESE, rhythm=Rhythm(newest=3, every=3), followers=3300,
        expected=passes(_DORMANT, "日期写作“2026年11月20日 16:30”，3 天前发布"),
    ),
    AccountPlan(
        platform=Platform.TOUTIAO, name="青禾发改", account_id="990000000009", sponsor="青禾县发展和改革局",
        form=FeedForm.RSS, rhythm=Rhythm(newest=5, every=5), status=AccountStatus.CLOSING, followers=640,
        expected=passes(_DORMANT, "关停中，注销前仍按期发布"),
    ),
    AccountPlan(
        platform=Platform.WEIBO, name="青禾卫健", account_id="9900000010", sponsor="青禾县卫生健康局",
        form=FeedForm.RSS_CST, rhythm=Rhythm(newest=1, every=3), followers=8700,
        expected=passes(_DORMANT, "时区写作 CST，昨天发布"),
    ),
    AccountPlan(
        platform=Platform.WECHAT, name="青禾住建", account_id="gh_qinghe000005", sponsor="青禾县住房和城乡建设局",
        form=FeedForm.RSS, rhythm=Rhythm(newest=25, every=5), followers=2900,
        expected=fails(_DORMANT, "频道日期是今天，最近一条却在 25 天前"),
    ),
    AccountPlan(
        platform=Platform.BAIJIAHAO, name="青禾发布", account_id="99000000000011", sponsor=GOVERNMENT,
        form=FeedForm.JSON, rhythm=Rhythm(newest=13, every=3), followers=1900,
        expected=warns(_DORMANT, "13 天未发布，明天到限"),
    ),
    AccountPlan(
        platform=Platform.BAIJIAHAO, name="青禾公安", account_id="99000000000012", sponsor="青禾县公安局",
        form=FeedForm.WRONG_PAGE, followers=1200,
        expected=untested(_DORMANT, "订阅地址返回的是网页，不是订阅源"),
    ),
)  # fmt: skip
