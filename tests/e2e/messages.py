"""The second journey: a signed message becomes a task, is answered, and is read back."""

import json
import secrets
import time
import uuid

import api as http
from expect import equal, eventually, true
from organization import NUMBER, OWNER

WISH = "please add a task: fix the waterproofing on roof block C before thursday"
SECOND_WISH = "please add a task: order 40 bags of cement"


class Chat:
    """What the owner writes from the linked phone, and what comes back to it."""

    def __init__(self, company, graph):
        self.api, self.graph = company.api, graph
        self.before = len(graph.sends_to(OWNER["phone"]))

    def write(self, text, **more):
        wamid = f"wamid.{secrets.token_hex(12).upper()}"
        said = http.words(NUMBER, OWNER, wamid, int(time.time()), text)
        said["entry"][0]["changes"][0]["value"]["messages"][0] |= more
        body = json.dumps(said).encode()
        equal("the webhook's answer", self.api.deliver(body).status, 200)
        return wamid, body

    def replies(self):
        return self.graph.sends_to(OWNER["phone"])[self.before :]

    def reply(self, count):
        """The reply with this number, counted from one."""
        return eventually(f"reply {count}", lambda: self.replies()[count - 1 : count])[0]


def text_of(body):
    if body["type"] == "text":
        return body["text"]["body"]
    return body["interactive"]["body"]["text"]


def everything(owner, path, name):
    """All items of a listing, page by page."""
    found, cursor = [], ""
    for _ in range(100):
        joint = "&" if "?" in path else "?"
        answer = owner.get(f"{path}{joint}limit=2{cursor}")
        page = answer.ok()
        found += page if name is None else page[name]
        following = answer.headers["x-next-cursor"]
        if not following:
            return found
        cursor = f"&cursor={following}"
    raise AssertionError(f"{path} has no end")


def converse(machine, stack, company, graph, journal):
    journal.part("A message becomes a task")
    chat = Chat(company, graph)
    wamid, body = chat.write(WISH)
    reply = chat.reply(1)
    true("the reply names the task", "waterproofing" in text_of(reply), reply)
    journal.step("a signed WhatsApp message is answered through the Graph API")
    eventually("the message is marked as read", lambda: wamid in graph.reads)
    journal.step("it is marked as read at Meta")
    the_task(company)
    journal.step("the API shows the task, with the message as its source")
    conversation = read_back(company, wamid, reply)
    journal.step("the API shows the conversation and both messages, page by page")
    refuse_forgeries(company.api, body)
    journal.step("without a signature, with a false one, with one of other bytes: 401, three times")
    repeat(machine, stack, company, chat, conversation, body)
    journal.step(
        "the same message again, by webhook and past the queue's own deduplication: one task, one reply"
    )
    statuses(company, conversation, reply)
    journal.step("`delivered`, `read` and a late `sent` are told; the message stays `read`")
    take_over(company, chat, conversation)
    journal.step("a person takes over, writes once although the call was repeated, and gives back")
    send_much(machine, stack, chat)
    journal.step(
        "a message of 250 KB waits in the bucket instead of the queue, and is answered too"
    )
    return conversation


def the_task(company):
    tasks = company.owner.get(f"/api/v1/projects/{company.project}/tasks").ok()["tasks"]
    equal("tasks", len(tasks), 1)
    task = tasks[0]
    true("the task's title", "waterproofing" in task["title"].lower(), task)
    true("the task has a source", task.get("source_message_id", "").startswith("msg_"), task)
    project = company.owner.get(f"/api/v1/projects/{company.project}").ok()
    true("the project counts it", project.get("totals", project).get("tasks") == 1, project)


def read_back(company, wamid, reply):
    conversations = company.owner.get("/api/v1/conversations").ok()["conversations"]
    equal("conversations", len(conversations), 1)
    path = f"/api/v1/conversations/{conversations[0]['id']}"

    def settled():
        messages = everything(company.owner, f"{path}/messages", None)
        sent = [m for m in messages if m["direction"] == "outbound" and m["status"] == "accepted"]
        return messages if sent else None

    messages = eventually("the reply is recorded as taken by Meta", settled)
    kept = sorted((m["direction"], m["provider_id"]) for m in messages)
    equal("messages", kept, [("inbound", wamid), ("outbound", reply["wamid"])])
    equal(
        "the message's text",
        [m["content"] for m in messages if m["direction"] == "inbound"],
        [WISH],
    )
    equal("the conversation", company.owner.get(path).ok()["message_count"], 2)
    return path


def refuse_forgeries(api, body):
    for headers in (
        {},
        {"x-hub-signature-256": http.signature(body, "another secret")},
        {"x-hub-signature-256": http.signature(body + b" ")},
    ):
        equal("a forged webhook", api.call("POST", http.WEBHOOK, body, headers).status, 401)


def repeat(machine, stack, company, chat, path, body):
    """The same event twice more; then another message of the same person, which the queue keeps
    behind them, so that its answer says that they are through."""
    equal("the webhook's answer", company.api.deliver(body).status, 200)
    route = {"tenant": company.me["organization"]["id"], "channel": company.channel["id"]}
    value = json.loads(body)["entry"][0]["changes"][0]["value"]
    sender = {"bsuid": OWNER["bsuid"], "phone": OWNER["phone"], "name": OWNER["name"]}
    envelope = {
        "v": 1,
        "route": route,
        "kind": "message",
        "phone_number_id": NUMBER,
        "sender": sender,
    }
    # As `webhook` writes it: the item with what Meta says around it.
    event = {
        "v": 1,
        "metadata": value["metadata"],
        "contact": value["contacts"][0],
        "item": value["messages"][0],
    }
    envelope |= {"event": event, "received_at": "2026-11-21T10:00:01Z", "trace": "rehearsal"}
    sqs, inbound = machine.client("sqs"), stack.queue_url("inbound.fifo")
    sqs.send_message(
        QueueUrl=inbound,
        MessageBody=json.dumps(envelope),
        MessageGroupId="rehearsal",
        MessageDeduplicationId=uuid.uuid4().hex,
    )
    drained(machine, inbound)
    chat.write(SECOND_WISH)
    true("the second reply names its task", "cement" in text_of(chat.reply(2)), chat.replies())
    eventually("both pairs of messages", lambda: company.owner.get(path).ok()["message_count"] == 4)
    equal("messages", len(everything(company.owner, f"{path}/messages", None)), 4)
    tasks = company.owner.get(f"/api/v1/projects/{company.project}/tasks").ok()["tasks"]
    equal("tasks", len(tasks), 2)
    equal("replies", len(chat.replies()), 2)


def drained(machine, url):
    """Once nothing waits in the queue or is in somebody's hands."""
    names = ["ApproximateNumberOfMessages", "ApproximateNumberOfMessagesNotVisible"]

    def empty():
        found = machine.client("sqs").get_queue_attributes(QueueUrl=url, AttributeNames=names)
        return all(found["Attributes"][name] == "0" for name in names)

    eventually(f"{url.rsplit('/', 1)[1]} is empty", empty)


def statuses(company, path, reply):
    now = int(time.time())
    for status, at in (("delivered", now), ("read", now + 1), ("sent", now - 1)):
        told = http.report(NUMBER, OWNER, reply["wamid"], status, at)
        equal("the webhook's answer", company.api.deliver(told).status, 200)

    def told_all():
        messages = everything(company.owner, f"{path}/messages", None)
        found = next(m for m in messages if m.get("provider_id") == reply["wamid"])
        return found if {"sent", "delivered", "read"} <= set(found["status_at"]) else None

    equal("the status", eventually("all three reports", told_all)["status"], "read")


def take_over(company, chat, path):
    equal("taken over", company.owner.post(f"{path}/takeover").ok()["is_bot_active"], False)
    words = {"content": "I will look at it myself", "message_type": "text"}
    key = str(uuid.uuid4())
    first = company.owner.post(f"{path}/messages", words, idempotency_key=key).ok(201)
    again = company.owner.post(f"{path}/messages", words, idempotency_key=key)
    equal("the answer to the repetition", again.ok(201), first)
    equal("the person's words", text_of(chat.reply(3)), words["content"])
    equal("given back", company.owner.post(f"{path}/release").ok()["is_bot_active"], True)
    chat.write("please add a task: call the crane driver")
    chat.reply(4)
    equal(
        "words of the person that left",
        [text_of(b) for b in chat.replies()].count(words["content"]),
        1,
    )


def send_much(machine, stack, chat):
    chat.write("please add a task: paint the stairs", extra="x" * 250_000)
    true("the reply names its task", "stairs" in text_of(chat.reply(5)), chat.replies())
    bucket = stack.physical["MediaBucket"]
    claims = machine.client("s3").list_objects_v2(Bucket=bucket, Prefix="claims/")
    equal("objects under claims/", claims["KeyCount"], 1)
