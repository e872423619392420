"""The API and the webhook as their callers reach them: over HTTP, through the emulated gateway."""

import hashlib
import hmac
import json
import urllib.error
import urllib.request

from expect import Broken, shown
from machine import opener

WEBHOOK = "/api/v1/webhooks/whatsapp"
# Of the samples in `events/`, which are signed with it.
APP_SECRET = "example-app-secret"
VERIFY_TOKEN = "example-verify-token"


class Answer:
    def __init__(self, call, status, headers, body):
        self.call = call
        self.status = status
        self.headers = headers
        self.body = body

    def ok(self, status=200):
        """The JSON of a success, or nothing where there is no body."""
        if self.status != status:
            raise Broken(f"{self.call}: expected {status}, saw {self.status} {shown(self.body)}")
        return json.loads(self.body) if self.body else None

    def problem(self, status, code):
        """The problem document of a refusal."""
        found = self.ok(status)
        kind = self.headers.get("content-type")
        if found.get("code") != code or kind != "application/problem+json":
            raise Broken(f"{self.call}: expected the problem {code}, saw {kind} {shown(found)}")
        return found


class Api:
    """Calls without a token, until `with_token` gives one."""

    def __init__(self, base, token=None, headers=None):
        self.base = base
        self.headers = {
            **(headers or {}),
            **({"authorization": f"Bearer {token}"} if token else {}),
        }
        self.client = opener()

    def with_token(self, token):
        return Api(self.base, token)

    def with_key(self, key):
        return Api(self.base, headers={"x-api-key": key})

    def get(self, path):
        return self.call("GET", path)

    def post(self, path, body=None, **headers):
        return self.call("POST", path, body, headers)

    def patch(self, path, body, etag):
        return self.call("PATCH", path, body, {"if-match": etag})

    def delete(self, path):
        return self.call("DELETE", path)

    def call(self, method, path, body=None, headers=None):
        data = None
        sent = {
            **self.headers,
            **{name.replace("_", "-"): text for name, text in (headers or {}).items()},
        }
        if body is not None:
            data = body if isinstance(body, bytes) else json.dumps(body).encode()
            sent.setdefault("content-type", "application/json")
        request = urllib.request.Request(f"{self.base}{path}", data, sent, method=method)
        try:
            with self.client.open(request, timeout=60) as answer:
                return Answer(
                    f"{method} {path}", answer.status, answer.headers, answer.read().decode()
                )
        except urllib.error.HTTPError as refused:
            with refused:
                return Answer(
                    f"{method} {path}", refused.code, refused.headers, refused.read().decode()
                )

    def deliver(self, body, secret=APP_SECRET):
        """Posts a webhook as Meta does: signed over the bytes."""
        data = body if isinstance(body, bytes) else json.dumps(body, ensure_ascii=False).encode()
        return self.call("POST", WEBHOOK, data, {"x-hub-signature-256": signature(data, secret)})


def signature(data, secret=APP_SECRET):
    return f"sha256={hmac.new(secret.encode(), data, hashlib.sha256).hexdigest()}"


def change(number, value):
    """What Meta posts about one of our numbers."""
    metadata = {"display_phone_number": "97145550100", "phone_number_id": number}
    value = {"messaging_product": "whatsapp", "metadata": metadata, **value}
    entry = {"id": "102290129340398", "changes": [{"field": "messages", "value": value}]}
    return {"object": "whatsapp_business_account", "entry": [entry]}


def words(number, person, wamid, at, text):
    """A person's text message, as Meta posts it."""
    digits = person["phone"].lstrip("+")
    who = {"profile": {"name": person["name"]}, "wa_id": digits, "user_id": person["bsuid"]}
    message = {"from": digits, "from_user_id": person["bsuid"], "id": wamid, "timestamp": str(at)}
    message |= {"type": "text", "text": {"body": text}}
    return change(number, {"contacts": [who], "messages": [message]})


def report(number, person, wamid, status, at):
    """What became of a message of ours, as Meta posts it."""
    digits = person["phone"].lstrip("+")
    told = {"id": wamid, "status": status, "timestamp": str(at), "recipient_id": digits}
    return change(number, {"statuses": [told]})
