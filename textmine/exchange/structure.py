"""What of an answers table goes where in a project: with the respondent, or with the answer.

A column that is the same in all answers of a respondent becomes a variable of the respondent's
case. Area and question become codes over each whole answer, by which programs can look for
codings within an area; further columns stand in the description of the answer's selection.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field

import pandas as pd

from textmine.codebook import Codebook
from textmine.exchange.code_tree import CodeNode
from textmine.exchange.codebook_in import STRUCTURE
from textmine.exchange.codebook_out import COLUMN, KEY, YES
from textmine.exchange.documents import respondent_of, shown, shown_all
from textmine.exchange.marks import Facts, write_facts
from textmine.exchange.refi import identifier
from textmine.exchange.variables import Variable, as_value, kind_of
from textmine.report.names import TITLES, distinct
from textmine.tables import N_STATEMENTS

ANSWER, COLUMN_VALUE = "Svar", "Kolumn "  # keys of facts about an answer
_CODED = ("area", "question", "year")
_ROOT = identifier("structure")


@dataclass
class Structure:
    """The columns of an answers table.

    Attributes
    ----------
    values
        Of each column, row by row, as texts; None for no value.
    people
        Who gave the answer, row by row.
    of_respondent, of_answer, coded
        Columns that become variables of cases, facts of answers, codes over answers.
    """

    codebook: Codebook
    answers: pd.DataFrame
    variables: dict[str, Variable] = field(default_factory=dict)
    values: dict[str, list[str | None]] = field(default_factory=dict)
    people: list[str] = field(default_factory=list)
    of_respondent: list[str] = field(default_factory=list)
    of_answer: list[str] = field(default_factory=list)
    coded: list[str] = field(default_factory=list)

    @staticmethod
    def of(answers: pd.DataFrame, codebook: Codebook) -> "Structure":
        """Sort out the columns of a table."""
        made = Structure(codebook, answers)
        names = [str(name) for name in answers if name not in ("answer_id", "text", N_STATEMENTS)]
        for name, title in zip(names, distinct(names, ()), strict=True):
            kind = kind_of(answers[name])
            made.variables[name] = Variable(identifier("variable", name), title, kind)
            made.values[name] = [as_value(value, kind) for value in answers[name].tolist()]
        cells = {
            name: shown_all(answers[name], name, codebook)
            for name in ("respondent", "answer_id")
            if name in answers
        }
        made.people = [respondent_of(cells, row) for row in range(len(answers))]
        for name in names:
            pairs = set(zip(made.people, made.values[name], strict=True))
            constant = len(pairs) == len(set(made.people))
            if constant:
                made.of_respondent.append(name)
            if name in _CODED and not (constant and name == "year"):
                made.coded.append(name)
            elif not constant:
                made.of_answer.append(name)
        return made

    def code_node(self) -> CodeNode:
        """Give the heading whose codes say of what an answer is."""
        root = CodeNode(_ROOT, ANSWER, True, write_facts([(STRUCTURE, YES)]))
        for column in self.coded:
            present = [value for value in dict.fromkeys(self.values[column]) if value is not None]
            titles = [shown(value, column, self.codebook) or value for value in present]
            values = [
                CodeNode(
                    _value_guid(column, value),
                    title,
                    True,
                    write_facts([(COLUMN, column), (KEY, value)]),
                )
                for value, title in zip(present, distinct(titles, ()), strict=True)
            ]
            guid = identifier("structure", column)
            root.children.append(CodeNode(guid, TITLES[column], False, "", values))
        return root

    def codes(self, row: int) -> list[str]:
        """GUIDs of the codes over an answer; it always has one, by which it is known."""
        given = [(column, self.values[column][row]) for column in self.coded]
        return [_value_guid(column, value) for column, value in given if value is not None] or [
            _ROOT
        ]

    def facts(self, row: int) -> Facts:
        """What else there is to say of an answer."""
        facts: Facts = [(ANSWER, str(self.answers["answer_id"].iat[row]))]
        given = [(column, self.values[column][row]) for column in self.of_answer]
        return facts + [(f"{COLUMN_VALUE}{c}", value) for c, value in given if value is not None]

    def filled(self, columns: list[str], row: int) -> Mapping[str, str]:
        """The values of a row in some columns, where there are any."""
        given = {column: self.values[column][row] for column in columns}
        return {column: value for column, value in given.items() if value is not None}


def _value_guid(column: str, value: str) -> str:
    return identifier("structure", column, value)
