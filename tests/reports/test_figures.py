import pytest

from reports.figures import Rate, RateStyle, Rounding


@pytest.mark.parametrize(
    ("numerator", "denominator", "decimals", "printed"),
    [
        (28, 39, 1, "71.8%"),  # 甘孜 2021 Q2，网站
        (200, 238, 0, "84%"),  # 甘孜 2021 Q2，账号
        (200, 238, 1, "84.0%"),
        (25, 40, 1, "62.5%"),  # 甘孜 2021 Q2，反馈
        (78, 131, 2, "59.54%"),  # 西藏 2022 Q3
        (71, 130, 1, "54.6%"),
        (118, 122, 1, "96.7%"),  # 海南 2023 Q3
        (160, 173, 1, "92.5%"),
        (36, 39, 0, "92%"),  # 渭南 2020 Q4
        (104, 140, 0, "74%"),
        (48, 51, 0, "94%"),  # 株洲 2022 Q4
        (209, 212, 1, "98.6%"),
        (566, 591, 2, "95.77%"),  # 甘肃 2021 Q2
    ],
)
def test_rates_print_as_the_real_notices_printed_them(
    numerator: int, denominator: int, decimals: int, printed: str
) -> None:
    assert Rate(numerator, denominator).percent(decimals) == printed


def test_a_rate_prints_with_both_of_its_numbers() -> None:
    assert Rate(28, 39).text() == "28/39（71.8%）"
    assert str(Rate(71, 130)) == "71/130（54.6%）"


def test_the_tibet_notice_cut_where_others_round() -> None:
    assert Rate(71, 130).percent(2, rounding=Rounding.CUT) == "54.61%"
    assert Rate(71, 130).percent(2) == "54.62%"


def test_a_tie_is_rounded_up_exactly_and_not_as_binary_floats_would() -> None:
    assert Rate(1, 16).percent(1) == "6.3%"
    assert Rate(1, 16).percent(1, rounding=Rounding.HALF_EVEN) == "6.2%"
    assert Rate(1, 200).percent(0) == "1%"
    assert Rate(201, 2000).percent(1) == "10.1%"


def test_a_share_of_nothing_is_a_dash_and_not_zero_or_all() -> None:
    assert Rate(0, 0).text() == "—"
    assert Rate(0, 0).percent() == "—"
    assert Rate(0, 5).text() == "0/5（0.0%）"
    assert Rate(5, 5).text() == "5/5（100.0%）"


@pytest.mark.parametrize(("numerator", "denominator"), [(-1, 3), (4, 3), (1, 0)])
def test_what_is_no_share_is_refused(numerator: int, denominator: int) -> None:
    with pytest.raises(ValueError, match="not a share"):
        Rate(numerator, denominator)


ONE, TRIMMED = RateStyle(), RateStyle(trim_zeros=True)
CUT = RateStyle(decimals=2, rounding=Rounding.CUT)


@pytest.mark.parametrize(
    ("style", "numerator", "denominator", "printed"),
    [
        (TRIMMED, 28, 39, "71.8%"),  # 甘孜 2021 Q2 印了 71.8% 和 84%
        (TRIMMED, 200, 238, "84%"),
        (TRIMMED, 25, 40, "62.5%"),
        (CUT, 71, 130, "54.61%"),  # 西藏 2022 Q3 印了 54.61%（截去）和 59.54%
        (CUT, 78, 131, "59.54%"),
        (RateStyle(decimals=0), 48, 51, "94%"),
        (TRIMMED, 100, 100, "100%"),
        (TRIMMED, 0, 100, "0%"),
        (RateStyle(decimals=0, trim_zeros=True), 100, 100, "100%"),
        (RateStyle(decimals=0, trim_zeros=True), 1, 10, "10%"),
    ],
)
def test_an_office_prints_its_rates_in_its_own_style(
    style: RateStyle, numerator: int, denominator: int, printed: str
) -> None:
    assert style.percent(Rate(numerator, denominator)) == printed
    assert style.text(Rate(numerator, denominator)) == f"{numerator}/{denominator}（{printed}）"


@pytest.mark.parametrize(
    ("before", "now", "told"),
    [
        (Rate(118, 122), Rate(160, 173), "下降 4.2 个百分点"),  # 96.7 − 92.5, as printed
        (Rate(160, 173), Rate(118, 122), "上升 4.2 个百分点"),
        (Rate(1, 3), Rate(2, 6), "持平"),
        (Rate(0, 0), Rate(1, 2), ""),
        (Rate(1, 2), Rate(0, 0), ""),
    ],
)
def test_a_change_is_the_difference_of_the_printed_percentages(before: Rate, now: Rate, told: str) -> None:
    assert ONE.change(before, now) == told
