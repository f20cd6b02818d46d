"""A publisher and a subscriber on paho: exchange.py '{"url": …, "version": 4|5, "topic": …, "measurement": …}'.

Publishes points at every QoS: while the subscriber is there, over a connection that is cut under both, and while the
subscriber is away. Ends when all are acknowledged and the subscriber's session has brought the last one.
"""

import json
import os
import socket
import sys
import threading
from collections import Counter
from urllib.parse import urlsplit

from paho.mqtt import client as mqtt
from paho.mqtt.packettypes import PacketTypes
from paho.mqtt.properties import Properties

ASKED = json.loads(sys.argv[1])
URL = urlsplit(ASKED["url"])
PER_BATCH = 20
PATIENCE_SECONDS = 30
received = Counter()
arrival = threading.Condition()
acknowledged = 0
sent = 0


class Client:
    """One connection with its session, which the library keeps up on a thread of its own."""

    def __init__(self, role):
        self.connected = threading.Event()
        self.subscribed = threading.Event()
        self.is_resumed = False
        name = f"{ASKED['measurement']}-{role}"
        transport = "websockets" if URL.scheme in ("ws", "wss") else "tcp"
        begin = {}
        if ASKED["version"] == 5:
            self.client = mqtt.Client(name, protocol=mqtt.MQTTv5, transport=transport)
            kept = Properties(PacketTypes.CONNECT)
            kept.SessionExpiryInterval = 3600
            begin = {"clean_start": False, "properties": kept}
        else:
            self.client = mqtt.Client(name, clean_session=False, protocol=mqtt.MQTTv311, transport=transport)
        self.client.reconnect_delay_set(min_delay=0.05)
        if ASKED.get("user"):
            self.client.username_pw_set(ASKED["user"], ASKED["password"])
        if ASKED.get("ca"):
            self.client.tls_set(ASKED["ca"], ASKED.get("certificate"), ASKED.get("key"))
        if transport == "websockets":
            self.client.ws_set_options(path=URL.path)
        self.client.on_connect = self.on_connect
        self.client.on_message = on_message
        self.client.on_subscribe = lambda *_: self.subscribed.set()
        self.client.connect(URL.hostname, URL.port, **begin)
        self.client.loop_start()
        require(self.connected.wait(PATIENCE_SECONDS), f"{role} is not connected")

    def on_connect(self, _client, _user, flags, code, *_properties):
        require(code == 0, f"CONNACK says {code}")
        self.is_resumed = bool(flags["session present"])
        self.connected.set()

    def subscribe(self):
        self.client.subscribe(ASKED["topic"], 2)
        require(self.subscribed.wait(PATIENCE_SECONDS), "no SUBACK")

    def publish(self, *levels):
        global sent
        messages = []
        for _ in range(PER_BATCH):
            for qos in levels:
                line = f"{ASKED['measurement']},qos={qos} n={sent}i {1_700_000_000_000 + sent}000000"
                messages.append(self.client.publish(ASKED["topic"], line, qos))
                sent += 1
        return messages

    def cut(self):
        # The library's own close would be an orderly end, and over TLS or WebSocket it hands out a wrapper. It finds
        # the cut by reading: a write that fails over TLS ends its thread.
        with socket.socket(fileno=os.dup(self.client.socket().fileno())) as below:
            below.shutdown(socket.SHUT_RD)

    def end(self):
        self.client.disconnect()
        self.client.loop_stop()


def require(is_so, words):
    if not is_so:
        raise SystemExit(f"{words}; {acknowledged} acknowledged, {len(received)} of {sent} received")


def on_message(_client, _user, message):
    with arrival:
        received[message.payload] += 1
        arrival.notify()


def expect_acknowledged(messages):
    global acknowledged
    for message in messages:
        message.wait_for_publish(PATIENCE_SECONDS)
        require(message.is_published(), f"message {message.mid} is not acknowledged")
        acknowledged += 1


def expect_arrival():
    with arrival:
        require(arrival.wait_for(lambda: len(received) == sent, PATIENCE_SECONDS), "messages are missing")


publisher = Client("publisher")
subscriber = Client("subscriber")
subscriber.subscribe()
expect_acknowledged(publisher.publish(0, 1, 2))
expect_arrival()

under_way = publisher.publish(1, 2)
publisher.cut()
subscriber.cut()
expect_acknowledged(under_way)
expect_arrival()

subscriber.end()
expect_acknowledged(publisher.publish(1, 2))
subscriber = Client("subscriber")
expect_arrival()

twice = sum(1 for line, count in received.items() if b"qos=2" in line and count != 1)
publisher.end()
subscriber.end()
resumed = str(subscriber.is_resumed).lower()
print(f"{acknowledged} acknowledged, {len(received)} received, {twice} twice, resumed {resumed}")
