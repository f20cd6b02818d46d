#!/usr/bin/env bash
# Installs what the tests need where it is missing (Debian), then builds and runs every test.
#   ./test.sh            everything that CI runs
#   ./test.sh --nightly  the long matrices as well
set -euo pipefail
cd "$(dirname "$0")"

analyzes_tests=false
if [[ "${1:-}" == "--nightly" ]]; then
  export TELEMETRY_NIGHTLY=1
  analyzes_tests=true
fi

need() { # need COMMAND PACKAGE…: installs the packages unless the command is there
  local command=$1
  shift
  command -v "$command" >/dev/null || missing+=("$@")
}

missing=()
need mosquitto mosquitto
need mosquitto_pub mosquitto-clients
need influxd influxdb
need influx influxdb-client
need victoria-metrics victoria-metrics
need chromium chromium
need nats-server nats-server
need rabbitmq-server rabbitmq-server
need systemd-analyze systemd
/usr/bin/python3 -c 'import paho.mqtt' 2>/dev/null || missing+=(python3 python3-paho-mqtt)
/usr/bin/python3 -c 'import influxdb' 2>/dev/null || missing+=(python3 python3-influxdb)
if ((${#missing[@]})); then
  echo "installing ${missing[*]}"
  as_root=$([[ $(id -u) == 0 ]] || echo sudo)
  # The packages are wanted as programs; their services stay off. A machine with a policy of its own keeps it.
  policy=/usr/sbin/policy-rc.d
  if [[ ! -e $policy ]]; then
    trap '$as_root rm -f "$policy"' EXIT
    printf '#!/bin/sh\nexit 101\n' | $as_root tee "$policy" >/dev/null
    $as_root chmod +x "$policy"
  fi
  $as_root apt-get update -qq
  DEBIAN_FRONTEND=noninteractive $as_root apt-get install -y -qq "${missing[@]}" >/dev/null
fi

(cd tests/gateways && npm ci --silent --no-fund --no-audit)

export DOTNET_CLI_TELEMETRY_OPTOUT=1 DOTNET_NOLOGO=1
results=artifacts/test-results
rm -rf "$results"
dotnet build Telemetry.sln -c Release -v quiet -p:AnalyzeTests="$analyzes_tests"
status=0
dotnet test Telemetry.sln -c Release --no-build -v quiet --results-directory "$results" || status=$?

# One closing line for people and machines, added up from all suites.
sum() { grep -ho "<Counters [^>]*" "$results"/*.trx | grep -o " $1=\"[0-9]*\"" | tr -dc '0-9\n' | awk '{ n += $1 } END { print n + 0 }'; }
seconds() { # seconds per suite, slowest first
  for file in "$results"/*.trx; do
    name=$(basename "$file" .trx)
    times=$(grep -o '<Times [^>]*' "$file")
    start=$(date -d "$(grep -o 'start="[^"]*"' <<<"$times" | cut -d'"' -f2)" +%s%N)
    finish=$(date -d "$(grep -o 'finish="[^"]*"' <<<"$times" | cut -d'"' -f2)" +%s%N)
    printf '%6d ms  %s\n' $(((finish - start) / 1000000)) "$name"
  done | sort -rn
}
failures() { # each failed test's name and the first lines of what it says
  awk '/<UnitTestResult / && /outcome="Failed"/ { sub(/.*testName="/, ""); sub(/".*/, ""); print "FAILED " $0; left = 12 }
    /<Message>/ && left { saying = 1 }
    saying && left-- > 0 { print "    " $0 }
    /<\/Message>/ { saying = left = 0 }' "$results"/*.trx
}
seconds
failures
passed=$(sum passed) failed=$(sum failed)
echo "$passed passed, $failed failed"
exit "$status"
