"""Processes of ours on loopback, and an environment that leads nowhere else."""

import os
import re
import shutil
import signal
import socket
import subprocess
import sys
import urllib.request
from pathlib import Path

import boto3
from botocore.config import Config

import roles
from expect import Broken, equal, eventually, true

LINES_TOLD = 40
# Of a function's own words, of MiniStack's, of the emulator's.
TELLING = re.compile(r'^\{"timestamp"|ERROR|WARN|panicked|Traceback|Error:')
# What a function that works for a queue, a stream or the clock counts when all goes well.
METRICS = {
    "dispatcher": "outbox_dispatched_total",
    "processor": "messages_processed_total",
    "scheduler": "keys_rotated_total",
    "sender": "whatsapp_messages_sent_total",
}
REGION = "us-east-1"
ACCOUNT = "000000000000"
CREDENTIALS = {
    "AWS_REGION": REGION,
    "AWS_DEFAULT_REGION": REGION,
    **roles.ROOT,
}


def free_port():
    with socket.socket() as listener:
        listener.bind(("127.0.0.1", 0))
        return listener.getsockname()[1]


def opener():
    """A client that asks no proxy and follows no redirect."""

    class Stay(urllib.request.HTTPRedirectHandler):
        def redirect_request(self, *_):
            return None

    return urllib.request.build_opener(urllib.request.ProxyHandler({}), Stay)


class Machine:
    """MiniStack and whatever else is started beside it."""

    def __init__(self, folder: Path):
        self.folder = folder.resolve()
        shutil.rmtree(folder, ignore_errors=True)
        folder.mkdir(parents=True)
        self.port = free_port()
        self.url = f"http://127.0.0.1:{self.port}"
        self.running = []

    def environment(self, more):
        """Nothing of the person's own: no proxy, no profile, no credentials of AWS."""
        own = {"PATH": os.environ["PATH"], "HOME": str(self.folder), "TMPDIR": str(self.folder)}
        return {**own, **CREDENTIALS, "AWS_EC2_METADATA_DISABLED": "true", **more}

    def start(self, name, command, more):
        log = open(self.folder / f"{name}.log", "wb")
        process = subprocess.Popen(
            command,
            cwd=self.folder,
            env=self.environment(more),
            stdin=subprocess.DEVNULL,
            stdout=log,
            stderr=subprocess.STDOUT,
            start_new_session=True,
        )
        log.close()
        self.running.append(process)
        return process

    def start_aws(self, python):
        settings = {
            "BIND_HOST": "127.0.0.1",
            "GATEWAY_PORT": str(self.port),
            "IOT_MTLS_ENABLED": "0",
            "PERSIST_STATE": "0",
            "AUTH": "true",
            # Handed to the functions: without it they would ask for the real services.
            "AWS_ENDPOINT_URL": self.url,
        }
        process = self.start("aws", [python, "-m", "ministack"], settings)

        def answers():
            if process.poll() is not None:
                raise Broken(f"MiniStack ended with {process.returncode}; see aws.log")
            try:
                with opener().open(f"{self.url}/_ministack/health", timeout=5) as answer:
                    return answer.status == 200
            except OSError:
                return False

        eventually("MiniStack answers", answers)

    def client(self, service):
        config = Config(
            proxies={}, retries={"total_max_attempts": 2}, s3={"addressing_style": "path"}
        )
        return boto3.client(
            service,
            endpoint_url=self.url,
            region_name=REGION,
            aws_access_key_id=CREDENTIALS["AWS_ACCESS_KEY_ID"],
            aws_secret_access_key=CREDENTIALS["AWS_SECRET_ACCESS_KEY"],
            config=config,
        )

    def check_roles(self):
        """Nothing was asked for that a function's role does not allow."""
        said = (self.folder / "aws.log").read_text(errors="replace").splitlines()
        denied = [line for line in said if "is not authorized to perform" in line]
        equal("calls that a role does not allow", denied, [])

    def check_metrics(self):
        """What CloudWatch reads off the output of those who worked for queues and the clock."""
        said = (self.folder / "aws.log").read_text(errors="replace").splitlines()
        counted = [line for line in said if '"CloudWatchMetrics"' in line]
        for service, metric in METRICS.items():
            told = [one for one in counted if f'"service":"{service}"' in one and metric in one]
            true(f"{service} has told {metric}", told)

    def tell(self):
        """The last of what the processes said, function by function inside MiniStack's log."""
        for log in sorted(self.folder.glob("*.log")):
            said = log.read_text(errors="replace").splitlines()
            told = [line for line in said if TELLING.search(line)]
            if told:
                print(f"== the end of {log.name}", *told[-LINES_TOLD:], sep="\n", file=sys.stderr)
        # What functions said when they were called over HTTP.
        logs = self.client("logs")
        try:
            groups = logs.describe_log_groups(logGroupNamePrefix="/aws/lambda/")["logGroups"]
            for group in groups:
                name = group["logGroupName"]
                events = logs.filter_log_events(logGroupName=name)["events"]
                told = [one["message"].strip() for one in events if TELLING.search(one["message"])]
                if told:
                    print(f"== the end of {name}", *told[-LINES_TOLD:], sep="\n", file=sys.stderr)
        except Exception as silent:
            print(f"the functions' logs cannot be read: {silent}", file=sys.stderr)

    def stop(self):
        for process in reversed(self.running):
            # Each leads a session of its own, and its children go with it.
            try:
                os.killpg(process.pid, signal.SIGTERM)
                process.wait(timeout=10)
            except ProcessLookupError:
                pass
            except subprocess.TimeoutExpired:
                os.killpg(process.pid, signal.SIGKILL)
                process.wait()
