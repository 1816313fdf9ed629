"""The int8 ONNX graph of a BERT encoder, and its float weights back again.

Weights are 7-bit with one scale a column, so that the 16-bit sums of older processors cannot
overflow and every processor gets the same integers. Activations are quantised with scales fixed
beforehand (smoothed between weights and activations as in Xiao et al., SmoothQuant, 2023), not
measured on each batch: a text's vector cannot depend on what else is in its batch.
"""

from collections.abc import Mapping
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt
import onnx
from onnx import TensorProto, helper, numpy_helper

Array = npt.NDArray[np.float32]
_WEIGHT_MAX = 63
_SMOOTHING = 0.6  # 0 leaves all difficulty with the activations, 1 moves it all to the weights
_MICROSOFT = "com.microsoft"
# The matrix products of a layer: name → the weights that it joins side by side.
PRODUCTS = {"qkv": ("q", "k", "v"), "ao": ("ao",), "fi": ("fi",), "fo": ("fo",)}
NORMS = ("aln", "oln")

# What the shapes mean: weights are (inputs, outputs); `ranges` holds, per product, the largest
# absolute value that each input channel took on sample texts.
Weights = Mapping[str, Array]


def build_graph(
    weights: Weights, ranges: Mapping[str, Array] | None, *, n_layers: int, n_heads: int
) -> onnx.ModelProto:
    """Build the graph from summed embeddings to last states, both (batch, tokens, width).

    Parameters
    ----------
    weights
        `embedding.w|b` (layer norm), and for each layer `{i}.{product}.w|b`, `{i}.{norm}.w|b`.
    ranges
        `{i}.{product}` → (inputs,); None builds a float32 graph whose further outputs are the
        inputs of every product, from which ranges are measured.
    n_layers, n_heads
        Size of the encoder.
    """
    width = len(weights["embedding.w"])
    builder = _Builder(weights, ranges)
    state = builder.layer_norm("embeddings", "embedding")
    for layer in range(n_layers):
        state = builder.layer(state, layer, n_heads)
    shape: list[str | int | None] = ["batch", "tokens", width]
    builder.node("Identity", [state], "states")
    outputs = [helper.make_tensor_value_info("states", TensorProto.FLOAT, shape)]
    if ranges is None:
        outputs += [
            helper.make_tensor_value_info(name, TensorProto.FLOAT, None)
            for name in builder.product_inputs.values()
        ]
    inputs = [helper.make_tensor_value_info("embeddings", TensorProto.FLOAT, shape)]
    graph = helper.make_graph(builder.nodes, "encoder", inputs, outputs, builder.constants)
    model = helper.make_model(
        graph, opset_imports=[helper.make_opsetid("", 18), helper.make_opsetid(_MICROSOFT, 1)]
    )
    model.ir_version = 10
    if ranges is None:
        for key, name in builder.product_inputs.items():
            entry = model.metadata_props.add()
            entry.key, entry.value = key, name
    return model


class _Builder:
    """Collects the nodes and constants of one graph."""

    def __init__(self, weights: Weights, ranges: Mapping[str, Array] | None) -> None:
        self.weights, self.ranges = weights, ranges
        self.nodes: list[onnx.NodeProto] = []
        self.constants: list[onnx.TensorProto] = []
        self.product_inputs: dict[str, str] = {}

    def constant(self, name: str, value: npt.NDArray[np.generic]) -> str:
        self.constants.append(numpy_helper.from_array(np.ascontiguousarray(value), name))
        return name

    def node(self, kind: str, inputs: list[str], output: str, **options: Any) -> str:
        domain = _MICROSOFT if kind in _CONTRIBUTED else ""
        self.nodes.append(helper.make_node(kind, inputs, [output], domain=domain, **options))
        return output

    def layer_norm(self, source: str, name: str, skip: str | None = None) -> str:
        scale = self.constant(f"{name}.w", self.weights[f"{name}.w"])
        shift = self.constant(f"{name}.b", self.weights[f"{name}.b"])
        if skip is not None:  # onnxruntime's fused node for both is half as fast
            source = self.node("Add", [source, skip], f"{name}.sum")
        return self.node("LayerNormalization", [source, scale, shift], f"{name}.out", epsilon=1e-12)

    def product(self, source: str, name: str) -> str:
        """Multiply by a weight matrix and add its bias, in int8 if ranges are known."""
        weight, bias = self.weights[f"{name}.w"], self.weights[f"{name}.b"]
        self.product_inputs[name] = source
        bias_name = self.constant(f"{name}.b", bias)
        if self.ranges is None:
            product = self.node(
                "MatMul", [source, self.constant(f"{name}.w", weight)], f"{name}.raw"
            )
            return self.node("Add", [product, bias_name], f"{name}.out")
        share, step, zero = activation_scale(self.ranges[name], weight, gelu=name.endswith(".fo"))
        folded = weight * (share * step)[:, None]
        column = np.maximum(np.abs(folded).max(axis=0), 1e-12) / _WEIGHT_MAX
        quantised = np.rint(folded / column).astype(np.int8)
        # onnxruntime is slow at quantising with a scale per channel; a product before is not.
        inverse = self.constant(f"{name}.inverse", (1 / share).astype(np.float32))
        step_name = self.constant(f"{name}.step", np.array(step, np.float32))
        zero_name = self.constant(f"{name}.zero", np.array(zero, np.uint8))
        evened = self.node("Mul", [source, inverse], f"{name}.evened")
        inputs = [
            self.node("QuantizeLinear", [evened, step_name, zero_name], f"{name}.codes"),
            self.constant(f"{name}.w", quantised),
            self.constant(f"{name}.one", np.array(1.0, np.float32)),
            self.constant(f"{name}.column", column.astype(np.float32)),
            zero_name,
            "",
            bias_name,
        ]
        return self.node("MatMulIntegerToFloat", inputs, f"{name}.out")

    def layer(self, state: str, layer: int, n_heads: int) -> str:
        name = f"{layer}"
        joined = self.product(state, f"{name}.qkv")
        parts = [f"{name}.{part}" for part in PRODUCTS["qkv"]]
        self.nodes.append(helper.make_node("Split", [joined], parts, axis=-1, num_outputs=3))
        attended = self.node("MultiHeadAttention", parts, f"{name}.attended", num_heads=n_heads)
        mixed = self.product(attended, f"{name}.ao")
        middle = self.layer_norm(mixed, f"{name}.aln", skip=state)
        wide = self.node("Gelu", [self.product(middle, f"{name}.fi")], f"{name}.wide")
        return self.layer_norm(self.product(wide, f"{name}.fo"), f"{name}.oln", skip=middle)


_CONTRIBUTED = {"MultiHeadAttention", "Gelu", "MatMulIntegerToFloat"}


def activation_scale(largest: Array, weight: Array, *, gelu: bool) -> tuple[Array, float, int]:
    """Choose what each input channel is divided by, the step size, and the code for zero.

    The channels share the difficulty with their weights, and then one step size serves them all.
    GELU's output never goes under -0.17, so its zero lies low.
    """
    share = np.maximum(largest, 1e-5) ** _SMOOTHING / np.maximum(
        np.abs(weight).max(axis=1), 1e-5
    ) ** (1 - _SMOOTHING)
    highest = float((largest / share).max())
    if gelu:
        lowest = float((np.minimum(largest, 0.17) / share).max())
        step = (highest + lowest) / 255
        return share.astype(np.float32), step, round(lowest / step)
    return share.astype(np.float32), highest / 127, 128


def read_weights(path: Path) -> dict[str, Array]:
    """Read a graph's weights back as floats, as `build_graph` takes them."""
    model = onnx.load(path)
    tensors = {tensor.name: numpy_helper.to_array(tensor) for tensor in model.graph.initializer}
    weights: dict[str, Array] = {}
    for name, value in tensors.items():
        if f"{name.removesuffix('.w')}.column" in tensors and name.endswith(".w"):
            product = name.removesuffix(".w")
            unfold = tensors[f"{product}.inverse"] / tensors[f"{product}.step"]
            value = value * tensors[f"{product}.column"] * unfold[:, None]
        if name.endswith((".w", ".b")):
            weights[name] = value.astype(np.float32)
    return weights
