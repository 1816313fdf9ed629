"""Coders on disk: a folder of JSON and safetensors, nothing that runs.

model.json          schema, codebook, settings, provenance, vocabularies
weights.safetensors heads, scaler, novelty, held-out evidence
encoder/            the tuned encoder, if the coder has one
card.md             what the model is for, for people
"""

import json
from dataclasses import dataclass
from pathlib import Path
from shutil import copyfile
from typing import Any

import numpy as np

from textmine.codebook import Codebook
from textmine.coding.budget import Evidence
from textmine.coding.card import write_card
from textmine.coding.dimension import DimensionModel
from textmine.coding.features import Lexicon, Scaler
from textmine.coding.heads import Head
from textmine.coding.learnt import Learnt
from textmine.coding.novelty import Novelty, Sketches
from textmine.coding.views import ContextView, View, WordsView
from textmine.embed.encoder import load_encoder
from textmine.embed.onnx_encoder import GRAPH, SETTINGS, OnnxEncoder
from textmine.errors import TextmineError, did_you_mean
from textmine.files import staged_folder
from textmine.hashing import folder_hash, text_hash
from textmine.shipped import CODER_FILE, find_model, list_models

SCHEMA = 3
WEIGHTS_FILE = "weights.safetensors"
ENCODER_FOLDER = "encoder"


@dataclass(frozen=True)
class Model:
    """A fitted coder as a folder holds it: settings, and what was learnt."""

    codebook: Codebook
    encoder: str
    tune: str
    error_budget: float
    learnt: Learnt


def save_model(model: Model, folder: Path) -> None:
    """Write a model; the folder appears whole or not at all."""
    from safetensors.numpy import save_file

    learnt = model.learnt
    arrays: dict[str, Any] = {
        "novelty.quantiles": learnt.novelty.quantiles,
        "novelty.weights": np.array(learnt.novelty.weights),
    }
    if (sketches := learnt.novelty.sketches) is not None:
        arrays["sketches.centre"] = sketches.centre
        arrays["sketches.turn"] = sketches.turn.astype(np.float16)
        arrays["sketches.known"] = sketches.known
    view = learnt.view
    arrays |= {f"lexicon.{part}": idf for part, idf in view.lexicon.idf.items()}
    if isinstance(view, WordsView):
        arrays["scaler.mean"] = view.scaler.mean
        arrays["scaler.scale"] = np.array([view.scaler.scale])
    heads: list[dict[str, Any]] = []
    for name, dimension in learnt.dimensions.items():
        arrays[f"{name}.probability"] = dimension.evidence.probability.astype(np.float32)
        arrays[f"{name}.right"] = dimension.evidence.right.astype(np.uint8)
        for context, head in dimension.heads.items():
            key = f"head.{len(heads)}"
            arrays[f"{key}.weights"] = head.weights.astype(np.float16)
            arrays[f"{key}.bias"] = head.bias
            arrays[f"{key}.shift"] = head.shift
            heads.append(
                {
                    "dimension": name,
                    "context": context,
                    "codes": head.codes,
                    "multiple": head.multiple,
                    "sharpness": head.sharpness,
                }
            )
    data = {
        "schema": SCHEMA,
        "codebook": model.codebook.model_dump(by_alias=True),
        "encoder": {"name": model.encoder, "identity": view.encoder.identity},
        "tune": model.tune,
        "error_budget": model.error_budget,
        "provenance": learnt.provenance,
        "heads": heads,
        "vocabularies": view.lexicon.vocabularies,
    }
    with staged_folder(folder) as stage:
        text = json.dumps(data, ensure_ascii=False, indent=1)
        (stage / CODER_FILE).write_text(text + "\n", encoding="utf-8")
        save_file(
            {name: np.ascontiguousarray(array) for name, array in arrays.items()},
            stage / WEIGHTS_FILE,
        )
        (stage / WEIGHTS_FILE).chmod(0o644)
        if isinstance(view, ContextView):
            (stage / ENCODER_FOLDER).mkdir()
            for name in (SETTINGS, GRAPH):
                copyfile(view.encoder.folder / name, stage / ENCODER_FOLDER / name)
        card = write_card(folder.name, model.codebook, model.encoder, model.error_budget, learnt)
        (stage / "card.md").write_text(card, encoding="utf-8")


def load_model(name: str | Path) -> Model:
    """Load a model by the name of a shipped or installed model, or by its folder.

    Raises
    ------
    TextmineError
        If there is no such model, or it is of a schema or with an encoder that this version does
        not know.
    """
    folder = find_model(str(name), CODER_FILE)
    if folder is None:
        known = [path.name for path in list_models(CODER_FILE)]
        raise TextmineError(
            f"No model '{name}': neither a folder with a {CODER_FILE} nor an installed model; "
            f"{did_you_mean(str(name), known)}."
        )
    try:
        data = json.loads((folder / CODER_FILE).read_text(encoding="utf-8"))
        if not isinstance(data, dict) or data.get("schema") != SCHEMA:
            found = data.get("schema") if isinstance(data, dict) else None
            raise TextmineError(
                f"{folder / CODER_FILE}: schema {found!r}, but this version of textmine reads "
                f"schema {SCHEMA}. Load it with the version that made it, or train it anew."
            )
        return _build(folder, data)
    except (OSError, ValueError, KeyError, TypeError) as error:
        raise TextmineError(
            f"{folder} is damaged or incomplete ({type(error).__name__}: {error}); "
            "copy or train it anew."
        ) from error


def _build(folder: Path, data: dict[str, Any]) -> Model:
    from safetensors import SafetensorError
    from safetensors.numpy import load_file

    try:
        arrays = load_file(folder / WEIGHTS_FILE)
    except SafetensorError as error:
        raise ValueError(str(error)) from error
    view = _view(folder, data, arrays)
    if view.encoder.identity != data["encoder"]["identity"]:
        raise TextmineError(
            f"{folder}: made with another version of the encoder '{data['encoder']['name']}' "
            "than the one here; its codes would be wrong. Train the model anew, or install the "
            "version of textmine that made it."
        )
    codebook = Codebook.model_validate(data["codebook"])
    dimensions = {
        name: DimensionModel(
            {},
            Evidence(
                arrays[f"{name}.probability"].astype(np.float64),
                arrays[f"{name}.right"].astype(np.bool_),
            ),
        )
        for name in codebook.dimensions
    }
    for number, entry in enumerate(data["heads"]):
        dimensions[entry["dimension"]].heads[entry["context"]] = Head(
            codes=entry["codes"],
            weights=arrays[f"head.{number}.weights"].astype(np.float32),
            bias=arrays[f"head.{number}.bias"],
            multiple=entry["multiple"],
            sharpness=entry["sharpness"],
            shift=arrays[f"head.{number}.shift"],
        )
    learnt = Learnt(
        view=view,
        novelty=_novelty(arrays),
        dimensions=dimensions,
        provenance=data["provenance"],
        identity=text_hash(folder_hash(folder, (CODER_FILE, WEIGHTS_FILE)), view.encoder.identity),
    )
    return Model(codebook, data["encoder"]["name"], data["tune"], data["error_budget"], learnt)


def _novelty(arrays: dict[str, Any]) -> Novelty:
    """Rebuild what tells how novel a statement is."""
    far, rare = arrays["novelty.weights"].tolist()
    if "sketches.known" not in arrays:
        return Novelty(arrays["novelty.quantiles"], (far, rare))
    turn = arrays["sketches.turn"].astype(np.float32)
    sketches = Sketches(arrays["sketches.centre"], turn, arrays["sketches.known"])
    return Novelty(arrays["novelty.quantiles"], (far, rare), sketches)


def _view(folder: Path, data: dict[str, Any], arrays: dict[str, Any]) -> View:
    """Rebuild what the heads see."""
    lexicon = Lexicon()
    lexicon.vocabularies = data["vocabularies"]
    lexicon.idf = {part: arrays[f"lexicon.{part}"] for part in lexicon.vocabularies}
    if data["tune"] == "encoder":
        return ContextView(OnnxEncoder(folder / ENCODER_FOLDER), lexicon)
    scaler = Scaler(arrays["scaler.mean"], float(arrays["scaler.scale"][0]))
    return WordsView(load_encoder(data["encoder"]["name"]), scaler, lexicon)
