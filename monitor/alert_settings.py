"""[alerts] of settings.toml: quiet hours, channels and rules → values. It reads no secret and sends nothing."""

from __future__ import annotations

from collections.abc import Callable
from datetime import time, timedelta
from typing import TYPE_CHECKING, Annotated, Union

from pydantic import AfterValidator, Field, model_validator

from checks.core.hours import QuietHours, parse_time
from checks.core.notices import MOST_LOOKS, About, Rule
from monitor.notify.channel import ChannelSettings, all_kinds
from monitor.notify.channels.mail import mail_address
from monitor.section import Section

TO_UNITS = ("sponsor", "supervisor")
"""What a rule's ``to`` may hold besides mail addresses: the registered mail of the subject's 主办单位 or 主管单位."""


def _readable(parse: Callable[[str], object]) -> AfterValidator:
    def check(text: str) -> str:
        parse(text)
        return text

    return AfterValidator(check)


def _about(text: str) -> str:
    if text not in set(About):
        raise ValueError("应为 problem（问题）、warning（预警）、overdue（超期）或 trouble（系统自身）")
    return text


def _some(given: tuple[str, ...]) -> tuple[str, ...]:
    if not given:
        raise ValueError("不能为空")
    return given


def _recipient(text: str) -> str:
    if text in TO_UNITS:
        return text
    try:
        return mail_address(text)
    except ValueError:
        raise ValueError("应为 sponsor（主办单位）、supervisor（主管单位）或邮箱地址") from None


if TYPE_CHECKING:
    AnyChannel = ChannelSettings
else:
    AnyChannel = Annotated[
        Union[tuple(kind.settings for kind in all_kinds().values())],  # noqa: UP007 - built from the folder
        Field(discriminator="kind"),
    ]


class AlertRule(Section):
    """One [[alerts.rule]]. ``of`` left out is ``times``; ``remind_hours`` of 0 reminds of nothing."""

    name: str = Field(min_length=1, max_length=60)
    about: Annotated[tuple[Annotated[str, AfterValidator(_about)], ...], AfterValidator(_some)] = Field(
        tuple(About), strict=False
    )
    checks: tuple[str, ...] = Field((), strict=False)
    units: tuple[str, ...] = Field((), strict=False)
    regions: tuple[str, ...] = Field((), strict=False)
    channels: Annotated[tuple[str, ...], AfterValidator(_some)] = Field(strict=False)
    to: tuple[Annotated[str, AfterValidator(_recipient)], ...] = Field((), strict=False)
    digest: bool = False
    quiet: bool = True
    times: int = Field(1, ge=1, le=MOST_LOOKS)
    of: int | None = Field(None, ge=1, le=MOST_LOOKS)
    clear: int = Field(1, ge=1, le=MOST_LOOKS)
    remind_hours: float = Field(0, ge=0, le=8760)
    recovery: bool = True

    @model_validator(mode="after")
    def _n_of_m(self) -> AlertRule:
        if self.of is not None and self.of < self.times:
            raise ValueError(f"of（{self.of}）不能小于 times（{self.times}）")
        return self

    @property
    def rule(self) -> Rule:
        """The rule as the pure part knows it."""
        return Rule(
            name=self.name,
            about=frozenset(About(each) for each in self.about),
            checks=self.checks,
            units=frozenset(self.units),
            regions=self.regions,
            times=self.times,
            of=self.of or self.times,
            clear=self.clear,
            remind=timedelta(hours=self.remind_hours) if self.remind_hours else None,
            recovery=self.recovery,
        )


class Alerts(Section):
    """[alerts]: ``quiet`` holds messages back to its end, ``digest_at`` is when digests go out."""

    quiet: Annotated[str, _readable(QuietHours.parse)] = ""
    digest_at: Annotated[str, _readable(parse_time)] = "08:30"
    give_up_hours: float = Field(72, gt=0, le=8760)
    channel: tuple[AnyChannel, ...] = Field((), strict=False)
    rule: tuple[AlertRule, ...] = Field((), strict=False)

    @model_validator(mode="after")
    def _joined(self) -> Alerts:
        names = [channel.name for channel in self.channel]
        for what, given in (("通道", names), ("规则", [rule.name for rule in self.rule])):
            if doubled := sorted({name for name in given if given.count(name) > 1}):
                raise ValueError(f"{what}重名：{'、'.join(doubled)}")
        for rule in self.rule:
            if unknown := [name for name in rule.channels if name not in names]:
                raise ValueError(f"规则“{rule.name}”用到了没有设置的通道：{'、'.join(unknown)}")
            if rule.to and not any(all_kinds()[self.by_name(name).kind].addressed for name in rule.channels):
                raise ValueError(f"规则“{rule.name}”写了 to（收件人），但它的通道里没有电子邮件")
        return self

    def by_name(self, name: str) -> ChannelSettings:
        """The channel of a name. Raises ``KeyError``."""
        return {channel.name: channel for channel in self.channel}[name]

    @property
    def quiet_hours(self) -> QuietHours | None:
        return QuietHours.parse(self.quiet)

    @property
    def digest_time(self) -> time:
        return parse_time(self.digest_at)
