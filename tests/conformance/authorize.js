// Loaded before the suite: gives its requests to the gateway the grant's token, which the suite has no option for.
import { channel } from "node:diagnostics_channel";
import http from "node:http";

const { GATEWAY_ORIGIN: origin, GATEWAY_TOKEN: token } = process.env;
const authorization = `Bearer ${token}`;

// Global fetch, and undici itself, announce every request here before its head is written.
channel("undici:request:create").subscribe(({ request }) => {
  if (String(request.origin) === origin) request.addHeader("authorization", authorization);
});

const send = http.request;
http.request = (...args) => {
  const request = send(...args);
  if (`http://${request.host}:${new URL(origin).port}` === origin) request.setHeader("authorization", authorization);
  return request;
};
