"""A head's numbers, computed by the reference implementation of ONNX."""

import numpy as np
import onnx
from onnx import TensorProto, helper, numpy_helper
from onnx.reference import ReferenceEvaluator

from explainers.activations import Activations
from explainers.heads import Head

TAPS = (
    "logits",
    "hidden",
    "convolution",
    "boundary",
    "intermediate",
    "second_intermediate",
    "pixels",
)


def reads(head: Head) -> set[str]:
    """The taps that a head reads: what it neither makes nor brings."""
    made = {name for node in head.nodes for name in node.outputs}
    return {name for node in head.nodes for name in node.inputs} - made - set(head.constants)


def numbers_of(head: Head, activations: Activations) -> list[float]:
    """Run a head on one image, as a batch of one."""
    taps = {name: getattr(activations, name)[None] for name in sorted(reads(head))}
    if "pixels" in taps:
        taps["pixels"] = taps["pixels"].reshape(1, -1)  # as `Head` promises
    nodes = [
        helper.make_node(node.operator, node.inputs, node.outputs, **node.attributes)
        for node in head.nodes
    ]
    graph = helper.make_graph(
        nodes,
        head.name,
        [helper.make_tensor_value_info(k, TensorProto.FLOAT, v.shape) for k, v in taps.items()],
        [helper.make_empty_tensor_value_info(name) for name in head.results],
        [numpy_helper.from_array(array, name) for name, array in head.constants.items()],
    )
    model = helper.make_model(graph, opset_imports=[helper.make_opsetid("", 18)])
    results = ReferenceEvaluator(onnx.ModelProto.FromString(model.SerializeToString())).run(
        None, taps
    )
    found = [np.asarray(result, dtype=np.float32).ravel() for result in results]
    assert [len(part) for part in found] == list(head.sizes)
    numbers: list[float] = np.concatenate(found).tolist()
    return numbers
