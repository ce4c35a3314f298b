"""``reasoned build``."""

from pathlib import Path

import click

from reasoned.cli.speaking import say, spoken
from reasoned.folder.checking import check_files, read_manifest

EPILOG = """\b
Examples:
  reasoned build models/digits
  reasoned build models/digits --version 2
  reasoned build models/digits --base-image registry.example/python:3.11
  bentoml export reasoned-digits:2 "$PWD/digits.bento"
  (cd / && bentoml containerize reasoned-digits:2)
"""


@click.command(epilog=EPILOG)
@click.argument("folder", type=click.Path(exists=True, file_okay=False, path_type=Path))
@click.option("--name", help="The Bento's name; default: reasoned- and the model's name.")
@click.option("--version", help="The Bento's version; default: the start of the model's digest.")
@click.option("--base-image", help="What `bentoml containerize` builds on; has Python 3.11, pip.")
@click.option("--json", "as_json", is_flag=True, help="Print JSON.")
def command(
    folder: Path, name: str | None, version: str | None, base_image: str | None, *, as_json: bool
) -> None:
    """Package a model FOLDER as a Bento that holds it, from bentofile.yaml.

    The Bento needs no torch: `bentoml export` it, or `bentoml containerize` it.
    """
    with spoken():
        manifest, digest = read_manifest(folder)
        check_files(folder, manifest)
        from service.bento import build_bento  # noqa: PLC0415  bentoml takes a while to import

        tag = build_bento(
            folder,
            name=name or f"reasoned-{manifest.name.lower()}",
            version=version or digest[:12],
            base_image=base_image,
        )
    record = {"tag": tag, "model": {"name": manifest.name, "sha256": digest}}
    # BentoML puts a relative path under the root.
    text = f'Built {tag}. Next: bentoml export {tag} "$PWD/{manifest.name}.bento"'
    say(record, as_json=as_json, text=text)
