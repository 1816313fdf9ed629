"""Tuning an encoder on coded statements, in their answers, for all dimensions at once."""

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt
import pandas as pd
from tqdm import tqdm

from textmine.embed.build import float_model, weights_of, write_encoder
from textmine.embed.onnx_encoder import SETTINGS, OnnxEncoder
from textmine.embed.passages import Passage, read_passages
from textmine.shipped import find_model

Floats = npt.NDArray[np.float32]

FEW = 1000  # statements, below which less can be moved
_CONTRAST = 0.1  # distance, as a share of the spread, that changes odds by a factor of e
_SAMPLE = 400  # passages on which the ranges of activations are measured


@dataclass(frozen=True)
class Target:
    """What one dimension asks of the encoder.

    Attributes
    ----------
    labels
        (statements, codes): the weight of each code, 1 in all for a single-label dimension; rows
        that are not `known` are left out.
    allowed
        (statements, codes): whether the codebook allows the code there.
    known
        (statements,).
    multiple
        Whether a statement may have several codes.
    weights
        (statements,): how much a row counts among those with which the head of its code begins.
    """

    labels: Floats
    allowed: npt.NDArray[np.bool_]
    known: npt.NDArray[np.bool_]
    multiple: bool
    weights: Floats


@dataclass(frozen=True)
class Settings:
    """How an encoder is tuned."""

    layers: int = 8  # of the base encoder that are kept
    frozen: int = 3  # of these, left as they are, like the word embeddings
    epochs: int = 6
    batch: int = 12  # statements
    rate: float = 1.2e-4
    head_rate: float = 2e-3
    alone: float = 0.4  # share of answers whose statements are shown one by one
    unasked: float = 0.3  # share of passages shown without their question
    smoothing: float = 0.05
    prefixed: bool = False  # whether passages begin as the base encoder is used to
    kept: bool = False  # whether what the frozen layers say is kept between epochs
    examples: int = 8  # of a code, the last ones, with which its head begins
    weighed: bool = False  # whether heads begin by what definitions count, multi-label ones too
    seed: int = 0

    @staticmethod
    def for_statements(number: int) -> "Settings":
        """Give those that suit a number of statements."""
        if number >= FEW:
            return Settings()
        # All layers: what the last ones know of meaning is all that few examples can build on.
        return Settings(
            layers=12,
            frozen=6,
            epochs=4,
            rate=6e-5,
            head_rate=2e-4,
            prefixed=True,
            kept=True,
            examples=32,
            weighed=True,
        )


def tune(
    base: OnnxEncoder,
    statements: pd.DataFrame,
    targets: Sequence[Target],
    folder: Path,
    settings: Settings | None = None,
    *,
    progress: bool = False,
) -> list[tuple[Floats, npt.NDArray[np.float64]]]:
    """Tune an encoder so that statements' vectors tell the codes apart, and write it to a folder.

    Parameters
    ----------
    base
        The encoder to begin with; the tuned one shares its words.
    statements
        As for `read_passages`.
    targets
        One a dimension, rows in the order of the statements.
    folder
        Where the tuned encoder goes, quantised.

    Returns
    -------
    list of (weights (dimensions, codes), bias (codes,))
        A linear head for each target.
    """
    import torch

    settings = settings or Settings.for_statements(len(statements))
    torch.manual_seed(settings.seed)
    order = np.random.default_rng(settings.seed)
    model = float_model(base.folder, settings.layers)
    frozen: list[Any] = [model.embeddings, *model.encoder.layer[: settings.frozen]]
    for module in frozen:
        for parameter in module.parameters():
            parameter.requires_grad = False
    prefix = base.settings["prefix"] if settings.prefixed else ""
    readings = _Readings(statements, base, prefix)
    reader = _Reader(model, settings)
    model.train(mode=False)
    linear = [_begun(target, reader, readings.alone, settings) for target in targets]
    heads = torch.nn.ModuleList(linear)
    steps = settings.epochs * len(readings.batches(settings, np.random.default_rng(0)))
    optimizer = torch.optim.AdamW(
        [
            {"params": [p for p in model.parameters() if p.requires_grad], "lr": settings.rate},
            {"params": heads.parameters(), "lr": settings.head_rate},
        ],
        weight_decay=0.01,
    )
    schedule = torch.optim.lr_scheduler.LambdaLR(
        optimizer, lambda step: min(1.0, (step + 1) / (0.1 * steps)) * max(0.01, 1 - step / steps)
    )
    dropout = torch.nn.Dropout(model.config.hidden_dropout_prob)
    bar = tqdm(total=steps, desc="tuning", unit="step", disable=None if progress else True)
    with bar:
        for _ in range(settings.epochs):
            model.train()
            for module in frozen:
                module.train(mode=False)
            for batch in readings.batches(settings, order):
                vectors, rows = reader.read(batch)
                loss = _loss(dropout(vectors), rows, targets, heads, settings.smoothing)
                optimizer.zero_grad()
                loss.backward()
                torch.nn.utils.clip_grad_norm_(model.parameters(), 1.0)
                optimizer.step()
                schedule.step()
                bar.update()
    model.train(mode=False)
    chosen = order.permutation(len(readings.whole))[:_SAMPLE]
    folder.mkdir(parents=True, exist_ok=True)
    write_encoder(
        folder,
        weights_of(model),
        sample=[readings.whole[i].ids for i in sorted(chosen)],
        settings={
            **base.settings,
            "name": folder.name,
            "base": base.settings.get("base") or name_of(base.folder),
            "source": f"{base.settings['name']}, tuned: {settings}",
            "layers": settings.layers,
            "prefix": prefix,
        },
    )
    fitted = [(head.weight.data.numpy(), head.bias.data.numpy()) for head in linear]
    return [(weight.T, bias.astype(np.float64)) for weight, bias in fitted]


def name_of(folder: Path) -> str:
    """The name by which an encoder is found: its own if it is shipped or installed, else a path."""
    return folder.name if find_model(folder.name, SETTINGS) == folder else str(folder.resolve())


class _Readings:
    """Ways to read the statements: in their answers or alone, with their question or without."""

    def __init__(self, statements: pd.DataFrame, encoder: OnnxEncoder, prefix: str) -> None:
        bare = statements.drop(columns="question", errors="ignore")
        alone = [table.drop(columns="answer_text", errors="ignore") for table in (statements, bare)]
        self.whole, self.whole_unasked, self.alone, self.alone_unasked = (
            read_passages(table, encoder, prefix) for table in (statements, bare, *alone)
        )

    def batches(self, settings: Settings, order: np.random.Generator) -> list[list[Passage]]:
        """Draw a reading of every answer; passages of like length share a batch."""
        drawn: list[Passage] = []
        for i, passage in enumerate(self.whole):
            if order.random() < settings.alone:
                for row in passage.rows:
                    unasked = order.random() < settings.unasked
                    drawn.append((self.alone_unasked if unasked else self.alone)[row])
            else:
                unasked = order.random() < settings.unasked
                drawn.append(self.whole_unasked[i] if unasked else passage)
        shuffled = order.permutation(len(drawn))
        batches: list[list[Passage]] = []
        for at in range(0, len(shuffled), 64):
            stretch = sorted(shuffled[at : at + 64].tolist(), key=lambda i: len(drawn[i].ids))
            batch: list[Passage] = []
            for i in stretch:
                batch.append(drawn[i])
                if sum(len(passage.rows) for passage in batch) >= settings.batch:
                    batches.append(batch)
                    batch = []
            if batch:
                batches.append(batch)
        return [batches[i] for i in order.permutation(len(batches))]


class _Reader:
    """Reads passages with a model of which the lower layers stay as they are."""

    def __init__(self, model: Any, settings: Settings) -> None:
        self.dimensions: int = model.config.hidden_size
        self._embeddings = model.embeddings
        self._lower = model.encoder.layer[: settings.frozen]
        self._upper = model.encoder.layer[settings.frozen :]
        self._kept: dict[Passage, Any] | None = {} if settings.kept else None

    def read(self, batch: Sequence[Passage]) -> tuple[Any, list[int]]:
        """Give the vectors of a batch's statements, and their rows."""
        import torch

        lengths = torch.tensor([len(passage.ids) for passage in batch])
        seen = torch.arange(int(lengths.max()))[None] < lengths[:, None]
        mask = torch.zeros(seen.shape).masked_fill(~seen, -1e4)[:, None, None, :]
        with torch.no_grad():
            states = self._below(batch, mask)
        for layer in self._upper:
            states = layer(states, mask)
        vectors = [
            states[i, start:end].mean(dim=0)
            for i, passage in enumerate(batch)
            for start, end in passage.spans
        ]
        return torch.stack(vectors), [row for passage in batch for row in passage.rows]

    def _below(self, batch: Sequence[Passage], mask: Any) -> Any:
        """Give what the lower layers say: (passages, tokens, dimensions)."""
        import torch

        kept = self._kept or {}
        if all(passage in kept for passage in batch):
            return _padded([kept[passage] for passage in batch])
        tokens = _padded([torch.tensor(passage.ids) for passage in batch])
        states = self._embeddings(input_ids=tokens)
        for layer in self._lower:
            states = layer(states, mask)
        if self._kept is not None:
            for passage, one in zip(batch, states, strict=True):
                self._kept[passage] = one[: len(passage.ids)].clone()
        return states


def _padded(several: list[Any]) -> Any:
    """Stack tensors of other lengths."""
    from torch.nn.utils.rnn import pad_sequence

    return pad_sequence(several, batch_first=True)


def _begun(target: Target, reader: _Reader, alone: Sequence[Passage], settings: Settings) -> Any:
    """Give a head that begins with the means of each code's last examples, as prototypes.

    Few examples can move a head little; it must begin near where it belongs (as in prototypical
    networks: Snell et al., 2017). A code is set against the middle of all codes or, where a
    statement may have several, against the statements without it.
    """
    import torch

    head = torch.nn.Linear(reader.dimensions, target.labels.shape[1])
    given = target.labels * target.known[:, None] > 0.5
    if not given.any(axis=0).all() or (target.multiple and not settings.weighed):
        return head
    counts = target.weights if settings.weighed else np.ones_like(target.weights)
    last = -settings.examples
    chosen = {row for column in given.T for row in np.flatnonzero(column)[last:]}
    without = np.flatnonzero(target.known & ~given.any(axis=1))[last:]
    rows = sorted(chosen.union(without.tolist()))
    with torch.no_grad():
        vectors = torch.cat([reader.read([alone[row]])[0] for row in rows])
        weights = torch.tensor(counts[rows, None] * given[rows], dtype=torch.float32)
        means = _means(weights, vectors)
        if target.multiple:
            rest = torch.tensor(counts[rows, None] * ~given[rows], dtype=torch.float32)
            others = _means(rest, vectors)
            middle = (means + others) / 2
        else:
            others = middle = means.mean(dim=0)
        spread = (vectors - vectors.mean(dim=0)).square().sum(dim=1).mean()
        head.weight.copy_((means - others) / (spread * _CONTRAST))
        head.bias.copy_(-(head.weight * middle).sum(dim=1))
    return head


def _means(weights: Any, vectors: Any) -> Any:
    """Weighted means: (rows, codes) and (rows, dimensions) → (codes, dimensions)."""
    return weights.T @ vectors / weights.sum(dim=0).clamp(min=1e-9)[:, None]


def _loss(
    vectors: Any, rows: list[int], targets: Sequence[Target], heads: Any, smoothing: float
) -> Any:
    """Sum of the dimensions' cross-entropies.

    Each counts by the root of the share of the batch that it concerns: those that concern few
    statements would else hardly be learnt.
    """
    import torch
    from torch.nn import functional

    total = vectors.new_zeros(())
    for target, head in zip(targets, heads, strict=True):
        known = torch.tensor(target.known[rows])
        if not known.any():
            continue
        labels = torch.tensor(target.labels[rows])[known]
        allowed = torch.tensor(target.allowed[rows])[known]
        scores = head(vectors[known])
        share = known.float().mean().sqrt()
        if target.multiple:
            each = functional.binary_cross_entropy_with_logits(scores, labels, reduction="none")
            total = total + share * each[allowed].mean()
        else:
            total = total + share * functional.cross_entropy(
                scores.masked_fill(~allowed, -1e4),
                labels,
                # Smoothing would reward codes that are not allowed.
                label_smoothing=smoothing if allowed.all() else 0.0,
            )
    return total
