// A gateway: node publish.mjs PORT|URL COUNT. Publishes COUNT points at QoS 1 and ends when all are acknowledged.
import mqtt from "mqtt";

const [server, number] = process.argv.slice(2);
const count = Number(number);
const url = server.includes("://") ? server : `mqtt://127.0.0.1:${server}`;
const client = await mqtt.connectAsync(url, { clientId: "mqtt-js", protocolVersion: 5 });
const sent = [];
for (let i = 0; i < count; i++) {
  const time = BigInt(1_700_000_000_000 + i) * 1_000_000n;
  sent.push(client.publishAsync("mine/js", `gateway,library=mqttjs n=${i}i ${time}`, { qos: 1 }));
}
await Promise.all(sent);
await client.endAsync();
console.log(`${count} acknowledged`);
