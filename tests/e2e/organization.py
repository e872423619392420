"""The first journey: a company arrives, proves its address, connects its number and its people."""

import json
import re
import time
import uuid

from boto3.dynamodb.types import TypeSerializer

from api import APP_SECRET, VERIFY_TOKEN, WEBHOOK
from expect import equal, eventually, true
from machine import opener

# The number that the samples in `events/` came to.
NUMBER = "106540352242922"
TOKEN = "EAArehearsal0123456789"
OWNER = {
    "name": "Omar Haddad",
    "email": "omar@gulf-build.example",
    "password": "a crane lifts 12 tonnes",
    "phone": "+971501234567",
    "bsuid": "AE.1349120865530274",
}
MANAGER = {
    "name": "Sara Nasser",
    "email": "sara@gulf-build.example",
    "password": "mortar needs 28 days",
}
LINK = re.compile(r"http://localhost:3000/(?P<page>[a-z-]+)#token=(?P<token>[A-Za-z0-9_-]+)")
CROCKFORD = "0123456789abcdefghjkmnpqrstvwxyz"


class Company:
    """The company that came, as the later parts need it."""

    def __init__(self, api, owner, manager, channel, project, me):
        self.api, self.owner, self.manager = api, owner, manager
        self.channel, self.project, self.me = channel, project, me

    def tenant(self):
        """The organisation's id."""
        return self.me["organization"]["id"]


class Letters:
    """What the mail service was given; MiniStack keeps it."""

    def __init__(self, machine):
        self.url = f"{machine.url}/_ministack/ses/messages"
        self.client = opener()

    def to(self, address):
        with self.client.open(self.url, timeout=30) as answer:
            kept = json.load(answer)["messages"]
        return [letter for all in kept.values() for letter in all if letter["To"] == [address]]

    def token(self, address, page):
        """The token in the link of the letter that leads to `page`."""

        def found():
            for letter in self.to(address):
                link = LINK.search(letter["BodyText"])
                if link and link["page"] == page:
                    return link["token"]
            return None

        return eventually(f"a letter with a link to {page}", found)


def open_up(machine, stack, api, journal):
    """What an operator does after the first deployment; docs/operations.md."""
    journal.part("Before the first call")
    manager, lambdas = machine.client("secretsmanager"), machine.client("lambda")
    name = "hndasah/dev/meta"
    made = json.loads(manager.get_secret_value(SecretId=name)["SecretString"])
    equal("the generated verify token", len(made["verify_token"]), 40)
    equal("the app secret before anybody gave it", made["app_secret"], "")
    filled = {"app_secret": APP_SECRET, "verify_token": VERIFY_TOKEN}
    manager.put_secret_value(SecretId=name, SecretString=json.dumps(filled))
    journal.step("the Meta secret is filled in; its verify token had been generated")
    mail = machine.client("sesv2")
    mail.create_email_identity(EmailIdentity="example.com")
    mail.put_account_details(
        ProductionAccessEnabled=True, MailType="TRANSACTIONAL", WebsiteURL="https://example.com"
    )
    journal.step("SES has verified the domain, and the account is out of its sandbox")
    before = api.call("GET", "/api/v1/projects", headers={"authorization": "Bearer not.yet.known"})
    true("the API fails while there are no keys", before.status >= 500, before.status)
    event = (stack.root / "events/schedule/key-rotation.json").read_bytes()
    made = lambdas.invoke(FunctionName=stack.function_of("scheduler"), Payload=event)
    equal("the scheduler's error", made.get("FunctionError"), None)
    keys = eventually("the API has keys", lambda: keys_of(api))
    equal("published keys", len(keys), 1)
    journal.step("the API answers a token with 5xx until `scheduler` has made the keys, then publishes one")
    answer = api.get("/health/ready").ok()
    equal("ready", answer["status"], "ok")
    journal.step("`GET /health/ready` says so")
    asked = f"{WEBHOOK}?hub.mode=subscribe&hub.challenge=1158201444&hub.verify_token="
    answer = api.get(f"{asked}{VERIFY_TOKEN}")
    equal("Meta's challenge", (answer.status, answer.body), (200, "1158201444"))
    equal("a wrong verify token", api.get(f"{asked}wrong").status, 403)
    journal.step("Meta's handshake: the challenge comes back, a wrong token gets 403")


def keys_of(api):
    answer = api.get("/.well-known/jwks.json")
    return json.loads(answer.body)["keys"] if answer.status == 200 else None


def sign_up(api, letters, company, person):
    """An organisation whose owner has signed in; the API as that owner sees it."""
    new = {"organization_name": company, "currency": "AED", "time_zone": "Asia/Dubai"}
    new |= {key: person[key] for key in ("name", "email", "password")}
    api.post("/api/v1/organizations", new).ok(201)
    sign_in(api, person).problem(401, "invalid_credentials")
    token = letters.token(person["email"], "verify-email")
    api.post("/api/v1/auth/email/verify", {"token": token}).ok()
    api.post("/api/v1/auth/email/verify", {"token": token}).problem(422, "validation")
    signed_in = sign_in(api, person).ok()
    return api.with_token(signed_in["access_token"]), signed_in


def sign_in(api, person):
    return api.post(
        "/api/v1/auth/login", {"email": person["email"], "password": person["password"]}
    )


def begin(machine, api, graph, letters, journal):
    journal.part("A company arrives")
    owner, signed_in = sign_up(api, letters, "Gulf Build LLC", OWNER)
    journal.step(
        "signed up; the letter came by SES; its link proves the address once, then not again"
    )
    me = owner.get("/api/v1/auth/me").ok()
    journal.step("signed in: 401 before the proof, tokens after it")
    renewed = api.post("/api/v1/auth/refresh", {"refresh_token": signed_in["refresh_token"]}).ok()
    owner = api.with_token(renewed["access_token"])
    journal.step("the refresh token gives new tokens")
    channel = connect(owner, graph)
    journal.step("the number is connected after Meta was asked about it; a wrong token is refused")
    kept = machine.client("secretsmanager").get_secret_value(
        SecretId=f"hndasah/dev/channels/{channel['id']}"
    )
    equal("the channel's token", json.loads(kept["SecretString"])["access_token"], TOKEN)
    journal.step("its token is in the secret store, and in no answer")
    link_phone(owner, graph)
    journal.step("a phone is linked by the code that came as a template message")
    manager = invite(api, owner, letters)
    journal.step("a colleague is invited by letter, accepts and signs in")
    people = [(me["id"], OWNER["name"])]
    project = write_project(machine, me["organization"]["id"].removeprefix("ten_"), people)
    equal(
        "the owner's projects",
        [p["id"] for p in owner.get("/api/v1/projects").ok()["projects"]],
        [project],
    )
    journal.step(
        "a project with the owner in it is written into the table: no endpoint makes one yet"
    )
    return Company(api, owner, manager, channel, project, me)


def connect(owner, graph):
    graph.tokens[NUMBER] = TOKEN
    path = "/api/v1/organization/channels"
    wrong = owner.post(path, {"phone_number_id": NUMBER, "access_token": "EAAwrong0123456789"})
    true("a token that Meta refuses connects nothing", 400 <= wrong.status < 500, wrong.body)
    channel = owner.post(path, {"phone_number_id": NUMBER, "access_token": TOKEN}).ok(201)
    equal("the channel", (channel["status"], channel["verified_name"]), ("connected", "Gulf Build"))
    true("the token is not shown", TOKEN not in json.dumps(channel))
    equal("channels", len(owner.get(path).ok()["channels"]), 1)
    return channel


def link_phone(owner, graph):
    found = owner.get("/api/v1/organization")
    template = {"code_template": {"name": "login_code", "language": "en_US"}}
    owner.patch("/api/v1/organization", template, found.headers["etag"]).ok()
    owner.post("/api/v1/users/me/phone", {"phone": OWNER["phone"]}).ok(202)
    sent = eventually("the code reaches the phone", lambda: graph.sends_to(OWNER["phone"]))
    equal("messages with a code", len(sent), 1)
    equal("the template", sent[0]["template"]["name"], "login_code")
    code = sent[0]["template"]["components"][0]["parameters"][0]["text"]
    wrong = "000000" if code != "000000" else "111111"
    owner.post("/api/v1/users/me/phone/verify", {"code": wrong}).ok(422)
    user = owner.post("/api/v1/users/me/phone/verify", {"code": code}).ok()
    equal("the linked phone", user["phone"], OWNER["phone"])


def invite(api, owner, letters):
    whom = {"email": MANAGER["email"], "name": MANAGER["name"], "role": "manager"}
    invited = owner.post("/api/v1/auth/register", whom, idempotency_key=str(uuid.uuid4())).ok(201)
    equal("the invited", invited["status"], "invited")
    token = letters.token(MANAGER["email"], "accept-invitation")
    api.post(
        "/api/v1/auth/invitations/accept", {"token": token, "password": MANAGER["password"]}
    ).ok()
    signed_in = sign_in(api, MANAGER).ok()
    equal("the role", signed_in["user"]["role"], "manager")
    return api.with_token(signed_in["access_token"])


def write_project(machine, tenant, people):
    """A project and its members, written as `local` writes its own: no endpoint makes one yet."""
    now = time.strftime("%Y-%m-%dT%H:%M:%SZ", time.gmtime())
    key, owner = new_id(), f"T#{tenant}"
    project = {
        "id": f"prj_{key}",
        "name": "Marina Tower",
        "status": "active",
        "currency": "AED",
        "time_zone": "Asia/Dubai",
        "budget": "1500000",
        "starts_on": "2026-09-01",
        "ends_on": "2027-08-31",
        "created_at": now,
        "updated_at": now,
        "tasks_total": 0,
        "tasks_done": 0,
        "cost_confirmed_minor": 0,
        "insights_open": 0,
    }
    place = f"{owner}#P#{key}"
    items = [
        {"pk": place, "sk": "META", "g1pk": f"{owner}#PROJ", "g1sk": f"P#{key}", "doc": project}
    ]
    for user, name in people:
        bare = user.removeprefix("usr_")
        member = {
            "project": project["id"],
            "user": user,
            "name": name,
            "role": "manager",
            "added_at": now,
        }
        index = {"g2pk": f"{owner}#U#{bare}", "g2sk": f"P#{key}"}
        items.append({"pk": place, "sk": f"M#{bare}", **index, "doc": member})
    dynamodb, serializer = machine.client("dynamodb"), TypeSerializer()
    for item in items:
        whole = {**item, "t": tenant, "ver": 1}
        typed = {name: serializer.serialize(value) for name, value in whole.items()}
        dynamodb.put_item(TableName="hndasah-dev-projects", Item=typed)
    return project["id"]


def new_id():
    """A UUIDv7 in 26 characters, as every identifier of ours is after its prefix."""
    value = int(time.time() * 1000) << 80 | 7 << 76 | 2 << 62
    value |= (uuid.uuid4().int & (2**62 - 1)) | (uuid.uuid4().int >> 116 << 64)
    return "".join(CROCKFORD[value >> (place * 5) & 31] for place in reversed(range(26)))
