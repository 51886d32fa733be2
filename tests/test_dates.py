"""Dates are read in every form that people write, and only where the calendar has them."""

from __future__ import annotations

import datetime as dt

import pytest
from docsearch.corpus.dates import find_date, match_date, match_day_of_month, parse_date
from docsearch.corpus.model import PartialDate
from hypothesis import given
from hypothesis import strategies as st

MONTHS = {
    "en": "January February March April May June July August September October November December",
    "es": "enero febrero marzo abril mayo junio julio agosto septiembre octubre noviembre diciembre",
    "de": "Januar Februar März April Mai Juni Juli August September Oktober November Dezember",
    "fr": "janvier février mars avril mai juin juillet août septembre octobre novembre décembre",
    "pt": "janeiro fevereiro março abril maio junho julho agosto setembro outubro novembro dezembro",
    "it": "gennaio febbraio marzo aprile maggio giugno luglio agosto settembre ottobre novembre dicembre",
    "nl": "januari februari maart april mei juni juli augustus september oktober november december",
}
FORMS = {
    "en": ("{d} {m} {y}", "{m} {d}, {y}", "{m} {d} {y}", "the {d}th day of {m}, {y}", "{d}th of {m} {y}"),
    "es": ("{d} de {m} de {y}", "el {d} de {m} del {y}"),
    "de": ("{d}. {m} {y}", "am {d}. {m} {y}", "den {d}.{m} {y}"),
    "fr": ("{d} {m} {y}", "le {d} {m} {y}"),
    "pt": ("{d} de {m} de {y}", "{d}º de {m} de {y}"),
    "it": ("{d} {m} {y}", "il {d} {m} {y}"),
    "nl": ("{d} {m} {y}", "op {d} {m} {y}"),
}
DAYS = st.dates(dt.date(1000, 1, 1), dt.date(2999, 12, 31))


@given(DAYS, st.sampled_from(sorted(MONTHS)), st.data())
def test_named_months_are_read_in_seven_languages(day: dt.date, language: str, data: st.DataObject) -> None:
    form = data.draw(st.sampled_from(FORMS[language]))
    text = form.format(d=day.day, m=MONTHS[language].split()[day.month - 1], y=day.year)
    expected = PartialDate(day.year, day.month, day.day)
    assert parse_date(text) == expected
    assert parse_date(text.upper()) == expected
    assert find_date(f"Es wurde (am {text}) so 3 de facto.") == expected


@given(
    DAYS,
    st.sampled_from(
        ["{0}-{1:02}-{2:02}", "{0}/{1}/{2}", "{0}.{1:02}.{2:02}", "{2:02}.{1:02}.{0}", "{2}. {1}. {0}"]
    ),
)
def test_numbers_are_read(day: dt.date, form: str) -> None:
    found = parse_date(form.format(day.year, day.month, day.day))
    assert found == PartialDate(day.year, day.month, day.day)
    assert not found.guessed


@given(DAYS)
def test_day_before_month_is_a_guess_only_where_both_could_be_meant(day: dt.date) -> None:
    found = parse_date(f"{day.day:02}/{day.month:02}/{day.year}")
    assert found == PartialDate(day.year, day.month, day.day)
    assert found.guessed == (day.day <= 12 and day.day != day.month)
    american = parse_date(f"{day.month}/{day.day}/{day.year}")
    if day.day > 12:
        assert american == found
        assert american is not None
        assert not american.guessed


@given(st.dates(dt.date(1000, 1, 1)), st.sampled_from(["year", "month", "day"]))
def test_what_a_partial_date_prints_is_read_back(day: dt.date, precision: str) -> None:
    month, of_month = (day.month if precision != "year" else None), (day.day if precision == "day" else None)
    date = PartialDate(day.year, month, of_month)
    assert parse_date(str(date)) == (date if precision == "day" or day.year < 3000 else None)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("2023", "2023"),
        ("March 2023", "2023-03"),
        ("marzo de 2023", "2023-03"),
        ("20230315", "2023-03-15"),
        ("Mar. 15, 2023", "2023-03-15"),
        ("Sept. 5, 2020", "2020-09-05"),
        ("1st May 2021", "2021-05-01"),
        ("1er mai 2021", "2021-05-01"),
        ("2023-03-15T10:20:30.5+01:00", "2023-03-15"),
        ("2023-03-15 10:20", "2023-03-15"),
        ("Wed, 15 Mar 2023 10:00:00 GMT", "2023-03-15"),
        ("Mittwoch, den 15. März 2023", "2023-03-15"),
        ("miércoles, 15 de marzo de 2023", "2023-03-15"),
        ("  15 March 2023.  ", "2023-03-15"),
        ("0001-01-03", "0001-01-03"),
        ("29 February 2024", "2024-02-29"),
    ],
)
def test_forms(text: str, expected: str) -> None:
    assert str(parse_date(text)) == expected


@pytest.mark.parametrize(
    "text",
    [
        *(
            "",
            "soon",
            "March",
            "15 March",
            "31 June 2023",
            "29 February 2023",
            "2023-13-01",
            "2023-00",
            "0/0/2023",
        ),
        *("99/99/2023", "13/13/2023", "20231301", "2023-02-30", "5", "12345", "Section 2023", "114-95-2023"),
        *(
            "15 March 2023 and more",
            "before 15 March 2023",
            "1-2-2023-4",
            "x" * 1000,
            "15 Brumaire 1799",
            "03.15.2023",
        ),
    ],
)
def test_what_is_no_date(text: str) -> None:
    assert parse_date(text) is None


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("Adopted on 31 June 2023 and again on 1 July 2023.", "2023-07-01"),
        ("dated March 2023", "2023-03"),
        ("Act 114-95 of 2015, approved Dec. 10, 2015 (129 Stat. 1802)", "2015-12-10"),
        ("passed on July 21,2020 (Enrolled version)", "2020-07-21"),
        ("Art. 1 V v. 19.6.2020 I 1328", "2020-06-19"),
        ("see 20-11-2010-5 or 2020", "None"),
        ("section 15 may 2 of 1990 apply", "None"),
    ],
)
def test_the_first_date_in_a_text(text: str, expected: str) -> None:
    assert str(find_date(text)) == expected


def test_a_date_at_an_offset() -> None:
    text = "Brussels, 4 May 2021 –"
    found = match_date(text, 10)
    assert found is not None
    assert text[found.start : found.end] == "4 May 2021"
    assert match_date(text, 9) is None
    assert match_day_of_month("BEIJING, March 15 (", 9) == 17
    assert match_day_of_month("BEIJING, Match 15 (", 9) is None


@given(st.text() | st.text("0123456789-/. ,dth Marchofinde"))
def test_any_text_is_answered(text: str) -> None:
    for date in (parse_date(text), find_date(text)):
        assert date is None or date.first_day <= date.last_day
    for start in range(min(len(text), 5)):
        found = match_date(text, start)
        assert found is None or found.start == start < found.end <= len(text)
