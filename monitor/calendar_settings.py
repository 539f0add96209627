"""[calendar] of settings.toml: days off and make-up days that the program does not know by itself."""

from __future__ import annotations

from datetime import date

from pydantic import Field, field_validator, model_validator

from monitor.section import Section


class Calendar(Section):
    """[calendar]: 放假 and 调休 of years that the calendar of the program does not know yet, or has wrong."""

    days_off: tuple[date, ...] = Field((), strict=False)
    make_up_days: tuple[date, ...] = Field((), strict=False)

    @field_validator("make_up_days")
    @classmethod
    def _weekends(cls, days: tuple[date, ...]) -> tuple[date, ...]:
        if wrong := [str(day) for day in days if day.weekday() < 5]:
            raise ValueError(f"调休上班日应为周六或周日，{'、'.join(wrong)} 不是")
        return days

    @model_validator(mode="after")
    def _whole_years(self) -> Calendar:
        off = {day.year for day in self.days_off}
        if lacking := sorted({day.year for day in self.make_up_days} - off):
            raise ValueError(f"{'、'.join(map(str, lacking))} 年只填了 make_up_days，还须填写该年全部放假日 days_off")
        return self
