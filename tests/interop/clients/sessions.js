// The sessions that each client has: with two servers directly, and with the same servers through the gateway.
import { join } from "node:path";
import { isDeepStrictEqual } from "node:util";
import { nodeProgram } from "../../conformance/processes.js";

/** The second server, a program. A client that starts programs starts it, or `gateway stdio` in its place. */
export const everything = {
  command: nodeProgram,
  args: [join(import.meta.dirname, "../node_modules/@modelcontextprotocol/server-everything/dist/index.js"), "stdio"],
};

const reason = "This value is closed to agents; use another one.";

/**
 * The calls of a session, in order. The result of a direct call has `text`. Through the gateway the first two calls
 * have the same results, the policy denies the third, and the fourth exceeds a rate limit.
 */
const calls = {
  fixture: [
    { name: "test_simple_text", arguments: {}, text: "a simple text response" },
    { name: "test_custom_header", arguments: { region: "eu-central" }, text: "eu-central" },
    { name: "test_custom_header", arguments: { region: "closed" }, text: "closed", refusal: reason },
    { name: "test_simple_text", arguments: {}, text: "a simple text response", refusal: "Try again in " },
  ],
  everything: [
    { name: "get-sum", arguments: { a: 2, b: 3 }, text: "5" },
    { name: "echo", arguments: { message: "hello" }, text: "hello" },
    { name: "echo", arguments: { message: "closed" }, text: "closed", refusal: reason },
    { name: "get-sum", arguments: { a: 2, b: 3 }, text: "5", refusal: "Try again in " },
  ],
};

const once = { limits: [{ counter: "once", window: "day", kind: "sliding", max: 1 }] };
const denied = (path) => ({ deny_if: [{ path, op: "eq", value: "closed", reason }] });

export const policies = {
  fixture: {
    version: "1", default: "allow", tools: { test_simple_text: once, test_custom_header: denied("args.region") },
  },
  everything: { version: "1", default: "allow", tools: { "get-sum": once, echo: denied("args.message") } },
};

/** Grants by name. Each session has one of its own, since the limit is one call for each grant. */
export const grantsOf = (client) => Object.fromEntries(["fixture", "everything", "all"].map((session) => {
  const servers = session === "all" ? ["fixture", "everything"] : [session];
  return [`${client.name}-${session}`, {
    servers: Object.fromEntries(servers.map((server) => [server, server])), token: tokenOf(client, session),
  }];
}));

const tokenOf = (client, session) => `interop-${client.name}-${session}-token`;

/** The sessions of a client. `like` names the direct sessions that one through the gateway is compared with. */
export function sessionsOf(client, direct, origin, gatewayCommand) {
  const [command, ...before] = gatewayCommand;
  const through = (session, path) =>
    ({ url: `${origin}${path}`, headers: { Authorization: `Bearer ${tokenOf(client, session)}` } });
  const bridge = {
    command, args: [...before, "stdio", "--server", "everything", "--gateway", origin],
    env: { GATEWAY_TOKEN: tokenOf(client, "everything") },
  };
  return [
    { name: "fixture directly", target: { url: direct.fixture, headers: {} }, calls: calls.fixture },
    {
      name: "/mcp/fixture", target: through("fixture", "/mcp/fixture"), calls: calls.fixture,
      like: { "fixture directly": "" },
    },
    {
      name: "everything directly", calls: calls.everything,
      target: client.startsPrograms ? { ...everything, env: {} } : { url: direct.everything, headers: {} },
    },
    {
      name: client.startsPrograms ? "gateway stdio" : "/mcp/everything", calls: calls.everything,
      target: client.startsPrograms ? bridge : through("everything", "/mcp/everything"),
      like: { "everything directly": "" },
    },
    {
      name: "/mcp", target: through("all", "/mcp"),
      calls: Object.entries(calls).flatMap(([server, list]) =>
        list.map((call) => ({ ...call, name: `${server}__${call.name}` }))),
      like: { "fixture directly": "fixture__", "everything directly": "everything__" },
    },
  ];
}

/**
 * Lists how a session differs from what it must be. `seen`, and `direct` by session, have `tools` by name and
 * `results`, which are texts.
 */
export function differences(session, seen, direct) {
  if (!session.like) return session.calls.flatMap((call, at) => contains(call, seen.results[at], call.text));
  const tools = {};
  const results = [];
  for (const [name, prefix] of Object.entries(session.like)) {
    for (const [tool, definition] of Object.entries(direct[name].tools)) tools[prefix + tool] = definition;
    results.push(...direct[name].results);
  }
  const found = [];
  for (const tool of new Set([...Object.keys(tools), ...Object.keys(seen.tools)])) {
    const [before, after] = [tools[tool], seen.tools[tool]];
    if (!isDeepStrictEqual(before, after))
      found.push(`tool ${tool}: ${JSON.stringify(before)} directly, ${JSON.stringify(after)} here`);
  }
  session.calls.forEach((call, at) => {
    if (call.refusal) found.push(...contains(call, seen.results[at], call.refusal));
    else if (seen.results[at] !== results[at])
      found.push(`${describe(call)}: ${results[at]} directly, ${seen.results[at]} here`);
  });
  return found;
}

const contains = (call, result, text) =>
  result?.includes(text) ? [] : [`${describe(call)}: "${text}" is missing in ${result}`];
const describe = ({ name, arguments: values }) => `${name} ${JSON.stringify(values)}`;
