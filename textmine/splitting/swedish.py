"""A Swedish spaCy pipeline for messy answers: blank model, tokenizer for lists and shorthand."""

import re
from collections.abc import Callable

import spacy
from spacy.lang.sv import Swedish
from spacy.language import Language
from spacy.tokenizer import Tokenizer
from spacy.util import (
    compile_infix_regex,
    compile_prefix_regex,
    compile_suffix_regex,
    registry,
)

TOKENIZER = "textmine_swedish.v1"

# Shorthand of Swedish officials beyond spaCy's own list; the full stop belongs to the word.
ABBREVIATIONS = (
    "ang.", "anst.", "avd.", "beh.", "betr.", "bil.", "bl.a", "bl.a.", "dnr.", "e.d.", "el.",
    "enl.", "etc.", "ex.", "exkl.", "f.d.", "f.n.", "f.ö.", "forts.", "fr.o.m.", "föreb.", "förv.",
    "grp.", "gm.", "handl.", "i.o.m.", "inkl.", "kl.", "komp.", "m.a.o.", "m.a.p.", "m.fl.", "m.m.",
    "max.", "min.", "mm.", "mott.", "nr.", "o.d.", "o.s.v.", "obs.", "omg.", "osv.", "p.g.a.",
    "pat.", "pers.", "psyk.", "ref.", "resp.", "s.k.", "sid.", "soc.", "st.", "stp.", "t.ex.",
    "t.o.m.", "t.v.", "tf.", "tillf.", "tim.", "tj.", "tkr.", "tom.", "u.a.", "ung.", "utb.",
    "utv.", "vb.", "verks.", "ä.m.", "äv.", "ö.v.",
)  # fmt: skip
# Rows of signs and other long runs without a blank stay one token: taking signs off one by one is
# quadratic, and 10,000 underscores took minutes.
_LONG = re.compile(r"\S{120,}\Z")
_BULLETS = r"[-–—•·▪●○■□◦‣▸▶\uf0b7\uf0a7*→►➢✓✔>+=]"


@registry.tokenizers(TOKENIZER)  # type: ignore[untyped-decorator]
def swedish_tokenizer() -> Callable[[Language], Tokenizer]:
    """Give a tokenizer that parts bullets, arrows and numbering from the words they touch."""

    def make(nlp: Language) -> Tokenizer:
        defaults = Swedish.Defaults
        prefixes = [
            *(defaults.prefixes or ()),
            _BULLETS,
            r"\d{1,2}[.)](?=[^\W\d])",
            r"[a-zA-Z]\)(?=\w)",
        ]
        infixes = [
            *(defaults.infixes or ()),
            r"[→►•;]",
            r"->",
            r"=>",
            r"(?<=\w)[.](?=[A-ZÅÄÖ][a-zåäö])",
        ]
        suffixes = [*(defaults.suffixes or ()), r"[→►•;]", r"->"]
        tokenizer = Tokenizer(
            nlp.vocab,
            rules={
                **defaults.tokenizer_exceptions,
                **{word: [{"ORTH": word}] for word in ABBREVIATIONS},
                **{word.capitalize(): [{"ORTH": word.capitalize()}] for word in ABBREVIATIONS},
            },
            prefix_search=compile_prefix_regex(prefixes).search,
            suffix_search=compile_suffix_regex(suffixes).search,
            infix_finditer=compile_infix_regex(infixes).finditer,
            token_match=_LONG.match,
            url_match=defaults.url_match,
        )
        # A pasted document holds ever new tokens; without a limit the cache only grows.
        tokenizer.max_cache_size = 20_000
        return tokenizer

    return make


def blank_pipeline() -> Language:
    """Make `spacy.blank("sv")` with the tokenizer for survey answers."""
    return spacy.blank("sv", config={"nlp": {"tokenizer": {"@tokenizers": TOKENIZER}}})
