"""The draw: its tickets are Rivest's, its quotas whole numbers, and four quarters cover everybody."""

from __future__ import annotations

import hashlib
import math

import pytest
from consistent_sampler import sampler
from hypothesis import given, settings
from hypothesis import strategies as st

from checks import Account, AccountStatus, Platform
from checks.core.frames import Frame, FrameFault, FrameRow, StratumBy, account_frame
from checks.core.sampling import Order, Share, draw, substitute
from checks.core.tickets import digest, tickets

SEED = "2026Q4|20261201|7719304452"
QUARTER = Share(25, 100)
NO_SLICE = Share(0, 100)


def row(uid: str, stratum: str = "甲县", platform: str = "wechat") -> FrameRow:
    return FrameRow(uid, "某局", stratum, platform, "正常", stratum)


def frame_of(*sizes: int, platform: str = "wechat") -> Frame:
    """Strata of these sizes."""
    return Frame.of(
        row(f"{platform}:{place}-{n:05}", f"第{place}县", platform)
        for place, size in enumerate(sizes)
        for n in range(size)
    )


def uids(drawn) -> list[str]:
    return [each.row.account_uid for each in drawn]


# Tickets


@pytest.mark.parametrize(
    ("uid", "shown"),
    [
        ("douyin:MS4wBBB", "0.257559330533732813"),
        ("wechat:gh_ffffffffffff", "0.340867349190175997"),
        ("weibo:1000000001", "0.519992290493933679"),
        ("wechat:gh_0a1b2c3d4e5f", "0.605961535144826249"),
        ("toutiao:MS4wAAA", "0.622884812399302303"),
    ],
)
def test_the_published_vectors_come_out(uid, shown):
    assert tickets(SEED)(uid).shown == shown


def test_the_check_value_is_that_of_sha256sum():
    prefix = hashlib.sha256(SEED.encode()).hexdigest()
    assert (prefix[:8], prefix[-4:]) == ("0516bfb8", "8c85")
    check = tickets(SEED)("wechat:gh_0a1b2c3d4e5f").check
    assert (check[:8], check[-4:]) == ("f1801fcc", "43e2")


def test_the_order_of_a_thousand_ids_is_that_of_the_published_package():
    ids = [f"wechat:gh_{hashlib.md5(str(n).encode()).hexdigest()[:12]}" for n in range(1000)]
    ticket = tickets(SEED)
    assert sorted(ids, key=lambda uid: ticket(uid).value) == list(sampler(ids, SEED, output="id"))
    [first] = sampler(ids, SEED, take=1, digits=18)
    assert ticket(first[1]).shown == first[0]


# Shares


@pytest.mark.parametrize(
    ("text", "share"),
    [
        ("25%", Share(25, 100)),
        ("0.25", Share(25, 100)),
        ("1/4", Share(25, 100)),
        ("25％", Share(25, 100)),
        ("1/3", Share(1, 3)),
        ("12.5%", Share(1, 8)),
        ("100%", Share(100, 100)),
        ("1", Share(100, 100)),
    ],
)
def test_a_rate_is_read_as_a_fraction(text, share):
    assert Share.parse(text) == share


@pytest.mark.parametrize("text", ["", "25", "101%", "-1%", "1/0", "a", "nan"])
def test_what_is_no_rate_is_refused(text):
    with pytest.raises(ValueError, match="抽查比例"):
        Share.parse(text)


@pytest.mark.parametrize(("share", "count", "wanted"), [("7%", 100, 7), ("14%", 50, 7), ("28%", 25, 7), ("25%", 5, 2)])
def test_a_share_is_rounded_up_in_whole_numbers_where_floats_would_err(share, count, wanted):
    assert Share.parse(share).of(count) == wanted


# Frames


def test_a_frame_reads_back_what_it_wrote_and_only_that():
    frame = Frame.of([row("b"), row("a", "甲,县"), row("中")])
    assert [r.account_uid for r in frame.rows] == ["a", "b", "中"]
    assert Frame.parse(frame.text) == frame
    for changed in (frame.text.replace("\n", "\r\n"), frame.text + "\n", "\ufeff" + frame.text, frame.text[:-1]):
        with pytest.raises(FrameFault):
            Frame.parse(changed)


def test_an_id_that_is_there_twice_is_refused():
    with pytest.raises(FrameFault, match="不止一次"):
        Frame.of([row("a"), row("a")])


@pytest.mark.parametrize("status", list(AccountStatus))
def test_accounts_in_duty_can_be_drawn_and_no_others(status):
    account = Account(platform=Platform.WEIBO, name="某县发布", account_id="1", sponsor="甲局", status=status)
    in_duty = status in (AccountStatus.ACTIVE, AccountStatus.CLOSING)
    assert bool(account_frame([account]).rows) is in_duty


def test_strata_are_regions_or_departments():
    account = Account(
        platform=Platform.WEIBO, name="某", account_id="1", sponsor="甲局", supervisor="乙办", region="丙县"
    )
    bare = Account(platform=Platform.WEIBO, name="某", account_id="2", sponsor="甲局")
    assert [r.stratum for r in account_frame([account, bare]).rows] == ["丙县", "未填"]
    assert [r.stratum for r in account_frame([account, bare], StratumBy.SUPERVISOR).rows] == ["乙办", "甲局"]


# Properties of the draw

FRAMES = st.lists(
    st.tuples(st.integers(0, 10**6), st.sampled_from("甲乙丙"), st.sampled_from(["wechat", "weibo", "douyin"])),
    max_size=80,
    unique_by=lambda each: each[0],
).map(lambda rows: [row(f"{platform}:{n}", stratum, platform) for n, stratum, platform in rows])
RATES = st.integers(1, 100).map(lambda num: Share(num, 100))


@given(rows=FRAMES, rate=RATES, seed=st.text(min_size=1, max_size=20), data=st.data())
def test_the_same_seed_gives_the_same_sample_in_whatever_order_the_rows_came(rows, rate, seed, data):
    order = Order(seed=seed, rate=rate, quarter=1)
    shuffled = data.draw(st.permutations(rows))
    assert draw(Frame.of(rows), order) == draw(Frame.of(shuffled), order)


@given(rows=FRAMES, rate=RATES)
def test_a_first_late_draw_takes_the_rate_rounded_up_of_each_stratum(rows, rate):
    drawn = draw(Frame.of(rows), Order(seed=SEED, rate=rate, quarter=4))
    sizes = {name: [r for r in rows if r.stratum == name] for name in {r.stratum for r in rows}}
    assert {s.name: s.quota for s in drawn.strata} == {
        name: math.ceil(len(found) * rate.num / rate.den - 1e-9) for name, found in sizes.items()
    }
    assert len(drawn.sample) == sum(s.quota for s in drawn.strata)
    assert not set(uids(drawn.sample)) & set(uids(drawn.redraw))


@given(rows=FRAMES, rate=RATES, times=st.lists(st.integers(0, 3), min_size=80, max_size=80))
def test_nobody_is_drawn_again_while_another_of_the_stratum_was_drawn_less_often(rows, rate, times):
    before = {r.account_uid: n for r, n in zip(rows, times, strict=False)}
    drawn = draw(Frame.of(rows), Order(seed=SEED, rate=rate, quarter=3, draws_before=2, drawn_before=before))
    for stratum in {r.stratum for r in rows}:
        taken = [d.times_before for d in drawn.sample if d.row.stratum == stratum]
        left = [before[r.account_uid] for r in rows if r.stratum == stratum and r.account_uid not in uids(drawn.sample)]
        assert not taken or not left or max(taken) <= min(left)


@settings(max_examples=40, deadline=None)
@given(
    rate=st.integers(25, 100).map(lambda num: Share(num, 100)),
    quarters=st.lists(st.tuples(FRAMES, st.sets(st.integers(0, 79), max_size=10)), min_size=4, max_size=4),
)
def test_four_quarters_cover_everybody_with_births_and_deaths(rate, quarters):
    before: dict[str, int] = {}
    living: dict[str, FrameRow] = {}
    for quarter, (born, dying) in enumerate(quarters, 1):
        living |= {f"{quarter}{r.account_uid}": row(f"{quarter}{r.account_uid}", r.stratum, r.platform) for r in born}
        for uid in [uid for place, uid in enumerate(list(living)) if place in dying]:
            del living[uid]
        order = Order(
            seed=f"{SEED}{quarter}", rate=rate, quarter=quarter, redraw=NO_SLICE,
            draws_before=quarter - 1, drawn_before=before,
        )  # fmt: skip
        drawn = draw(Frame.of(living.values()), order)
        for stratum in drawn.strata:
            assert rate.of(stratum.size) <= stratum.quota <= stratum.size
        for uid in uids(drawn.sample):
            before[uid] = before.get(uid, 0) + 1
    assert living.keys() <= before.keys()


def test_accounts_that_are_opened_in_the_third_quarter_are_caught_up_with():
    before: dict[str, int] = {}
    sizes = []
    for quarter in (1, 2, 3, 4):
        frame = frame_of(308 if quarter < 3 else 328)
        order = Order(
            seed=f"{SEED}{quarter}", rate=QUARTER, quarter=quarter, redraw=NO_SLICE,
            draws_before=quarter - 1, drawn_before=dict(before),
        )  # fmt: skip
        drawn = draw(frame, order)
        sizes.append(len(drawn.sample))
        before |= {uid: before.get(uid, 0) + 1 for uid in uids(drawn.sample)}
    assert sizes == [77, 77, 87, 87]
    assert len(before) == 328


@pytest.mark.parametrize(
    ("quarter", "drawn_quarters", "rate", "catches_up"),
    [(1, 0, 24, False), (1, 0, 25, True), (4, 3, 25, True), (4, 0, 25, False), (3, 0, 49, False), (3, 0, 50, True)],
)
def test_the_year_catches_up_only_where_its_quarters_allow_it(quarter, drawn_quarters, rate, catches_up):
    order = Order(seed=SEED, rate=Share(rate, 100), quarter=quarter, draws_before=drawn_quarters)
    assert order.catches_up is catches_up


@pytest.mark.parametrize(("weibos", "least"), [(9, 0), (10, 2), (11, 2), (12, 3)])
def test_a_platform_has_its_share_from_ten_accounts(weibos, least):
    rows = [row(f"wechat:{n}") for n in range(60)] + [row(f"weibo:{n}", platform="weibo") for n in range(weibos)]
    fewest = min(
        sum(d.row.platform == "weibo" for d in draw(Frame.of(rows), Order(seed=str(n), rate=QUARTER, quarter=4)).sample)
        for n in range(300)
    )
    assert fewest == least


def test_small_platforms_have_a_floor_together():
    rows = [row(f"wechat:{n}") for n in range(60)]
    rows += [row(f"{platform}:{n}", platform=platform) for platform in ("weibo", "douyin") for n in range(6)]
    for n in range(100):
        sample = draw(Frame.of(rows), Order(seed=str(n), rate=QUARTER, quarter=4)).sample
        assert sum(d.row.platform != "wechat" for d in sample) >= 3


def test_the_slice_disregards_history():
    frame = frame_of(100)
    half = {r.account_uid: 1 for r in frame.rows[:50]}
    taken = set()
    for n in range(40):
        order = Order(seed=str(n), rate=Share(10, 100), quarter=4, draws_before=1, drawn_before=half)
        drawn = draw(frame, order)
        assert (len(drawn.sample), len(drawn.redraw)) == (10, 5)
        assert not any(d.times_before for d in drawn.sample)
        taken |= set(uids(drawn.redraw))
    assert taken & half.keys()


def test_the_next_of_the_stratum_steps_in():
    frame = frame_of(8, 8)
    order = Order(seed=SEED, rate=QUARTER, quarter=4, redraw=NO_SLICE)
    drawn = draw(frame, order)
    out = drawn.sample[0]
    heir = substitute(frame, order, out.row.account_uid, used=set(uids(drawn.sample)), redrawn=False)
    assert (heir.row.stratum, heir.rank) == (out.row.stratum, 3)
    everybody = {r.account_uid for r in frame.rows}
    assert substitute(frame, order, out.row.account_uid, used=everybody, redrawn=False) is None


def test_digests_are_of_utf8():
    assert digest("县") == hashlib.sha256("县".encode()).hexdigest()
