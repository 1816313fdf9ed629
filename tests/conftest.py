"""What all tests share: no network, a cache of their own, and the shipped models loaded once."""

import socket
from collections.abc import Iterator
from pathlib import Path

import pytest

from textmine.coding.coder import Coder
from textmine.embed.onnx_encoder import OnnxEncoder
from textmine.shipped import ENCODER, ENCODER_FILE, find_model


@pytest.fixture(autouse=True, scope="session")
def own_cache(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Path]:
    """Keep the tests' results out of the user's cache."""
    folder = tmp_path_factory.mktemp("cache")
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("TEXTMINE_CACHE", str(folder))
        patch.setenv("HF_HUB_OFFLINE", "1")
        yield folder


@pytest.fixture(autouse=True)
def no_network(monkeypatch: pytest.MonkeyPatch) -> None:
    """Fail any test that tries to leave this machine."""
    connect = socket.socket.connect

    def refuse(self: socket.socket, address: object) -> None:
        here = isinstance(address, tuple) and address[0] in ("127.0.0.1", "::1")
        if self.family != socket.AF_UNIX and not here:
            raise AssertionError(f"a test tried to connect to {address}")
        connect(self, address)  # type: ignore[arg-type]

    monkeypatch.setattr(socket.socket, "connect", refuse)


@pytest.fixture(scope="session")
def encoder() -> OnnxEncoder:
    """The shipped encoder."""
    folder = find_model(ENCODER, ENCODER_FILE)
    assert folder is not None
    return OnnxEncoder(folder)


@pytest.fixture(scope="session")
def shipped_coder() -> Coder:
    """The shipped coder; tests must not change it."""
    return Coder.load()
