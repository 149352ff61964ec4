// Tries each client with two servers directly and through the gateway. Arguments name clients; without any, all run.
// It prints a line for each client, and "N passed, N failed" of their sessions at the end.
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { gatewayCommand, runGateway, startServer } from "../../conformance/processes.js";
import { clients as few } from "./libraries.js";
import { differences, everything, grantsOf, policies, sessionsOf } from "./sessions.js";

const sessionMax = 300_000;
const isFull = process.env.GATEWAY_FULL === "1";
const all = isFull ? [...few, ...(await import("./all/clients.js")).clients] : few;
const only = process.argv.slice(2);
const clients = all.filter(({ name }) => only.length === 0 || only.includes(name));
const folder = mkdtempSync(join(tmpdir(), "gateway-clients-"));
process.on("exit", () => rmSync(folder, { recursive: true, force: true }));

const started = async (name, script) => {
  const seen = join(folder, `${name}-revisions`);
  writeFileSync(seen, "");
  const options = [`--import=${join(import.meta.dirname, "revisions.js")}`];
  return { url: await startServer(script, { node: options, env: { SEEN_REVISIONS: seen } }), seen };
};
const direct = await started("direct", "fixture/server.js");
const behind = await started("behind", "fixture/server.js");
const everythingOverHttp = await startServer("../interop/everything-server.js");
const { origin } = await runGateway(() => ({
  servers: { fixture: { url: behind.url }, everything },
  policies,
  grants: Object.assign({}, ...clients.map(grantsOf)),
// A slow machine may need a minute to start a server.
}), { GATEWAY_SERVER_WAIT: "240" });

let passed = 0;
let failed = 0;
process.on("unhandledRejection", (error) => {
  failed++;
  console.log(`  not handled: ${error?.stack ?? error}`);
});
for (const client of clients) {
  const started = Date.now();
  const seen = {};
  const lines = [];
  const servers = { fixture: direct.url, everything: everythingOverHttp };
  for (const session of sessionsOf(client, servers, origin, gatewayCommand())) {
    const found = await run(client, session, seen).catch((error) => [error.stack ?? `${error}`]);
    if (found.length === 0) passed++;
    else failed++;
    lines.push(...found.map((line) => `  ${session.name}: ${line}`));
  }
  const { version } = JSON.parse(readFileSync(client.manifest));
  const revisions = ["fixture directly", "/mcp/fixture", "/mcp"].map((name) => `${name} ${seen[name]?.revision}`);
  console.log(`${client.package} ${version}: ${revisions.join(", ")}, ` +
    `${Object.keys(seen["/mcp"]?.tools ?? {}).length} tools at /mcp, ${lines.length === 0 ? "same" : "differs"} ` +
    `(${Math.round((Date.now() - started) / 1000)} s)`);
  for (const line of lines) console.log(line);
}

async function run(client, session, seen) {
  const deadline = AbortSignal.timeout(sessionMax);
  const late = new Promise((_, reject) =>
    deadline.addEventListener("abort", () => reject(new Error(`the session did not end within ${sessionMax} ms`))));
  seen[session.name] = await Promise.race([client.session(session, { folder, deadline }), late]);
  seen[session.name].revision = revisionsIn(session.like ? behind.seen : direct.seen);
  return differences(session, seen[session.name], seen);
}

/** Takes the revisions out of a file of revisions.js. */
function revisionsIn(file) {
  const found = new Set(readFileSync(file, "utf8").trim().split("\n"));
  writeFileSync(file, "");
  return [...found].join(" and ");
}

console.log(`${passed} passed, ${failed} failed`);
process.exit(failed === 0 ? 0 : 1);
