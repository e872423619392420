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

from expect import Broken, equal, eventually, true  # noqa: E402
from machine import ACCOUNT, REGION  # noqa: E402

STACK = "hndasah-dev"
ARTIFACTS = "rehearsal-artifacts"
METHODS = ("get", "post", "put", "patch", "delete")
# Of CloudFormation.
TEMPLATE_BYTES_MAX = 1024 * 1024
RESOURCES_MAX = 500


class Stack:
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

    def deploy(self, journal):
        journal.part("The template")
        self.upload()
        journal.step(f"{len(self.binaries)} functions packed as `provided.al2023` with a `bootstrap` each")
        self.translate()
        resources = len(self.transformed["Resources"])
        journal.step(f"SAM made {resources} resources of {len(self.source['Resources'])}")
        self.create()
        journal.step("the stack is `CREATE_COMPLETE`")
        self.route()
        self.fill_in()
        for what, count in self.check().items():
            self.counts[what] = count
        found = ", ".join(f"{count} {what}" for what, count in self.counts.items())
        journal.step(f"found again by asking each service: {found}")

    def upload(self):
        """What `sam package` does: code into a bucket, its address into the template."""
        s3 = self.machine.client("s3")
        s3.create_bucket(Bucket=ARTIFACTS)
        for name, resource in self.of_type("AWS::Serverless::Function", self.source):
            binary = resource["Metadata"]["BuildProperties"]["Binary"]
            self.binaries[name] = binary
            key = f"{binary}.zip"
            s3.put_object(Bucket=ARTIFACTS, Key=key, Body=packed(self.bins / binary, self.machine.folder))
            resource["Properties"]["CodeUri"] = f"s3://{ARTIFACTS}/{key}"

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
        true("CloudFormation takes 500 resources", len(self.transformed["Resources"]) <= RESOURCES_MAX)
        # MiniStack knows alarms on one metric only.
        self.left_out = [
            name
            for name, alarm in self.of_type("AWS::CloudWatch::Alarm")
            if "Metrics" in alarm["Properties"]
        ]

    def create(self):
        text = json.dumps(self.transformed)
        resources = self.transformed["Resources"].items()
        kept = {name: resource for name, resource in resources if name not in self.left_out}
        true("CloudFormation takes templates of a megabyte", len(text) <= TEMPLATE_BYTES_MAX)
        self.machine.client("s3").put_object(Bucket=ARTIFACTS, Key="template.json", Body=json.dumps({**self.transformed, "Resources": kept}))
        cloudformation = self.machine.client("cloudformation")
        cloudformation.create_stack(
            StackName=STACK,
            TemplateURL=f"{self.machine.url}/{ARTIFACTS}/template.json",
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
        wanted = {name for name, resource in kept.items() if resource.get("Condition") != "HasAlarmEmail"}
        equal("resources of the template that the stack lacks", sorted(wanted - set(self.physical)), [])

    def route(self):
        """The HTTP API's routes. MiniStack makes the API and ignores its OpenAPI body, in silence."""
        gateway = self.machine.client("apigatewayv2")
        self.api = self.physical["Api"]
        paths = self.transformed["Resources"]["Api"]["Properties"]["Body"]["paths"]
        there = {route["RouteKey"] for route in all_of(gateway, "get_routes", self.api)}
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
                whole = {**json.loads(wanted["SecretStringTemplate"]), wanted["GenerateStringKey"]: made}
                manager.put_secret_value(SecretId=self.physical[name], SecretString=json.dumps(whole))
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

    def check(self):
        """Asks every service for what the template says, and says how much of it there is."""
        client = self.machine.client
        routes = [route["RouteKey"] for route in all_of(client("apigatewayv2"), "get_routes", self.api)]
        equal("routes of the API", sorted(routes), sorted(self.wanted_routes()))
        names = {self.physical[name] for name, _ in self.of_type("AWS::Lambda::Function")}
        functions = client("lambda").list_functions(MaxItems=50)["Functions"]
        equal("functions", {function["FunctionName"] for function in functions}, names)
        equal("runtimes", {function["Runtime"] for function in functions}, {"provided.al2023"})
        mappings = self.check_mappings()
        return {
            "routes": len(routes),
            "functions": len(functions),
            "event source mappings": len(mappings),
            "schedules": self.check_schedules(),
            "tables": self.check_tables(),
            "queues": self.check_queues(),
            "secrets": self.check_secrets(),
            "buckets": self.check_buckets(),
        }

    def check_mappings(self):
        mappings = self.machine.client("lambda").list_event_source_mappings()["EventSourceMappings"]
        wanted = list(self.of_type("AWS::Lambda::EventSourceMapping"))
        equal("event source mappings", len(mappings), len(wanted))
        for mapping in mappings:
            where = mapping["EventSourceArn"]
            equal(f"the mapping of {where} answers by item", mapping["FunctionResponseTypes"],
                  ["ReportBatchItemFailures"])
            true(f"the mapping of {where} works", mapping["State"] in ("Enabled", "Creating"), mapping)
        filters = [mapping for mapping in mappings if mapping.get("FilterCriteria", {}).get("Filters")]
        equal("mappings with a filter", len(filters),
              sum("FilterCriteria" in resource["Properties"] for _, resource in wanted))
        return mappings

    def check_schedules(self):
        schedules = self.machine.client("scheduler").list_schedules()["Schedules"]
        wanted = {self.physical[name] for name, _ in self.of_type("AWS::Scheduler::Schedule")}
        equal("schedules", {schedule["Name"] for schedule in schedules}, wanted)
        equal("schedules that run", {schedule["State"] for schedule in schedules}, {"ENABLED"})
        return len(schedules)

    def check_tables(self):
        dynamodb = self.machine.client("dynamodb")
        wanted = dict(self.of_type("AWS::DynamoDB::Table"))
        names = {self.physical[name] for name in wanted}
        equal("tables", set(dynamodb.list_tables()["TableNames"]), names)
        for name, resource in wanted.items():
            table = dynamodb.describe_table(TableName=self.physical[name])["Table"]
            properties = resource["Properties"]
            indexes = {index["IndexName"] for index in table.get("GlobalSecondaryIndexes", [])}
            equal(f"indexes of {name}", indexes,
                  {index["IndexName"] for index in properties.get("GlobalSecondaryIndexes", [])})
            equal(f"stream of {name}", table.get("StreamSpecification", {}).get("StreamViewType"),
                  properties.get("StreamSpecification", {}).get("StreamViewType"))
            ttl = dynamodb.describe_time_to_live(TableName=self.physical[name])
            equal(f"expiry of {name}", ttl["TimeToLiveDescription"].get("AttributeName"),
                  properties.get("TimeToLiveSpecification", {}).get("AttributeName"))
        return len(names)

    def check_queues(self):
        sqs = self.machine.client("sqs")
        wanted = {self.physical[name] for name, _ in self.of_type("AWS::SQS::Queue")}
        urls = sqs.list_queues().get("QueueUrls", [])
        equal("queues", {url.rsplit("/", 1)[1] for url in urls}, {url.rsplit("/", 1)[1] for url in wanted})
        for url in urls:
            attributes = sqs.get_queue_attributes(QueueUrl=url, AttributeNames=["All"])["Attributes"]
            is_fifo = url.endswith(".fifo")
            equal(f"{url} keeps order", attributes.get("FifoQueue", "false"), str(is_fifo).lower())
            if "-dlq" not in url:
                redrive = json.loads(attributes["RedrivePolicy"])
                equal(f"{url} gives up", int(redrive["maxReceiveCount"]), 20)
        return len(urls)

    def check_secrets(self):
        manager = self.machine.client("secretsmanager")
        wanted = {r["Properties"]["Name"]["Fn::Sub"].replace("${Stage}", "dev")
                  for _, r in self.of_type("AWS::SecretsManager::Secret")}
        found = {secret["Name"] for secret in manager.list_secrets()["SecretList"]}
        equal("secrets", found, wanted)
        return len(found)

    def check_buckets(self):
        buckets = {bucket["Name"] for bucket in self.machine.client("s3").list_buckets()["Buckets"]}
        wanted = {self.physical[name] for name, _ in self.of_type("AWS::S3::Bucket")}
        equal("buckets", buckets - {ARTIFACTS}, wanted)
        equal("the bucket's name", wanted, {f"hndasah-dev-media-{ACCOUNT}-{REGION}"})
        return len(wanted)

    def wanted_routes(self):
        """As `template.yaml` has them, not as SAM made them."""
        events = (
            event
            for name, resource in yaml_parse((self.root / "template.yaml").read_text())["Resources"].items()
            if resource["Type"] == "AWS::Serverless::Function"
            for event in resource["Properties"].get("Events", {}).values()
        )
        return [
            f"{event['Properties']['Method']} {event['Properties']['Path']}"
            for event in events
            if event["Type"] == "HttpApi"
        ]

    def of_type(self, kind, template=None):
        template = template or self.transformed
        return [(name, r) for name, r in template["Resources"].items() if r["Type"] == kind]

    def function_arn(self, uri):
        """The function in an integration's address, `…functions/${WebhookFunction.Arn}/invocations`."""
        for name in self.binaries:
            if f"${{{name}.Arn}}" in uri["Fn::Sub"]:
                function = self.physical[name]
                return f"arn:aws:lambda:{REGION}:{ACCOUNT}:function:{function}"
        raise Broken(f"no function behind {uri}")

    def function_of(self, binary):
        return next(self.physical[name] for name, own in self.binaries.items() if own == binary)

    def queue_url(self, name):
        return f"{self.machine.url}/{ACCOUNT}/{STACK}-{name}"


def all_of(gateway, call, api):
    return [item for page in gateway.get_paginator(call).paginate(ApiId=api) for item in page["Items"]]


def packed(binary, folder):
    """The zip that Lambda takes: one `bootstrap` that may be run."""
    if not binary.exists():
        raise Broken(f"{binary.name} is not built")
    lean = folder / f"{binary.name}.lean"
    # Debug builds carry 80 MB that only a debugger reads.
    stripped = shutil.which("strip") and subprocess.run(
        ["strip", "--strip-debug", "-o", lean, binary], check=False, capture_output=True
    ).returncode == 0
    entry = zipfile.ZipInfo("bootstrap")
    entry.external_attr = 0o755 << 16
    entry.compress_type = zipfile.ZIP_DEFLATED
    zipped = io.BytesIO()
    with zipfile.ZipFile(zipped, "w", compresslevel=1) as archive:
        archive.writestr(entry, (lean if stripped else binary).read_bytes(), compresslevel=1)
    lean.unlink(missing_ok=True)
    return zipped.getvalue()
