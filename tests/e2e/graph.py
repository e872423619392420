"""A stand-in for Meta's Graph API: the three calls the product makes, answered as Meta documents
them, and kept so that what left can be looked at."""

import json
import re
import secrets
import threading
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from urllib.parse import urlsplit

PATH = re.compile(r"^/v\d+\.\d+/(?P<node>[A-Za-z0-9]+)(?P<messages>/messages)?$")


class Graph:
    def __init__(self):
        self.lock = threading.Lock()
        self.tokens = {}  # phone number id -> the token that may use it
        self.calls = []  # (phone number id, body) of every send that was taken
        self.reads = []  # wamids marked as read
        self.refused = []  # (method, path, code) of every call that was not taken
        handler = type("Handler", (Handler,), {"graph": self})
        self.server = ThreadingHTTPServer(("127.0.0.1", 0), handler)
        self.server.daemon_threads = True
        threading.Thread(target=self.server.serve_forever, daemon=True).start()

    @property
    def url(self):
        return f"http://127.0.0.1:{self.server.server_address[1]}"

    def close(self):
        self.server.shutdown()

    def sends_to(self, phone):
        """The bodies sent to a number, oldest first."""
        with self.lock:
            return [body for _, body in self.calls if body.get("to") == phone]

    def take(self, number, token, body):
        """Meta's answer to a message: status and body."""
        with self.lock:
            if self.tokens.get(number) is None:
                return 400, error(100, f"Object with ID '{number}' does not exist")
            if self.tokens[number] != token:
                return 401, error(190, "Invalid OAuth access token")
            if body.get("messaging_product") != "whatsapp":
                return 400, error(100, "The parameter messaging_product is required.")
            if body.get("status") == "read":
                self.reads.append(body["message_id"])
                return 200, {"success": True}
            kind = body.get("type")
            if kind not in ("text", "interactive", "template") or not body.get(kind):
                return 400, error(131008, "Required parameter is missing")
            wanted = body.get("to") or body.get("recipient")
            if not wanted:
                return 400, error(131008, "The parameter to is required.")
            wamid = f"wamid.{secrets.token_hex(16).upper()}"
            self.calls.append((number, {**body, "wamid": wamid}))
        contact = {"input": wanted, "wa_id": wanted.lstrip("+")}
        answer = {"messaging_product": "whatsapp", "contacts": [contact]}
        return 200, {**answer, "messages": [{"id": wamid}]}

    def describe(self, number, token):
        with self.lock:
            known = self.tokens.get(number)
        if known is None or known != token:
            return 401, error(190, "Invalid OAuth access token")
        display = {"id": number, "display_phone_number": "+971 4 555 0100"}
        return 200, {**display, "verified_name": "Gulf Build", "quality_rating": "GREEN"}


def error(code, message):
    kind = "OAuthException"
    return {"error": {"message": message, "type": kind, "code": code, "fbtrace_id": "AExample"}}


class Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    graph = None

    def do_GET(self):
        found = PATH.match(urlsplit(self.path).path)
        if not found or found["messages"]:
            return self.answer(400, error(2500, "Unknown path components"))
        return self.answer(*self.graph.describe(found["node"], self.token()))

    def do_POST(self):
        text = self.rfile.read(int(self.headers.get("content-length") or 0))
        found = PATH.match(self.path)
        if not found or not found["messages"]:
            return self.answer(400, error(2500, "Unknown path components"))
        try:
            body = json.loads(text)
        except ValueError:
            return self.answer(400, error(100, "The body is not JSON"))
        return self.answer(*self.graph.take(found["node"], self.token(), body))

    def token(self):
        return (self.headers.get("authorization") or "").removeprefix("Bearer ")

    def answer(self, status, body):
        if status != 200:
            with self.graph.lock:
                self.graph.refused.append(
                    (self.command, urlsplit(self.path).path, body["error"]["code"])
                )
        text = json.dumps(body).encode()
        self.send_response(status)
        self.send_header("content-type", "application/json")
        self.send_header("content-length", str(len(text)))
        self.end_headers()
        self.wfile.write(text)

    def log_message(self, *_):
        pass
