"""From torch to a tapped graph: the same logits, the same hidden layer."""

from collections.abc import Callable
from pathlib import Path

import numpy as np
import onnx
import pytest
import torch
from torch import nn

from explainers.arrays import AnyArray
from reasoned.errors import NetworkError
from reasoned.inference import Network, softmax
from reasoned.network.exporting import export, find_layer
from reasoned.network.tapping import TappedGraph, tap
from tests.reasoned import small_networks as nets

Shape = tuple[int, int, int]


def close(found: AnyArray, expected: AnyArray) -> None:
    # The bar of the fit: both compute in float32.
    np.testing.assert_allclose(found, expected, rtol=0, atol=1e-4)


def tapped(network: nn.Module, layer: str, shape: Shape, folder: Path) -> TappedGraph:
    export(network.eval(), layer, shape, folder / "plain.onnx")
    return tap(folder / "plain.onnx", layer, "hidden", folder / "network.onnx")


def hooked(network: nn.Module, layer: str, image: torch.Tensor) -> tuple[torch.Tensor, ...]:
    """Give a network's output and a layer's, by torch alone."""
    kept: list[torch.Tensor] = []
    handle = network.get_submodule(layer).register_forward_hook(lambda *a: kept.append(a[2]))
    with torch.no_grad():
        output = network(image)
    handle.remove()
    return output, kept[-1].flatten(1)


@pytest.mark.parametrize(
    ("factory", "layer", "shape", "reason", "mapped"),
    [
        (nets.convolutional, "1", (1, 4, 4), "", True),
        (nets.normalised, "2", (3, 4, 4), "", True),
        (nets.with_softmax, "1", (1, 4, 4), "", True),
        (nets.perceptron, "2", (1, 4, 4), "", False),
        (nets.two_heads, "first", (1, 4, 4), "a sum of two computed values", False),
        (nets.headless, "1", (1, 4, 4), "not from an affine layer", True),
        (nets.large, "3", (3, 224, 224), "", True),
    ],
)
def test_the_graph_gives_what_torch_gives(
    tmp_path: Path,
    factory: Callable[[], nn.Module],
    layer: str,
    shape: Shape,
    reason: str,
    mapped: bool,  # noqa: FBT001  a case
) -> None:
    torch.manual_seed(0)
    network = factory()
    graph = tapped(network, layer, shape, tmp_path)
    served = Network.load(tmp_path / "network.onnx")
    images = torch.randn(3, *shape)
    expected, hidden = hooked(network, layer, images)
    found = served.run_many(images.numpy())
    logits = found["logits"]
    if factory is nets.with_softmax:
        assert np.abs(logits.sum(axis=1) - 1).min() > 0.01  # tapped before it
        logits = np.stack([softmax(row) for row in logits])
    close(logits, expected.numpy())
    close(found["hidden"], hidden.numpy())
    close(served.run(images[1].numpy()).logits, found["logits"][1])
    close(served.run(images[1].numpy()).hidden, found["hidden"][1])
    assert (graph.shape, graph.units, graph.classes) == (shape, hidden.shape[1], expected.shape[1])
    assert (served.shape, served.batch) == (shape, None)
    assert ("convolution" in found) == mapped
    check_head(graph, found, reason)


def check_head(graph: TappedGraph, found: dict[str, AnyArray], reason: str) -> None:
    if graph.head is None:
        assert reason
        assert reason in graph.head_reason
        assert "affine_input" not in found
        return
    assert (reason, graph.head_reason) == ("", "")
    close(found["affine_input"] @ graph.head.weights.T + graph.head.bias, found["logits"])


def test_the_file_tells_nothing_of_the_machine_it_came_from(tmp_path: Path) -> None:
    export(nets.perceptron().eval(), "2", (1, 4, 4), tmp_path / "plain.onnx")
    data = (tmp_path / "plain.onnx").read_bytes()

    assert not any(node.metadata_props for node in onnx.load(tmp_path / "plain.onnx").graph.node)
    assert b"/" + str(Path(__file__).parent).encode().lstrip(b"/") not in data
    assert [path.name for path in tmp_path.iterdir()] == ["plain.onnx"]  # weights are inside


@pytest.mark.parametrize("layer", ["", "absent", "head.7"])
def test_an_unknown_layer_is_refused_with_those_there_are(tmp_path: Path, layer: str) -> None:
    words = f"--layer must be one of the network's modules, not '{layer}': head, head.0, head.1, sp"
    with pytest.raises(NetworkError, match=words):
        export(nets.unused(), layer, (1, 4, 4), tmp_path / "plain.onnx")


def test_a_layer_is_found_by_its_dotted_name() -> None:
    assert isinstance(find_layer(nets.unused(), "head.1"), nn.Linear)


def test_a_layer_that_never_runs_is_refused(tmp_path: Path) -> None:
    with pytest.raises(NetworkError, match="that --layer is used in the forward pass"):
        export(nets.unused().eval(), "spare", (1, 4, 4), tmp_path / "plain.onnx")


def test_a_size_on_which_the_network_does_not_run_is_refused(tmp_path: Path) -> None:
    words = r"does not run on images of \(1, 9, 9\).*check --size and --channels"
    with pytest.raises(NetworkError, match=f"(?s){words}"):
        export(nets.perceptron().eval(), "2", (1, 9, 9), tmp_path / "plain.onnx")


def test_logits_that_are_a_map_are_refused(tmp_path: Path) -> None:
    network = nn.Sequential(nn.Conv2d(1, 4, 1), nn.ReLU())
    words = r"logits of shape \(images, classes\), not \(2, 4, 4, 4\)"
    with pytest.raises(NetworkError, match=words):
        export(network, "0", (1, 4, 4), tmp_path / "plain.onnx")


def test_two_layers_become_two_outputs_and_the_hooks_are_gone(tmp_path: Path) -> None:
    torch.manual_seed(0)
    network = nets.convolutional().eval()
    held = export(network, "3", (1, 4, 4), tmp_path / "plain.onnx", {"psi": "1"})
    tap(tmp_path / "plain.onnx", "3", "hidden", tmp_path / "network.onnx", {"psi": "psi"})
    images = torch.randn(3, 1, 4, 4)
    found = Network.load(tmp_path / "network.onnx").run_many(images.numpy())

    assert held == {"hidden": "hidden", "psi": "psi"}
    close(found["psi"].reshape(3, -1), hooked(network, "1", images)[1].numpy())
    close(found["hidden"], hooked(network, "3", images)[1].numpy())
    assert not any(module._forward_hooks for module in network.modules())  # noqa: SLF001  torch shows them nowhere else


def test_a_layer_that_is_asked_for_twice_is_written_once(tmp_path: Path) -> None:
    torch.manual_seed(0)
    network = nets.convolutional().eval()
    more = {"psi": "1", "intermediate": "1", "second_intermediate": "3"}
    held = export(network, "3", (1, 4, 4), tmp_path / "plain.onnx", more)

    assert held == {
        "hidden": "hidden",
        "psi": "psi",
        "intermediate": "psi",
        "second_intermediate": "hidden",
    }
    names = [output.name for output in onnx.load(tmp_path / "plain.onnx").graph.output]
    assert names == ["logits", "hidden", "psi"]


@pytest.mark.parametrize(
    ("tap_name", "option"),
    [
        ("psi", "--boundary-layer"),
        ("intermediate", "--attribute-layers"),
        ("second_intermediate", "--attribute-layers"),
    ],
)
def test_an_unknown_further_layer_is_refused_by_its_option(
    tmp_path: Path, tap_name: str, option: str
) -> None:
    words = f"{option} must be one of the network's modules, not 'absent': 0, 1, 2"
    with pytest.raises(NetworkError, match=words):
        export(nets.convolutional(), "1", (1, 4, 4), tmp_path / "plain.onnx", {tap_name: "absent"})
