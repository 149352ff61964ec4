// A small load that touches whatever is measured, and ends: every decision, every way in which a server answers.
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
    if (text.includes("it is started again in")) return;
  }
  throw new Error(`the gateway tries to start ${server} again and again`);
}

// More than the rule may hold of a grant's share while it looks at each.
const manyNumbers = { name: "sum", arguments: { list: Array(200000).fill(0) } };

/** One round of calls, the first, second or third; what the shop's tools answered. */
export async function round({ agents, operator }, number) {
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
  return answers;
}
