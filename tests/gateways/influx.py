"""A client of InfluxDB: influx.py PORT. Steps of python3-influxdb that must go alike on influxd and on the service."""

import sys

from influxdb import InfluxDBClient
from influxdb.exceptions import InfluxDBClientError

client = InfluxDBClient(host="127.0.0.1", port=int(sys.argv[1]), database="telemetry")
client.ping()
client.create_database("telemetry")
assert "telemetry" in [database["name"] for database in client.get_list_database()]
client.write_points(
    [
        {
            "measurement": "py_mill",
            "tags": {"asset": f"M{i}"},
            "time": 1456790400000000000 + i * 1000000000,
            "fields": {"load": 10.5 * i, "runs": i, "state": "on"},
        }
        for i in range(1, 4)
    ],
    batch_size=2,
)
rows = list(client.query("SELECT load, runs FROM py_mill WHERE asset = $a", bind_params={"a": "M2"}).get_points())
assert rows == [{"time": "2016-03-01T00:00:02Z", "load": 21, "runs": 2}], rows
counted = client.query("SELECT load FROM py_mill", epoch="ms")
assert [row["time"] for row in counted.get_points()] == [1456790401000, 1456790402000, 1456790403000]
groups = client.query("SELECT max(load) FROM py_mill GROUP BY asset")
assert [key[1]["asset"] for key in groups.keys()] == ["M1", "M2", "M3"]
assert {"name": "py_mill"} in client.get_list_measurements()
assert "py_mill,asset=M1" in client.get_list_series("telemetry", "py_mill")
assert client.get_list_retention_policies("telemetry")[0]["name"] == "autogen"
try:
    client.query("SELECT load FROM py_mill tz('No/Where')")
    raise AssertionError("an unknown zone was taken")
except InfluxDBClientError as error:
    assert "unable to find time zone No/Where" in str(error), error
print("all steps")
