"""The real template, through the SAM translator into MiniStack, and proof that all of it is there."""

import io
import json
import os
import shutil
import subprocess
import zipfile

os.environ.setdefault("AWS_DEFAULT_REGION", "us-east-1")

from samtranslator.translator.transform import transform  # noqa: E402
from samtranslator.yaml_helper import yaml_parse  # noqa: E402

import inventory  # noqa: E402
import roles  # noqa: E402
from expect import Broken, equal, eventually, true  # noqa: E402
from machine import ACCOUNT, REGION  # noqa: E402

STACK = "hndasah-dev"
METHODS = ("get", "post", "put", "patch", "delete")
# Of CloudFormation.
TEMPLATE_BYTES_MAX = 1024 * 1024
RESOURCES_MAX = 500


class Stack:
    artifacts = "rehearsal-artifacts"

    def __init__(self, machine, root, bins, parameters):
        self.machine = machine
        self.root = root
        self.bins = bins
        self.parameters = parameters
        self.source = yaml_parse((root / "template.yaml").read_text())
        self.binaries = {}  # logical id -> binary
        self.transformed = None
        self.api = None
        self.counts = {}
        self.physical = {}  # logical id -> physical id
        self.left_out = []

    def deploy(self, journal):
        journal.part("The template")
        self.upload()
        journal.step(
            f"{len(self.binaries)} functions packed as `provided.al2023` with a `bootstrap` each"
        )
        self.translate()
        resources = len(self.transformed["Resources"])
        journal.step(f"SAM made {resources} resources of {len(self.source['Resources'])}")
        self.create()
        journal.step(
            f"the stack is `CREATE_COMPLETE`, without {self.alarms} alarms that MiniStack refuses"
        )
        self.route()
        self.fill_in()
        self.counts = inventory.check(self)
        found = ", ".join(f"{count} {what}" for what, count in self.counts.items())
        journal.step(f"found again by asking each service: {found}")

    def upload(self):
        """What `sam package` does: code into a bucket, its address into the template."""
        s3 = self.machine.client("s3")
        s3.create_bucket(Bucket=self.artifacts)
        for name, resource in self.of_type("AWS::Serverless::Function", self.source):
            binary = resource["Metadata"]["BuildProperties"]["Binary"]
            self.binaries[name] = binary
            key = f"{binary}.zip"
            s3.put_object(
                Bucket=self.artifacts, Key=key, Body=packed(self.bins / binary, self.machine.folder)
            )
            resource["Properties"]["CodeUri"] = f"s3://{self.artifacts}/{key}"

    def translate(self):
        class NoManagedPolicies:
            """Every function has a role of its own in the template."""

            def load(self):
                return {}

        defaults = {
            name: parameter["Default"] for name, parameter in self.source["Parameters"].items()
        }
        values = {**defaults, **self.parameters, "AWS::Region": REGION, "AWS::Partition": "aws"}
        self.transformed = transform(self.source, values, NoManagedPolicies())
        true(
            "CloudFormation takes 500 resources",
            len(self.transformed["Resources"]) <= RESOURCES_MAX,
        )
        # MiniStack knows alarms on one metric only.
        self.left_out = [
            name
            for name, alarm in self.of_type("AWS::CloudWatch::Alarm")
            if "Metrics" in alarm["Properties"]
        ]
        self.alarms = len(self.left_out)
        roles.adapt(self)

    def create(self):
        text = json.dumps(self.transformed)
        resources = self.transformed["Resources"].items()
        kept = {name: resource for name, resource in resources if name not in self.left_out}
        true("CloudFormation takes templates of a megabyte", len(text) <= TEMPLATE_BYTES_MAX)
        self.machine.client("s3").put_object(
            Bucket=self.artifacts,
            Key="template.json",
            Body=json.dumps({**self.transformed, "Resources": kept}),
        )
        cloudformation = self.machine.client("cloudformation")
        cloudformation.create_stack(
            StackName=STACK,
            TemplateURL=f"{self.machine.url}/{self.artifacts}/template.json",
            Capabilities=["CAPABILITY_IAM", "CAPABILITY_NAMED_IAM"],
            Parameters=[
                {"ParameterKey": key, "ParameterValue": value}
                for key, value in self.parameters.items()
            ],
        )

        def ended():
            status = cloudformation.describe_stacks(StackName=STACK)["Stacks"][0]["StackStatus"]
            return status if not status.endswith("_IN_PROGRESS") else None

        status = eventually("the stack is made", ended, 300)
        if status != "CREATE_COMPLETE":
            events = cloudformation.describe_stack_events(StackName=STACK)["StackEvents"]
            failed = [
                (event["LogicalResourceId"], event.get("ResourceStatusReason"))
                for event in events
                if "FAILED" in event["ResourceStatus"]
            ]
            raise Broken(f"the stack is {status}: {failed}")
        pages = cloudformation.get_paginator("list_stack_resources").paginate(StackName=STACK)
        self.physical = {
            found["LogicalResourceId"]: found["PhysicalResourceId"]
            for page in pages
            for found in page["StackResourceSummaries"]
        }
        wanted = {
            name for name, resource in kept.items() if resource.get("Condition") != "HasAlarmEmail"
        }
        equal(
            "resources of the template that the stack lacks",
            sorted(wanted - set(self.physical)),
            [],
        )

    def route(self):
        """The HTTP API's routes. MiniStack makes the API and ignores its OpenAPI body, in silence."""
        gateway = self.machine.client("apigatewayv2")
        self.api = self.physical["Api"]
        paths = self.transformed["Resources"]["Api"]["Properties"]["Body"]["paths"]
        there = set(inventory.routes(self))
        for path, methods in paths.items():
            for method, operation in methods.items():
                if method not in METHODS or f"{method.upper()} {path}" in there:
                    continue
                integration = operation["x-amazon-apigateway-integration"]
                equal(f"{method} {path}: format", integration["payloadFormatVersion"], "2.0")
                made = gateway.create_integration(
                    ApiId=self.api,
                    IntegrationType="AWS_PROXY",
                    IntegrationUri=self.function_arn(integration["uri"]),
                    PayloadFormatVersion="2.0",
                    TimeoutInMillis=integration["timeoutInMillis"],
                )
                gateway.create_route(
                    ApiId=self.api,
                    RouteKey=f"{method.upper()} {path}",
                    Target=f"integrations/{made['IntegrationId']}",
                )

    def fill_in(self):
        """What else MiniStack leaves out in silence: expiry of tables that CloudFormation makes,
        `ExcludePunctuation` of secrets, and the words of EventBridge Scheduler in an input, as
        `<aws.scheduler.scheduled-time>`."""
        dynamodb, scheduler = self.machine.client("dynamodb"), self.machine.client("scheduler")
        manager = self.machine.client("secretsmanager")
        for name, resource in self.of_type("AWS::SecretsManager::Secret"):
            wanted = resource["Properties"].get("GenerateSecretString", {})
            if wanted.get("ExcludePunctuation"):
                more = {key: wanted[key] for key in ("PasswordLength", "ExcludePunctuation")}
                made = manager.get_random_password(**more)["RandomPassword"]
                true(f"a password of {name} has no punctuation", made.isalnum(), made)
                whole = {
                    **json.loads(wanted["SecretStringTemplate"]),
                    wanted["GenerateStringKey"]: made,
                }
                manager.put_secret_value(
                    SecretId=self.physical[name], SecretString=json.dumps(whole)
                )
        for name, resource in self.of_type("AWS::DynamoDB::Table"):
            expiry = resource["Properties"].get("TimeToLiveSpecification")
            if expiry:
                dynamodb.update_time_to_live(
                    TableName=self.physical[name], TimeToLiveSpecification=expiry
                )
        for name, _ in self.of_type("AWS::Scheduler::Schedule"):
            schedule = scheduler.get_schedule(Name=self.physical[name])
            target = schedule["Target"]
            said = target["Input"]
            said = said.replace("<aws.scheduler.scheduled-time>", "2026-11-21T10:00:00Z")
            said = said.replace("<aws.scheduler.execution-id>", "rehearsal")
            said = said.replace("<aws.scheduler.schedule-arn>", schedule["Arn"])
            true(f"the input of {name} is JSON without placeholders", "<" not in said, said)
            json.loads(said)
            kept = ("Name", "ScheduleExpression", "FlexibleTimeWindow", "State")
            scheduler.update_schedule(
                **{key: schedule[key] for key in kept}, Target={**target, "Input": said}
            )

    def of_type(self, kind, template=None):
        template = template or self.transformed
        return [(name, r) for name, r in template["Resources"].items() if r["Type"] == kind]

    def function_arn(self, uri):
        """The function in an integration's address, `…functions/${WebhookFunction.Arn}/invocations`."""
        for name in self.binaries:
            if f"${{{name}.Arn}}" in uri["Fn::Sub"]:
                return self.arn_of(name)
        raise Broken(f"no function behind {uri}")

    def arn_of(self, name):
        return f"arn:aws:lambda:{REGION}:{ACCOUNT}:function:{self.physical[name]}"

    def function_of(self, binary):
        return next(self.physical[name] for name, own in self.binaries.items() if own == binary)

    def queue_url(self, name):
        return f"{self.machine.url}/{ACCOUNT}/{STACK}-{name}"


def packed(binary, folder):
    """The zip that Lambda takes: one `bootstrap` that may be run."""
    if not binary.exists():
        raise Broken(f"{binary.name} is not built")
    lean = folder / f"{binary.name}.lean"
    # Debug builds carry 80 MB that only a debugger reads.
    stripped = (
        shutil.which("strip")
        and subprocess.run(
            ["strip", "--strip-debug", "-o", lean, binary], check=False, capture_output=True
        ).returncode
        == 0
    )
    entry = zipfile.ZipInfo("bootstrap")
    entry.external_attr = 0o755 << 16
    entry.compress_type = zipfile.ZIP_DEFLATED
    zipped = io.BytesIO()
    with zipfile.ZipFile(zipped, "w", compresslevel=1) as archive:
        archive.writestr(entry, (lean if stripped else binary).read_bytes(), compresslevel=1)
    lean.unlink(missing_ok=True)
    return zipped.getvalue()
