"""Inks: CMYK in per cent, their total, their grey, the contrast of a pair.

Limits: colours are judged by a plain device model, without a profile. It is meant for telling
readable pairs from unreadable ones, not for matching colours.
"""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Ink:
    """A process colour: cyan, magenta, yellow, black, each 0–100 per cent."""

    c: float
    m: float
    y: float
    k: float

    @property
    def total(self) -> float:
        """Total area coverage in per cent (TAC)."""
        return self.c + self.m + self.y + self.k

    @property
    def luminance(self) -> float:
        """Relative luminance 0–1 (WCAG 2.2) of the colour a plain device makes of it."""
        black = 1 - self.k / 100
        channels = [_linear((1 - part / 100) * black) for part in (self.c, self.m, self.y)]
        return 0.2126 * channels[0] + 0.7152 * channels[1] + 0.0722 * channels[2]

    @property
    def grey(self) -> Ink:
        """What a black-and-white copier makes of it: the same luminance in black alone."""
        return Ink(0, 0, 0, round(100 * (1 - _gamma(self.luminance)), 3))


def contrast(a: Ink, b: Ink) -> float:
    """Contrast ratio 1–21 of two inks side by side (WCAG 2.2, "contrast ratio")."""
    light, dark = sorted((a.luminance, b.luminance), reverse=True)
    return (light + 0.05) / (dark + 0.05)


def _linear(value: float) -> float:
    """An sRGB channel as light (IEC 61966-2-1)."""
    return value / 12.92 if value <= 0.04045 else ((value + 0.055) / 1.055) ** 2.4


def _gamma(light: float) -> float:
    """Light as an sRGB channel (IEC 61966-2-1)."""
    return light * 12.92 if light <= 0.0031308 else 1.055 * light ** (1 / 2.4) - 0.055
