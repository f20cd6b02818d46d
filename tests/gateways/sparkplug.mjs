// An edge node of Sparkplug B with one device, made of the npm package sparkplug-client. It births on connecting and
// when asked by NCMD, and does what the lines of a file say, each once: `data N` sends N pairs of node and device data by
// alias alone, `device-death` the death of the device.
import { existsSync, readFileSync } from "node:fs";
import sparkplug from "sparkplug-client";

const { url, group, node, device, commands } = JSON.parse(process.argv[2]);
const client = sparkplug.newClient({
  serverUrl: url,
  username: "",
  password: "",
  groupId: group,
  edgeNode: node,
  clientId: `edge-${node}`,
  version: "spBv1.0",
  publishDeath: true,
  keepalive: 5,
});
let sent = 0;
let done = 0;

function birth() {
  const timestamp = Date.now();
  client.publishNodeBirth({
    timestamp,
    metrics: [
      { name: "Node Control/Rebirth", type: "Boolean", value: false, timestamp },
      { name: "pieces", alias: 1, type: "Int64", value: 0, timestamp },
      { name: "temp", alias: 2, type: "Double", value: 20.5, timestamp },
    ],
  });
  client.publishDeviceBirth(device, {
    timestamp,
    metrics: [{ name: "Inputs/level", alias: 10, type: "Int16", value: 0, timestamp }],
  });
  console.log("born");
}

function data(count) {
  for (let i = 0; i < count; i++) {
    sent++;
    const timestamp = Date.now() + sent; // no two at one time
    client.publishNodeData({ timestamp, metrics: [{ alias: 1, type: "Int64", value: sent, timestamp }] });
    client.publishDeviceData(device, { timestamp, metrics: [{ alias: 10, type: "Int16", value: -sent, timestamp }] });
  }
  console.log(`sent ${sent}`);
}

client.on("birth", birth);
client.on("ncmd", (payload) => {
  if (payload.metrics.some((metric) => metric.name === "Node Control/Rebirth" && metric.value === true)) {
    console.log("rebirth asked");
    birth();
  }
});
client.on("error", (error) => console.log(`error ${error.message}`));
setInterval(() => {
  const lines = existsSync(commands) ? readFileSync(commands, "utf8").split("\n").slice(0, -1) : [];
  for (; done < lines.length; done++) {
    const [verb, argument] = lines[done].split(" ");
    if (verb === "data") {
      data(Number(argument));
    } else if (verb === "device-death") {
      client.publishDeviceDeath(device, { timestamp: Date.now() + sent + 1 });
      console.log("device died");
    }
  }
}, 20);
