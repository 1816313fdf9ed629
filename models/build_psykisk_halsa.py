"""Train the shipped coder `models/psykisk-halsa` on the training part of the corpus.

    python models/build_psykisk_halsa.py

About an hour on two cores, with 2.4 GB of memory. Prints its figures on the test part, which it
never saw.
"""

import json
from pathlib import Path

from textmine.codebook import Codebook
from textmine.coding.coded import read_coded
from textmine.coding.coder import Coder

HERE = Path(__file__).parent


def main() -> None:
    codebook = Codebook.load("psykisk-halsa-2020")
    statements = read_coded(HERE.parent / "corpora/answers-2020.jsonl", codebook)
    train = statements[statements["part"] == "train"]
    test = statements[statements["part"] == "test"].reset_index(drop=True)
    # Voices stay together, so that what is held out was written by others, as in a new survey.
    coder = Coder(codebook, tune="encoder").fit(train, groups=train["hand"].tolist(), progress=True)
    coded = coder.predict(test.drop(columns=list(codebook.dimensions)))
    figures = {}
    for name, dimension in codebook.dimensions.items():
        if dimension.multiple:
            right = [set(a) == set(b) for a, b in zip(coded[name], test[name], strict=True)]
            figures[name] = {"n": len(test), "accuracy": round(sum(right) / len(right), 4)}
            continue
        known = test[name].notna()
        right = coded.loc[known, name].astype(object) == test.loc[known, name]
        figures[name] = {"n": int(known.sum()), "accuracy": round(float(right.mean()), 4)}
    coder.learnt_.provenance["held_out"] = "a fifth of the voices"
    coder.learnt_.provenance["corpus"] = "corpora/answers-2020.jsonl, part train"
    coder.learnt_.provenance["test"] = figures
    coder.save(HERE / "psykisk-halsa")
    print(json.dumps(figures, indent=2))


if __name__ == "__main__":
    main()
