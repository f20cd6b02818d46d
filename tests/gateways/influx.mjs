// A client of InfluxDB: node influx.mjs PORT. Thirteen steps of the npm package influx that must go alike on influxd
// and on the service; says each and ends with an exit code.
import assert from "node:assert/strict";
import * as Influx from "influx";

const { InfluxDB, FieldType, Precision, escape, toNanoDate } = Influx.default ?? Influx;
const port = Number(process.argv[2]);
const db = new InfluxDB({
  hosts: [{ host: "127.0.0.1", port }],
  database: "telemetry",
  schema: [
    { measurement: "js_mill", fields: { load: FieldType.FLOAT, runs: FieldType.INTEGER, state: FieldType.STRING,
      on: FieldType.BOOLEAN }, tags: ["asset"] },
  ],
});
const time = "1456790400123456789";

const steps = {
  async "ping answers"() {
    const [host] = await db.ping(5000);
    assert.ok(host.online);
  },
  async "CREATE DATABASE of what is there succeeds"() {
    await db.createDatabase("telemetry");
  },
  async "the database is listed"() {
    assert.ok((await db.getDatabaseNames()).includes("telemetry"));
  },
  async "points are written with escapes and to the nanosecond"() {
    await db.writePoints([
      { measurement: "js_mill", tags: { asset: "M 1,a=b" }, timestamp: toNanoDate(time),
        fields: { load: 61.5, runs: 7, state: 'say "on" \\ off', on: true } },
      { measurement: "js_mill", tags: { asset: "M2" }, timestamp: toNanoDate("1456790401000000000"),
        fields: { load: -3.25, runs: 9, state: "off", on: false } },
    ]);
  },
  async "SELECT gives them back"() {
    const rows = await db.query("SELECT * FROM js_mill WHERE asset = 'M 1,a=b'");
    assert.equal(rows.length, 1);
    const { load, runs, state, on, asset } = rows[0];
    assert.deepEqual({ load, runs, state, on, asset },
      { load: 61.5, runs: 7, state: 'say "on" \\ off', on: true, asset: "M 1,a=b" });
  },
  async "times come to the nanosecond"() {
    const rows = await db.query("SELECT load FROM js_mill LIMIT 1", { precision: "n" });
    assert.equal(rows[0].time.getNanoTime(), time);
  },
  async "times come in milliseconds"() {
    const raw = await db.queryRaw("SELECT load FROM js_mill LIMIT 1", { precision: "ms" });
    assert.equal(raw.results[0].series[0].values[0][0], 1456790400123);
  },
  async "placeholders stand for values"() {
    const rows = await db.query("SELECT runs FROM js_mill WHERE asset = $asset AND load < $most",
      { placeholders: { asset: "M2", most: 0.5 } });
    assert.deepEqual(rows.map((row) => row.runs), [9]);
  },
  async "rows come in groups"() {
    const rows = await db.query(`SELECT mean(load) FROM ${escape.measurement("js_mill")} GROUP BY asset`);
    assert.deepEqual(rows.groups().map((group) => group.tags.asset), ["M 1,a=b", "M2"]);
  },
  async "measurements are listed"() {
    assert.ok((await db.getMeasurements()).includes("js_mill"));
  },
  async "series are listed"() {
    assert.deepEqual((await db.getSeries({ measurement: "js_mill" })).sort(),
      ["js_mill,asset=M2", "js_mill,asset=M\\ 1\\,a\\=b"]);
  },
  async "retention policies are listed"() {
    const [policy] = await db.showRetentionPolicies();
    assert.deepEqual([policy.name, policy.default], ["autogen", true]);
  },
  async "a point of another type is refused, and says so"() {
    const other = new InfluxDB({ hosts: [{ host: "127.0.0.1", port }], database: "telemetry" });
    await assert.rejects(
      other.writePoints([{ measurement: "js_mill", tags: { asset: "M2" }, fields: { load: "text" },
        timestamp: toNanoDate("1456790402000000000") }], { precision: Precision.Nanoseconds }),
      /field type conflict/);
  },
};

let count = 0;
for (const [name, step] of Object.entries(steps)) {
  try {
    await step();
    count++;
  } catch (error) {
    console.log(`FAILED ${name}: ${error.message}`);
  }
}
console.log(`${count} of ${Object.keys(steps).length} steps`);
process.exit(count === Object.keys(steps).length ? 0 : 1);
