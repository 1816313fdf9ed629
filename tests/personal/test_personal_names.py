"""Names of persons, and the many capitalised words that are none."""

import pytest

from textmine.personal.find import count_kinds, find_personal
from textmine.personal.kinds import NAME


def names(text: str) -> list[str]:
    return [text[one.start : one.end] for one in find_personal(text) if one.kind == NAME]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("Frågor besvaras av Gunvor Tistelblad.", ["Gunvor Tistelblad"]),
        ("Psykologen Majken Örnfeldt prövar en manual", ["Majken Örnfeldt"]),
        ("Ring mig /Tindra", ["Tindra"]),
        ("och Elsa, 91, äter lunch", ["Elsa"]),
        ("Annas och Bengt-Åkes kurs", ["Annas", "Bengt-Åkes"]),
        ("ex. Tindra K mötte mig", ["Tindra K"]),
        ("bor Harry Q. Mölleqvist där", ["Harry Q. Mölleqvist"]),
        ("Ordförande A. Lundqvist", ["A. Lundqvist"]),
        (
            "Håkan af Trolle-Lind, Ludvig von der Ahe",
            ["Håkan af Trolle-Lind", "Ludvig von der Ahe"],
        ),
        ("KONTAKTA KENTA MOBERGSSON PÅ KONTORET!", ["KENTA MOBERGSSON"]),
        ("vi bad bo lundqvist och kerstin komma", ["bo lundqvist", "kerstin"]),
        ("hon heter zyra och är snäll", ["zyra"]),
        ("ring goran på 070-174 06 05", ["goran"]),
        ("Leya Haddadsson i 8B frågade", ["Leya Haddadsson"]),
        ("Vårdprogram skrivs av Dr Hellqvist-Mård.", ["Hellqvist-Mård"]),
        ("Kontaktperson: Zyra Okonk", ["Zyra Okonk"]),
        ("Psykolog Zeynab Warsame, Amira El-Haddad", ["Zeynab Warsame", "Amira El-Haddad"]),
        ("Ánte Skum-Labba i samebyn", ["Ánte Skum-Labba"]),
        ("Rahmatullah Noori fick stanna", ["Rahmatullah Noori"]),
        ("Mirza Begović höll kursen", ["Mirza Begović"]),
        ("fråga Bo eller Saga Björkhage", ["Bo", "Saga Björkhage"]),
        ("Conny Ahlqvist har nyckel. Ahlqvist är nöjd.", ["Conny Ahlqvist", "Ahlqvist"]),
        ("mejla Zyrin, zyrin.o@exempel.se", ["Zyrin"]),
        ("Uppgiftslämnare;Malmkvist, Ingalill;telefon", ["Malmkvist, Ingalill"]),
        ("Handläggare;SUNDQVIST MAJ-GRETH;", ["SUNDQVIST MAJ-GRETH"]),
        ("samtal med von Ekenmark i maj", ["von Ekenmark"]),
        ("Annchristine och Karin Wallin-Beck", ["Annchristine", "Karin Wallin-Beck"]),
        ("lapp i Torkels fack", ["Torkels"]),
        ("och Dilovan, Ayşegül och Szczepan kom", ["Dilovan", "Ayşegül", "Szczepan"]),
        ("Berhane och Saengduan bakade med Lussan", ["Berhane", "Saengduan", "Lussan"]),
        ("träffar Hasselrot varje vecka", ["Hasselrot"]),
        ("alla teg när Zyrin skrattade", ["Zyrin"]),
        ("vi väntar på Hasselrot", ["Hasselrot"]),
        ("min dotter heter zyra", ["zyra"]),
        ("vi litar på Magnus Åberg", ["Magnus Åberg"]),
        ("kuratorn på Anna Sjögrens enhet", ["Anna Sjögrens"]),
        ("läser Anna högt för barnen", ["Anna"]),
        ("enligt Lindgren stängs det i maj", ["Lindgren"]),
        ("VI ANNA OCH ELSA.", ["ANNA", "ELSA"]),
        ("enligt Herman Ekengren går det bra", ["Herman Ekengren"]),
        ("Maria och Hedda, som bor i Umeå", ["Maria", "Hedda"]),
        ("Kontakt: Karin Boye 070-174 06 05", ["Karin Boye"]),  # a reader with an author's name
        ("Närvarande: Tova Exempel, Idris Fiktiv", ["Tova Exempel", "Idris Fiktiv"]),
    ],
)
def test_names_are_found(text: str, expected: list[str]) -> None:
    assert names(text) == expected


@pytest.mark.parametrize(
    "text",
    [
        "Mini Maria, Maria Ungdom och Mariagården",
        "Astrid Lindgrens barnsjukhus, S:t Lukas, Sankta Annas kyrka",
        "Alzheimers sjukdom, Tourettes, enligt Antonovsky",
        "Gröna korset, SIP, MHFA, YAM, BCFPI, Webster-Stratton",
        "appen Bella, robotkatten Maja, kursen Frida, lex Sarah",
        "Anna-gruppen, SARA-modellen, Elin Wägner-sällskapet",
        "Sjukstugorna i Vilhelmina, Dorotea och Nora",
        "Region Skåne, Karlstads kommun, Västra Götaland, Norra Berget",
        "Hans insats. Per person. Mina vänner. Bo kvar. Jan 2021. Maj månad. Dag ett.",
        "Socialstyrelsen, Folkhälsomyndigheten, Studieförbundet Vuxenskolan",
        "BARN OCH UNGA. MER TID UTE.",
        "Fredrika Bremergymnasiet och Boken om Ture Sventon",
        "den dagen, om dan, per telefon, hans bror, klara av, vill linda in",
        "varav 22 mot hepatit B. Insatsen fortsätter",
        "gubbarna i Fredrika och i Åsa",
        "Kursen leddes på Sjöviks folkhögskola",
        "MADRS och Montgomery-Åsberg",
        "Finns det någon? Minnas bör man. En klass i Kiruna.",
        "vi läser Selma Lagerlöf och personalen läser Herman i cirkel",
        "säkerhetsplan enligt Stanley och Brown, bokcirkel kring Judith Herman",
        "de läste Lagerlöf högt",
        "en visa av Carl Michael Bellman",
        "Karl XII, Gustav II Adolf, Kung Gustav och drottning Kristina, Birger jarl",
        "säger kuratorn på Magnus Åberg! Elevhälsan på Nils Ericson likaså.",
        "Planerat: Fredrika och Sala. Byarna Nora, Säter och Åsa.",
        "Mini Maria har bytt lokal, och Maria har öppet på kvällen",
        "Personalen på IVA vågar säga ifrån, se IVA Sunderbyn",
        "brukare i Upplands-Bro, Östmark och Hedmark",
        "boendet på Hasselrot och teamet på Zetterlund",
        "pojkarna från Syrien sa nej, på Granen undrade de",
        "möte om Rask och Modig, och om Lilja",  # surnames that are words need a first name
    ],
)
def test_places_programmes_and_words_are_no_names(text: str) -> None:
    assert names(text) == []


def test_the_title_is_no_part_of_the_name() -> None:
    assert names("Ansvarig: folkhälsostrateg Maj-Lis Ekenstierna.") == ["Maj-Lis Ekenstierna"]


def test_finds_are_counted_by_kind() -> None:
    assert count_kinds(["Ring Gunvor Ek, 070-174 06 05.", "Hälsningar Gunvor"]) == {
        "personnummer": 0,
        "telefon": 1,
        "e-post": 0,
        "adress": 0,
        "namn": 2,
    }
