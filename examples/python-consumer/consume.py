#!/usr/bin/env python3
"""Prints every verdict, one JSON line each: an example of a service that is not ours.

    npm run arena -- schemas schemas
    ARENA_BUS_URL=amqp://… python3 consume.py schemas

Its queue is its own and durable: what is told while it is away waits. A message may come twice (deduplicate by `id` where it matters); one that
does not fit the schema goes to the queue's dead letters, where nothing is lost.
"""
import json
import os
import pathlib
import sys

import jsonschema
import pika

TOPIC = "submission.judged.v1"
QUEUE = "example.verdicts"
DEAD = f"{QUEUE}.dead"


def consume(channel, method, properties, body):
    try:
        message = json.loads(body)
        schema.validate(message)
    except (ValueError, jsonschema.ValidationError) as problem:
        print(json.dumps({"refused": str(problem).splitlines()[0]}), flush=True)
        return channel.basic_reject(method.delivery_tag, requeue=False)
    verdict = message["payload"]
    print(json.dumps({"id": message["id"], "submission": verdict["submissionId"], "verdict": verdict["verdict"]}), flush=True)
    channel.basic_ack(method.delivery_tag)  # only now: whoever dies before gets it again


schema = jsonschema.Draft202012Validator(json.loads((pathlib.Path(sys.argv[1]) / f"{TOPIC}.schema.json").read_text()))
channel = pika.BlockingConnection(pika.URLParameters(os.environ["ARENA_BUS_URL"])).channel()
channel.exchange_declare("arena.events", "topic", durable=True)
channel.queue_declare(DEAD, durable=True, arguments={"x-queue-type": "quorum"})
dead_letters = {"x-dead-letter-exchange": "", "x-dead-letter-routing-key": DEAD}
channel.queue_declare(QUEUE, durable=True, arguments={"x-queue-type": "quorum", **dead_letters})
channel.queue_bind(QUEUE, "arena.events", TOPIC)
channel.basic_qos(prefetch_count=10)
channel.basic_consume(QUEUE, consume)
print(json.dumps({"ready": True}), flush=True)
channel.start_consuming()
