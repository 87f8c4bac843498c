"""The command line: flags in, text out, an exit code. Each command is one file in ``commands``."""

from __future__ import annotations

import gc
import importlib
import sys
from io import TextIOWrapper
from pathlib import Path
from typing import NoReturn

import click

from auditor import __version__
from auditor.errors import NetauditError

EXIT_ERROR = 2
EXIT_INTERRUPTED = 130

_COMMANDS = Path(__file__).parent / "commands"


class _Commands(click.Group):
    """The files of ``commands`` as commands; each is imported when it is asked for."""

    def list_commands(self, ctx: click.Context) -> list[str]:  # noqa: ARG002 - click's signature
        return sorted(
            path.stem.replace("_", "-") for path in _COMMANDS.glob("*.py") if path.stem != "__init__"
        )

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        if cmd_name not in self.list_commands(ctx):
            return None
        module = importlib.import_module(f"auditor.cli.commands.{cmd_name.replace('-', '_')}")
        command: click.Command = module.command
        return command

    def resolve_command(
        self, ctx: click.Context, args: list[str]
    ) -> tuple[str | None, click.Command | None, list[str]]:
        try:
            return super().resolve_command(ctx, args)
        except click.UsageError as error:
            near = _nearest(args[0], self.list_commands(ctx))
            raise click.UsageError(error.message + near, ctx) from error


def _nearest(word: str, names: list[str]) -> str:
    from difflib import get_close_matches

    near = get_close_matches(word, names, n=2)
    return f" Did you mean {' or '.join(near)}?" if near else ""


@click.group(
    cls=_Commands, context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 100}
)
@click.version_option(__version__, prog_name="netaudit")
def cli() -> None:
    """Prove what an AWS network lets through, from the code that will build it.

    \b
      netaudit who-can-reach sg-database-postgres infra/
      netaudit can-reach internet sg-database-postgres infra/
      netaudit check infra/

    Shell completion: eval "$(_NETAUDIT_COMPLETE=bash_source netaudit)", or zsh_source, or fish_source.
    """


def main(arguments: list[str] | None = None) -> NoReturn:
    """Run the command line of this process and leave with its exit code."""
    gc.disable()  # what a run builds is in use until it ends, and is not worth collecting then
    try:
        sys.exit(run(sys.argv[1:] if arguments is None else arguments))
    finally:
        gc.freeze()


def run(words: list[str]) -> int:
    """Run one command line, given without the program's name, and give its exit code."""
    _print_anything()
    try:
        code = cli.main(args=words, prog_name="netaudit", standalone_mode=False)
    except SystemExit as left:
        return left.code if isinstance(left.code, int) else 0
    except click.ClickException as error:
        error.show()
        return EXIT_ERROR
    except (click.Abort, KeyboardInterrupt):
        return EXIT_INTERRUPTED
    except NetauditError as error:
        return _refused(str(error), words)
    except RecursionError:
        return _refused("the input is nested too deeply", words)
    except Exception as error:
        what = f"internal error: {type(error).__name__}: {error}"
        return _refused(f"{what}\n  hint: --debug shows where; please report it", words)
    return code if isinstance(code, int) else 0


def _print_anything() -> None:
    """Names in the input may hold what this terminal cannot show, or what is no text at all."""
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, TextIOWrapper):
            stream.reconfigure(errors="replace")


def _refused(message: str, words: list[str]) -> int:
    if "--debug" in words:
        import traceback

        traceback.print_exc()
    click.echo(f"netaudit: {message}", err=True)
    return EXIT_ERROR
