"""What the template says, asked back from every service, and how much of it there is."""

import json

from samtranslator.yaml_helper import yaml_parse

from expect import equal, true
from machine import ACCOUNT, REGION


def check(stack):
    found = routes(stack)
    equal("routes and the functions behind them", found, wanted_routes(stack))
    return {
        "routes": len(found),
        "functions": functions(stack),
        "event source mappings": mappings(stack),
        "schedules": schedules(stack),
        "tables": tables(stack),
        "queues": queues(stack),
        "secrets": secrets(stack),
        "buckets": buckets(stack),
    }


def routes(stack):
    """Route -> the function it leads to."""
    gateway = stack.machine.client("apigatewayv2")

    def all_of(call):
        pages = gateway.get_paginator(call).paginate(ApiId=stack.api)
        return [item for page in pages for item in page["Items"]]

    functions = {i["IntegrationId"]: i["IntegrationUri"] for i in all_of("get_integrations")}
    return {
        route["RouteKey"]: functions[route["Target"].removeprefix("integrations/")]
        for route in all_of("get_routes")
    }


def wanted_routes(stack):
    """The same as `template.yaml` has it, not as SAM made it."""
    written = yaml_parse((stack.root / "template.yaml").read_text())
    return {
        f"{event['Properties']['Method']} {event['Properties']['Path']}": stack.arn_of(name)
        for name, function in stack.of_type("AWS::Serverless::Function", written)
        for event in function["Properties"].get("Events", {}).values()
        if event["Type"] == "HttpApi"
    }


def functions(stack):
    found = stack.machine.client("lambda").list_functions(MaxItems=50)["Functions"]
    names = {stack.physical[name] for name, _ in stack.of_type("AWS::Lambda::Function")}
    equal("functions", {function["FunctionName"] for function in found}, names)
    equal("runtimes", {function["Runtime"] for function in found}, {"provided.al2023"})
    return len(found)


def mappings(stack):
    found = stack.machine.client("lambda").list_event_source_mappings()["EventSourceMappings"]
    wanted = list(stack.of_type("AWS::Lambda::EventSourceMapping"))
    equal("event source mappings", len(found), len(wanted))
    for mapping in found:
        where = mapping["EventSourceArn"]
        equal(
            f"the mapping of {where} answers by item",
            mapping["FunctionResponseTypes"],
            ["ReportBatchItemFailures"],
        )
        true(
            f"the mapping of {where} works",
            mapping["State"] in ("Enabled", "Creating"),
            mapping,
        )
    filters = [mapping for mapping in found if mapping.get("FilterCriteria", {}).get("Filters")]
    equal(
        "mappings with a filter",
        len(filters),
        sum("FilterCriteria" in resource["Properties"] for _, resource in wanted),
    )
    return len(found)


def schedules(stack):
    found = stack.machine.client("scheduler").list_schedules()["Schedules"]
    wanted = {stack.physical[name] for name, _ in stack.of_type("AWS::Scheduler::Schedule")}
    equal("schedules", {schedule["Name"] for schedule in found}, wanted)
    equal("schedules that run", {schedule["State"] for schedule in found}, {"ENABLED"})
    return len(found)


def tables(stack):
    dynamodb = stack.machine.client("dynamodb")
    wanted = dict(stack.of_type("AWS::DynamoDB::Table"))
    names = {stack.physical[name] for name in wanted}
    equal("tables", set(dynamodb.list_tables()["TableNames"]), names)
    for name, resource in wanted.items():
        table = dynamodb.describe_table(TableName=stack.physical[name])["Table"]
        properties = resource["Properties"]
        indexes = {index["IndexName"] for index in table.get("GlobalSecondaryIndexes", [])}
        equal(
            f"indexes of {name}",
            indexes,
            {index["IndexName"] for index in properties.get("GlobalSecondaryIndexes", [])},
        )
        equal(
            f"stream of {name}",
            table.get("StreamSpecification", {}).get("StreamViewType"),
            properties.get("StreamSpecification", {}).get("StreamViewType"),
        )
        ttl = dynamodb.describe_time_to_live(TableName=stack.physical[name])
        equal(
            f"expiry of {name}",
            ttl["TimeToLiveDescription"].get("AttributeName"),
            properties.get("TimeToLiveSpecification", {}).get("AttributeName"),
        )
    return len(names)


def queues(stack):
    sqs = stack.machine.client("sqs")
    wanted = {stack.physical[name] for name, _ in stack.of_type("AWS::SQS::Queue")}
    urls = sqs.list_queues().get("QueueUrls", [])
    equal(
        "queues",
        {url.rsplit("/", 1)[1] for url in urls},
        {url.rsplit("/", 1)[1] for url in wanted},
    )
    for url in urls:
        attributes = sqs.get_queue_attributes(QueueUrl=url, AttributeNames=["All"])["Attributes"]
        is_fifo = url.endswith(".fifo")
        equal(f"{url} keeps order", attributes.get("FifoQueue", "false"), str(is_fifo).lower())
        if "-dlq" not in url:
            redrive = json.loads(attributes["RedrivePolicy"])
            equal(f"{url} gives up", int(redrive["maxReceiveCount"]), 20)
    return len(urls)


def secrets(stack):
    manager = stack.machine.client("secretsmanager")
    wanted = {
        r["Properties"]["Name"]["Fn::Sub"].replace("${Stage}", "dev")
        for _, r in stack.of_type("AWS::SecretsManager::Secret")
    }
    found = {secret["Name"] for secret in manager.list_secrets()["SecretList"]}
    equal("secrets", found, wanted)
    return len(found)


def buckets(stack):
    found = {bucket["Name"] for bucket in stack.machine.client("s3").list_buckets()["Buckets"]}
    wanted = {stack.physical[name] for name, _ in stack.of_type("AWS::S3::Bucket")}
    equal("buckets", found - {stack.artifacts}, wanted)
    equal("the bucket's name", wanted, {f"hndasah-dev-media-{ACCOUNT}-{REGION}"})
    return len(wanted)
