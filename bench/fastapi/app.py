"""The webhook's core as FastAPI has it: the signature, the JSON, one call to SQS for a message.

It leaves out what the real one does beside: whose a number is, the envelope, logs and metrics.
"""

import hashlib
import hmac
import json
import os
from contextlib import asynccontextmanager

import aioboto3
from fastapi import FastAPI, Request, Response

SECRET = os.environ["APP_SECRET"].encode()
QUEUE = os.environ["INBOUND_QUEUE_URL"]


@asynccontextmanager
async def lifespan(app):
    session = aioboto3.Session()
    endpoint = os.environ["AWS_ENDPOINT_URL_SQS"]
    async with session.client("sqs", endpoint_url=endpoint) as sqs:
        app.state.sqs = sqs
        yield


app = FastAPI(lifespan=lifespan)


@app.post("/api/v1/webhooks/whatsapp")
async def receive(request: Request):
    body = await request.body()
    said = request.headers.get("x-hub-signature-256", "")
    own = "sha256=" + hmac.new(SECRET, body, hashlib.sha256).hexdigest()
    if not hmac.compare_digest(said, own):
        return Response(status_code=401)
    for entry in json.loads(body)["entry"]:
        for change in entry["changes"]:
            for message in change["value"].get("messages", []):
                await app.state.sqs.send_message(
                    QueueUrl=QUEUE,
                    MessageBody=json.dumps(message),
                    MessageGroupId=hashlib.sha256(message["from"].encode()).hexdigest(),
                    MessageDeduplicationId=hashlib.sha256(message["id"].encode()).hexdigest(),
                )
    return {"ok": True}
