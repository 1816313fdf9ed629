"""`textmine models`: what is installed."""

import json

import typer


def models(
    name: str | None = typer.Argument(None, help="Show this model's card."),
) -> None:
    """List the installed models, or show one's card.

    Example: textmine models psykisk-halsa
    """
    from textmine.errors import TextmineError, did_you_mean
    from textmine.shipped import CODER_FILE, find_model, list_models, model_places

    found = list_models(CODER_FILE)
    if name is not None:
        folder = find_model(name, CODER_FILE)
        if folder is None:
            raise TextmineError(
                f"No model '{name}'; {did_you_mean(name, [f.name for f in found])}."
            )
        typer.echo((folder / "card.md").read_text(encoding="utf-8"))
        return
    for folder in found:
        data = json.loads((folder / CODER_FILE).read_text(encoding="utf-8"))
        codebook, provenance = data["codebook"], data["provenance"]
        typer.echo(
            f"{folder.name}: {codebook['title'] or codebook['name']} "
            f"({', '.join(codebook['dimensions'])}), "
            f"{provenance['statements']:,} statements, {folder}"
        )
    typer.echo(f"Your own models are found in {model_places()[-1]}, or by their folder.")
