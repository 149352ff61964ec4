// The clients that are tried with --full only: agent libraries, a bridge, the inspector, and coding agents.
import { join } from "node:path";
import { AIMessage } from "@langchain/core/messages";
import { ToolNode } from "@langchain/langgraph/prebuilt";
import { MultiServerMCPClient } from "@langchain/mcp-adapters";
import { MCPClient } from "@mastra/mcp";
import { Agent, MCPServerStdio, MCPServerStreamableHttp, run, setTracingDisabled, Usage } from "@openai/agents";
import { byName, manifestOf, programSession, slow, textOf } from "../libraries.js";
import { agents, homeWith, runProgram } from "./agents.js";

setTracingDisabled(true);

// Its default, 5 s, is short for a slow machine.
const patience = { clientSessionTimeoutSeconds: slow / 1000, timeout: slow };

async function openAiSession({ target, calls }) {
  const server = target.url
    ? new MCPServerStreamableHttp({ url: target.url, requestInit: { headers: target.headers }, ...patience })
    : new MCPServerStdio({ ...target, ...patience });
  let seen = [];
  // The model sees an underscore for each hyphen in a name.
  const model = {
    getResponse: async ({ input }) => {
      seen = input.filter(({ type }) => type === "function_call_result").map(({ output }) => JSON.stringify(output));
      const call = calls[seen.length];
      const values = JSON.stringify(call?.arguments);
      const output = call
        ? { type: "function_call", callId: `${seen.length}`, name: call.name.replaceAll("-", "_"), arguments: values }
        : { type: "message", role: "assistant", content: [{ type: "output_text", text: "done" }] };
      return { usage: new Usage(), output: [{ ...output, status: "completed" }] };
    },
  };
  await server.connect();
  try {
    const tools = byName(await server.listTools());
    const agent = new Agent({ name: "interop", model, mcpServers: [server] });
    await run(agent, "Call the tools.", { maxTurns: calls.length + 1 });
    return { tools, results: seen };
  } finally {
    await server.close();
  }
}

async function langChainSession({ target, calls }) {
  const client = new MultiServerMCPClient({
    defaultToolTimeout: slow,
    mcpServers: { gw: target.url ? { transport: "http", ...target } : { transport: "stdio", ...target } },
  });
  try {
    const tools = await client.getTools();
    const node = new ToolNode(tools);
    const results = [];
    for (const [at, call] of calls.entries()) {
      const request = { type: "tool_call", id: `${at}`, name: call.name, args: call.arguments };
      const { messages } = await node.invoke({ messages: [new AIMessage({ content: "", tool_calls: [request] })] });
      results.push(JSON.stringify(messages.at(-1).content));
    }
    return { tools: byName(tools.map(({ name, description, schema }) => ({ name, description, schema }))), results };
  } finally {
    await client.close();
  }
}

let mastraClients = 0;
async function mastraSession({ target, calls }) {
  const server = target.url
    ? { url: new URL(target.url), requestInit: { headers: target.headers }, connectTimeout: slow }
    : target;
  const client = new MCPClient({ id: `interop-${++mastraClients}`, servers: { gw: server }, timeout: slow });
  try {
    const { gw: tools } = await client.listToolsets();
    const results = [];
    for (const call of calls)
      results.push(await tools[call.name].execute(call.arguments, {}).then(textOf, (error) => error.message));
    const definitions = Object.entries(tools).map(([name, { description, mcp }]) => ({ name, description, mcp }));
    return { tools: byName(JSON.parse(JSON.stringify(definitions))), results };
  } finally {
    await client.disconnect();
  }
}

/** The inspector's CLI, which makes one request in each run. */
async function inspectorSession({ target, calls }, { folder, deadline }) {
  const home = homeWith(folder, {
    "mcp.json": { mcpServers: { gw: { type: target.url ? "streamable-http" : "stdio", ...target } } },
  });
  const request = async (...args) => {
    const { code, stdout, stderr } = await runProgram(
      "mcp-inspector", ["--cli", "--config", "mcp.json", "--server", "gw", ...args], { home, deadline });
    try {
      return JSON.parse(stdout);
    } catch {
      throw new Error(`the inspector ended with ${code}: ${stdout}${stderr}`);
    }
  };
  const { tools } = await request("--method", "tools/list");
  const results = [];
  for (const { name, arguments: values } of calls) {
    const pairs = Object.entries(values).flatMap(([key, value]) => ["--tool-arg", `${key}=${value}`]);
    results.push(textOf(await request("--method", "tools/call", "--tool-name", name, ...pairs)));
  }
  return { tools: byName(tools), results };
}

/** mcp-remote is a server to a client that starts programs: here, to the official one. */
const mcpRemoteSession = ({ target, calls }, { folder }) => programSession({
  calls,
  target: {
    command: process.execPath,
    args: [
      join(import.meta.dirname, "node_modules/mcp-remote/dist/proxy.js"), target.url,
      "--allow-http", "--transport", "http-only",
      ...Object.keys(target.headers).flatMap((name) => ["--header", `${name}:\${AUTHORIZATION}`]),
    ],
    env: { HOME: homeWith(folder, {}), AUTHORIZATION: target.headers.Authorization ?? "" },
  },
});

export const clients = [
  { name: "inspector", package: "@modelcontextprotocol/inspector", startsPrograms: true, session: inspectorSession },
  { name: "mcp-remote", package: "mcp-remote", startsPrograms: false, session: mcpRemoteSession },
  { name: "openai-agents", package: "@openai/agents", startsPrograms: true, session: openAiSession },
  { name: "langchain", package: "@langchain/mcp-adapters", startsPrograms: true, session: langChainSession },
  { name: "mastra", package: "@mastra/mcp", startsPrograms: true, session: mastraSession },
  ...agents,
].map((client) => ({ ...client, manifest: manifestOf(import.meta.dirname, client.package) }));
