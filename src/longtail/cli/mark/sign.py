"""The command `longtail mark sign`."""

from pathlib import Path
from typing import Any

import click

from longtail.cli.options import quietly
from longtail.errors import ReadError, UsageError
from longtail.report.words import one_line

_TYPES = {"synthetic": "trainedAlgorithmicMedia", "mixed": "compositeWithTrainedAlgorithmicMedia", "human": "digitalCreation"}
_TEXTS = frozenset({".txt", ".text", ".md", ".markdown", ".rst"})


@click.command("sign", short_help="Sign a file with a C2PA credential that says how it was made.")
@click.argument("file")
@click.option(
    "-o", "--output", required=True, metavar="OUT", help="Where to write: a copy with the credential, or NAME.c2pa beside the file."
)
@click.option("--certificate", required=True, metavar="PEM", help="The signer's certificate and those above it.")
@click.option("--private-key", required=True, metavar="PEM", help="The signer's private key.")
@click.option("--source-type", required=True, type=click.Choice(list(_TYPES)), help="How the content was made.")
@click.option("--generator", required=True, metavar="NAME", help="Model or software that made it.")
@click.option("--algorithm", default="es256", show_default=True, help="Algorithm of the private key.")
@quietly
def command(file: str, output: str, **given: Any) -> None:
    r"""Write a signed C2PA credential into a copy of FILE: an image, sound, video, office file or plain text.

    \b
    Examples:
      longtail mark sign picture.png -o signed.png --certificate ca.pem --private-key key.pem --source-type synthetic --generator m
      longtail mark sign story.txt -o signed.txt --certificate ca.pem --private-key key.pem --source-type mixed --generator m
      longtail mark sign data.jsonl -o data.jsonl.c2pa --certificate ca.pem --private-key key.pem --source-type synthetic --generator m

    Data files have no room for one; for them it lies beside. A credential is taken off as easily as it is put on, and is
    believed only by those who trust the certificate: longtail detect FILE --trust CA.pem.
    """
    source, target = Path(file), Path(output)
    named = {name: given[name] for name in ("certificate", "private_key", "algorithm", "generator")}
    kind = _TYPES[given["source_type"]]
    if target.suffix.lower() == ".c2pa" or source.suffix.lower() not in _TEXTS:
        from longtail.origin.credentials import media

        media.sign(source, target, source_type=kind, **named)
    else:
        _sign_text(source, target, kind, named)
    if not given["quiet"]:
        click.echo(f"{one_line(output)}: signed as {given['source_type']}, made by {one_line(given['generator'])}", err=True)


def _sign_text(source: Path, target: Path, kind: str, named: dict[str, Any]) -> None:
    from longtail.atomic import replaced
    from longtail.ledger.tagging.sinks import writing
    from longtail.origin.credentials import text

    if target.exists() and source.exists() and target.samefile(source):
        raise UsageError(f"{str(source)!r} would be overwritten while it is read; name another output")
    try:
        content = source.read_bytes().decode()
    except OSError as error:
        raise ReadError(str(source), f"cannot be read: {error.strerror}", fix="name a file that can be opened") from None
    except UnicodeDecodeError as error:
        raise ReadError(str(source), f"is no UTF-8 text (byte {error.start + 1})", fix="save it as UTF-8") from None
    signed = text.sign(content, source_type=kind, **named)
    with writing(str(target)), replaced(target) as draft:
        draft.write_bytes(signed.encode())
