"""Plain-text building blocks of reports."""

from losslaws.report import text


def test_heading():
    assert text.heading("Runs", "=") == "Runs\n===="


def test_paragraph_is_wrapped():
    lines = text.paragraph("word " * 60).splitlines()
    assert len(lines) == 3
    assert all(len(line) <= text.WIDTH for line in lines)


def test_table_aligns_numbers_to_the_right_and_words_to_the_left():
    assert text.table(["law", "runs", "β"], [["power_law", "8", "0.5"], ["exp", "12", "–"]]) == (
        "law        runs    β\n"
        "---------  ----  ---\n"
        "power_law     8  0.5\n"
        "exp          12    –"
    )  # fmt: skip


def test_table_without_rows():
    assert text.table(["law", "runs"], []) == "law  runs\n---  ----"


def test_a_long_row_of_names_is_cut():
    assert text.listed(["a", "b"]) == "a, b"
    assert text.listed(list("abcde"), most=3) == "a, b, c and 2 more"


def test_numbers():
    assert (text.number(0.000123456), text.number(12345.6, 3), text.number(None)) == ("0.0001235", "1.23e+04", "–")
    assert (text.fixed(-7008.97), text.fixed(2.0, 3), text.fixed(None)) == ("-7009.0", "2.000", "–")


def test_shares_have_two_digits_and_nothing_is_a_dash():
    assert [text.percent(value) for value in (0.00123, 0.0512, 0.834, None)] == ["0.12%", "5.1%", "83%", "–"]
