"""Every sample of `events/` into its function under AWS's own Runtime Interface Emulator: what
`sam local invoke` does, without a container."""

import importlib.util
import json
import platform
import shutil
import urllib.error
import urllib.request
from pathlib import Path

from api import VERIFY_TOKEN, signature
from expect import Broken, equal, eventually, true
from machine import free_port, opener
from messages import drained
from organization import NUMBER, TOKEN

CALL = "/2015-03-31/functions/function/invocations"
# The number that nearly all bodies in `events/whatsapp` came to.
SAMPLES_NUMBER = "106540352240001"
# Whom the API's samples ask, and what comes back: they carry no valid credential.
HTTP = {
    "list-conversations": ("conversations", 401),
    "list-projects": ("projects", 401),
    "login": ("auth", 401),
    "webhook-receive": ("webhook", 200),
    "webhook-verify": ("webhook", 200),
}
# What `message-broken-neighbours.json` has in it.
BROKEN = ["the event has no readable id", "the event has no readable item"]
QUEUES = {"inbound-messages": "processor", "statuses": "processor", "outbound": "sender"}
DEAD_LETTERS = ("inbound-dlq.fifo", "statuses-dlq", "outbound-dlq", "dispatch-dlq", "schedule-dlq")


class Emulators:
    """One emulator for each function, started when it is first asked."""

    def __init__(self, machine, stack, bins):
        self.machine, self.stack, self.bins = machine, stack, bins
        self.client, self.urls, self.running = opener(), {}, {}
        arch = {"x86_64": "x86_64", "aarch64": "arm64"}[platform.machine()]
        package = Path(importlib.util.find_spec("samcli").origin).parent
        self.emulator = machine.folder / "rie"
        shutil.copy(package / "local" / "rapid" / f"aws-lambda-rie-{arch}", self.emulator)
        self.emulator.chmod(0o755)

    def url_of(self, binary):
        """Where a function's emulator listens; started anew when somebody else had its port."""
        if binary in self.urls and self.running[binary].poll() is None:
            return self.urls[binary]
        lambdas = self.machine.client("lambda")
        function = lambdas.get_function_configuration(FunctionName=self.stack.function_of(binary))
        calls, runtime = free_port(), free_port()
        command = [self.emulator, "--log-level", "error"]
        command += ["--runtime-interface-emulator-address", f"127.0.0.1:{calls}"]
        command += ["--runtime-api-address", f"127.0.0.1:{runtime}", self.bins / binary]
        variables = {
            **function["Environment"]["Variables"],
            "AWS_ENDPOINT_URL": self.machine.url,
            "AWS_LAMBDA_FUNCTION_NAME": function["FunctionName"],
            "AWS_LAMBDA_FUNCTION_TIMEOUT": str(function["Timeout"]),
            "AWS_LAMBDA_FUNCTION_MEMORY_SIZE": str(function["MemorySize"]),
        }
        self.running[binary] = self.machine.start(f"rie-{binary}", command, variables)
        self.urls[binary] = f"http://127.0.0.1:{calls}{CALL}"
        return self.urls[binary]

    def invoke(self, name, binary, event):
        """A function's answer. An error comes as 200 too, and says its type."""
        body = json.dumps(event).encode()

        def answered():
            request = urllib.request.Request(self.url_of(binary), body)
            try:
                with self.client.open(request, timeout=90) as found:
                    return found.status, found.read()
            except urllib.error.HTTPError as refused:
                raise Broken(
                    f"{name}: the emulator says {refused.code} {refused.read()[:500]!r}"
                ) from refused
            except OSError:
                return None  # It is not listening yet.

        status, answer = eventually(f"an answer to {name}", answered)
        found = json.loads(answer) if answer.strip() else None
        is_error = isinstance(found, dict) and "errorType" in found
        true(f"{name} into {binary}", status == 200 and not is_error, answer.decode())
        return found


def feed(machine, stack, company, graph, bins, journal):
    journal.part("Every sample event under the Runtime Interface Emulator")
    emulators = Emulators(machine, stack, bins)
    root = stack.root / "events"
    connect_samples(company, graph)
    journal.step(
        "the number of Meta's samples is connected, so that they are taken and not set aside"
    )
    fed = {}
    for path in sorted(root.rglob("*.json")):
        kind, name = path.parent.name, path.stem
        event = json.loads(path.read_text())
        where = f"events/{path.relative_to(root)}"
        fed[kind] = fed.get(kind, 0) + 1
        match kind:
            case "apigateway":
                http(emulators, where, name, event)
            case "sqs":
                answer = emulators.invoke(where, QUEUES[name], event)
                equal(f"{where}: failures", answer, {"batchItemFailures": []})
            case "stream":
                answer = emulators.invoke(where, "dispatcher", event)
                equal(f"{where}: failures", answer, {"batchItemFailures": []})
            case "schedule":
                emulators.invoke(where, "scheduler", event)
            case "erasure":
                answer = emulators.invoke(where, "eraser", event)
                equal(f"{where}: it is of nobody", answer["state"], "refused")
            case "whatsapp":
                delivered(emulators, where, root, path.read_bytes())
            case _:
                raise Broken(f"nobody knows which function {where} is for")
    for kind, count in sorted(fed.items()):
        journal.step(f"{count} of `events/{kind}`")
    settle(machine, stack, company, graph, journal)
    return sum(fed.values())


def connect_samples(company, graph):
    graph.tokens[SAMPLES_NUMBER] = TOKEN
    new = {"phone_number_id": SAMPLES_NUMBER, "access_token": TOKEN}
    company.owner.post("/api/v1/organization/channels", new).ok(201)


def http(emulators, where, name, event):
    binary, status = HTTP[name]
    answer = emulators.invoke(where, binary, event)
    equal(f"{where}: status", answer["statusCode"], status)
    if name == "webhook-verify":
        true("the sample's verify token", VERIFY_TOKEN in event["rawQueryString"])
        equal(where, answer["body"], event["queryStringParameters"]["hub.challenge"])
    if status == 401:
        equal(f"{where}: kind", answer["headers"]["content-type"], "application/problem+json")


def delivered(emulators, where, root, body):
    """A body of Meta's in the event that API Gateway makes of it."""
    event = json.loads((root / "apigateway/webhook-receive.json").read_text())
    event["headers"]["x-hub-signature-256"] = signature(body)
    event["body"] = body.decode()
    answer = emulators.invoke(where, "webhook", event)
    equal(f"{where}: status", answer["statusCode"], 200)


def settle(machine, stack, company, graph, journal):
    """What the samples set going comes to its end: nothing waits, nothing is given up."""
    for name in ("inbound.fifo", "statuses", "outbound"):
        drained(machine, stack.queue_url(name))
    sqs = machine.client("sqs")
    for name in DEAD_LETTERS:
        found = sqs.get_queue_attributes(
            QueueUrl=stack.queue_url(name), AttributeNames=["ApproximateNumberOfMessages"]
        )
        equal(f"messages in {name}", found["Attributes"]["ApproximateNumberOfMessages"], "0")
    journal.step("the deployed functions took what the samples put on the queues; no dead letters")
    set_aside = company.owner.get("/api/v1/quarantine?limit=200").ok()["quarantine"]
    equal("reasons of quarantine", sorted(found["reason"] for found in set_aside), BROKEN)
    journal.step(
        "of what came to the number, the two events that are broken on purpose are in quarantine"
    )
    odd = {call for call in graph.refused if call != ("GET", f"/v25.0/{NUMBER}", 190)}
    equal("calls that Meta would refuse", odd, set())
    journal.step("no call to Meta was one that it would refuse, but for the false token")
