"""The kinds of personal data, and a find of one."""

from dataclasses import dataclass

IDENTITY_NUMBER, PHONE, EMAIL, ADDRESS, NAME = "personnummer", "telefon", "e-post", "adress", "namn"
KINDS = (IDENTITY_NUMBER, PHONE, EMAIL, ADDRESS, NAME)


@dataclass(frozen=True)
class Personal:
    """A stretch of a text that points at a person.

    Attributes
    ----------
    start, end
        Where it stands, in code points; the end is the first that does not belong.
    kind
        'personnummer', 'telefon', 'e-post', 'adress' or 'namn'.
    """

    start: int
    end: int
    kind: str
