"""The deployment rehearsal, as docs/operations.md tells it. `cargo xtask e2e` prepares and runs it."""

import argparse
import os
import sys
import time
from pathlib import Path

# What a person's shell says of proxies and of AWS has no part in this.
for name in list(os.environ):
    if name.lower().endswith("_proxy") or name.startswith("AWS_"):
        del os.environ[name]

import messages  # noqa: E402
import operations  # noqa: E402
import organization  # noqa: E402
import report  # noqa: E402
import samples  # noqa: E402
import walls  # noqa: E402
from api import Api  # noqa: E402
from expect import Broken, Journal  # noqa: E402
from graph import Graph  # noqa: E402
from machine import Machine  # noqa: E402
from stack import Stack  # noqa: E402

ROOT = Path(__file__).resolve().parents[2]


def rehearse(machine, graph, bins, journal):
    """All of it: the stack, and how many sample events were fed."""
    machine.start_aws(sys.executable)
    # The gateway's address stands in for its host name.
    parameters = {"GraphBaseUrl": graph.url, "AllowedHosts": "127.0.0.1"}
    stack = Stack(machine, ROOT, bins, parameters)
    stack.deploy(journal)
    api = Api(f"{machine.url}/_aws/execute-api/{stack.api}/$default")
    letters = organization.Letters(machine)
    organization.open_up(machine, stack, api, journal)
    company = organization.begin(machine, api, graph, letters, journal)
    conversation = messages.converse(machine, stack, company, graph, journal)
    walls.look_over(company, conversation, letters, journal)
    fed = samples.feed(machine, stack, company, graph, bins, journal)
    operations.rehearse(machine, stack, company, journal)
    machine.check_metrics()
    journal.step("who works for a queue, a stream or the clock has printed metrics for CloudWatch")
    machine.check_roles()
    journal.step("no function asked AWS for anything that its own role does not allow")
    return stack, fed


def main():
    arguments = argparse.ArgumentParser()
    arguments.add_argument("--bins", type=Path, required=True)
    arguments.add_argument("--folder", type=Path, required=True)
    arguments.add_argument("--report", type=Path)
    arguments = arguments.parse_args()
    began = time.monotonic()
    machine, graph, journal = Machine(arguments.folder), Graph(), Journal()
    try:
        stack, fed = rehearse(machine, graph, arguments.bins.resolve(), journal)
    except Exception as broken:
        machine.tell()
        if not isinstance(broken, Broken):
            raise
        print(f"e2e: {broken}", file=sys.stderr)
        return 1
    finally:
        graph.close()
        machine.stop()
    seconds = time.monotonic() - began
    print(f"== {journal.count()} steps held in {seconds:.0f} s")
    if arguments.report:
        report.write(arguments.report, journal, stack, fed, seconds)
    return 0


if __name__ == "__main__":
    sys.exit(main())
