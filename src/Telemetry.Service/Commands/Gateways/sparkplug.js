// npm install sparkplug-client
[tls]const fs = require("fs");
const { newClient } = require("sparkplug-client");
const client = newClient({
[plain]  serverUrl: "tcp://<<host>>:<<port>>",
[tls]  serverUrl: "ssl://<<host>>:<<port>>",
[tls]  ca: fs.readFileSync("<<ca>>"),
[certificate]  cert: fs.readFileSync("gateway.crt"),
[certificate]  key: fs.readFileSync("gateway.key"),
[password]  username: "<<name>>",
[password]  password: "<<password>>",
  groupId: "site",
  edgeNode: "<<name>>",
  clientId: "<<name>>",
  version: "spBv1.0",
});
[no-sparkplug]// Its rights do not take this: add the identity with --publish 'spBv1.0/+/+/%u/#'.
const read = () => ({ timestamp: Date.now(), metrics: [{ name: "temp", type: "Float", value: 21.5 }] });
client.on("birth", () => client.publishNodeBirth(read()));
client.on("connect", () => setInterval(() => client.publishNodeData(read()), 10000));
