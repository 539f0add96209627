"""Charts: the layout, and the two ways of drawing it."""

import io
from pathlib import Path

import pytest
from PIL import Image

from reports.charts import BARS_SHOWN, WIDTH, Bar, BarChart, Pattern, Series, cut, drawing, text_width
from reports.fonts import chinese_font, font_in
from reports.png import to_png
from reports.svg import to_svg

SERIES = (Series("合格", Pattern.EMPTY), Series("不合格", Pattern.DARK), Series("未检测", Pattern.HATCHED))

needs_font = pytest.mark.skipif(chinese_font() is None, reason="本机没有中文字体")


def chart(*counts: tuple[int, int, int]) -> BarChart:
    return BarChart("检查结果", SERIES, tuple(Bar(f"第{n}县", each) for n, each in enumerate(counts, 1)))


def test_bars_are_as_long_as_their_counts_and_nothing_leaves_the_picture() -> None:
    drawn = drawing(chart((10, 5, 0), (30, 0, 30)))
    ten, five, thirty, other = drawn.boxes[3:]
    assert thirty.width == pytest.approx(3 * ten.width)
    assert five.width == pytest.approx(ten.width / 2)
    assert other.pattern is Pattern.HATCHED
    for box in drawn.boxes:
        assert box.x >= 0
        assert box.x + box.width <= WIDTH + 0.01
        assert box.y + box.height <= drawn.height
    for line in drawn.lines:
        assert min(line.x1, line.x2) >= 0
        assert max(line.x1, line.x2) <= WIDTH
    ends = [label.x + text_width(label.text, label.size) for label in drawn.labels if label.anchor == "start"]
    assert max(ends) <= WIDTH + 1


def test_the_hatching_stays_within_its_box() -> None:
    drawn = drawing(chart((0, 0, 7)))
    box = drawn.boxes[-1]
    strokes = drawn.lines[1:]
    assert len(strokes) > 10
    for line in strokes:
        within = box.y - 0.01 <= min(line.y1, line.y2) <= max(line.y1, line.y2) <= box.y + box.height + 0.01
        assert within or max(line.y1, line.y2) <= 12.01  # the legend's


def test_a_chart_of_nothing_draws_no_bar() -> None:
    assert len(drawing(chart((0, 0, 0))).boxes) == 3  # the legend
    assert drawing(BarChart("空", SERIES, ())).height > 0


@pytest.mark.parametrize("bars", [BARS_SHOWN - 1, BARS_SHOWN, BARS_SHOWN + 1])
def test_more_bars_than_a_page_holds_are_left_out_and_it_says_so(bars: int) -> None:
    texts = [label.text for label in drawing(chart(*[(1, 0, 0)] * bars)).labels]
    assert any("未画出" in text for text in texts) == (bars > BARS_SHOWN)


def test_a_long_name_is_cut() -> None:
    assert cut("很长的名字" * 9, 60) == "很长的名字…"
    assert cut("短", 60) == "短"


def test_svg_holds_text_as_text() -> None:
    bad = BarChart("<script>", SERIES, (Bar('"><img src=x>\x00', (1, 2, 3)),))
    drawn = to_svg(drawing(bad), bad.title)
    assert "<script>" not in drawn
    assert "<img" not in drawn
    assert "\x00" not in drawn
    assert to_svg(drawing(bad), bad.title) == drawn


@needs_font
def test_png_is_grey_at_three_hundred_dots_and_the_same_each_time() -> None:
    font = chinese_font()
    assert font is not None
    drawn = drawing(chart((10, 5, 0), (30, 0, 30)))
    content = to_png(drawn, font)
    assert content == to_png(drawn, font)
    picture = Image.open(io.BytesIO(content))
    assert (picture.mode, round(picture.width / 300 * 72)) == ("L", round(WIDTH))


@needs_font
def test_the_font_found_has_the_characters_of_names() -> None:
    font = chinese_font()
    assert font is not None
    assert font_in(font.path) is not None


def test_without_fonts_none_is_found(tmp_path: Path) -> None:
    (tmp_path / "notosanscjk-regular.ttc").write_bytes(b"no font")
    assert chinese_font([tmp_path]) is None
    assert font_in(tmp_path / "nowhere.ttf") is None
