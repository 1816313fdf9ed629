"""Tune `models/teman`: an encoder that tells apart what notes are about.

    python models/build_teman.py [--without INQUIRY --out FOLDER]

A quarter of an hour on two quiet cores, with 2.5 GB of memory. It learns from the training part of
`corpora/notes.jsonl`: many inquiries, each sorted into groups by people. Notes of one group, with
its name or description, are drawn together, and those of the other groups of the same inquiry are
pushed apart (supervised contrastive learning: Khosla et al., 2020), so that it learns what makes a
theme rather than certain themes. Prints its figures on notes that it never saw. `--without` leaves
an inquiry out, to see what the encoder makes of themes that it knows nothing of.
"""

import argparse
import json
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import torch
from ruamel.yaml import YAML
from sklearn.cluster import KMeans
from sklearn.metrics import adjusted_rand_score
from torch.nn.functional import cross_entropy, normalize
from torch.nn.utils.rnn import pad_sequence
from tqdm import tqdm

from textmine.embed.build import float_model, weights_of, write_encoder
from textmine.embed.onnx_encoder import OnnxEncoder

HERE = Path(__file__).parent
CORPORA = HERE.parent / "corpora"
BASE = "e5-small"
FROZEN = 6  # layers that stay as they are
STEPS, RATE, SEED = 500, 5e-5, 0
GROUPS, NOTES = 12, 4  # of an inquiry in a step; with fewer groups, more notes of each
MOST_NOTES = 8
TEMPERATURE = 0.05
NAMED = 0.5  # how much finding a note's group by its description counts, against 1
FULL = 0.7  # how often a group shows its whole description instead of its name alone
SAMPLE = 400  # notes on which the ranges of activations are measured
OTHER = "annat"  # the group of what fits no other: no theme

States = list[torch.Tensor]


@dataclass(frozen=True)
class Theme:
    """One group of an inquiry: what describes it, and its notes."""

    described: States
    notes: States


def read_inquiries(part: str) -> dict[str, dict[str, tuple[list[str], list[str]]]]:
    """Read the groups of each inquiry: ([description, name], notes)."""
    about = YAML(typ="safe").load((CORPORA / "inquiries.yaml").read_text(encoding="utf-8"))
    found: dict[str, dict[str, tuple[list[str], list[str]]]] = {}
    for line in (CORPORA / "notes.jsonl").read_text(encoding="utf-8").splitlines():
        note = json.loads(line)
        if note["part"] != part or note["group"] == OTHER:
            continue
        group = about[note["inquiry"]]["groups"][note["group"]]
        described = [f"{group['name']}: {group['description']}", group["name"]]
        groups = found.setdefault(note["inquiry"], {})
        groups.setdefault(note["group"], (described, []))[1].append(note["text"])
    return found


class Tuner:
    """The base encoder in two parts: layers that stay, read once a text, and layers that learn."""

    def __init__(self, base: OnnxEncoder) -> None:
        self.base = base
        self.model = float_model(base.folder)
        self.upper = self.model.encoder.layer[FROZEN:]

    @torch.no_grad()
    def states(self, texts: list[str]) -> States:
        """What the layers that stay say of texts: (tokens, dimensions) each."""
        found = []
        for ids in self.base.token_ids(texts):
            mask = torch.zeros((1, 1, 1, len(ids)))
            states = self.model.embeddings(input_ids=torch.tensor([list(ids)]))
            for layer in self.model.encoder.layer[:FROZEN]:
                states = layer(states, mask)
            found.append(states[0])
        return found

    def vectors(self, several: States) -> torch.Tensor:
        """Unit vectors of texts from their states, (texts, dimensions)."""
        lengths = torch.tensor([len(states) for states in several])
        seen = torch.arange(int(lengths.max()))[None] < lengths[:, None]
        mask = torch.zeros(seen.shape).masked_fill(~seen, -1e4)[:, None, None]
        states = pad_sequence(several, batch_first=True)
        for layer in self.upper:
            states = layer(states, mask)
        return normalize((states * seen[..., None]).sum(dim=1) / lengths[:, None], dim=1)

    def train(self, inquiries: list[list[Theme]]) -> None:
        """Draw an inquiry at a time, and learn to tell its themes apart."""
        torch.manual_seed(SEED)
        order = np.random.default_rng(SEED)
        sizes = np.array([sum(len(theme.notes) for theme in themes) for themes in inquiries])
        often = np.sqrt(sizes) / np.sqrt(sizes).sum()
        optimizer = torch.optim.AdamW(self.upper.parameters(), lr=RATE, weight_decay=0.01)
        schedule = torch.optim.lr_scheduler.LambdaLR(
            optimizer, lambda at: min(1.0, (at + 1) / (0.1 * STEPS)) * max(0.02, 1 - at / STEPS)
        )
        self.upper.train()
        for _ in tqdm(range(STEPS), disable=None):
            themes = inquiries[order.choice(len(inquiries), p=often)]
            loss = self._loss(*draw([themes[i] for i in order.permutation(len(themes))], order))
            optimizer.zero_grad()
            loss.backward()
            torch.nn.utils.clip_grad_norm_(self.upper.parameters(), 1.0)
            optimizer.step()
            schedule.step()
        self.upper.train(mode=False)

    def _loss(self, drawn: States, labels: torch.Tensor, describes: torch.Tensor) -> torch.Tensor:
        places = self.vectors(drawn)
        # Notes are compared around their middle, as they are when they are grouped.
        places = normalize(places - places.mean(dim=0), dim=1)
        itself = torch.eye(len(labels), dtype=torch.bool)
        near = (places @ places.T / TEMPERATURE).masked_fill(itself, -1e4)
        friends = (labels[:, None] == labels[None]) & ~itself
        likely = near - torch.logsumexp(near, dim=1, keepdim=True)
        together = -(likely * friends).sum(dim=1) / friends.sum(dim=1).clamp(min=1)
        named = places[~describes] @ places[describes].T / TEMPERATURE
        return together.mean() + NAMED * cross_entropy(named, labels[~describes])


def draw(
    themes: list[Theme], order: np.random.Generator
) -> tuple[States, torch.Tensor, torch.Tensor]:
    """Draw notes of some themes: their states, their themes, and which are descriptions."""
    chosen = themes[:GROUPS]
    each = max(NOTES, min(MOST_NOTES, GROUPS * (NOTES + 1) // len(chosen) - 1))
    drawn: States = []
    labels: list[int] = []
    for number, theme in enumerate(chosen):
        rows = order.choice(len(theme.notes), min(each, len(theme.notes)), replace=False)
        drawn += [theme.notes[row] for row in rows]
        drawn.append(theme.described[0 if order.random() < FULL else 1])
        labels += [number] * (len(rows) + 1)
    last = [a != b for a, b in zip(labels, [*labels[1:], -1], strict=True)]
    return drawn, torch.tensor(labels), torch.tensor(last)


def figures(encoder: OnnxEncoder) -> dict[str, dict[str, float]]:
    """Adjusted Rand index of plain k-means with people's sorting, on test inquiries."""
    found = {}
    for inquiry, groups in read_inquiries("test").items():
        texts = [text for _, notes in groups.values() for text in notes]
        gold = [group for group, (_, notes) in groups.items() for _ in notes]
        vectors = encoder.encode(texts)
        centred = normalize(torch.tensor(vectors - vectors.mean(axis=0)), dim=1)
        means = KMeans(len(groups), n_init=10, random_state=SEED).fit_predict(centred.numpy())
        found[inquiry] = {
            "notes": len(texts),
            "ari": round(float(adjusted_rand_score(gold, means)), 3),
        }
    return found


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--without", help="an inquiry to leave out")
    parser.add_argument("--out", type=Path, default=HERE / "teman")
    arguments = parser.parse_args()
    base = OnnxEncoder(HERE / BASE)
    tuner = Tuner(base)
    train = read_inquiries("train")
    train.pop(arguments.without, None)
    tuner.train(
        [
            [Theme(tuner.states(described), tuner.states(notes)) for described, notes in g.values()]
            for g in train.values()
        ]
    )
    texts = [text for groups in train.values() for _, notes in groups.values() for text in notes]
    sample = np.random.default_rng(SEED).choice(len(texts), SAMPLE, replace=False)
    folder = arguments.out
    folder.mkdir(exist_ok=True, parents=True)
    settings: dict[str, Any] = {
        **base.settings,
        "name": "teman",
        "base": BASE,
        "source": f"{BASE}, tuned on {len(texts)} notes of {len(train)} inquiries",
    }
    write_encoder(
        folder,
        weights_of(tuner.model),
        settings=settings,
        sample=base.token_ids([texts[row] for row in sample]),
    )
    before, after = figures(base), figures(OnnxEncoder(folder))
    for inquiry, found in after.items():
        print(f"{inquiry}: ARI {before[inquiry]['ari']} → {found['ari']} ({found['notes']} notes)")


if __name__ == "__main__":
    main()
