"""Real pages of government sites against what was read off them by eye. They are read in place and never copied."""

from __future__ import annotations

import csv
from datetime import date
from pathlib import Path

import pytest

from monitor.extract.article import published
from monitor.extract.challenge import recognise
from monitor.extract.charset import decode
from monitor.extract.document import Document
from monitor.extract.listing import read_home, read_list
from monitor.extract.marks import read_marks
from monitor.extract.soft404 import says_missing

CORPUS = Path(__file__).parents[2] / ".." / "shared" / "corpus"
INDEX = CORPUS / "index.csv"
TODAY = date(2026, 11, 24)  # after every capture

pytestmark = pytest.mark.skipif(not INDEX.is_file(), reason="真实网页语料不在此机器上（../shared/corpus）")


def cases(*kinds: str) -> list[object]:
    if not INDEX.is_file():
        return [pytest.param({}, id="corpus is absent")]
    with INDEX.open(encoding="utf-8", newline="") as file:
        found = [row for row in csv.DictReader(file) if not kinds or row["kind"] in kinds]
    return [pytest.param(row, id=row["file"].removeprefix("pages/")) for row in found]


def text(row: dict[str, str]) -> str:
    return decode((CORPUS / row["file"]).read_bytes()).text


def address(row: dict[str, str]) -> str:
    return row["url"] or f"http://{row['site']}/a/b/index.html"


LISTS = cases("list", "list_fragment", "json_api_list")
ARTICLES = cases("article", "article_rendered_spa", "json_api_article")
CHALLENGES = cases("waf_challenge")
ALL = cases()


@pytest.mark.parametrize("row", LISTS)
def test_a_list_gives_its_rows_and_its_newest_date(row: dict[str, str]) -> None:
    page = read_list(text(row), address(row), today=TODAY)
    newest = max((item.published for item in page.items if item.published), default=None)
    assert page.readable
    assert str(newest or "") == row["newest_date"]
    if row["list_rows"]:
        assert page.rows == int(row["list_rows"])
    assert page.undated == (0 if row["newest_date"] else page.rows)
    assert not page.says_empty


@pytest.mark.parametrize("row", ARTICLES)
def test_an_article_gives_its_date_of_publication_or_none(row: dict[str, str]) -> None:
    found = published(text(row), address(row), today=TODAY)
    assert (str(found.day) if found else "") == row["article_date"]


@pytest.mark.parametrize("row", [*ARTICLES, *CHALLENGES])
def test_what_is_no_list_is_unreadable_and_never_empty(row: dict[str, str]) -> None:
    page = read_list(text(row), address(row), today=TODAY)
    assert (page.readable, page.says_empty, page.rows) == (False, False, 0)
    assert page.reason


@pytest.mark.parametrize("row", CHALLENGES)
def test_a_challenge_is_known_by_its_product_and_is_no_home_page(row: dict[str, str]) -> None:
    assert recognise(521, {}, (CORPUS / row["file"]).read_bytes()) == "加速乐（知道创宇）"
    assert not read_home(text(row), address(row), today=TODAY).readable
    assert published(text(row), address(row), today=TODAY) is None


@pytest.mark.parametrize("row", [*LISTS, *ARTICLES])
def test_a_real_page_is_no_challenge_and_not_missing(row: dict[str, str]) -> None:
    assert recognise(200, {}, (CORPUS / row["file"]).read_bytes()) is None
    assert not says_missing(Document(text(row)))


@pytest.mark.parametrize("row", ALL)
def test_the_marks_of_a_page_are_read_as_they_are_printed(row: dict[str, str]) -> None:
    marks = read_marks(text(row))
    assert marks.site_id_code == row["site_id_code_meta"]
    assert marks.footer_code == row["footer_code"]
    assert marks.article_title == row["article_title"]
    # One list page has no meta at all; its column's name in the index was read off its title.
    if row["column_name"] and "ColumnName" in text(row):
        assert marks.column_name == row["column_name"]


@pytest.mark.parametrize("row", ALL)
def test_a_page_is_decoded_without_loss(row: dict[str, str]) -> None:
    decoded = decode((CORPUS / row["file"]).read_bytes())
    assert not decoded.replaced
    assert "\ufffd" not in decoded.text


def right_or_unknown(found: str, truth: str) -> tuple[bool, bool]:
    """Whether a date is right (or rightly unknown), and whether it is wrong: a date that the page does not tell."""
    return found == truth, bool(found) and found != truth


def test_our_article_dates_are_ahead_of_those_of_htmldate(capsys: pytest.CaptureFixture[str]) -> None:
    htmldate = pytest.importorskip("htmldate", reason="htmldate（开发依赖）未安装")
    ours, theirs = [], []
    for row in (case.values[0] for case in ARTICLES):
        page = text(row)
        found = published(page, address(row), today=TODAY)
        ours.append(right_or_unknown(str(found.day) if found else "", row["article_date"]))
        guess = htmldate.find_date(
            page, url=row["url"] or None, original_date=True, min_date="2000-01-01", max_date=str(TODAY)
        )
        theirs.append(right_or_unknown(guess or "", row["article_date"]))
    with capsys.disabled():
        for name, scores in (("ours", ours), ("htmldate", theirs)):
            right, wrong = (sum(score) for score in zip(*scores, strict=True))
            print(f"\narticle dates, {name}: {right} of {len(scores)} right or rightly unknown, {wrong} wrong", end="")
        print()
    assert not any(wrong for _, wrong in ours)
    assert sum(right for right, _ in ours) > sum(right for right, _ in theirs)
