"""spaCy components: add `textmine_statements` to any pipeline and read `doc.spans`.

nlp = textmine.splitting.blank_pipeline()       # or a pipeline of your own
nlp.add_pipe("textmine_statements")
nlp("Vi startade en samtalsgrupp och tog fram en rutin.").spans["statements"]
"""

from spacy.language import Language
from spacy.tokens import Doc

from textmine.shipped import SPLITTER
from textmine.splitting.boundaries import BoundaryModel

FACTORY = "textmine_statements"
STATEMENTS, HEADINGS = "statements", "headings"


class StatementComponent:
    """Sets `doc.spans["statements"]` and `doc.spans["headings"]`."""

    def __init__(self, model: BoundaryModel) -> None:
        self.model = model

    def __call__(self, doc: Doc) -> Doc:
        """Divide one document."""
        statements, headings = self.model.split(doc)
        doc.spans[STATEMENTS] = [doc[first:end] for first, end in statements]
        doc.spans[HEADINGS] = [doc[first:end] for first, end in headings]
        return doc


@Language.factory(FACTORY, default_config={"model": SPLITTER})
def make_statements(nlp: Language, name: str, model: str) -> StatementComponent:
    """Make the component; `model` is a shipped boundary model or a folder."""
    return StatementComponent(BoundaryModel.load(model))
