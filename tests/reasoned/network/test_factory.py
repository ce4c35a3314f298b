"""A factory by its dotted name."""

from pathlib import Path

import pytest
import torch
from safetensors.torch import save_file

from reasoned.errors import NetworkError
from reasoned.network.factory import build_network
from tests.reasoned.small_networks import COLOUR, colour, convolutional

HERE = "tests.reasoned.small_networks"


@pytest.mark.parametrize("name", ["colour", "package.module", ":factory", "module:", ""])
def test_a_name_without_module_and_factory_is_refused(name: str) -> None:
    words = rf"must be 'reference', a \.onnx file or package\.module:factory, not '{name}'"
    with pytest.raises(NetworkError, match=words):
        build_network(name, None)


def test_a_module_or_factory_that_is_not_there_is_refused() -> None:
    words = "run where the package can be imported, or install it"
    with pytest.raises(NetworkError, match=f"cannot import 'build' from 'no.such': .*; {words}"):
        build_network("no.such:build", None)
    with pytest.raises(NetworkError, match=f"cannot import 'absent' from '{HERE}': .*; {words}"):
        build_network(f"{HERE}:absent", None)


def test_what_the_factory_gives_must_be_a_module() -> None:
    with pytest.raises(NetworkError, match=r"must return a torch\.nn\.Module, but returned list"):
        build_network(f"{HERE}:no_network", None)


def test_weights_are_loaded_and_the_network_is_in_eval_mode(tmp_path: Path) -> None:
    saved = colour().state_dict()
    save_file(saved, tmp_path / "w.safetensors")
    found = build_network(COLOUR, tmp_path / "w.safetensors")

    assert not found.training
    for name, tensor in found.state_dict().items():
        torch.testing.assert_close(tensor, saved[name], rtol=0, atol=0)


@pytest.mark.parametrize("name", ["w.pt", "w.pth", "w.bin", "w"])
def test_weights_of_another_format_are_refused_with_the_way_out(tmp_path: Path, name: str) -> None:
    (tmp_path / name).write_bytes(b"")

    words = rf"must be a \.safetensors file, not {name}: other formats are pickles; convert once"
    with pytest.raises(NetworkError, match=words):
        build_network(COLOUR, tmp_path / name)


def test_weights_that_are_broken_or_missing_are_refused_by_name(tmp_path: Path) -> None:
    path = tmp_path / "w.safetensors"
    with pytest.raises(NetworkError, match=r"w\.safetensors is not a readable safetensors file"):
        build_network(COLOUR, path)
    path.write_bytes(b"broken")
    with pytest.raises(NetworkError, match=r"w\.safetensors is not a readable safetensors file"):
        build_network(COLOUR, path)


def test_weights_of_another_network_are_refused_with_what_differs(tmp_path: Path) -> None:
    save_file(convolutional().state_dict(), tmp_path / "w.safetensors")

    with pytest.raises(NetworkError, match=r"(?s)does not fit the network: .*conv\.weight"):
        build_network(COLOUR, tmp_path / "w.safetensors")
