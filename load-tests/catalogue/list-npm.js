// Lists the tools of npm servers that are installed: node list-npm.js OUT.jsonl MODULES SERVERS.js [NAME…]
// MODULES is the folder that has node_modules, SERVERS.js exports "servers" (name, package, args, env), as
// tests/interop/servers/servers.js does. Each server is started with dummy keys, asked for its tools and stopped.
import { spawn } from "node:child_process";
import { appendFileSync, mkdtempSync, readFileSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { pathToFileURL } from "node:url";

const [out, modules, list, ...names] = process.argv.slice(2);
const { servers } = await import(pathToFileURL(list));
const timeout = 60_000;
writeFileSync(out, "");
for (const server of servers.filter(({ name }) => names.length === 0 || names.includes(name))) {
  if (server.args?.includes("EVERYTHING")) continue;
  try {
    const root = join(modules, "node_modules", server.package);
    const facts = JSON.parse(readFileSync(join(root, "package.json"), "utf8"));
    const program = join(root, typeof facts.bin === "string" ? facts.bin : Object.values(facts.bin)[0]);
    const { instructions, tools } = await ask(server, program);
    const repository = facts.repository?.url ?? facts.repository ?? "";
    const entry = { server: server.package, version: facts.version, repository, instructions, tools };
    appendFileSync(out, JSON.stringify(entry) + "\n");
    console.log(`${server.package}@${facts.version}: ${tools.length} tools`);
  } catch (error) {
    console.log(`${server.package}: ${error.message}`);
  }
}

async function ask(server, program) {
  const home = mkdtempSync(join(tmpdir(), "list-npm-"));
  const at = (text) => text.replaceAll("FOLDER", home);
  const child = spawn(process.execPath, [program, ...(server.args ?? []).map(at)], {
    cwd: home, detached: true, stdio: ["pipe", "pipe", "ignore"],
    env: { PATH: process.env.PATH, HOME: home, LANG: "C.UTF-8", TERM: "dumb", ...server.env },
  });
  child.stdin.on("error", () => {});
  const waiting = new Map();
  const ended = new Promise((_, reject) => {
    child.on("error", reject);
    child.on("exit", (code) => reject(new Error(`it ended with ${code}`)));
    setTimeout(() => reject(new Error("it did not answer in time")), timeout).unref();
  });
  ended.catch(() => {});
  let rest = "";
  child.stdout.setEncoding("utf8").on("data", (text) => {
    const lines = (rest + text).split("\n");
    rest = lines.pop();
    for (const line of lines) {
      let message;
      try {
        message = JSON.parse(line);
      } catch {
        continue; // not every server keeps its log out of stdout
      }
      if (message.method && message.id !== undefined) send({ id: message.id, result: { roots: [] } });
      else waiting.get(message.id)?.(message);
    }
  });
  const send = (message) => child.stdin.write(JSON.stringify({ jsonrpc: "2.0", ...message }) + "\n");
  let id = 0;
  const request = async (method, params) => {
    const answer = new Promise((resolve) => waiting.set(++id, resolve));
    send({ id, method, params });
    const { result, error } = await Promise.race([answer, ended]);
    if (error) throw new Error(error.message);
    return result;
  };
  try {
    const clientInfo = { name: "list-npm", version: "1.0.0" };
    const begun = await request("initialize", { protocolVersion: "2025-06-18", capabilities: {}, clientInfo });
    send({ method: "notifications/initialized" });
    const tools = [];
    for (let cursor, page = 0; page < 50; page++) {
      const part = await request("tools/list", cursor === undefined ? {} : { cursor });
      tools.push(...part.tools);
      cursor = part.nextCursor;
      if (cursor === undefined) break;
    }
    return { instructions: begun.instructions, tools };
  } finally {
    try {
      process.kill(-child.pid, "SIGKILL");
    } catch {
      // it has ended
    }
  }
}
