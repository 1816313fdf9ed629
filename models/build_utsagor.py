"""Train the boundary model `models/utsagor` on the training part of the corpus.

    python models/build_utsagor.py

Prints exact-span F1 and boundary F1 on the test part, which it never saw.
"""

import json
from dataclasses import replace
from pathlib import Path

from textmine.coding.agreement import segmentation
from textmine.splitting.boundaries import train_boundaries
from textmine.splitting.components import StatementComponent
from textmine.splitting.swedish import blank_pipeline

HERE = Path(__file__).parent


def main() -> None:
    lines = (HERE.parent / "corpora/answers-2020.jsonl").read_text("utf-8").splitlines()
    answers = [json.loads(line) for line in lines]
    parts = {part: [a for a in answers if a["part"] == part] for part in ("train", "test")}
    nlp = blank_pipeline()
    model = train_boundaries(nlp, parts["train"], {})
    component = StatementComponent(model)
    found = []
    for answer in parts["test"]:
        doc = component(nlp.make_doc(answer["text"]))
        found.append([(span.start_char, span.end_char) for span in doc.spans["statements"]])
    gold = [[(s["start"], s["end"]) for s in answer["statements"]] for answer in parts["test"]]
    scores = segmentation([answer["text"] for answer in parts["test"]], gold, found)
    provenance = {
        "corpus": "corpora/answers-2020.jsonl, part train",
        "answers": len(parts["train"]),
        "test": {"answers": len(parts["test"]), **scores},
    }
    replace(model, provenance=provenance).save(HERE / "utsagor")
    print(json.dumps(provenance, indent=2))


if __name__ == "__main__":
    main()
