// Coding agents as programs, each with a scripted model and a home folder of its own.
import { spawn } from "node:child_process";
import { once } from "node:events";
import { mkdirSync, mkdtempSync, writeFileSync } from "node:fs";
import { delimiter, dirname, join } from "node:path";
import { startModel } from "./model.js";

const bin = join(import.meta.dirname, "node_modules/.bin");

/**
 * Runs an installed program and returns its output. It inherits nothing but PATH, so that it finds no credentials or
 * settings of the machine.
 */
export async function runProgram(name, args, { home, env = {}, deadline }) {
  const child = spawn(join(bin, name), args, {
    cwd: home,
    env: {
      HOME: home, TMPDIR: home, LANG: "C.UTF-8", CI: "1", NO_COLOR: "1",
      PATH: [dirname(process.execPath), process.env.PATH].join(delimiter), ...env,
    },
    signal: deadline,
    stdio: ["ignore", "pipe", "pipe"],
  });
  const output = { stdout: "", stderr: "" };
  for (const stream of ["stdout", "stderr"]) child[stream].on("data", (chunk) => (output[stream] += chunk));
  const [code] = await once(child, "close");
  if (process.env.CONFORMANCE_VERBOSE) console.error(output.stdout, output.stderr);
  return { code, ...output };
}

/** A home folder with files by their paths in it. */
export function homeWith(folder, files) {
  const home = mkdtempSync(join(folder, "home-"));
  for (const [path, text] of Object.entries(files)) {
    mkdirSync(dirname(join(home, path)), { recursive: true });
    writeFileSync(join(home, path), typeof text === "string" ? text : JSON.stringify(text));
  }
  return home;
}

/** An agent's session: what its model was given. */
const agent = (setUp) => async ({ target, calls }, { folder, deadline }) => {
  const model = await startModel(calls);
  try {
    const { program, args, files, env } = setUp(target, model.url);
    const { code, stdout, stderr } = await runProgram(program, args, { home: homeWith(folder, files), env, deadline });
    const { seen } = model;
    if (seen.results.length === calls.length) return seen;
    const output = (stdout + stderr).slice(-2000);
    throw new Error(`${program} ended with ${code} after ${seen.results.length} of ${calls.length} calls: ${output}`);
  } finally {
    model.stop();
  }
};

const prompt = "Call the tools.";

export const agents = [
  {
    name: "claude-code", package: "@anthropic-ai/claude-code", startsPrograms: true,
    session: agent((target, model) => ({
      program: "claude",
      args: ["-p", prompt, "--strict-mcp-config", "--mcp-config", "mcp.json", "--allowedTools", "mcp__gw"],
      files: { "mcp.json": { mcpServers: { gw: { type: target.url ? "http" : "stdio", ...target } } } },
      env: {
        ANTHROPIC_BASE_URL: model, ANTHROPIC_API_KEY: "scripted", CLAUDE_CODE_DISABLE_NONESSENTIAL_TRAFFIC: "1",
        DISABLE_AUTOUPDATER: "1", ENABLE_TOOL_SEARCH: "false", MCP_TIMEOUT: "240000", MCP_CONNECT_TIMEOUT_MS: "240000",
      },
    })),
  },
  {
    name: "codex", package: "@openai/codex", startsPrograms: true,
    session: agent((target, model) => ({
      program: "codex",
      args: ["exec", "--skip-git-repo-check", "--dangerously-bypass-approvals-and-sandbox", prompt],
      files: { "codex/config.toml": codexConfig(target, model) },
      env: { CODEX_HOME: "codex", SCRIPTED_KEY: "scripted" },
    })),
  },
  {
    name: "gemini-cli", package: "@google/gemini-cli", startsPrograms: true,
    session: agent((target, model) => ({
      program: "gemini",
      args: ["--approval-mode", "yolo", "--skip-trust", "--model", "gemini-2.5-flash", "--prompt", prompt],
      files: {
        ".gemini/settings.json": {
          mcpServers: { gw: target.url ? { httpUrl: target.url, headers: target.headers } : target },
          security: { auth: { selectedType: "gemini-api-key" } },
          general: { enableAutoUpdate: false },
          privacy: { usageStatisticsEnabled: false },
        },
      },
      env: { GOOGLE_GEMINI_BASE_URL: model, GEMINI_API_KEY: "scripted" },
    })),
  },
];

/** JSON's strings and arrays are TOML's, too; its objects are not. */
function codexConfig(target, model) {
  const lines = (values) => Object.entries(values).map(([key, value]) => `${key} = ${JSON.stringify(value)}`);
  const table = (values) => `{ ${lines(values).join(", ")} }`;
  const { url, headers, env, ...program } = target;
  const server = url
    ? [...lines({ url }), `http_headers = ${table(headers)}`]
    : [...lines(program), `env = ${table(env)}`];
  return [
    'model = "scripted"', 'model_provider = "scripted"', "check_for_update_on_startup = false",
    "[analytics]", "enabled = false",
    "[model_providers.scripted]", 'name = "Scripted"', `base_url = "${model}/v1"`, 'wire_api = "responses"',
    'env_key = "SCRIPTED_KEY"', "request_max_retries = 0", "stream_max_retries = 0",
    "[mcp_servers.gw]", ...server, "required = true", "startup_timeout_sec = 240", "tool_timeout_sec = 120", "",
  ].join("\n");
}
