"""Where models lie: in the package, in a checkout's `models/`, and in the user's own folder."""

from pathlib import Path

from platformdirs import user_data_path

# The models that are shipped, by what they are for.
ENCODER = "e5-small"
THEMES = "teman"
SPLITTER = "utsagor"
CODER = "psykisk-halsa"
# The file that tells a folder to be a model of its kind.
ENCODER_FILE, BOUNDARIES, CODER_FILE = "encoder.json", "boundaries.json", "model.json"

_PACKAGE = Path(__file__).parent
# An installed wheel carries the models inside the package; a checkout has them beside it.
_PLACES = (_PACKAGE / "models", _PACKAGE.parent / "models")


def model_places() -> list[Path]:
    """Folders that hold models, the shipped ones first."""
    return [*_PLACES, user_data_path("textmine") / "models"]


def find_model(name: str, marker: str) -> Path | None:
    """Find a model's folder by path or by name; it must hold the file `marker`."""
    for folder in (Path(name), *(place / name for place in model_places())):
        if (folder / marker).is_file():
            return folder
    return None


def list_models(marker: str) -> list[Path]:
    """List the model folders that hold `marker`, shipped ones first."""
    return [
        folder
        for place in model_places()
        if place.is_dir()
        for folder in sorted(place.iterdir())
        if (folder / marker).is_file()
    ]
