"""Pages that only send their reader on."""

import pytest

from checks import Outcome
from monitor.landing import open_landing, sent_on_to
from tests.net.web import answer, in_loop, page, serving, visiting

HERE = "http://site.example/"


@pytest.mark.parametrize(
    ("text", "target"),
    [
        ('<meta http-equiv="refresh" content="0;url=/index.shtml">', "index.shtml"),
        ("<META HTTP-EQUIV=Refresh CONTENT='3; URL=col/col1/index.html'>", "col/col1/index.html"),
        ('<meta content="0; url=/a.html" http-equiv="refresh">', "a.html"),
        ("<script>window.location.href='/col/col1/';</script>", "col/col1/"),
        ('<script>location="/a.html"</script>', "a.html"),
        ('<script type="text/javascript">\n top.location.replace("a.html") </script>', "a.html"),
        ("<html><title>某县人民政府门户网站，标题可以很长</title><script>location.href='/a'</script>正在跳转…", "a"),
    ],
)
def test_a_next_to_empty_page_that_sends_on_at_once(text, target):
    assert sent_on_to(text, HERE) == HERE + target


@pytest.mark.parametrize(
    "text",
    [
        '<meta http-equiv="refresh" content="300">',
        "<script>function search(){ location.href='/search?q=' }</script>",
        "<script>mylocation.href='/a'; x.location2 = '/b'</script>",
        "<script>if (location.href == '/a') {}</script>",
        "<p>" + "正常的首页文字。" * 20 + "</p><script>location.href='/phone'</script>",
        "<script>location.href='javascript:void(0)'</script>",
        "",
    ],
)
def test_a_page_with_content_or_without_a_target_is_where_it_is(text):
    assert sent_on_to(text, HERE) is None


@in_loop
async def test_a_landing_is_followed_to_the_page_that_it_means():
    routes = {
        "/": answer('<meta http-equiv="refresh" content="0;url=/index.html">'),
        "/index.html": answer("<script>location.href='/home/'</script>"),
        "/home/": page(),
    }
    async with serving(routes) as server, visiting() as net:
        fetched = await open_landing(net, server.url())
    assert (fetched.outcome, fetched.final_url) == (Outcome.OK, server.url("/home/"))


@in_loop
async def test_a_circle_of_landings_ends():
    routes = {"/": answer("<script>location='/b'</script>"), "/b": answer("<script>location='/'</script>")}
    async with serving(routes) as server, visiting() as net:
        await open_landing(net, server.url())
    assert len(server.asked) == 3
