// A publisher and a subscriber on MQTT.js: node exchange.mjs '{"url": …, "version": 4|5, "topic": …, "measurement": …}'.
// Publishes points at every QoS: while the subscriber is there, over a connection that is cut under both, and while the
// subscriber is away. Ends when all are acknowledged and the subscriber's session has brought the last one.
import { once } from "node:events";
import { readFileSync } from "node:fs";
import mqtt from "mqtt";

const asked = JSON.parse(process.argv[2]);
const perBatch = 20;
const received = new Map();
let acknowledged = 0;
let next = 0;

async function connect(role, clean) {
  const client = mqtt.connect(asked.url, {
    clientId: `${asked.measurement}-${role}`,
    protocolVersion: asked.version,
    clean,
    properties: asked.version === 5 && !clean ? { sessionExpiryInterval: 3600 } : undefined,
    username: asked.user,
    password: asked.password,
    ca: asked.ca && readFileSync(asked.ca),
    cert: asked.certificate && readFileSync(asked.certificate),
    key: asked.key && readFileSync(asked.key),
    reconnectPeriod: 50,
  });
  client.on("error", (cause) => {
    // The cut below may meet a write on its way. MQTT.js tells of that over TLS only, and connects again.
    if (["ERR_STREAM_WRITE_AFTER_END", "ERR_STREAM_DESTROYED"].includes(cause.code)) return;
    console.error(`cannot connect: ${cause.message}`);
    process.exit(1);
  });
  client.on("message", (_, payload) => {
    const text = payload.toString();
    received.set(text, (received.get(text) ?? 0) + 1);
  });
  const [welcome] = await once(client, "connect");
  return [client, welcome.sessionPresent];
}

function publish(client, ...levels) {
  const sent = [];
  for (let i = 0; i < perBatch; i++) {
    for (const qos of levels) {
      const n = next++;
      const line = `${asked.measurement},qos=${qos} n=${n}i ${1_700_000_000_000 + n}000000`;
      sent.push(client.publishAsync(asked.topic, line, { qos }).then(() => acknowledged++));
    }
  }
  return Promise.all(sent);
}

const arrived = async (count) => {
  while (received.size < count) await new Promise((again) => setTimeout(again, 5));
};

const [publisher] = await connect("publisher", false);
let [subscriber] = await connect("subscriber", false);
await subscriber.subscribeAsync(asked.topic, { qos: 2 });
await publish(publisher, 0, 1, 2);
await arrived(next);

const cut = publish(publisher, 1, 2);
setTimeout(() => {
  publisher.stream.destroy();
  subscriber.stream.destroy();
}, 2);
await cut;
await arrived(next);

await subscriber.endAsync();
await publish(publisher, 1, 2);
let isResumed;
[subscriber, isResumed] = await connect("subscriber", false);
await arrived(next);

const twice = [...received].filter(([text, count]) => text.includes("qos=2") && count !== 1).length;
await publisher.endAsync();
await subscriber.endAsync();
console.log(`${acknowledged} acknowledged, ${received.size} received, ${twice} twice, resumed ${isResumed}`);
