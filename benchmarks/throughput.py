"""Speed of `textmine code` beside the obvious way of coding statements, in one run.

    make bench            # or: python benchmarks/throughput.py [--statements 5000]

Both get the same answers and the same training data, each in a process of its own, and are timed
from its start to its end, but for the baseline's training:

* baseline: sentence-transformers in float32 (the same encoder, 'query: ' before each text),
  logistic regression for role and for category within area, and an Excel file by pandas; the
  statements are given to it ready-made.
* textmine: `textmine code` end to end: reading, splitting, encoding, coding, writing.

Then textmine again, into another folder, with what it remembers; and the agreement with hand codes
of the shipped coder with int8 and with float32 products.
"""

import argparse
import json
import os
import re
import subprocess
import sys
import tempfile
import time
from dataclasses import replace
from pathlib import Path

import pandas as pd

ROOT = Path(__file__).parents[1]
ENCODER = ROOT / "models" / "e5-small"


def corpus() -> pd.DataFrame:
    lines = (ROOT / "corpora/answers-2020.jsonl").read_text("utf-8").splitlines()
    return pd.DataFrame([json.loads(line) for line in lines])


def enough(answers: pd.DataFrame, n_statements: int) -> pd.DataFrame:
    """Take answers until there are enough statements; where the corpus ends, number further ones.

    A number in the text makes each repeated answer new to the encoder.
    """
    parts, count, turn = [], 0, 0
    while count < n_statements:
        part = answers.copy()
        if turn:
            part["text"] = [re.sub(r"(\w+)$", rf"\1 {turn}", text) for text in part["text"]]
            part["answer_id"] += f"-{turn}"
        sizes = part["statements"].map(len).cumsum()
        part = part[sizes <= n_statements - count + 5]
        parts.append(part)
        count += int(part["statements"].map(len).sum())
        turn += 1
        if part.empty:
            break
    return pd.concat(parts, ignore_index=True)


def unfolded(answers: pd.DataFrame) -> pd.DataFrame:
    rows = [
        {"answer_id": a["answer_id"], "area": a["area"], "part": a["part"], **s}
        for a in answers.to_dict("records")
        for s in a["statements"]
    ]
    return pd.DataFrame(rows)


def baseline(work: Path) -> None:
    """Code statements in the obvious way; runs in its own process."""
    from sentence_transformers import SentenceTransformer
    from sklearn.linear_model import LogisticRegression

    train = pd.read_parquet(work / "train.parquet")
    statements = pd.read_parquet(work / "statements.parquet")
    model = SentenceTransformer(str(work / "e5"), device="cpu")
    began = time.perf_counter()
    vectors = model.encode(["query: " + text for text in train["text"]], show_progress_bar=False)
    role = LogisticRegression(max_iter=1000).fit(vectors, train["role"])
    category = {
        area: LogisticRegression(max_iter=1000).fit(vectors[part.index], part["category"])
        for area, part in train[train["category"].notna()].groupby("area")
    }
    training = time.perf_counter() - began
    vectors = model.encode(
        ["query: " + text for text in statements["text"]], show_progress_bar=False
    )
    statements["role"] = role.predict(vectors)
    for area, part in statements.groupby("area"):
        statements.loc[part.index, "category"] = category[area].predict(vectors[part.index])
    statements.to_excel(work / "baseline.xlsx", index=False)
    print(json.dumps({"training": training}))


def measured(command: list[str], cache: Path) -> dict[str, float]:
    """Run a command; give its seconds and peak memory, and what it printed as JSON, if anything."""
    environment = {**os.environ, "TEXTMINE_CACHE": str(cache), "HF_HUB_OFFLINE": "1"}
    began = time.perf_counter()
    process = subprocess.Popen(
        command, env=environment, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True
    )
    output, errors = process.communicate()
    wall = time.perf_counter() - began
    if process.returncode not in (0, 1):
        sys.exit(errors)
    peak = [int(n) for n in re.findall(r"Maximum resident set size \(kbytes\): (\d+)", errors)]
    inner = re.findall(r"^\{.*\}$", output, re.MULTILINE)
    return {"wall": wall, "peak": peak[0] / 1024**2 if peak else 0.0} | (
        json.loads(inner[-1]) if inner else {}
    )


def agreement() -> None:
    """Compare the shipped coder with int8 and with float32 products, on the test part."""
    import torch

    from textmine import Codebook, Coder
    from textmine.coding.coded import read_coded
    from textmine.embed.build import float_model
    from textmine.embed.onnx_encoder import OnnxEncoder

    class Float32(OnnxEncoder):
        """The same encoder, its products in float32."""

        identity = "benchmark-float32"

        def pool(self, ids, spans):  # noqa: ANN001, ANN202
            model = float_model(self.folder)
            out = []
            with torch.inference_mode():
                for tokens, places in zip(ids, spans, strict=True):
                    states = model(torch.tensor([tokens])).last_hidden_state[0]
                    out.append(torch.stack([states[a:b].mean(0) for a, b in places]).numpy())
            return out

    os.environ["TEXTMINE_CACHE"] = ""
    codebook = Codebook.load("psykisk-halsa-2020")
    statements = read_coded(ROOT / "corpora/answers-2020.jsonl", codebook)
    test = statements[statements["part"] == "test"].reset_index(drop=True)
    coder = Coder.load()
    view = coder.learnt_.view
    print("\nagreement with hand codes, test part          role   category")
    for name, encoder in (("int8", view.encoder), ("float32", Float32(view.encoder.folder))):
        coder.learnt_.view = replace(view, encoder=encoder)
        coded = coder.code(test.drop(columns=list(codebook.dimensions)))
        known = test["category"].notna()
        role = (coded["role"] == test["role"]).mean()
        category = (coded["category"] == test["category"])[known].fillna(False).mean()
        print(f"{name:42s} {role:7.1%} {category:9.1%}")


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--statements", type=int, default=5000)
    parser.add_argument("--baseline", type=Path, help=argparse.SUPPRESS)
    parser.add_argument("--no-agreement", action="store_true")
    options = parser.parse_args()
    if options.baseline:
        baseline(options.baseline)
        return
    from textmine.embed.build import sentence_transformer

    with tempfile.TemporaryDirectory() as scratch:
        work = Path(scratch)
        sentence_transformer(ENCODER).save(str(work / "e5"))
        answers = corpus()
        chosen = enough(answers, options.statements)
        statements = unfolded(chosen)
        train = unfolded(answers[answers["part"] == "train"]).reset_index(drop=True)
        for table, name in ((train, "train"), (statements, "statements")):
            columns = ["text", "area", "role", "category"][: 4 if name == "train" else 2]
            table[columns].to_parquet(work / f"{name}.parquet")
        chosen[["answer_id", "respondent", "actor", "area", "question", "year", "text"]].to_excel(
            work / "answers.xlsx", index=False
        )
        n = len(statements)
        timer = ["/usr/bin/time", "-v"] if Path("/usr/bin/time").exists() else []
        code = [*timer, sys.executable, "-m", "textmine", "code", str(work / "answers.xlsx")]
        runs = {
            "baseline (float32, logistic regression)": measured(
                [*timer, sys.executable, __file__, "--baseline", scratch], work / "cache"
            ),
            "textmine code, first run": measured(
                [*code, "--out", str(work / "one")], work / "cache"
            ),
            "textmine code, again, other folder": measured(
                [*code, "--out", str(work / "two")], work / "cache"
            ),
            "textmine code, again, same folder": measured(
                [*code, "--out", str(work / "one")], work / "cache"
            ),
        }
        base = next(iter(runs.values()))
        base["wall"] -= base["training"]  # what is compared is coding
        print(f"{n:,} statements in {len(chosen):,} answers")
        print(f"{'':42s} {'seconds':>8s} {'per second':>11s} {'of baseline':>12s} {'GiB':>6s}")
        for name, run in runs.items():
            print(
                f"{name:42s} {run['wall']:8.1f} {n / run['wall']:11.0f} "
                f"{base['wall'] / run['wall']:11.1f}x {run['peak']:6.2f}"
            )
    if not options.no_agreement:
        agreement()


if __name__ == "__main__":
    main()
