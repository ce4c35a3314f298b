import socket

import pytest

from service.binding import exposure, is_loopback, listening_hosts
from tests.service.live_server import EVERYWHERE


@pytest.mark.parametrize("host", ["127.0.0.1", "127.9.9.9", "::1", "::ffff:127.0.0.1", "localhost"])
def test_loopback_is_known(host: str) -> None:
    assert is_loopback(host)


@pytest.mark.parametrize(
    "host", [EVERYWHERE, "::", "10.0.0.1", "fe80::1%eth0", "example.org", "", "::ffff:10.0.0.1"]
)
def test_everything_else_is_not_loopback(host: str) -> None:
    assert not is_loopback(host)


def test_a_listening_socket_is_found_and_a_closed_one_is_not() -> None:
    # 127.0.0.77 is loopback too, and nothing else in this process uses it.
    with socket.create_server(("127.0.0.77", 0)):
        assert "127.0.0.77" in (listening_hosts() or ())
    assert "127.0.0.77" not in (listening_hosts() or ())


def test_a_bound_but_silent_socket_does_not_count() -> None:
    with socket.socket() as bound:
        bound.bind(("127.0.0.78", 0))

        assert "127.0.0.78" not in (listening_hosts() or ())


def test_only_loopback_is_safe() -> None:
    assert exposure(("127.0.0.1", "::1")) is None
    assert exposure(()) is None
    assert "would listen on 0.0.0.0, beyond loopback" in str(exposure(("127.0.0.1", EVERYWHERE)))


def test_what_is_unknown_is_refused() -> None:
    assert "cannot find out where it listens" in str(exposure(None))
