// Compares each server directly with the same server through the gateway, at its own address and at /mcp. Arguments
// name the servers; --short takes only those whose packages tests/interop has; --exceptions prints what may differ.
// It closes with the comparisons that found no difference, and those that did.
import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { SSEClientTransport } from "@modelcontextprotocol/sdk/client/sse.js";
import { StdioClientTransport } from "@modelcontextprotocol/sdk/client/stdio.js";
import { StreamableHTTPClientTransport } from "@modelcontextprotocol/sdk/client/streamableHttp.js";
import { nodeProgram, runGateway, startServer } from "../../conformance/processes.js";
import { differences, exceptions, exposed, merged } from "./compare.js";
import { servers } from "./servers.js";
import { observe, UncallableError } from "./session.js";

if (process.argv.includes("--exceptions")) {
  for (const { what, reason } of exceptions) console.log(`/mcp: ${what}, because ${reason}`);
  process.exit(0);
}

const comparedMin = 40;
const atOnce = 3;
const here = new URL(".", import.meta.url).pathname;
const folder = mkdtempSync(join(tmpdir(), "gateway-servers-"));
process.on("exit", () => rmSync(folder, { recursive: true, force: true }));

// A program gets the same environment from the client and from the gateway, and a home of its own.
const common = {
  PATH: process.env.PATH, HOME: folder, LANG: "C.UTF-8",
  LOGNAME: "interop", SHELL: "/bin/sh", TERM: "dumb", USER: "interop",
};
const names = process.argv.slice(2).filter((argument) => !argument.startsWith("--"));
const isShort = process.argv.includes("--short");
const chosen = servers.filter((one) => (names.length > 0 ? names.includes(one.name) : one.isShort || !isShort));
const isBridged = chosen.some(({ args }) => args?.includes("EVERYTHING"));
const everything = isBridged ? await startServer(join(here, "../everything-server.js")) : "";

const runs = [];
for (const server of chosen) runs.push(...(await prepare(server)));
const startable = runs.filter((run) => !run.why);
const { origin } = await runGateway(() => ({
  servers: Object.fromEntries(startable.map((run) => [run.key, run.registered])),
  policies: { open: { version: "1", default: "allow" } },
  grants: Object.fromEntries(startable.map((run) => [run.key, { servers: { [run.key]: "open" }, token: run.token }])),
// The catalogue's probes would start every server once more.
}), { GATEWAY_SERVER_WAIT: "300", GATEWAY_INVENTORY_EVERY: "0" });

let passed = 0;
let failed = 0;
const compared = new Set();
const queue = runs.values();
// Much of the time a program is waited for.
await Promise.all(Array.from({ length: atOnce }, async () => {
  for (const run of queue) tell(run, run.why ? run : await compare(run));
}));
const expected = isShort || names.length > 0 ? chosen.length : comparedMin;
if (compared.size < expected) {
  console.log(`!! only ${compared.size} of ${expected} servers could be compared`);
  failed++;
}

console.log(`${passed} passed, ${failed} failed`);
process.exit(failed === 0 ? 0 : 1);

function tell({ name, key, label }, { why, revision, tools, volatile, lines }) {
  if (why) {
    console.log(`${label}: does not start directly: ${why}`);
    return;
  }
  compared.add(name);
  console.log(`${label}: ${revision}, ${tools} tools: ${lines.length === 0 ? "same" : "differs"}`
    + (volatile > 0 ? ` (${volatile} values differ between direct sessions too)` : ""));
  for (const line of lines) console.log(`!! ${key}: ${line}`);
  if (lines.length === 0) passed++;
  else failed++;
}

// The server over each transport that it offers: how it is registered, and how it is reached directly.
async function prepare(server) {
  const at = [here, join(here, "..")].map((it) => join(it, "node_modules", server.package)).find(existsSync);
  if (!at) return [{ ...server, label: server.package, why: "it is not installed" }];
  const about = JSON.parse(readFileSync(join(at, "package.json"), "utf8"));
  const main = join(at, server.main ?? (typeof about.bin === "string" ? about.bin : Object.values(about.bin)[0]));
  const cwd = join(folder, server.name);
  mkdirSync(cwd);
  for (const [file, value] of Object.entries(server.files ?? {})) writeFileSync(join(cwd, file), JSON.stringify(value));
  const values = { FOLDER: cwd, EVERYTHING: everything, NODE: nodeProgram, MODULES: join(here, "node_modules") };
  const fill = (value) => JSON.parse(Object.entries(values).reduce(
    (text, [name, its]) => text.replaceAll(name, its), JSON.stringify(value)));
  const env = { ...common, ...fill(server.env ?? {}) };
  const program = { command: nodeProgram, args: [main, ...fill(server.args ?? [])], env, cwd };
  const run = (transport, key, more) => ({
    name: server.name, key, label: `${server.package} ${about.version}, ${transport}`,
    token: `interop-servers-token-${key}`, calls: server.calls && fill(server.calls), ...more,
  });
  const runs = [];
  if (!server.sse) {
    runs.push(run("stdio", server.name, {
      registered: program, direct: () => new StdioClientTransport({ ...program, stderr: "ignore" }),
    }));
  }
  if (server.http) runs.push(run("http", `${server.name}-http`, await overHttp(fill(server.http), main, env, cwd)));
  if (server.sse) runs.push(run("sse", server.name, await overHttp(fill(server.sse), main, env, cwd, "sse")));
  return runs;
}

// "port" is the one that the server chooses for MCP, where it listens on others too.
async function overHttp({ args, headers = {}, port }, main, env, cwd, path = "mcp") {
  try {
    const url = await startServer(main, {
      node: ["--import", join(here, "listen.js")], args, env, cwd,
      read: (line) => {
        const heard = line.startsWith('{"port":') && JSON.parse(line);
        return heard && (port === undefined || heard.asked === port) && `http://127.0.0.1:${heard.port}/${path}`;
      },
    });
    const Transport = path === "sse" ? SSEClientTransport : StreamableHTTPClientTransport;
    return {
      registered: { url, headers }, direct: () => new Transport(new URL(url), { requestInit: { headers } }),
    };
  } catch (error) {
    return { why: error.message };
  }
}

// A value that differs between two direct sessions, as a time or a process id does, says nothing about the gateway.
async function compare({ key, token, direct, calls: given }) {
  let first, again;
  try {
    first = await observe(direct(), given);
    again = await observe(direct(), first.calls);
  } catch (error) {
    if (error instanceof UncallableError) return { lines: [error.message], revision: "started", tools: "no callable" };
    return { why: error.message.split("\n")[0] };
  }
  const { seen, calls } = first;
  const volatile = differences(seen, again.seen);
  const lines = [];
  const through = async (path, asked, expected, server) => {
    const transport = new StreamableHTTPClientTransport(
      new URL(origin + path), { requestInit: { headers: { Authorization: `Bearer ${token}` } } });
    try {
      const { seen: other } = await observe(transport, asked);
      for (const [place, text] of differences(expected, other, server)) {
        if (!volatile.has(place)) lines.push(`${path} ${place}: ${text}`);
      }
    } catch (error) {
      lines.push(`${path}: ${error.message}`);
    }
  };
  await through(`/mcp/${key}`, calls, merged(seen));
  await through("/mcp", calls.map((call) => ({ ...call, name: exposed(key, call.name) })), merged(seen, key), key);
  return {
    lines, volatile: volatile.size, revision: seen.initialize.protocolVersion, tools: seen["tools/list"]?.length ?? 0,
  };
}
