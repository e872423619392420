"""The functions' roles, held to by MiniStack (`AUTH=true`), and what its evaluation of policies lacks."""

# Known to MiniStack as the account's root: the operator, and whoever deploys.
ROOT = {"AWS_ACCESS_KEY_ID": "000000000000", "AWS_SECRET_ACCESS_KEY": "rehearsal"}
# In AWS the right to send, delete or delay a message covers batches of them.
BATCHES = ("sqs:SendMessage", "sqs:DeleteMessage", "sqs:ChangeMessageVisibility")
# They deny whatever comes without TLS, and here everything does.
TLS_ONLY = ("AWS::SQS::QueuePolicy", "AWS::S3::BucketPolicy")


def adapt(stack):
    """Puts the roles' policies into words that MiniStack evaluates as AWS would the originals."""
    for _, role in stack.of_type("AWS::IAM::Role"):
        for policy in role["Properties"].get("Policies", []):
            statements = policy["PolicyDocument"]["Statement"]
            policy["PolicyDocument"]["Statement"] = [said(stack, one) for one in statements]
    kinds = {name: resource["Type"] for name, resource in stack.transformed["Resources"].items()}
    stack.left_out += [name for name, kind in kinds.items() if kind in TLS_ONLY]


def said(stack, statement):
    actions = listed(statement["Action"])
    resources = [of_secret(stack, resource) for resource in listed(statement["Resource"])]
    if "ses:SendEmail" in actions:
        resources = ["*"]  # It names no identity when it asks.
    adapted = {
        **statement,
        "Action": [f"{action}*" if action in BATCHES else action for action in actions],
        "Resource": resources,
    }
    if "dynamodb:LeadingKeys" in str(statement.get("Condition")):
        del adapted["Condition"]  # It does not know the keys of a request.
    return adapted


def of_secret(stack, resource):
    """`!Ref` of a secret is its address in AWS, and its name here."""
    secrets = dict(stack.of_type("AWS::SecretsManager::Secret"))
    if isinstance(resource, dict) and resource.get("Ref") in secrets:
        name = secrets[resource["Ref"]]["Properties"]["Name"]["Fn::Sub"]
        address = "arn:${AWS::Partition}:secretsmanager:${AWS::Region}:${AWS::AccountId}:secret"
        return {"Fn::Sub": f"{address}:{name}-*"}
    return resource


def listed(value):
    return value if isinstance(value, list) else [value]
