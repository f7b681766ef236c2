"""``losslaws laws``: the laws that can be fitted."""

import argparse

from losslaws.cli.options import DONE, print_json


def add(commands: "argparse._SubParsersAction[argparse.ArgumentParser]") -> None:
    """Add the command."""
    parser = commands.add_parser("laws", help="list the laws that can be fitted")
    parser.add_argument("--json", action="store_true", help="print JSON instead of a table")
    parser.set_defaults(run=run)


def run(options: argparse.Namespace) -> int:
    """Print the laws."""
    from losslaws.core.registry import LAWS
    from losslaws.report.text import table

    laws = [LAWS.load(name) for name in LAWS.names()]
    if options.json:
        names = ("name", "formula", "parameters", "exponent", "source")
        print_json([{name: getattr(law, name) for name in names} for law in laws])
    else:
        rows = [[law.name, law.formula, law.exponent, law.source] for law in laws]
        print(table(["law", "formula", "exponent", "source"], rows))
    return DONE
