"""The ways in which registers write the members of a closed set. The first of each is the one we write."""

from __future__ import annotations

from collections.abc import Mapping

from checks.core.model import AccountStatus, ColumnCategory, Level, Platform, SiteKind, SiteStatus

PLATFORMS: Mapping[Platform, tuple[str, ...]] = {
    Platform.WECHAT: (
        "微信公众号", "微信", "公众号", "订阅号", "服务号", "微信订阅号", "微信服务号", "微信公众号(订阅号)",
        "微信公众号(服务号)", "微信公众平台", "微信公众账号", "政务微信", "wechat",
    ),
    Platform.WECHAT_CHANNELS: ("微信视频号", "视频号", "wechat_channels"),
    Platform.WECHAT_MINI: ("微信小程序", "小程序", "政务小程序", "wechat_mini"),
    Platform.WEIBO: ("新浪微博", "微博", "政务微博", "新浪政务微博", "weibo"),
    Platform.TOUTIAO: ("今日头条", "头条号", "头条", "今日头条号", "toutiao"),
    Platform.DOUYIN: ("抖音", "抖音短视频", "抖音号", "抖音政务号", "douyin"),
    Platform.KUAISHOU: ("快手", "快手号", "快手短视频", "kuaishou"),
    Platform.BILIBILI: ("哔哩哔哩", "B站", "哔哩哔哩(B站)", "bilibili"),
    Platform.BAIJIAHAO: ("百家号", "百度百家号", "baijiahao"),
    Platform.PEOPLE: ("人民号", "people"),
    Platform.APP: ("移动客户端", "APP", "客户端", "移动客户端(APP)", "政务APP", "手机客户端"),
    Platform.XIAOHONGSHU: ("小红书", "小红书号", "xiaohongshu"),
    Platform.THEPAPER: ("澎湃号", "澎湃", "澎湃新闻", "澎湃政务号", "thepaper"),
    Platform.QQ: ("企鹅号", "腾讯企鹅号", "qq"),
    Platform.DAYU: ("大鱼号", "UC大鱼号", "dayu"),
    Platform.XUEXI: ("学习强国", "学习强国号", "xuexi"),
    Platform.TIEBA: ("百度贴吧", "贴吧", "tieba"),
    Platform.OTHER: ("其他", "其它", "other"),
}  # fmt: skip

SITE_KINDS: Mapping[SiteKind, tuple[str, ...]] = {
    SiteKind.PORTAL: ("门户", "门户网站", "政府门户网站", "政府门户", "综合门户"),
    SiteKind.DEPARTMENT: ("部门", "部门网站", "政府部门网站"),
    SiteKind.SPECIAL: ("专项", "专项网站", "专题", "专题网站"),
    SiteKind.CREDIT: ("信用类专项", "信用类专项网站", "信用类", "信用网站", "信用专项"),
}

SITE_STATES: Mapping[SiteStatus, tuple[str, ...]] = {
    SiteStatus.RUNNING: ("正常运行", "正常", "运行", "在运行", "正常开通"),
    SiteStatus.SUSPENDED: ("临时下线", "暂时下线"),
    SiteStatus.CLOSED: ("永久下线", "关停", "已关停", "永久关停"),
}

LEVELS: Mapping[Level, tuple[str, ...]] = {
    Level.PROVINCE: ("省级及部门", "省级", "省级部门", "省直", "省直部门", "省"),
    Level.PREFECTURE: (
        "市州及部门", "市州", "市级", "市级部门", "市级及部门", "市直", "州级", "州级部门", "州直",
    ),
    Level.COUNTY: (
        "县（市、区）及部门", "县级", "县级部门", "县级及部门", "区县", "县区", "县市区", "区县级", "区级",
    ),
    Level.TOWNSHIP: ("乡镇街道", "乡镇", "街道", "乡镇（街道）", "乡级", "乡镇级", "镇街"),
}  # fmt: skip

CATEGORIES: Mapping[ColumnCategory, tuple[str, ...]] = {
    ColumnCategory.NEWS: ("动态要闻", "动态", "要闻", "要闻动态", "动态要闻类", "新闻动态", "工作动态"),
    ColumnCategory.NOTICES: ("通知公告", "公告", "通知", "公示公告", "通知公告类"),
    ColumnCategory.POLICY: ("政策文件", "政策", "文件", "政策文件类", "政策法规"),
    ColumnCategory.INTERPRETATION: ("政策解读", "解读", "政策解读类"),
    ColumnCategory.PERIODIC: ("应更新", "应更新类", "定期更新"),
    ColumnCategory.INTERACTION: ("互动交流", "互动", "互动交流类", "政民互动"),
    ColumnCategory.STATIC: ("不更新", "无需更新", "静态", "不需更新"),
}

# “停更” without 已公告 is not here: an unannounced silence is what the inspection looks for
ACCOUNT_STATES: Mapping[AccountStatus, tuple[str, ...]] = {
    AccountStatus.ACTIVE: ("正常", "正常运行", "运行", "在用", "使用中", "正常更新"),
    AccountStatus.PAUSED: ("停更（已公告）", "已公告停更", "停更已公告", "公告停更"),
    AccountStatus.CLOSING: ("关停中", "正在关停", "注销中", "正在注销", "待注销"),
    AccountStatus.CLOSED: ("已关停", "关停"),
    AccountStatus.DEREGISTERED: ("已注销", "注销"),
    AccountStatus.MOVED: ("迁移", "已迁移"),
}
