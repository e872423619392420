"""The third journey: another company sees nothing of the first, and the audit log proves itself."""

import json
import uuid

from api import Answer
from expect import equal, eventually, true
from organization import NUMBER, TOKEN, sign_up

OTHER = {
    "name": "Ivan Petrov",
    "email": "ivan@north-site.example",
    "password": "gravel comes on mondays",
}


def bare(answer: Answer):
    """A problem without what differs between two of the same kind."""
    body = json.loads(answer.body)
    body.pop("request_id")
    return body


def look_over(company, conversation, letters, journal):
    journal.part("Another company, keys and the audit log")
    stranger, _ = sign_up(company.api, letters, "North Site LLC", OTHER)
    journal.step("a second company signs up the same way")
    for name, path in (
        ("projects", "/api/v1/projects"),
        ("conversations", "/api/v1/conversations"),
    ):
        equal(f"the stranger's {name}", stranger.get(path).ok()[name], [])
    nowhere = "/api/v1/projects/prj_01m7ytna0cffvs058x04qvjyj8"
    absent = bare(stranger.get(nowhere))
    equal("an absent project", absent["status"], 404)
    project = f"/api/v1/projects/{company.project}"
    foreign = [
        project,
        f"{project}/tasks",
        f"{project}/costs",
        f"{project}/members",
        f"{project}/insights",
    ]
    foreign += [conversation, f"{conversation}/messages", f"/api/v1/users/{company.me['id']}"]
    for path in foreign:
        answer = stranger.get(path)
        answer.problem(404, "not_found")
        equal(f"GET {path}", bare(answer), absent)
    words = {"content": "hello", "message_type": "text"}
    channel = f"/api/v1/organization/channels/{company.channel['id']}"
    for method, path, body in (
        ("POST", f"{conversation}/messages", words),
        ("POST", f"{conversation}/takeover", None),
        ("POST", f"{channel}/verify", None),
        ("DELETE", channel, None),
    ):
        answer = stranger.call(method, path, body, {"idempotency-key": str(uuid.uuid4())})
        answer.problem(404, "not_found")
    count = len(foreign) + 4
    journal.step(f"{count} calls to what is the first company's: 404, as for what does not exist")
    taken = stranger.post(
        "/api/v1/organization/channels", {"phone_number_id": NUMBER, "access_token": TOKEN}
    )
    taken.problem(409, "number_unavailable")
    journal.step("the first company's number cannot be connected, even with its token")
    for path in (project, conversation):
        company.api.get(path).problem(401, "token_required")
    company.api.with_token("example.access.token").get(project).problem(401, "invalid_token")
    journal.step("without a token and with a false one: 401")
    company.manager.get(conversation).ok()
    company.manager.get("/api/v1/audit-log").ok(403)
    new = {"phone_number_id": NUMBER, "access_token": TOKEN}
    company.manager.post("/api/v1/organization/channels", new).ok(403)
    journal.step(
        "the manager reads the conversation, but not the audit log, and connects no number"
    )
    use_key(company)
    journal.step("an API key reads projects, nothing beyond its scope, and nothing once revoked")
    verify(company.owner)
    verify(stranger)
    journal.step("both audit logs are linked by the stream and verified: intact, nothing pending")


def use_key(company):
    new = {"name": "rehearsal", "scopes": ["projects:read"], "auto_rotate": False}
    shown = company.owner.post("/api/v1/api-keys", new, idempotency_key=str(uuid.uuid4())).ok(201)
    with_key = company.api.with_key(shown["key"])
    equal("projects by key", len(with_key.get("/api/v1/projects").ok()["projects"]), 1)
    equal("conversations by key", with_key.get("/api/v1/conversations").status, 403)
    company.owner.delete(f"/api/v1/api-keys/{shown['id']}").ok(204)
    eventually(
        "the revoked key opens nothing",
        lambda: with_key.get("/api/v1/projects").status == 401,
        90,  # A key that was read is believed for a minute.
    )


def verify(owner):
    def linked():
        cursor, entries = "", 0
        for _ in range(100):
            page = owner.get(f"/api/v1/audit-log/verify?limit=200{cursor}").ok()
            true("the audit log is intact", page["intact"] and not page["findings"], page)
            entries += page["entries_checked"]
            if page["pending"]:
                return None
            if not page["has_more"]:
                return entries
            cursor = f"&cursor={page['next_cursor']}"
        return None

    true("the audit log has entries", eventually("every entry is linked", linked, 120) > 0)
