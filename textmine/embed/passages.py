"""Statements as an encoder reads them in context: an answer's tokens, and each statement's place.

A passage is the question and the answer, or a stretch of a long answer, as one sequence of tokens;
a statement's vector is the mean state of its own tokens there, so that it carries what stands
around it (late chunking: Günther et al., 2024).
"""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
import pandas as pd
from tqdm import tqdm

from textmine.embed.onnx_encoder import OnnxEncoder, Span
from textmine.hashing import text_hash
from textmine.store import Store

BEGIN, END = 0, 2  # XLM-RoBERTa's marks around a text
_QUESTION = 38  # tokens of a question that are read
_STRETCH = 400  # tokens of an answer that are read at once
_PORTION = 256  # passages between two steps of the progress bar


@dataclass(frozen=True)
class Passage:
    """A sequence of tokens, the tokens of each statement in it, and the statements' rows."""

    ids: tuple[int, ...]
    spans: tuple[Span, ...]
    rows: tuple[int, ...]

    def after(self, tokens: Sequence[int]) -> "Passage":
        """Put tokens in front, behind the mark of the beginning."""
        spans = tuple((start + len(tokens), end + len(tokens)) for start, end in self.spans)
        return Passage((*self.ids[:1], *tokens, *self.ids[1:]), spans, self.rows)


def read_passages(
    statements: pd.DataFrame, encoder: OnnxEncoder, prefix: str = ""
) -> list[Passage]:
    """Lay statements out in the answers that they stand in.

    Parameters
    ----------
    statements
        `text`; for context `answer_id`, `answer_text`, `start`, `end`, and `question`. A statement
        whose place in its answer is not known stands alone.
    encoder
        Whose tokens they are.
    prefix
        What every passage begins with, such as 'query: '.
    """
    before = encoder.pieces(prefix.rstrip())[0]
    questions = _column(statements, "question")
    texts, wholes = _column(statements, "text"), _column(statements, "answer_text")
    asked = {question: encoder.pieces(question)[0][:_QUESTION] for question in set(questions)}
    placed = {"answer_id", "answer_text", "start", "end"} <= set(statements)
    offsets = [(0, len(text)) for text in texts]
    answers = _column(statements, "answer_id")
    starts, ends = (
        statements[name].astype("int64").tolist() if placed else [] for name in ("start", "end")
    )
    groups: dict[tuple[object, ...], list[int]] = {}
    for row, text in enumerate(texts):
        key: tuple[object, ...] = (row,)
        if placed and wholes[row][starts[row] : ends[row]] == text:
            offsets[row] = (starts[row], ends[row])
            key = (answers[row], wholes[row], questions[row])
        groups.setdefault(key, []).append(row)
    passages: list[Passage] = []
    for key, rows in groups.items():
        whole = texts[rows[0]] if len(key) == 1 else wholes[rows[0]]
        spans = [offsets[row] for row in rows]
        passages += _stretches(whole, spans, rows, asked[questions[rows[0]]], encoder)
    return [passage.after(before) for passage in passages] if before else passages


def _column(statements: pd.DataFrame, name: str) -> list[str]:
    """Texts of a column, nothing as ''."""
    if name not in statements:
        return [""] * len(statements)
    return statements[name].astype("string").fillna("").astype(str).tolist()


def _stretches(
    text: str,
    offsets: Sequence[Span],
    rows: Sequence[int],
    lead: Sequence[int],
    encoder: OnnxEncoder,
) -> list[Passage]:
    """Divide an answer into stretches that an encoder can read, at statements' borders."""
    ids, places = encoder.pieces(text)
    if not ids:
        ids, places = [END], [(0, len(text))]
    begins = np.array([start for start, _ in places])
    ends = np.array([end for _, end in places])
    spans = []
    for start, end in offsets:
        first = min(int(np.searchsorted(ends, start, side="right")), len(ids) - 1)
        last = max(int(np.searchsorted(begins, end, side="left")), first + 1)
        spans.append((first, last))
    stretches: list[tuple[int, int, list[int]]] = []  # tokens from, to, and its statements
    for i in np.argsort([first for first, _ in spans], kind="stable").tolist():
        first, last = spans[i]
        if stretches and max(last, stretches[-1][1]) - stretches[-1][0] <= _STRETCH:
            begin, end, members = stretches[-1]
            stretches[-1] = (begin, max(last, end), [*members, i])
        else:
            stretches.append((first, last, [i]))
    if len(stretches) == 1 and len(ids) <= _STRETCH:
        stretches = [(0, len(ids), stretches[0][2])]
    question = [BEGIN, *lead, END] if lead else []
    out = []
    for begin, end, members in stretches:
        tokens = [*question, BEGIN, *ids[begin : min(end, begin + _STRETCH)], END]
        shift, most = len(question) + 1 - begin, len(tokens) - 1
        moved = [
            (min(a + shift, most - 1), min(b + shift, most)) for a, b in (spans[i] for i in members)
        ]
        out.append(Passage(tuple(tokens), tuple(moved), tuple(rows[i] for i in members)))
    return out


def embed_in_context(
    statements: pd.DataFrame, encoder: OnnxEncoder, *, progress: bool = False
) -> npt.NDArray[np.float32]:
    """Give statements' vectors in context, each distinct passage read once and remembered on disk.

    Returns
    -------
    array (statements, encoder.dimensions)
        Rounded to float16 precision, the same whether computed or remembered.
    """
    passages = read_passages(statements, encoder, encoder.settings["prefix"])
    keys = [text_hash(repr((p.ids, p.spans))) for p in passages]
    vectors = np.empty((len(statements), encoder.dimensions), np.float32)
    with Store(f"passages-{encoder.identity}") as store:
        known = store.get(list(dict.fromkeys(keys)))
        distinct = {key: p for key, p in zip(keys, passages, strict=True) if key not in known}
        # By length, so that passages of one length meet in a portion.
        missing = sorted(distinct.items(), key=lambda pair: len(pair[1].ids))
        with tqdm(
            total=len(missing), desc="embedding", unit="answer", disable=None if progress else True
        ) as bar:
            for at in range(0, len(missing), _PORTION):
                portion = missing[at : at + _PORTION]
                pooled = encoder.pool([p.ids for _, p in portion], [p.spans for _, p in portion])
                fresh = {
                    key: rows.astype(np.float16).tobytes()
                    for (key, _), rows in zip(portion, pooled, strict=True)
                }
                store.put(fresh.items())
                known |= fresh
                bar.update(len(portion))
    for key, passage in zip(keys, passages, strict=True):
        rows = np.frombuffer(known[key], np.float16).reshape(len(passage.rows), -1)
        vectors[list(passage.rows)] = rows
    return vectors
