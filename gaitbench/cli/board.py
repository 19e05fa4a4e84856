"""``gaitbench board RUNS...``: many systems on one page."""

from __future__ import annotations

import json
import sys
from pathlib import Path

import click

__all__ = ["command"]

_DIR = click.Path(path_type=Path, file_okay=False)


@click.command("board")
@click.argument("runs", nargs=-1, type=click.Path(path_type=Path), metavar="RUNS...")
@click.option("--output", type=_DIR, metavar="DIR", help="Folder of the page.  [default: board]")
@click.option("--check", is_flag=True, help="Only check the submissions RUNS: nothing is written.")
@click.option("--export", type=_DIR, metavar="DIR",
              help="Write each system of RUNS as a submission into DIR instead of a page.")  # fmt: skip
@click.option("--schema", is_flag=True, help="Print the JSON Schema of a submission.")
@click.option("--json", "as_json", is_flag=True, help="Print JSON.")
@click.option("--quiet", is_flag=True, help="Say only what is left out, or wrong.")
def command(
    runs: tuple[Path, ...],
    output: Path | None,
    check: bool,
    export: Path | None,
    schema: bool,
    as_json: bool,
    quiet: bool,
) -> None:
    """Put every system of many runs on one static page, who is named least first.

    RUNS are folders of runs, submissions (one JSON file a system), or folders of submissions. Only what was measured
    under the protocol of the first is ranked; all else is named, with the reason. Systems that share a letter cannot
    be told apart.

    \b
    gaitbench board reports/quick reports/mine submissions --output board
    gaitbench board reports/mine --export submissions
    gaitbench board --check submissions/mine.json
    """  # noqa: D301  click reads the \b
    from gaitbench.errors import ConfigError

    if schema:
        from gaitbench.results.board.submission import submission_schema

        click.echo(json.dumps(submission_schema(), indent=1))
        return
    if not runs:
        raise ConfigError("give RUNS: folders of runs, or files of submissions")
    if check:
        if export is not None or output is not None:
            raise ConfigError("--check writes nothing; leave --output and --export out")
        sys.exit(_check(runs, as_json, quiet))
    if export is not None and output is not None:
        raise ConfigError("--export stands for --output; give one of them")
    sys.exit(
        _export(runs, export, as_json, quiet) if export is not None else _page(runs, output, as_json, quiet)
    )


def _check(paths: tuple[Path, ...], as_json: bool, quiet: bool) -> int:
    from gaitbench.errors import DataError
    from gaitbench.reporting.formats.visible import one_line
    from gaitbench.results.board.submission import read_submission

    found = []
    for path in paths:
        try:
            one = read_submission(path)
            found.append(
                {"file": str(path), "valid": True, "system": one.system, "protocol": one.protocol_hash}
            )
        except DataError as error:
            found.append({"file": str(path), "valid": False, "why": str(error)})
    if as_json:
        click.echo(json.dumps(found, indent=1, ensure_ascii=False))
    for row in found if not as_json else ():
        if not row["valid"]:
            click.echo(f"gaitbench: {one_line(str(row['why']))}", err=True)
        elif not quiet:
            click.echo(
                one_line(f"{row['file']}: valid: {row['system']}, protocol {str(row['protocol'])[:12]}")
            )
    return 0 if all(row["valid"] for row in found) else 2


def _page(runs: tuple[Path, ...], output: Path | None, as_json: bool, quiet: bool) -> int:
    from gaitbench.reporting.board.entries import gather
    from gaitbench.reporting.formats.plain import to_csv
    from gaitbench.reporting.formats.visible import one_line
    from gaitbench.reporting.page.board import board_document, board_table, board_text, render_board
    from gaitbench.results.board.ranking import rank
    from gaitbench.results.files.folder import output_folder
    from gaitbench.store.atomic import write_text

    board = rank(*gather(runs))
    folder = output or Path("board")
    table = board_table(board)
    if table is None:
        for one in board.left_out:
            click.echo(one_line(f"left out: {one.name}: {one.why}"), err=True)
        click.echo("gaitbench: nothing that was given can stand on a board", err=True)
        return 2
    document = json.dumps(board_document(board), indent=1, ensure_ascii=False)
    with output_folder(folder) as part:
        write_text(part / "index.html", render_board(board))
        write_text(part / "board.csv", to_csv(table))
        write_text(part / "board.json", document + "\n")
    if as_json:
        click.echo(document)
        return 1 if board.left_out else 0
    for line in board_text(board):
        if not quiet or line.startswith("left out"):
            click.echo(one_line(line), err=line.startswith("left out"))
    if not quiet:
        click.echo(f"Page: {folder / 'index.html'}")
    return 1 if board.left_out else 0


def _export(runs: tuple[Path, ...], folder: Path, as_json: bool, quiet: bool) -> int:
    from gaitbench.errors import ConfigError
    from gaitbench.reporting.board.entries import gather
    from gaitbench.reporting.formats.visible import one_line
    from gaitbench.results.board.submission import to_json
    from gaitbench.results.files.own_files import file_name
    from gaitbench.store.atomic import write_text

    found, left_out = gather(runs)
    written = []
    for source, one in found:
        path = folder / f"{file_name(f'{Path(source).stem}-{one.system}'.replace(' ', ''))}.json"
        if path.exists():
            raise ConfigError(f"{path} is there already; give another --export")
        try:
            folder.mkdir(parents=True, exist_ok=True)
            write_text(path, to_json(one))
        except OSError as error:
            raise ConfigError(
                f"--export {folder} cannot be written ({error.strerror}); give another folder"
            ) from error
        written.append(str(path))
    if as_json:
        click.echo(json.dumps({"written": written, "left_out": [vars(one) for one in left_out]}, indent=1))
    elif not quiet:
        for name in written:
            click.echo(name)
    for missing in left_out:
        click.echo(one_line(f"left out: {missing.name}: {missing.why}"), err=True)
    return 2 if not written else 1 if left_out else 0
