"""``reasoned layers``."""

from pathlib import Path

import click

from reasoned.cli.parsing import size
from reasoned.cli.speaking import say, spoken, table
from reasoned.network.layers import Layer, onnx_layers, torch_layers

EPILOG = """\b
Examples:
  reasoned layers reference
  reasoned layers mypkg.nets:build --size 64 --channels 3
  reasoned layers mynet.onnx --json
"""


@click.command(epilog=EPILOG)
@click.argument("network")
@click.option("--size", callback=size, default="28", show_default=True, metavar="N|ROWSxCOLUMNS")
@click.option(
    "--channels",
    type=click.IntRange(1, 4),
    default=None,
    help="Default: 1 for the reference, else 3.",
)
@click.option(
    "--weights",
    type=click.Path(exists=True, dir_okay=False, path_type=Path),
    help="safetensors file; not needed to list.",
)
@click.option("--json", "as_json", is_flag=True, help="Print JSON.")
def command(
    network: str,
    size: tuple[int, int],
    channels: int | None,
    weights: Path | None,
    *,
    as_json: bool,
) -> None:
    """List the layers of NETWORK that can be explained, with their shapes.

    NETWORK is `reference`, a .onnx file, or package.module:factory. Give a name from the
    list to `reasoned fit --layer`.
    """
    with spoken():
        found = _layers(network, size, channels, weights)
    rows = [("layer", "kind", "shape")]
    rows += [(name, kind, "x".join(str(n) for n in shape)) for name, kind, shape in found]
    records = [{"layer": n, "kind": k, "shape": list(s)} for n, k, s in found]
    say({"network": network, "layers": records}, as_json=as_json, text=table(rows))


def _layers(
    network: str, size: tuple[int, int], channels: int | None, weights: Path | None
) -> list[Layer]:
    if network.endswith(".onnx"):
        return onnx_layers(Path(network))
    from reasoned.network.factory import build_network  # noqa: PLC0415  torch takes a second
    from reasoned.network.reference import ReferenceNetwork  # noqa: PLC0415  the same

    if network == "reference":
        depth = channels or 1
        return torch_layers(ReferenceNetwork(depth, *size, 10), (depth, *size))
    return torch_layers(build_network(network, weights), (channels or 3, *size))
