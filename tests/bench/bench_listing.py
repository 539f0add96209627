"""Times the reading of one list page of 60 KB, beside the plain parser on the same text. A script, not a test:

python -m tests.bench.bench_listing
"""

from __future__ import annotations

import statistics
import time
from collections.abc import Callable
from datetime import date

from selectolax.lexbor import LexborHTMLParser

from monitor.extract.listing import read_home, read_list

TODAY = date(2026, 11, 24)
URL = "http://www.example.gov.cn/zwgk/tzgg/index.html"
SIZE = 60_000
ROUNDS = 200


def main() -> None:
    page = list_page()
    listed = read_list(page, URL, today=TODAY)
    print(f"page: {len(page.encode()) / 1000:.0f} KB, {listed.rows} rows, newest {listed.items[0].published}")
    for name, work in (
        ("plain parser", lambda: LexborHTMLParser(page).css("a")),
        ("read_list", lambda: read_list(page, URL, today=TODAY)),
        ("read_home", lambda: read_home(page, URL, today=TODAY)),
    ):
        best, middle = timed(work)
        print(f"{name:12} median {middle * 1000:6.2f} ms, best {best * 1000:6.2f} ms of {ROUNDS}")


def timed(work: Callable[[], object]) -> tuple[float, float]:
    """The best and the median of the processor's seconds."""
    seconds = []
    for _ in range(ROUNDS):
        began = time.process_time()
        work()
        seconds.append(time.process_time() - began)
    return min(seconds), statistics.median(seconds)


def list_page() -> str:
    """A column as portals print them: head with scripts, a menu of two levels, thirty rows, boxes, a long footer."""
    rows = "".join(
        f'<li class="clearfix"><a href="./202611/t20261120_{1000 + n}.html" target="_blank" '
        f'title="县人民政府办公室关于印发第{n}项重点工作实施方案的通知">县人民政府办公室关于印发第{n}项重点工作实施方案的通知</a>'
        f'<span class="date">2026-11-{20 - n // 2:02}</span></li>'
        for n in range(30)
    )
    menus = "".join(
        f'<li class="item"><a href="/c{n}/index.html">一级栏目{n}</a><ul class="sub">'
        + "".join(f'<li><a href="/c{n}/s{m}/index.html">二级栏目{n}{m}</a></li>' for m in range(10))
        + "</ul></li>"
        for n in range(9)
    )
    hot = "".join(f'<li><a href="/h/content_{n}123.html">热门信息第{n}条的标题文字</a></li>' for n in range(20))
    friends = "".join(f'<option value="http://www.f{n}.gov.cn/">某某市人民政府</option>' for n in range(60))
    head = (
        '<!DOCTYPE html><html><head><meta charset="utf-8"><title>通知公告-某县人民政府</title>'
        '<meta name="ColumnName" content="通知公告"><script src="/js/jquery.min.js"></script></head><body>'
    )
    body = (
        f'<div class="header"><div class="top">今天是2026年11月24日</div><ul class="nav">{menus}</ul></div>'
        f'<div class="main"><div class="left"><ul class="list">{rows}</ul>'
        '<div class="page"><script>createPageHTML(17, 0, "index", "html");</script></div></div>'
        f'<div class="hot"><h3>热门信息</h3><ul>{hot}</ul></div></div><select>{friends}</select>'
        '<div class="footer"><p>主办：某县人民政府办公室 网站标识码：5100000001</p></div></body></html>'
    )
    style = "<style>" + f".box-{1}{{margin:0 auto;padding:3px;color:#333}}" * 40 + "</style>"
    script = "<script>function init(a,b){var c=a+b;return c*2;}\n" * 1 + "var x=1;/* scripts of the template */\n" * 200
    filler = style + script + "</script>"
    rest = SIZE - len((head + body + filler).encode())
    block = '<div class="box"><p>便民服务<a href="/fw/{n}/">服务事项{n}</a><span>办理入口</span></p></div>'
    blocks = []
    while rest > 0:
        blocks.append(block.replace("{n}", str(len(blocks))))
        rest -= len(blocks[-1].encode())
    return head + filler + body.replace("<select>", "".join(blocks) + "<select>")


if __name__ == "__main__":
    main()
