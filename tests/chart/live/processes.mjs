// What a live run starts, each at a free port of this machine: servers, the gateway before them, Prometheus.
import { spawn } from "node:child_process";
import { once } from "node:events";
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { createServer } from "node:http";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createInterface } from "node:readline";
import { setTimeout as pause } from "node:timers/promises";
import { stringify } from "yaml";
import { podOf, repository } from "../chart.mjs";

const folder = mkdtempSync(join(tmpdir(), "metrics-"));
const started = [];

/** Ends what was started, and removes its files once nobody can write another one. */
export async function stopAll() {
  for (const child of started) child.kill("SIGKILL");
  await Promise.all(started.map((child) => child.ended));
  rmSync(folder, { recursive: true, force: true, maxRetries: 10 }); // as a program outlives the gateway for a moment
}

export function file(name, text) {
  const path = join(folder, name);
  writeFileSync(path, text);
  return path;
}

function start(command, args, env = process.env) {
  const child = spawn(command, args, { cwd: folder, env, stdio: ["ignore", "pipe", "pipe"] });
  started.push(child);
  child.said = "";
  child.ended = once(child, "exit").catch((error) => (child.said += error.message)); // also when it is not there
  child.stderr.on("data", (data) => (child.said = (child.said + data).slice(-4000)));
  return child;
}

async function listen(handle) {
  const server = createServer(handle).listen(0, "127.0.0.1");
  await once(server, "listening");
  server.unref();
  return { server, url: `http://127.0.0.1:${server.address().port}` };
}

/** The address of a server that answers each message; its tool "fail" answers with 500. */
export async function startServer() {
  const { url } = await listen(async (request, response) => {
    let body = "";
    for await (const chunk of request) body += chunk;
    const { id, params } = JSON.parse(body);
    response.writeHead(params?.name === "fail" ? 500 : 200, { "content-type": "application/json" });
    response.end(JSON.stringify({ jsonrpc: "2.0", id, result: { content: [{ type: "text", text: "done" }] } }));
  });
  return `${url}/mcp`;
}

/** An address that nothing listens at. */
export async function startNothing() {
  const { server, url } = await listen(() => {});
  server.close();
  return url;
}

const dll = () => process.env.GATEWAY_DLL ?? join(repository, "artifacts/bin/Gateway.Server/debug/gateway.dll");

/** What the container of the validating Job ends with and writes, on the files that its pod would have. */
export async function validate(objects) {
  const { spec } = podOf(objects.find(({ kind }) => kind === "Job"));
  const [container] = spec.containers;
  const { name, items } = spec.volumes.find((volume) => volume.name === "config").configMap;
  const { data } = objects.find((one) => one.kind === "ConfigMap" && one.metadata.name === name);
  const mounted = mkdtempSync(join(folder, "config-"));
  mkdirSync(join(mounted, "policies"));
  for (const { key, path } of items) writeFileSync(join(mounted, path), data[key]);
  const env = { ...process.env, ...Object.fromEntries(container.env.map(({ name, value }) => [name, value])) };
  for (const { secretRef } of container.envFrom ?? []) {
    const secret = objects.find((one) => one.kind === "Secret" && one.metadata.name === secretRef?.name);
    for (const [key, text] of Object.entries(secret?.data ?? {})) env[key] = Buffer.from(text, "base64").toString();
  }
  const child = start("dotnet", [dll(), ...container.args.map((one) => one.replace("/etc/gateway", mounted))], env);
  child.stdout.on("data", (text) => (child.said += text));
  await child.ended;
  return { code: child.exitCode, said: child.said };
}

/** Starts the gateway that was built; where agents are served, and where the operator is. */
export async function startGateway(config) {
  const path = file("gateway.json", JSON.stringify(config));
  const any = "http://127.0.0.1:0";
  const limits = file("limits.yaml", stringify({
    domain: "live",
    descriptors: [{ key: "user", rate_limit: { unit: "year", requests_per_unit: 2 } }],
  }));
  // Nobody is there: what is told of a sink is told of one that is away too.
  const sinks = file("sinks.json",
    JSON.stringify({ away: { kind: "webhook", url: `${await startNothing()}/`, on_full: "drop" } }));
  const options = ["--config", path, "--data", join(folder, "data"), "--listen", any, "--admin-listen", any,
    "--memory-max", "24",
    "--rls-listen", any, "--rls-config", limits, "--audit-sinks", sinks];
  const child = start("dotnet", [dll(), "run", ...options]);
  const addresses = [];
  for await (const line of createInterface(child.stdout)) {
    const [, address] = line.match(/^(?:gateway|rate limit service) listens on (\S+)/) ?? [];
    if (address && addresses.push(address) === 3) break;
  }
  child.stdout.resume();
  if (addresses.length < 3) throw new Error(`the gateway did not start: ${child.said}`);
  const [agents, operator, limiter] = addresses;
  return { agents, operator, limiter, said: () => child.said };
}

/** Starts Prometheus over these targets and rules; its address, once it answers. */
export async function startPrometheus(targets, groups) {
  const rules = file("rules.yaml", stringify({ groups }));
  const config = {
    global: { scrape_interval: "500ms", scrape_timeout: "500ms", evaluation_interval: "1s" },
    rule_files: [rules],
    scrape_configs: [{ job_name: "policy-gateway", static_configs: targets }],
  };
  const url = await startNothing();
  const child = start("prometheus", [
    `--config.file=${file("prometheus.yaml", stringify(config))}`,
    `--storage.tsdb.path=${join(folder, "prometheus")}`,
    `--web.listen-address=${url.slice("http://".length)}`,
    "--log.level=warn",
  ]);
  child.stdout.resume();
  for (let tries = 0; tries < 3000; tries++) {
    if (child.exitCode !== null) break;
    if (await fetch(`${url}/-/ready`).then((answer) => answer.ok, () => false)) return url;
    await pause(50);
  }
  throw new Error(`Prometheus did not start: ${child.said}`);
}
