"""E-mail addresses and street addresses."""

import re
from collections.abc import Iterator

Span = tuple[int, int]

_BLANK = "[ \u00a0]"
_AT = (
    rf"(?:{_BLANK}?[(\[{{]{{1,2}} ?(?:at|a|snabel-?a|@) ?[)\]}}]{{1,2}}{_BLANK}?"
    rf"|{_BLANK}(?:at|snabel-?a){_BLANK})"
)
_DOT = rf"(?:\.|{_BLANK}?[(\[{{](?:dot|punkt|\.)[)\]}}]{_BLANK}?|{_BLANK}(?:dot|punkt){_BLANK})"
_EMAIL = re.compile(
    rf"(?P<local>\w[\w.+%’'-]*)(?:@(?P<domain>[\w-]+(?:\.[\w-]+)*)"
    rf"|{_BLANK}@{_BLANK}[\w-]+(?:\.[\w-]+)+|{_AT}[\w-]+(?:{_DOT}[\w-]+)+)",
    re.I,
)
_MAYBE_EMAIL = re.compile(
    r"@|[(\[{] ?(?:at|a|snabel-?a) ?[)\]}]|[ \u00a0](?:at|snabel-?a)[ \u00a0]", re.I
)
_SPELT_LOCAL = re.compile(rf"(?:\w+{_DOT})+$", re.I)

_STREET = (
    # Ekvägen, ekvägen; EKVÄGEN; Ekväg; Norra vägen, Karl Johans gata
    r"(?:(?:[A-ZÅÄÖ][^\W\d_]*|[^\W\d_]{3,})"
    r"(?:vägen|gatan|gränden|gränd|stigen|allén|backen|liden|stråket|esplanaden|kajen)"
    r"|[A-ZÅÄÖ]{3,}(?:VÄGEN|GATAN|GRÄNDEN|GRÄND|STIGEN|ALLÉN|BACKEN|VÄG|GATA|TORGET)"
    r"|[A-ZÅÄÖ][^\W\d_]+(?:väg|gata|katu|gate|veien|vej|torget|torg|leden|platsen|stig|kroken"
    r"|slingan|svängen|promenaden|tået|backe)"
    r"|[A-ZÅÄÖ][^\W\d_]{3,}[gv]\.(?=[ \u00a0]\d{1,3}(?: ?[A-H])?(?:[,.;)\n]| *$| \d{3}))"  # Storg.
    r"|(?:[A-ZÅÄÖ][^\W\d_]+ ){1,3}(?:[Vv]äg(?:en)?|[Gg]at(?:a|an)|[Gg]ränd|[Ss]tig(?:en)?"
    r"|[Aa]llé(?:n)?|[Tt]org(?:et)?|[Pp]lats|[Bb]acke(?:n)?|[Kk]aj(?:en)?|[Pp]lan))"
)
_COUNTED = (
    r"kr|st|%|procent|personer|platser|boende|lägenhet(?:er)?|barn|ungdomar|deltagare|år|familjer"
    r"|brukare"
)
_ADDRESS = re.compile(
    rf"(?<![\w-])(?:[A-ZÅÄÖ][^\W\d_]+ )?{_STREET}{_BLANK}"
    r"(?!(?:19|20)\d\d\b)\d{1,3}(?:[-–]\d{1,3})?(?: ?[A-Ha-h](?!\w|\.\w))?"
    rf"(?![\d%]|[.,:–-]\d|{_BLANK}(?:{_COUNTED})\b)"
    r"(?:,? (?:lgh\.?|lägenhet|läg\.?) ?\d{1,4}|,? \d{1,2} ?tr\b|,? (?:nb|bv|ög)\b"
    r"|,? uppg?\.? ?[A-Z0-9]\b)*"
    rf"(?:,? (?:SE?-)?\d{{3}}{_BLANK}?\d\d{_BLANK}{{1,2}}[A-ZÅÄÖ][^\W\d_]+(?: [A-ZÅÄÖ][^\W\d_]+)?)?"
)
_MAYBE_STREET = re.compile(r"[a-zéåäöA-ZÅÄÖ.][ \u00a0]\d")
# Roads and words that end as streets do.
_NO_STREET = re.compile(
    r"\b(?:riks|motor|europa|läns|om|gen|gång|cykel|om|kart|utbildnings|karriär|vård|arbets|tillbaka|mellan"
    r"|under|över|kunskaps|kun|till|lär|utvecklings|språk|hälso|möjlighets)(?:väg|vägen|stigen|gatan|backen|stråket)",
    re.I,
)


# No street, but a number, a postcode and a town: 'Norrbyn 14, 930 55 Jörn'.
_RURAL = re.compile(
    rf"(?<![\w-])(?!Box )[A-ZÅÄÖ][^\W\d_]+(?: [A-ZÅÄÖ][^\W\d_]+)?{_BLANK}\d{{1,4}} ?[A-Ha-h]?"
    rf",? (?:SE?-)?\d{{3}}{_BLANK}?\d\d{_BLANK}{{1,2}}[A-ZÅÄÖ][^\W\d_]+"
)


def find_emails(text: str) -> Iterator[Span]:
    """Find e-mail addresses, also those spelt to hide them: 'anna (at) exempel.se'."""
    if not _MAYBE_EMAIL.search(text):
        return
    for match in _EMAIL.finditer(text):
        domain = match["domain"]
        if domain is not None and "." not in domain and not re.search(r"[^\W\d_]", match["local"]):
            continue
        before = _SPELT_LOCAL.search(text, max(0, match.start() - 40), match.start())
        yield before.start() if before and domain is None else match.start(), match.end()


def find_addresses(text: str) -> Iterator[Span]:
    """Find streets with a number, and what follows of flat, postcode and town."""
    if not _MAYBE_STREET.search(text):
        return
    for match in _ADDRESS.finditer(text):
        if not _NO_STREET.search(match.group().split(" ")[0]):
            yield match.span()
    yield from (match.span() for match in _RURAL.finditer(text))
