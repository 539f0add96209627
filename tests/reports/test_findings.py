from datetime import UTC, datetime

from checks import Finding, Ref, Severity
from checks.core.assess import Status
from reports.findings import finding_records
from tests.reports.district import NOW, assessment

SITE = Ref("site", "5133000001")
FIELDS = [
    "check",
    "subject",
    "key",
    "status",
    "severity",
    "text",
    "advice",
    "url",
    "evidence",
    "first_seen",
    "last_seen",
]
DEAD = "http://w.example/gone.htm"


def dead_link() -> Finding:
    details = {"outcome": "http_error", "status_code": 404}
    return Finding(text="链接打不开", key=DEAD, url="http://w.example/", evidence=(7, 9), details=details)


def test_a_finding_has_exactly_the_fields_of_the_contract_and_its_own_details() -> None:
    seen = {("site.dead_link", SITE, DEAD): (datetime(2026, 11, 1, 16, 5, tzinfo=UTC), NOW)}
    (record,) = finding_records([assessment("site.dead_link", SITE, Status.FAILED, dead_link())], seen)
    assert record == {
        "check": "site.dead_link",
        "subject": "site:5133000001",
        "key": DEAD,
        "status": "failed",
        "severity": "problem",
        "text": "链接打不开",
        "advice": "",
        "url": "http://w.example/",
        "evidence": [7, 9],
        "first_seen": "2026-11-02T00:05:00+08:00",
        "last_seen": "2026-11-24T10:30:00+08:00",
        "outcome": "http_error",
        "status_code": 404,
    }


def test_details_cannot_rewrite_a_field_of_the_contract() -> None:
    sly = Finding(text="真", details={"text": "假", "status": "passed"})
    (record,) = finding_records([assessment("site.ipv6", SITE, Status.FAILED, sly)], {})
    assert (record["text"], record["status"]) == ("真", "failed")


def test_one_object_for_each_check_of_a_subject_that_passed_or_was_not_tested_or_broke() -> None:
    records = finding_records(
        [
            assessment("c.untested", SITE, Status.UNTESTED, reason="样本不足"),
            assessment("b.error", SITE, Status.ERROR, reason="检查程序出错"),
            assessment("a.passed", SITE),
        ],
        {},
    )
    assert [(r["check"], r["status"], r["severity"], r["key"]) for r in records] == [
        ("a.passed", "passed", None, ""),
        ("b.error", "error", None, ""),
        ("c.untested", "untested", None, ""),
    ]
    assert [r["text"] for r in records] == ["未发现问题", "检查程序出错", "样本不足"]
    for record in records:
        assert list(record) == FIELDS
        assert datetime.fromisoformat(record["first_seen"]) == datetime.fromisoformat(record["last_seen"]) == NOW


def test_a_partial_assessment_gives_its_findings_and_one_untested_object() -> None:
    records = finding_records(
        [assessment("site.dead_link", SITE, Status.FAILED, dead_link(), reason="部分页面未能打开")], {}
    )
    assert [(r["status"], r["text"]) for r in records] == [("failed", "链接打不开"), ("untested", "部分页面未能打开")]


def test_a_warning_is_told_and_fails_nobody() -> None:
    warning = Finding(text="已 11 天未更新", severity=Severity.WARNING)
    (record,) = finding_records([assessment("account.dormant", SITE, Status.PASSED, warning)], {})
    assert (record["status"], record["severity"]) == ("passed", "warning")


def test_a_warning_beside_what_could_not_be_judged_passes_nobody() -> None:
    warning = Finding(text="已 11 天未更新", severity=Severity.WARNING)
    records = finding_records([assessment("x", SITE, Status.UNTESTED, warning, reason="其余未读到")], {})
    assert [r["status"] for r in records] == ["untested", "untested"]


def test_the_order_of_the_assessments_does_not_show() -> None:
    several = [assessment("b", SITE), assessment("a", SITE), assessment("a", Ref("account", "weibo:1"))]
    assert finding_records(several, {}) == finding_records(reversed(several), {})
