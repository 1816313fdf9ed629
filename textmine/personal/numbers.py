"""Personal identity numbers and phone numbers, as people write them in running text."""

import datetime
import re
from collections.abc import Iterator

from stdnum import luhn
from stdnum.se import orgnr

Span = tuple[int, int]

_DASH = r"[-–‑−+]"
_GAP = r"[ \u00a0\u202f]"
# Written as a personal identity number is: 540230-0000, 19540230-0000, 050229-00XX.
_SHAPED = re.compile(
    rf"(?<![\w–‑-])(?P<day>(?:1[89]|20)\d\d-\d\d-\d\d|\d\d-\d\d-\d\d|(?:1[89]|20)?\d{{6}}){_GAP}?{_DASH}{_GAP}?"
    r"(?P<last>\d{4}|\d{2,3}[XxNn*#?•.]{1,2}(?![\w.])|(?P<blank>[A-Za-z*#?•])(?P=blank){3}(?!\w))(?!\d|[-–]\d)"
)
# The same digits with no separator, or with blanks only.
_LOOSE = re.compile(
    rf"(?<![\w–‑-])(?P<day>(?:1[89]|20)?\d\d[ -]?\d\d[ -]?\d\d){_GAP}?{_DASH}?{_GAP}?"
    r"(?P<last>\d{4})(?!\d|[-–]\d)"
)
_MAYBE_IDENTITY = re.compile(r"\d\d[ -]?\d\d[ -]?\d\d")
_IDENTITY = re.compile(
    r"(?:person|samordnings?)[ -]?(?:nummer|nr|numret)\W*$|\bp(?:ers)?[. -]*(?:nr|nummer)\W*$", re.I
)
# Numbers of cases, papers and payments.
_PAPERS = re.compile(
    r"(?:\bd(?:iarie)?\.?n(?:umme)?r|diarie\w*|ärendenr|ärendenummer|\bärende\s?nr|\bfaktura\w*|\bref\.?(?:erens)?\w*"
    r"|\border\w*|\bavtals?(?:nr|nummer)?|\bprojektn\w*|\bbankgiro\w*|\bbg|\bplusgiro\w*|\bpg|\bkonto\w*"
    r"|\bart(?:ikel)?\.?(?:nr|nummer)|\bisbn|\bserienr|\bocr\w*|\bkundn\w*|\bupphandling\w*"
    r"|\b(?:HSN|HSS|KS|SN|RS|VON|BUN|SOCN|RSK|LS|KSN|ON)\b)\W*(?:nr\W*|nummer\W*)?$",
    re.I,
)
_COMPANY = re.compile(r"\borg(?:anisations?)?[.\s-]*(?:nr|nummer)\W*$", re.I)
_AMOUNT = re.compile(
    rf"{_GAP}?(?:kr\b|kronor|tkr|mkr|mnkr|ksek|sek\b|%|procent|personer|st\b|deltagare|invånare)",
    re.I,
)


def find_identity_numbers(text: str) -> Iterator[Span]:
    """Find personal identity numbers (personnummer, samordningsnummer).

    What is shaped like one counts even if its date or its control digit is wrong, since a mistyped
    number points at a person all the same. Digits in a row count if date and control digit are
    right, or if they are called so. Numbers of organisations and of papers do not count.
    """
    if not _MAYBE_IDENTITY.search(text):
        return
    for pattern in (_SHAPED, _LOOSE):
        for match in pattern.finditer(text):
            before = text[max(0, match.start() - 30) : match.start()]
            digits = re.sub(r"\D", "", match["day"])
            last = match["last"]
            called = bool(_IDENTITY.search(before))
            right = last.isdigit() and _is_date(digits) and luhn.is_valid(digits[-6:] + last)
            if not called:
                if _PAPERS.search(before) or _AMOUNT.match(text, match.end()):
                    continue
                if _is_company(digits, last, before) and not right:
                    continue
                if pattern is _LOOSE and not right:
                    continue
            yield match.span()


def _is_date(digits: str) -> bool:
    """Say whether digits are a date of birth; 60 is added to the day of a samordningsnummer."""
    year, month, day = int(digits[:-4]), int(digits[-4:-2]), int(digits[-2:])
    if len(digits) == 6:
        year += 1900  # any century will do: only the 29 February of 1900 is lost
        if (month, day % 60) == (2, 29) and year == 1900:
            return True
    try:
        datetime.date(year, month, day - 60 if day > 60 else day)
    except ValueError:
        return False
    return True


def _is_company(digits: str, last: str, before: str) -> bool:
    """Say whether a number is an organisation's: its third digit is 2 or more."""
    ten = digits.removeprefix("16") + last
    if len(digits) == 8 and not digits.startswith("16"):
        return False
    if _COMPANY.search(before):
        return True
    return len(ten) == 10 and ten.isdigit() and ten[2] >= "2" and orgnr.is_valid(ten)


# A Swedish number with its area code: 0470-00 00 12, (08) 123 45 6, 070.174.06.33, 0701740633.
_DOMESTIC = re.compile(
    rf"(?<![\w.,:+/–‑-])(?:\((?=0\d+\)))?(?P<area>08|0[1-9]\d{{1,2}})(?:\){_GAP}?|{_GAP}?(?P<dash>[-–‑−/.]){_GAP}?|(?P<blank>{_GAP})|(?=\d))"
    rf"(?P<sub>\d{{1,8}}(?:[ .\u00a0\u202f‑–-]\d{{1,4}})*)"
)
_ABROAD = re.compile(
    rf"(?<![\w+])(?P<plus>\(?\+{_GAP}?|00(?=4[0-9]|35|3[0-9]|44|1)){_GAP}?(?P<rest>[1-9]\d{{0,2}}\)?"
    rf"(?:[ .\u00a0/–-]{{0,2}}\(0\))?(?:[ .\u00a0/–-]{{0,2}}\d{{1,10}}){{1,6}})"
)
# A number with no area code, where it is called a phone number.
_LOCAL = re.compile(r"\d{2,8}(?:[ -]\d{2,4})*(?![\w:]|[.,–-]\d)")
_CALLED = re.compile(
    r"\b(?:tele?|tfn|tlf|telefon|telefonnr|telefonnummer|mobil|mobilnr|mobilnummer|mob|direktnr"
    r"|direktnummer|direkt|växel|vx|jour|fax|telnr|tel\.nr|sms:?a?|ring|ringa|nås på|nr)\b[.: ]*"
    r"(?:på |till |nr |nummer )?$",
    re.I,
)
# The same some words off, for numbers in the groups that phone numbers are written in.
_GROUPED = re.compile(r"\d{2,3}[ -]\d{2}[ -]\d{2}|\d{3}[ -]\d{3}|\d{3}[ -]\d{2}")
_CALLED_AFAR = re.compile(
    r"\b(?:ring(?:a|er|s|de)?|nås?|nåddes|når|sms(?::?ar?)?|slå|svarar|tele?fon\w*|telnr|mobil\w*|direkt(?:nr|nummer)"
    r"|numret|nummer|växeln?|kontakt\w*|kontakta|sök(?:er|s)?|tfn|tel|jour\w*)\b"
    r"(?:[,:]? [^\W\d_]+){0,3}[,:(]? ?\(?$",
    re.I,
)
_NOT_CALLED = re.compile(
    r"\b(?:cirka|ca|drygt|totalt|över|nästan|ungefär|minst|knappt|kostade?"
    r"|budget\w*|anslag\w*|summa\w*|antal\w*)[: ]*$",
    re.I,
)
_MAYBE_PHONE = re.compile(r"\d[\d ./()–‑−-]{3,}\d")
_EXTENSION = re.compile(
    r"(?:,?[ ]?(?:ankn(?:ytning)?|int)\b\.?[ ]?\d{1,5}|[ ]?/[ ]?[1-9]\d{1,3}(?![\d–-]))", re.I
)
_SERVICES = re.compile(r"^(?:020|0200|0771|0774|0775|099|0900|0939|0944)$")
_YEAR = re.compile(r"(?:19|20)\d\d")
# Lines for everybody: health advice, emergencies, helplines.
_PUBLIC = re.compile(r"^(?:112|1177|11313|11414|116\d{3}|90101|90390|118\d{3})$")


def find_phone_numbers(text: str) -> Iterator[Span]:
    """Find phone numbers, also invented ones that no exchange would take; not public lines."""
    if not _MAYBE_PHONE.search(text):
        return
    for match in _DOMESTIC.finditer(text):
        end = _end_of_number(text, match)
        if end is None or _SERVICES.match(match["area"]) or _is_counted(text, match.start(), end):
            continue
        yield match.start(), _with_extension(text, end)
    for match in _ABROAD.finditer(text):
        digits = re.sub(r"\D", "", match["rest"].replace("(0)", ""))
        swedish = digits.startswith("46")
        if not (8 if swedish else 9) <= len(digits) <= 14 or _is_counted(text, *match.span()):
            continue
        yield match.start(), _with_extension(text, match.end())
    for match in _LOCAL.finditer(text):
        groups = re.split(r"[ -]", match.group())
        digits = "".join(groups)
        if not 5 <= len(digits) <= 10 or _PUBLIC.match(digits):
            continue
        if any(_YEAR.fullmatch(group) for group in groups) or _is_counted(text, *match.span()):
            continue
        if _is_called(text, match):
            yield match.start(), _with_extension(text, match.end())


def _is_called(text: str, match: re.Match[str]) -> bool:
    """Say whether a number with no area code is called a phone number."""
    start = match.start()
    if _CALLED.search(text, max(0, start - 30), start):
        return True
    return (
        bool(_GROUPED.fullmatch(match.group()) and re.search(r"\D", match.group()))
        and bool(_CALLED_AFAR.search(text, max(0, start - 50), start))
        and not _NOT_CALLED.search(text, max(0, start - 20), start)
    )


def _end_of_number(text: str, match: re.Match[str]) -> int | None:
    """Give where a number ends: its groups as far as they make one; None if they make none."""
    groups = list(re.finditer(r"\d+", match["sub"]))
    if any(_YEAR.fullmatch(group.group()) for group in groups[:2]) and len(groups) < 3:
        return None
    most = 9 - (len(match["area"]) - 2)
    count, end = 0, 0
    for group in groups:
        if count + len(group.group()) > most or (count and len(group.group()) > 4):
            break
        count, end = count + len(group.group()), group.end()
    together = match["dash"] is None and match["blank"] is None and not text[match.start()] == "("
    least = 6 if together or match["blank"] else 5
    if len(groups[0].group()) == 4 and len(groups) == 1 and match["dash"]:
        return None  # 0800-1630
    if count < least or (
        together and len(groups[0].group()) < 5 and not _is_mobile(match["area"], count)
    ):
        return None  # 0800-1630
    if match["dash"] == "." and (count < 6 or len(match["area"]) < 3):
        return None  # 08.00-16.30
    stop = match.start("sub") + end
    return None if re.match(r"\d|[.,:]\d|[-–]\d{4}", text[stop : stop + 5]) else stop


def _is_mobile(area: str, count: int) -> bool:
    return area.startswith("07") and len(area) + count == 10


def _is_counted(text: str, start: int, end: int) -> bool:
    """Say whether a number is an amount, or the number of a paper."""
    before = text[max(0, start - 25) : start]
    return bool(_AMOUNT.match(text, end) or _PAPERS.search(before) or _COMPANY.search(before))


def _with_extension(text: str, end: int) -> int:
    more = _EXTENSION.match(text, end)
    return more.end() if more else end
