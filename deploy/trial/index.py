"""What a build needs of this machine to reach its package index, and an image must not keep."""

import configparser
import os
import ssl
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Final

from deploy.trial.engine import Engine

_KEPT: Final = ("index-url", "extra-index-url", "trusted-host", "proxy", "timeout")
# The engine keeps /run/secrets for itself; the other place is where Debian has them.
BUILD_CA: Final = "/run/secrets/ca.pem"
MOUNTED_CA: Final = "/etc/ssl/certs/ca-certificates.crt"


def secrets(pip_config: str, folder: Path) -> Sequence[str]:
    """Write what ``pip config list`` says as build secrets; give the flags of ``build``."""
    folder.mkdir(parents=True, exist_ok=True)
    written, authorities = folder / "pip.conf", authority_file()
    text = pip_conf(pip_config, BUILD_CA if authorities else None)
    written.write_text(text, encoding="utf-8")
    flags = ["--secret", f"id=pip.conf,src={written}"]
    return flags + (["--secret", f"id=ca.pem,src={authorities}"] if authorities else [])


def mounts(engine: Engine, pip_config: str, folder: Path) -> Mapping[str, str]:
    """Mount the same into builds that know of no secrets, as BentoML's; give the variables."""
    authorities = authority_file()
    if engine.name != "podman" or authorities is None:
        return {}
    folder.mkdir(parents=True, exist_ok=True)
    (folder / "pip.conf").write_text(pip_conf(pip_config, MOUNTED_CA), encoding="utf-8")
    # uv brings authorities of its own; a cache would stay in the layer.
    (folder / "uv.toml").write_text("native-tls = true\nno-cache = true\n", encoding="utf-8")
    mounted = {
        folder / "pip.conf": "/etc/pip.conf",
        folder / "uv.toml": "/etc/uv/uv.toml",
        authorities: MOUNTED_CA,
    }
    volumes = ", ".join(f'"{here}:{there}:ro"' for here, there in mounted.items())
    written = folder / "containers.conf"
    written.write_text(f"[containers]\nvolumes = [{volumes}]\n", encoding="utf-8")
    return {"CONTAINERS_CONF": str(written)}


def pip_conf(listed: str, authorities: str | None) -> str:
    """Turn the lines of ``pip config list`` into a pip.conf for the build.

    Addresses of this machine's own disk are left out: a build cannot see them.
    """
    found = configparser.ConfigParser(interpolation=None)
    found["global"] = {"cert": authorities} if authorities else {}
    for line in listed.splitlines():
        name, _, value = line.partition("=")
        option = name.rpartition(".")[2]
        urls = [part for part in value.strip("'\"").split() if not part.startswith("file:")]
        if option in _KEPT and urls:
            found["global"][option] = " ".join(urls)
    lines = [f"{name} = {value}" for name, value in found["global"].items()]
    return "\n".join(["[global]", *lines, ""])


def authority_file() -> Path | None:
    """Find the certificates that this machine trusts."""
    named = os.environ.get("SSL_CERT_FILE") or ssl.get_default_verify_paths().cafile
    return Path(named) if named and Path(named).is_file() else None
