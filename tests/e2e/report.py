"""What a run that held is worth, on a page."""

import importlib.metadata
import time

PACKAGES = ("ministack", "aws-sam-translator", "aws-sam-cli", "boto3")

LIMITS = """## What MiniStack is helped with

Each of these it leaves out or knows otherwise, mostly in silence. The rehearsal does them from the
transformed template.

| left out | done instead |
| --- | --- |
| alarms with metric math: refused | {left_out} alarms are taken out of the stack; cfn-lint has read them |
| the OpenAPI body of the HTTP API: no routes | an integration and a route for each operation in it |
| expiry (`ttl`) of tables that CloudFormation makes | `UpdateTimeToLive` |
| `ExcludePunctuation` of generated secrets | generated once more by Secrets Manager itself |
| the words of EventBridge Scheduler in an input, as `<aws.scheduler.scheduled-time>` | replaced in the schedules |
| in policies: batches under `sqs:SendMessage` and its like, the identity of `ses:SendEmail`, the address of a secret behind `!Ref` | put into its words (`tests/e2e/roles.py`) |
| in policies: `dynamodb:LeadingKeys` | those conditions are taken off, so they are not proved |
| TLS of its own: everything would be denied | the policies of queues and bucket that demand it are taken out |

## What it cannot show

- Conditions of permissions, and what belongs to resources. Throttling, reserved concurrency, and how API Gateway limits routes.
- Time: its own latency is far above the functions'. Nothing here says how fast anything is.
- Contention, throttling and stale reads of DynamoDB; partial failures of SQS. The fault campaigns do.
- CORS, the custom domain, TLS, X-Ray, what alarms do, letters beyond SES taking them.
- arm64: the functions run here as the machine's own. `cargo xtask package --check` builds what is deployed and starts it.
"""


def write(path, journal, stack, samples, seconds):
    versions = ", ".join(f"{name} {importlib.metadata.version(name)}" for name in PACKAGES)
    counts = ", ".join(f"{count} {what}" for what, count in stack.counts.items())
    date = time.strftime("%Y-%m-%d", time.gmtime())
    lines = [
        "# Deployed end to end",
        "",
        "Written by `cargo xtask e2e --report docs/proof/e2e.md`, which ends at the first expectation "
        "that breaks. The functions' own binaries, the real `template.yaml` through the SAM "
        "translator, MiniStack on loopback, with every function held to its role, and a stand-in for Meta's Graph API; all below went "
        "over HTTP.",
        "",
        f"- {journal.count()} steps held in {seconds:.0f} s (packing and starting included), {date}",
        f"- of the template: {counts}",
        f"- {samples} sample events, each into its function",
        f"- {versions}",
    ]
    for title, steps in journal.parts:
        lines += ["", f"## {title}", ""]
        lines += [f"{place}. {step}" for place, step in enumerate(steps, 1)]
    lines += ["", LIMITS.format(left_out=stack.alarms).rstrip(), ""]
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text("\n".join(lines))
