import pytest

from deploy.trial.base import mirror

DEB822 = """Types: deb
# http://snapshot.debian.org/archive/debian/20250520T000000Z
URIs: {}
Suites: bookworm
"""


@pytest.mark.parametrize(
    ("sources", "expected"),
    [
        ("", "http://deb.debian.org/debian"),
        (DEB822.format("https://mirror.example/debian"), "https://mirror.example/debian"),
        ("deb [arch=amd64] http://one.example/debian bookworm main", "http://one.example/debian"),
        (
            DEB822.format("http://a.example/debian-security")
            + DEB822.format("http://a.example/debian"),
            "http://a.example/debian",
        ),
        ("deb https://packages.example/cloud-sdk main", "http://deb.debian.org/debian"),
    ],
)
def test_the_machine_s_own_mirror_is_used(sources: str, expected: str) -> None:
    assert mirror(sources) == expected
