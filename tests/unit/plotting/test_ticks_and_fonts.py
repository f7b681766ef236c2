"""Ticks and their labels, and the fonts of figures."""

import pytest

from losslaws.plotting import draw
from losslaws.plotting.style import symbol
from losslaws.plotting.ticks import label, log_ticks


@pytest.mark.parametrize(
    ("parameter", "text"),
    [
        ("beta", r"$\beta$"),
        ("lambda_2", r"$\lambda_{2}$"),
        ("c0", "$c_{0}$"),
        ("d", "$d$"),
        ("rate", "rate"),
        ("t_b", "t_b"),
        ("µ", "µ"),
    ],
)
def test_parameters_that_are_letters_are_set_as_mathematics(parameter, text):
    assert symbol(parameter) == text


class TestTicks:
    @pytest.mark.parametrize(
        ("low", "high", "expected"),
        [
            (0.9, 1600.0, [1, 10, 100, 1000]),
            (1e-8, 10.0, [1e-8, 1e-5, 1e-2, 10]),
            (1.5, 25.0, [2, 5, 10, 20]),
            (2.99, 3.31, [3.0, 3.1, 3.2, 3.3]),
        ],
    )
    def test_ticks_are_few_and_round(self, low, high, expected):
        assert log_ticks(low, high, 4) == pytest.approx(expected)

    @pytest.mark.parametrize(
        ("value", "text"),
        [
            (0.0, "0"),
            (0.05, "0.05"),
            (1000.0, "1000"),
            (10000.0, "10⁴"),
            (1e-8, "10⁻⁸"),
            (2e7, "2×10⁷"),
            (-100.0, "−100"),
            (-2.5e-5, "−2.5×10⁻⁵"),
        ],
    )
    def test_labels(self, value, text):
        assert label(value) == text


def test_fonts_beyond_matplotlibs_own_are_those_that_are_installed(monkeypatch):
    monkeypatch.setattr(draw.fontManager, "get_font_names", lambda: ["PingFang SC", "DejaVu Sans", "Comic Sans MS"])
    assert draw.font_families() == ["DejaVu Sans", "PingFang SC"]
