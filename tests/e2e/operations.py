"""Procedures of docs/operations.md that need what the embedded stack has not: copies of tables,
earlier versions of objects and secrets, calls of a function by name."""

import json

from expect import equal, true

TABLE = "hndasah-dev-projects"
COPY = f"{TABLE}-restored"


def rehearse(machine, stack, company, journal):
    journal.part("An operator's procedures")
    restore_rows(machine, company, journal)
    restore_object(machine, stack, journal)
    restore_secret(machine, journal)
    erase(machine, stack, company, journal)


def restore_rows(machine, company, journal):
    """The copy is of now: MiniStack keeps no moments."""
    dynamodb = machine.client("dynamodb")
    dynamodb.restore_table_to_point_in_time(
        SourceTableName=TABLE, TargetTableName=COPY, UseLatestRestorableTime=True
    )
    path = f"/api/v1/projects/{company.project}/tasks"
    before = company.owner.get(path).ok()["tasks"]
    true("there are tasks to lose", before)
    partition = f"P#{company.project.removeprefix('prj_')}"
    rows = [
        item
        for page in dynamodb.get_paginator("scan").paginate(TableName=COPY)
        for item in page["Items"]
        if item["pk"]["S"].endswith(partition) and item["sk"]["S"].startswith("K#")
    ]
    for row in rows:
        dynamodb.delete_item(TableName=TABLE, Key={"pk": row["pk"], "sk": row["sk"]})
    equal("tasks after the mistake", company.owner.get(path).ok()["tasks"], [])
    for row in rows:
        dynamodb.put_item(
            TableName=TABLE, Item=row, ConditionExpression="attribute_not_exists(pk)"
        )
    equal("tasks that are back", company.owner.get(path).ok()["tasks"], before)
    dynamodb.delete_table(TableName=COPY)
    journal.step("rows that were deleted by mistake are put back from a restored copy of their table")


def restore_object(machine, stack, journal):
    s3, bucket = machine.client("s3"), stack.physical["MediaBucket"]
    status = s3.get_bucket_versioning(Bucket=bucket).get("Status")
    equal("the bucket keeps versions", status, "Enabled")
    where = {"Bucket": bucket, "Key": "claims/rehearsal/one"}
    s3.put_object(**where, Body=b"as it was")
    s3.put_object(**where, Body=b"by mistake")
    s3.delete_object(**where)
    versions = s3.list_object_versions(Bucket=bucket, Prefix=where["Key"])["Versions"]
    for version in versions:
        found = s3.get_object(**where, VersionId=version["VersionId"])["Body"].read()
        if found == b"as it was":
            s3.put_object(**where, Body=found)
    equal("the object", s3.get_object(**where)["Body"].read(), b"as it was")
    journal.step("an object that was overwritten and deleted is put back from its earlier version")


def restore_secret(machine, journal):
    manager, name = machine.client("secretsmanager"), "hndasah/dev/meta"
    good = manager.get_secret_value(SecretId=name)["SecretString"]
    manager.put_secret_value(SecretId=name, SecretString='{"app_secret": "by mistake"}')
    earlier = manager.get_secret_value(SecretId=name, VersionStage="AWSPREVIOUS")["SecretString"]
    equal("the earlier value", earlier, good)
    manager.put_secret_value(SecretId=name, SecretString=earlier)
    equal("the value", manager.get_secret_value(SecretId=name)["SecretString"], good)
    journal.step("a secret that was overwritten is put back from its previous version")


def erase(machine, stack, company, journal):
    """The first turn, by the deployed function under its own role; the last is a quarter of an hour
    later, for which `tests/tests/system/erasure.rs` moves its clock."""
    lambdas, function = machine.client("lambda"), stack.function_of("eraser")

    def call(name):
        order = {
            "tenant_id": company.tenant(),
            "organization_name": name,
            "operator": "rehearsal@example.com",
        }
        made = lambdas.invoke(FunctionName=function, Payload=json.dumps(order).encode())
        equal("the eraser's error", made.get("FunctionError"), None)
        return json.loads(made["Payload"].read())

    equal("a slip in the name", call("Gulf Built LLC")["state"], "refused")
    true("a slip changes nothing", company.owner.get("/api/v1/organization").status == 200)
    answer = call("Gulf Build LLC")
    equal("the first turn", answer["state"], "waiting")
    for table in ("conversations", "projects", "audit"):
        true(f"of {table} something was deleted", answer["erased"].get(table, 0) > 0, answer)
    partition = f"T#{company.tenant().removeprefix('ten_')}"
    dynamodb = machine.client("dynamodb")
    for table in ("conversations", "projects", "audit", "jobs"):
        left = [
            item["pk"]["S"]
            for page in dynamodb.get_paginator("scan").paginate(TableName=f"hndasah-dev-{table}")
            for item in page["Items"]
            if item["pk"]["S"].startswith(partition)
        ]
        equal(f"of {table} is left", left, [])
    journal.step("a company is erased: a slip in its name is refused, then nothing of it is left")
