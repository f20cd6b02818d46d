mosquitto_pub -h <<host>> -p <<port>> -i <<name>> \
[tls]  --cafile <<ca>> \
[password]  -u <<name>> -P <<password>> \
[certificate]  --cert gateway.crt --key gateway.key \
  -q 1 -t <<topic>> -m 'test value=1'
