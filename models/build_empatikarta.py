"""Train `models/empatikarta`, which sorts notes for an empathy map.

    python models/build_empatikarta.py

Half a minute. Prints its figures on the test parts, which it never saw.
"""

import json
from pathlib import Path

import pandas as pd

from textmine.codebook import Codebook
from textmine.coding.coder import Coder

HERE = Path(__file__).parent
CORPORA = HERE.parent / "corpora"


def read_coded() -> pd.DataFrame:
    """Notes written for the map, and those of the dialogue meetings that were coded for it."""
    own = pd.read_json(CORPORA / "empathy.jsonl", lines=True)
    notes = pd.read_json(CORPORA / "notes.jsonl", lines=True)
    dialogue = notes[notes["empathy"].notna()].assign(
        ruta=lambda table: table["empathy"],
        utfall=lambda table: table["valence"].fillna("neutral"),
    )
    columns = ["note_id", "hand", "text", "ruta", "utfall", "part"]
    return pd.concat([own[columns], dialogue[columns]], ignore_index=True)


def main() -> None:
    codebook = Codebook.load("empatikarta")
    notes = read_coded().rename(columns={"note_id": "answer_id"})
    train = notes[notes["part"] == "train"].reset_index(drop=True)
    test = notes[notes["part"] == "test"].reset_index(drop=True)
    coder = Coder(codebook).fit(train)
    coded = coder.predict(test.drop(columns=list(codebook.dimensions)))
    own = test["answer_id"].str.startswith("empati")
    figures = {
        name: {
            source: {
                "n": int(rows.sum()),
                "accuracy": round(
                    float((coded[name].astype(object) == test[name])[rows].mean()), 3
                ),
            }
            for source, rows in (("empathy.jsonl", own), ("dialogue notes", ~own))
        }
        for name in codebook.dimensions
    }
    coder.learnt_.provenance["corpus"] = "corpora/empathy.jsonl, corpora/notes.jsonl, parts train"
    coder.learnt_.provenance["test"] = figures
    coder.save(HERE / "empatikarta")
    print(json.dumps(figures, indent=2))


if __name__ == "__main__":
    main()
