"""Tell an author which of their answers lie too near to another one.

    python corpora/alike.py FILE.txt [--except IDS.json] [--limit 0.25]

Reads a file marked up as `markup.py` describes and compares each of its answers with all others in
it and with the answers of 2020, but for those that it is to replace. Lists the answers nearer than
the limit (cosine of character tf-idf, as `measure.py` has it), with what they resemble, and those
that share their first three words with another.
"""

from __future__ import annotations

import argparse
import collections
import json
import sys
from pathlib import Path

import markup
import measure
import numpy as np
from sklearn.feature_extraction.text import TfidfVectorizer


def main() -> int:
    """Print one line an answer that is too near; exit with 1 if there is any."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("file", type=Path)
    parser.add_argument("--except", dest="replaced", type=Path, help="JSON list of answer ids")
    parser.add_argument("--limit", type=float, default=0.25)
    options = parser.parse_args()
    replaced = set(json.loads(options.replaced.read_text())) if options.replaced else set()
    kept = [a for a in measure.load("answers-2020.jsonl") if a["answer_id"] not in replaced]
    names, texts = [a["answer_id"] for a in kept], [a["text"] for a in kept]
    for number, header, _, lines in markup.blocks_of(options.file):
        names.append(f"{options.file.name}:{number}")
        texts.append(markup.parse_block(header, lines)["text"])
    vectors = TfidfVectorizer(analyzer="char_wb", ngram_range=(3, 5)).fit_transform(texts)
    similarity = (vectors[len(kept) :] @ vectors.T).toarray()
    own = np.arange(len(kept), len(texts))
    similarity[np.arange(len(own)), own] = 0
    openings = collections.Counter(tuple(measure.words(text)[:3]) for text in texts)
    found = 0
    for i, row in zip(own, similarity, strict=True):
        j = int(row.argmax())
        if row[j] > options.limit:
            found += 1
            print(f"{names[i]}: {row[j]:.2f} like {names[j]}: {' '.join(texts[j].split())[:150]}")
        opening = tuple(measure.words(texts[i])[:3])
        if openings[opening] > 1:
            found += 1
            print(f"{names[i]}: opens like another: {' '.join(opening)}")
    print(f"{len(own)} answers, mean similarity to the nearest {similarity.max(axis=1).mean():.3f}")
    return 1 if found else 0


if __name__ == "__main__":
    sys.exit(main())
