"""The cookies of one fetch."""

import pytest

from monitor.cookies import Cookies


@pytest.mark.parametrize(
    ("line", "asked", "expected"),
    [
        ("a=1; Path=/; HttpOnly", "www.site.example", "a=1"),
        ("a=1", "site.example", ""),
        ("a=1; Domain=.site.example", "site.example", "a=1"),
        ("a=1; domain=site.example", "other.site.example", "a=1"),
        ("a=1; Domain=stranger.example", "stranger.example", ""),
        ("a=1; Domain=stranger.example", "www.site.example", "a=1"),
        ("a=1; Domain=example", "stranger.example", ""),
        ("a=; Path=/", "www.site.example", "a="),
        ("a=b=c", "www.site.example", "a=b=c"),
        ("nonsense", "www.site.example", ""),
        ("a=1\x00", "www.site.example", ""),
        ("a=" + "x" * 5000, "www.site.example", ""),
    ],
)
def test_a_cookie_goes_back_to_those_it_is_for(line, asked, expected):
    cookies = Cookies()
    cookies.take("www.site.example", [line])
    assert cookies.header(asked) == expected


def test_a_cookie_is_replaced_and_dropped_as_the_server_says():
    cookies = Cookies()
    cookies.take("site.example", ["a=1", "b=1"])
    cookies.take("site.example", ["a=2", "b=; Max-Age=0"])
    assert cookies.header("site.example") == "a=2"


def test_a_server_cannot_make_us_carry_more_than_fifty():
    cookies = Cookies()
    cookies.take("site.example", [f"c{n}=1" for n in range(51)])
    assert cookies.header("site.example").count("=") == 50
