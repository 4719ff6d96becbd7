"""Measures the danger detector on a file of labelled messages."""

from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from teduh.risk.evaluation import EvaluationError, evaluate, read, report_json, report_text


class Command(BaseCommand):
    help = "Measure the danger detector on lines of severity<TAB>category<TAB>text (urgent, concern or none)."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("file", type=Path, metavar="FILE.tsv")
        parser.add_argument("--json", action="store_true", help="print one JSON object with the figures only")

    def handle(self, *args: Any, **options: Any) -> None:
        try:
            evaluation = evaluate(read(options["file"]))
        except EvaluationError as error:
            raise CommandError(str(error)) from error
        self.stdout.write(report_json(evaluation) if options["json"] else report_text(evaluation))
