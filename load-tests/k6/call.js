// What every script shares: one tools/call, and what became of it.
//   GATEWAY  the gateway, http://127.0.0.1:8080      SERVER  the server's name, afip
//   TOKEN    the grant's token                       TOOL    the tool to call, emitir_factura
import http from 'k6/http';
import { Counter, Trend } from 'k6/metrics';

export const admitted = new Counter('calls_admitted');
export const refused = new Counter('calls_refused');
export const failed = new Counter('calls_failed');
export const decisionTime = new Trend('call_time', true);

const gateway = __ENV.GATEWAY || 'http://127.0.0.1:8080';
const server = __ENV.SERVER || 'afip';
const tool = __ENV.TOOL || 'emitir_factura';

export function call(token = __ENV.TOKEN, toolName = tool) {
  const body = JSON.stringify({
    jsonrpc: '2.0',
    id: 7,
    method: 'tools/call',
    params: { name: toolName, arguments: { customer: '20-12345678-9', amount: 1250.5, currency: 'ARS' } },
  });
  const answer = http.post(`${gateway}/mcp/${server}`, body, {
    headers: {
      'Content-Type': 'application/json',
      Accept: 'application/json, text/event-stream',
      'MCP-Protocol-Version': '2025-06-18',
      Authorization: `Bearer ${token}`,
    },
  });
  decisionTime.add(answer.timings.duration);
  // A refusal is an HTTP 200 whose decision stands in the body, so that the model reads it.
  if (answer.status !== 200) failed.add(1);
  else if (answer.body.includes('"outcome":"')) refused.add(1);
  else admitted.add(1);
  return answer;
}
