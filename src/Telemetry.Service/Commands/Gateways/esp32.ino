// Arduino-ESP32 3.x; with ESP-IDF 5.x the same calls. QoS 1: kept and sent again until the service has it on disk.
#include <WiFi.h>
#include "mqtt_client.h"

static const char *WIFI_NAME = "your network";
static const char *WIFI_PASSWORD = "its password";
[tls]// The contents of <<ca>>, the authority of the service's certificate:
[tls]static const char *CA = R"(-----BEGIN CERTIFICATE-----
[tls]...
[tls]-----END CERTIFICATE-----
[tls])";
static esp_mqtt_client_handle_t client;

void setup() {
  WiFi.begin(WIFI_NAME, WIFI_PASSWORD);
  while (WiFi.status() != WL_CONNECTED) delay(500);
  esp_mqtt_client_config_t config = {};
[plain]  config.broker.address.uri = "mqtt://<<host>>:<<port>>";
[tls]  config.broker.address.uri = "mqtts://<<host>>:<<port>>";
[tls]  config.broker.verification.certificate = CA;
  config.credentials.client_id = "<<name>>";
[password]  config.credentials.username = "<<name>>";
[password]  config.credentials.authentication.password = "<<password>>";
[certificate]  config.credentials.authentication.certificate = CLIENT_CERTIFICATE; // contents of gateway.crt
[certificate]  config.credentials.authentication.key = CLIENT_KEY; // contents of gateway.key
  config.session.keepalive = 60;
  client = esp_mqtt_client_init(&config);
  esp_mqtt_client_start(client);
}

void loop() {
  char payload[96];
  snprintf(payload, sizeof payload, "{\"temp\": %.1f, \"rssi\": %d}", temperatureRead(), WiFi.RSSI());
  esp_mqtt_client_enqueue(client, "<<topic>>", payload, 0, 1, 0, true);
  delay(10000);
}
