"""A codebook as a REFI-QDA tree: each dimension a heading, its codes below it.

What REFI-QDA has no place for stands as facts in descriptions. The values of a column on which
codes depend (an area, say) are sets of the codes that exist there.
"""

from textmine.codebook import Code, Codebook, Dimension
from textmine.exchange.code_tree import CodeNode, CodeSet
from textmine.exchange.marks import Facts, write_described, write_facts
from textmine.exchange.refi import identifier, printable
from textmine.report.names import distinct

# Keys of facts; `codebook_in` reads them.
KEY, NAME, COLUMN, MULTIPLE, ORDERED, IF = (
    "Nyckel", "Namn", "Kolumn", "Flera koder", "Ordnad", "Om",
)  # fmt: skip
INCLUDE, EXCLUDE, EXISTS_IN, CALLED_IN = "Hit hör", "Hit hör inte", "Finns i", "Heter i"
CODEBOOK_KEY, VERSION, TITLE, DESCRIPTION, ALIAS = (
    "Kodbok", "Version", "Titel", "Beskrivning", "Alias",
)  # fmt: skip
YES = "ja"


def code_guid(book: Codebook, dimension: str, code: str) -> str:
    """The GUID of a code: the same in every project with this codebook."""
    return identifier("code", book.name, dimension, code)


def code_nodes(book: Codebook) -> list[CodeNode]:
    """Give the dimensions, each with its codes below it."""
    names = _names([dimension.name for dimension in book.dimensions.values()])
    return [
        _dimension_node(book, key, dimension, name)
        for (key, dimension), name in zip(book.dimensions.items(), names, strict=True)
    ]


def code_sets(book: Codebook) -> list[CodeSet]:
    """Give the codebook's own facts, and the values of the columns that codes depend on."""
    facts: Facts = [(CODEBOOK_KEY, book.name), (VERSION, book.version)]
    facts += [(TITLE, book.title)] if book.title else []
    facts += [(COLUMN, column) for column in book.columns]
    facts += [(DESCRIPTION, book.description)] if book.description else []
    dimensions = [identifier("dimension", book.name, key) for key in book.dimensions]
    name = printable(f"Kodbok: {book.title or book.name}")
    sets = [CodeSet(identifier("codebook", book.name), name, write_facts(facts), dimensions)]
    for column, values in book.columns.items():
        for key, value in values.items():
            facts = [(COLUMN, column), (KEY, key)]
            facts += [(NAME, value.name)] if value.name else []
            facts += [(ALIAS, alias) for alias in value.aliases]
            members = [
                code_guid(book, name, code)
                for name, dimension in book.dimensions.items()
                if dimension.by == column
                for code in dimension.allowed(key)
            ]
            guid = identifier("value", book.name, column, key)
            title = printable(value.name or key) or column
            sets.append(CodeSet(guid, title, write_facts(facts), members))
    return sets


def _dimension_node(book: Codebook, key: str, dimension: Dimension, name: str) -> CodeNode:
    facts: Facts = [(KEY, key)]
    facts += [(NAME, dimension.name)] if dimension.name != name else []
    facts += [(COLUMN, dimension.by)] if dimension.by is not None else []
    facts += [(f"{IF} {other}", code) for other, codes in dimension.when.items() for code in codes]
    facts += [(MULTIPLE, YES)] if dimension.multiple else []
    facts += [(ORDERED, YES)] if dimension.ordered else []
    names = _names([code.name for code in dimension.codes.values()])
    return CodeNode(
        identifier("dimension", book.name, key),
        name,
        False,
        write_facts(facts),
        [
            CodeNode(code_guid(book, key, one), title, True, _describe(one, code, title))
            for (one, code), title in zip(dimension.codes.items(), names, strict=True)
        ],
    )


def _describe(key: str, code: Code, name: str) -> str:
    """What a code covers and what not, then what only we need."""
    facts: Facts = [(INCLUDE, example) for example in code.include]
    facts += [(EXCLUDE, example) for example in code.exclude]
    facts += [(EXISTS_IN, context) for context in code.contexts]
    facts += [(f"{CALLED_IN} {context}", other) for context, other in code.names.items()]
    facts += [(KEY, key)]
    facts += [(NAME, code.name)] if code.name != name else []
    return write_described(code.definition, facts)


def _names(names: list[str]) -> list[str]:
    """Names that programs accept side by side."""
    return distinct([printable(name) or "Kod" for name in names], ())
