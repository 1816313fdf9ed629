"""Mean word embeddings: what a text's words mean, without reading them together.

No layer of the encoder runs, so that they cost next to nothing; and since no layer was tuned for
any codes, they still tell apart what the codes do not.
"""

from collections.abc import Sequence

import numpy as np
import numpy.typing as npt

from textmine.embed.onnx_encoder import OnnxEncoder


def word_means(texts: Sequence[str], encoder: OnnxEncoder) -> npt.NDArray[np.float32]:
    """Mean embeddings of the pieces of texts, (len(texts), encoder.dimensions); of none, zeros."""
    words, scales = encoder.tables["words"], encoder.tables["scales"]
    out = np.zeros((len(texts), encoder.dimensions), np.float32)
    for i, tokens in enumerate(encoder.token_ids(texts, prefix="")):
        ids = tokens[1:-1]  # without the marks of beginning and end
        if ids:
            out[i] = (words[ids] * scales[ids, None]).mean(axis=0)
    return out
