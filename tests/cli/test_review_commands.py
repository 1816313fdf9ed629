"""`textmine review` and `textmine apply` from the command line: what goes wrong, in a sentence."""

import subprocess
import sys
from pathlib import Path

import pytest


def textmine(*arguments: str, cwd: Path, **env: str) -> subprocess.CompletedProcess[str]:
    import os

    return subprocess.run(
        [sys.executable, "-m", "textmine", *arguments],
        cwd=cwd,
        env=os.environ | env,
        capture_output=True,
        text=True,
        timeout=120,
    )


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (("review", "tom"), "no results of 'textmine code'"),
        (("apply", "tom"), "no results of 'textmine code'"),
        (("review", "tom", "--tls-key", "k.pem"), "belong together"),
    ],
)
def test_wrong_input_is_one_clear_line(
    tmp_path: Path, arguments: tuple[str, ...], words: str
) -> None:
    (tmp_path / "tom").mkdir()
    done = textmine(*arguments, cwd=tmp_path)
    assert done.returncode == 2
    assert words in done.stderr
    assert done.stderr.startswith("Error: ")
    assert "Traceback" not in done.stderr
    assert list((tmp_path / "tom").iterdir()) == []


def test_another_address_asks_for_a_password_of_some_length(tmp_path: Path) -> None:
    done = textmine("review", ".", "--host", "0.0.0.0", cwd=tmp_path, TEXTMINE_PASSWORD="kort")
    assert done.returncode == 2
    assert "at least 10 characters" in done.stderr


@pytest.mark.parametrize("command", ["review", "apply"])
def test_help_has_an_example(tmp_path: Path, command: str) -> None:
    done = textmine(command, "--help", cwd=tmp_path)
    assert done.returncode == 0
    assert f"Example: textmine {command} resultat" in done.stdout
