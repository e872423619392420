"""The deployment rehearsal: see docs/operations.md. Run by `cargo xtask e2e`."""

import argparse
import os
import sys
import time
from pathlib import Path

for name in list(os.environ):
    if name.lower().endswith("_proxy") or name.startswith("AWS_"):
        del os.environ[name]

import messages  # noqa: E402
import organization  # noqa: E402
import samples  # noqa: E402
import walls  # noqa: E402
from api import Api  # noqa: E402
from expect import Broken, Journal  # noqa: E402
from graph import Graph  # noqa: E402
from machine import Machine  # noqa: E402
from stack import Stack  # noqa: E402

ROOT = Path(__file__).resolve().parents[2]


def main():
    arguments = argparse.ArgumentParser()
    arguments.add_argument("--bins", type=Path, required=True)
    arguments.add_argument("--folder", type=Path, required=True)
    arguments.add_argument("--report", type=Path)
    arguments = arguments.parse_args()
    began = time.monotonic()
    machine, graph, journal = Machine(arguments.folder), Graph(), Journal()
    try:
        machine.start_aws(sys.executable)
        stack = Stack(machine, ROOT, arguments.bins.resolve(), {"GraphBaseUrl": graph.url, "AllowedHosts": "127.0.0.1"})
        stack.deploy(journal)
        api = Api(f"{machine.url}/_aws/execute-api/{stack.api}/$default")
        letters = organization.Letters(machine)
        organization.open_up(machine, stack, api, journal)
        company = organization.begin(machine, api, graph, letters, journal)
        task, conversation = messages.converse(machine, stack, company, graph, journal)
        walls.look_over(company, conversation, task, letters, journal)
        samples.feed(machine, stack, company, graph, arguments.bins.resolve(), journal)
        return 0
    except Broken as broken:
        print(f"e2e: {broken}", file=sys.stderr)
        return 1
    finally:
        graph.close()
        machine.stop()


sys.exit(main())
