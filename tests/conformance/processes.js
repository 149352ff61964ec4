// What the run starts: servers that print their address first, the gateway, the suite.
import { spawn } from "node:child_process";
import { once } from "node:events";
import { existsSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { createServer } from "node:net";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { createInterface } from "node:readline";
import { setTimeout as pause } from "node:timers/promises";

const root = new URL("../../", import.meta.url).pathname;
const here = new URL(".", import.meta.url).pathname;
export const nodeProgram = [join(here, "node_modules/node/bin/node")].find(existsSync) ?? process.execPath;
const started = [];
const folder = mkdtempSync(join(tmpdir(), "gateway-conformance-"));
process.on("exit", stop);
for (const signal of ["SIGHUP", "SIGINT", "SIGTERM"]) process.on(signal, () => process.exit(1));

export const token = "conformance-suite-token-1";
export const severalToken = "conformance-suite-token-2";

const urlIn = (line) => (line.startsWith("{") ? JSON.parse(line).url : undefined);

/** Starts a script that prints {"url"} on a line of its own, or a line in which "read" finds the address. */
export async function startServer(script, { node = [], args = [], env = {}, cwd, read = urlIn } = {}) {
  const child = start(nodeProgram, [...node, resolve(here, script), ...args], env, cwd);
  for await (const line of createInterface({ input: child.stdout, signal: AbortSignal.timeout(120_000) })) {
    const url = read(line);
    if (!url) continue;
    child.stdout.resume();
    return url;
  }
  throw new Error(`${script} did not listen`);
}

/** A script as a program of the gateway's. */
export const program = (script) => ({ command: nodeProgram, args: [join(here, script)] });

/**
 * Starts the gateway in front of servers by name, of which some are also one, with a policy that allows everything.
 * Clients can sign in at it.
 */
export function startGateway(servers, several) {
  const open = (of) => Object.fromEntries(Object.keys(of).map((name) => [name, "open"]));
  return runGateway((origin) => ({
    servers: { ...servers, ...several },
    policies: {
      open: { version: "1", default: "allow" },
      bare: { version: "1", default: "allow", resources: { default: "deny" } },
    },
    grants: {
      suite: { servers: open(servers), token },
      // A URI that several servers own is an error at /mcp, and the suite knows its URIs by heart.
      several: { servers: { ...open(several), second: "bare", third: "bare" }, token: severalToken },
    },
    oauth: { issuer: origin },
  }));
}

/** Starts the gateway with the configuration that "configure" makes for its origin, and waits until it is ready. */
export async function runGateway(configure, env = {}) {
  const config = join(folder, "gateway.json");
  const origin = `http://127.0.0.1:${await freePort()}`;
  writeFileSync(config, JSON.stringify(configure(origin)));
  const [command, ...before] = gatewayCommand();
  const run = ["run", "--config", config, "--listen", origin, "--data", join(folder, "data")];
  const child = start(command, [...before, ...run], env);
  let adminKey;
  createInterface(child.stdout).on("line", (line) => { adminKey ??= /admin key, .*: (\S+)/.exec(line)?.[1]; });
  for (let tries = 0; tries < 1500; tries++) {
    if (child.exitCode !== null) throw new Error(`the gateway ended with ${child.exitCode}`);
    if (await fetch(`${origin}/readyz`).then((answer) => answer.ok, () => false)) return { origin, adminKey };
    await pause(100);
  }
  throw new Error("the gateway was not ready within 150 s");
}

/** The library that GATEWAY_DLL names, the program that users install where GATEWAY_PROGRAM does, or what was built. */
export function gatewayCommand() {
  if (process.env.GATEWAY_PROGRAM && !process.env.GATEWAY_DLL) return [process.env.GATEWAY_PROGRAM];
  return ["dotnet", process.env.GATEWAY_DLL ?? join(root, "artifacts/bin/Gateway.Server/debug/gateway.dll")];
}

/** Runs one set against a server; what it found stands in the folder that this returns. */
export async function runSet(set, url, origin) {
  const output = mkdtempSync(join(folder, "results-"));
  const env = origin
    ? { GATEWAY_ORIGIN: origin, GATEWAY_TOKEN: token, NODE_OPTIONS: `--import=${join(here, "authorize.js")}` }
    : {};
  const child = start(nodeProgram, [set.entry, "server", "--url", url, ...set.args, "-o", output], env);
  child.stdout.resume();
  await once(child, "exit");
  return output;
}

/** Runs the client scenarios, all at once, with a script of this folder; returns the folder of what they found. */
export async function runClientScenarios(entry, script, env) {
  const output = mkdtempSync(join(folder, "results-"));
  const command = `${nodeProgram} ${join(here, script)}`;
  const child = start(
    nodeProgram, [entry, "client", "--suite", "all", "--timeout", "60000", "--command", command, "-o", output], env);
  if (process.env.CONFORMANCE_VERBOSE) child.stdout.pipe(process.stdout, { end: false });
  else child.stdout.resume();
  await once(child, "exit");
  return output;
}

/** Runs the scenarios of an authorization server; what they are sent to is given to the browser. */
export async function runAuthorization(entry, issuer, register, allow) {
  const output = mkdtempSync(join(folder, "results-"));
  const port = await freePort();
  const client = await register(`http://127.0.0.1:${port}/callback`);
  const child = start(nodeProgram, [
    entry, "authorization", "--url", issuer, "--client-id", client, "--port", `${port}`,
    "--resource", `${issuer}/mcp/fixture`, "-o", output,
  ], {});
  const ended = once(child, "exit");
  for await (const line of createInterface(child.stdout)) {
    if (process.env.CONFORMANCE_VERBOSE) console.log(line);
    const asked = /https?:\S+\/authorize\?\S+/.exec(line)?.[0];
    if (asked) await allow(asked);
  }
  await ended;
  return output;
}

function start(command, args, env, cwd) {
  const isQuiet = !process.env.CONFORMANCE_VERBOSE;
  const child = spawn(command, args, {
    env: { ...process.env, ...env },
    cwd,
    stdio: ["pipe", "pipe", isQuiet ? "ignore" : "inherit"],
  });
  started.push(child);
  return child;
}

async function freePort() {
  const server = createServer().listen(0, "127.0.0.1");
  await once(server, "listening");
  const { port } = server.address();
  server.close();
  await once(server, "close");
  return port;
}

function stop() {
  for (const child of started) if (child.exitCode === null) child.kill("SIGKILL");
  rmSync(folder, { recursive: true, force: true });
}
