// What every script shares: one tools/call, and what became of it.
//   GATEWAY  the gateway, http://127.0.0.1:8080      SERVER  the server's name, afip
//   TOKEN    the grant's token                       TOOL    the tool to call, emitir_factura
//   SECONDS  how long a script sends                 SLACK   multiplies every threshold of time, 1
// load-tests/k6/run starts a gateway as each script wants it and sets all of them.
import { sleep } from 'k6';
import http from 'k6/http';
import { Counter, Trend } from 'k6/metrics';

export const admitted = new Counter('calls_admitted');
export const refused = new Counter('calls_refused');
export const failed = new Counter('calls_failed');
export const decisionTime = new Trend('call_time', true);

const slack = Number(__ENV.SLACK || 1);

// Thresholds of time for a machine that has nothing else to do; elsewhere SLACK says how much slower it may be.
export const within = (quantile, ms) => `p(${quantile})<${ms * slack}`;
export const noneDropped = slack === 1 ? { dropped_iterations: ['count==0'] } : {};

// Several, with commas, are one fleet without a balancer.
const gateways = (__ENV.GATEWAY || 'http://127.0.0.1:8080').split(',');
let at = __VU % gateways.length;
let isTold = false;
const server = __ENV.SERVER || 'afip';
const tool = __ENV.TOOL || 'emitir_factura';

export function call(token = __ENV.TOKEN, toolName = tool) {
  const body = JSON.stringify({
    jsonrpc: '2.0',
    id: 7,
    method: 'tools/call',
    params: { name: toolName, arguments: { customer: '20-12345678-9', amount: 1250.5, currency: 'ARS' } },
  });
  const params = {
    headers: {
      'Content-Type': 'application/json',
      Accept: 'application/json, text/event-stream',
      'MCP-Protocol-Version': '2025-06-18',
      Authorization: `Bearer ${token}`,
    },
  };
  const answer = post(`/mcp/${server}`, body, params);
  decisionTime.add(answer.timings.duration);
  // A refusal is an HTTP 200 whose decision stands in the body, so that the model reads it.
  if (answer.status !== 200) fail(answer);
  else if (answer.body.includes('"outcome":"')) refused.add(1);
  else admitted.add(1);
  return answer;
}

// With a fleet, a call that was not taken (no connection: 1212, or 503) goes to the next gateway, as by a balancer.
function post(path, body, params) {
  for (let attempt = 1; ; attempt++) {
    const answer = http.post(gateways[at] + path, body, params);
    const isTaken = answer.status !== 503 && answer.error_code !== 1212;
    if (isTaken || gateways.length === 1 || attempt === 100) return answer;
    at = (at + 1) % gateways.length;
    sleep(0.02);
  }
}

function fail(answer) {
  failed.add(1);
  if (!isTold) console.error(`HTTP ${answer.status}: ${answer.error || answer.body}`);
  isTold = true;
}
