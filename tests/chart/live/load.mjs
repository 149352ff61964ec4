// A small load that touches whatever is measured, and ends: every decision, every way in which a server answers.
import { once } from "node:events";
import { connect } from "node:http2";
import { join } from "node:path";
import { repository } from "../chart.mjs";

const token = "agent-of-the-live-run";

// A counter for each round, so that each has something to ask of the store.
const orders = [1, 2, 3].map((number) => [
  `order_${number}`,
  { limits: [{ counter: `orders_${number}`, window: "month", max: 2 }] },
]);

export const config = (server, nothing) => ({
  servers: {
    shop: { url: server },
    gone: { url: nothing },
    files: { command: "/bin/sh", args: [join(repository, "tests/stdio/child.sh")] },
    absent: { command: "/nowhere/program" },
  },
  policies: {
    agents: {
      version: "1",
      default: "allow",
      tools: {
        ...Object.fromEntries(orders),
        drop: { action: "deny" },
        refund: { action: "approve", approval: { expires: "15m", wait: "0s" } },
        watched: { mode: "shadow", action: "deny" },
        leak: { results: { redact: [{ matches: "done" }] }, max_in_flight: { max: 3 } },
        sum: { deny_if: [{ path: "args.list[*]", op: "gt", value: 1 }] },
      },
    },
  },
  grants: {
    agent: { servers: Object.fromEntries(["shop", "gone", "files", "absent"].map((name) => [name, "agents"])), token },
  },
});

async function send(agents, server, method, params, headers = {}) {
  const response = await fetch(`${agents}/mcp/${server}`, {
    method: "POST",
    headers: {
      authorization: `Bearer ${token}`,
      "content-type": "application/json",
      accept: "application/json, text/event-stream",
      ...headers,
    },
    body: JSON.stringify({ jsonrpc: "2.0", id: 1, method, params }),
  });
  return { status: response.status, session: response.headers.get("mcp-session-id"), text: await response.text() };
}

const hello = { protocolVersion: "2025-06-18", capabilities: {}, clientInfo: { name: "live", version: "1" } };

/** Calls a tool of a server that is a program, in a session of its own. */
async function callProgram(agents, server, tool) {
  const { session } = await send(agents, server, "initialize", hello);
  if (session) await send(agents, server, "tools/call", { name: tool }, { "mcp-session-id": session });
}

/** Asks for a program that cannot be started until the gateway waits with the next try; each try doubles that wait. */
async function askUntilBackedOff(agents, server) {
  for (let tries = 0; tries < 12; tries++) {
    const { text } = await send(agents, server, "initialize", hello);
    if (text.includes("it will be restarted in")) return;
  }
  throw new Error(`the gateway tries to start ${server} again and again`);
}

// More than the rule may hold of a grant's share while it looks at each.
const manyNumbers = { name: "sum", arguments: { list: Array(200000).fill(0) } };

const field = (number, bytes) => Buffer.concat([Buffer.from([number * 8 + 2, bytes.length]), Buffer.from(bytes)]);

/** Asks the rate limit service about a user of this round until it is over, and with more than it takes. */
async function askLimiter(limiter, number) {
  const entry = Buffer.concat([field(1, "user"), field(2, `ana-${number}`)]);
  const message = Buffer.concat([field(1, "live"), field(2, field(1, entry))]);
  const session = connect(limiter);
  for (const length of [message.length, message.length, message.length, 1 << 20]) {
    const request = session.request({
      ":method": "POST",
      ":path": "/envoy.service.ratelimit.v3.RateLimitService/ShouldRateLimit",
      "content-type": "application/grpc",
      te: "trailers",
    });
    const prefix = Buffer.alloc(5);
    prefix.writeUInt32BE(length, 1);
    request.end(Buffer.concat([prefix, message]));
    request.resume();
    await once(request, "close");
  }
  session.close();
}

/** One round of calls, the first, second or third; what the shop's tools answered. */
export async function round({ agents, limiter, operator }, number) {
  const answers = [];
  const order = orders[number - 1][0];
  for (const name of ["look", order, order, order, "drop", "refund", "watched", "leak", "fail"]) {
    answers.push(await send(agents, "shop", "tools/call", { name }));
  }
  await send(agents, "shop", "tools/list", {});
  await send(agents, "shop", "tools/call", manyNumbers);
  await send(agents, "gone", "tools/call", { name: "look" });
  await send(agents, "shop", "tools/call", { name: "look" }, { authorization: "Bearer nobody-s-token-at-all" });
  await fetch(`${operator}/api/v1/status`, { headers: { authorization: "Bearer no-key-of-this-gateway" } });
  await callProgram(agents, "files", "die");
  await callProgram(agents, "files", "echo");
  await askUntilBackedOff(agents, "absent");
  await askLimiter(limiter, number);
  return answers;
}
