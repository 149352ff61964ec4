// The clients that `.ci/run` tries: both lines of the official TypeScript SDK, and the AI SDK.
import { join } from "node:path";
import { createMCPClient } from "@ai-sdk/mcp";
import { Experimental_StdioMCPTransport as AiStdioTransport } from "@ai-sdk/mcp/mcp-stdio";
import { Client, StreamableHTTPClientTransport } from "@modelcontextprotocol/client";
import { StdioClientTransport } from "@modelcontextprotocol/client/stdio";
import { Client as LegacyClient } from "@modelcontextprotocol/sdk/client/index.js";
import { StdioClientTransport as LegacyStdioTransport } from "@modelcontextprotocol/sdk/client/stdio.js";
import {
  StreamableHTTPClientTransport as LegacyHttpTransport,
} from "@modelcontextprotocol/sdk/client/streamableHttp.js";
import { generateText, isStepCount } from "ai";
import { MockLanguageModelV4 } from "ai/test";

/** The package.json of an installed package. */
export const manifestOf = (folder, name) => join(folder, "node_modules", name, "package.json");

/** The timeout of each step, in milliseconds: a slow machine may need a minute to start a program. */
export const slow = 240_000;

const about = { name: "gateway-interop", version: "1.0.0" };

/** The text of a tool result as a host shows it to the model. */
export const textOf = (result) => result.content.map((block) => block.text ?? JSON.stringify(block)).join(" ");

/** Tools by name, each with its whole definition. */
export const byName = (tools) => Object.fromEntries(tools.map(({ name, ...definition }) => [name, definition]));

/** The session of an official client. */
export async function sdkSession(client, transport, { calls }) {
  await client.connect(transport, { timeout: slow });
  try {
    const { tools } = await client.listTools(undefined, { timeout: slow });
    const results = [];
    for (const call of calls) {
      const result = client.callTool({ name: call.name, arguments: call.arguments });
      results.push(await result.then(textOf, (error) => error.message));
    }
    return { tools: byName(tools), results };
  } finally {
    await client.close();
  }
}

/** The session of the official client 1.x with a program. */
export const programSession = (session) =>
  sdkSession(new LegacyClient(about), new LegacyStdioTransport({ ...session.target, stderr: "ignore" }), session);

async function aiSdkSession({ target, calls }) {
  const client = await createMCPClient({
    transport: target.url ? { type: "http", url: target.url, headers: target.headers } : new AiStdioTransport(target),
  });
  try {
    const { tools } = await client.listTools();
    const steps = calls.map((call, at) => ({
      content: [{ type: "tool-call", toolCallId: `${at}`, toolName: call.name, input: JSON.stringify(call.arguments) }],
      finishReason: { unified: "tool-calls" }, usage: { inputTokens: {}, outputTokens: {} }, warnings: [],
    }));
    const end = { ...steps[0], content: [{ type: "text", text: "done" }], finishReason: { unified: "stop" } };
    const model = new MockLanguageModelV4({ doGenerate: [...steps, end] });
    const stopWhen = isStepCount(calls.length + 1);
    await generateText({ model, tools: await client.tools(), prompt: "Call the tools.", stopWhen });
    const results = model.doGenerateCalls.at(-1).prompt.filter(({ role }) => role === "tool")
      .flatMap(({ content }) => content).map(({ output }) => JSON.stringify(output));
    return { tools: byName(tools), results };
  } finally {
    await client.close();
  }
}

function legacySession(session) {
  const { url, headers } = session.target;
  if (!url) return programSession(session);
  const transport = new LegacyHttpTransport(new URL(url), { requestInit: { headers } });
  return sdkSession(new LegacyClient(about), transport, session);
}

function currentSession(session) {
  const { url, headers } = session.target;
  const transport = url
    ? new StreamableHTTPClientTransport(new URL(url), { requestInit: { headers } })
    : new StdioClientTransport({ ...session.target, stderr: "ignore" });
  return sdkSession(new Client(about, { versionNegotiation: { mode: "auto" } }), transport, session);
}

export const clients = [
  { name: "typescript-sdk-1", package: "@modelcontextprotocol/sdk", startsPrograms: true, session: legacySession },
  { name: "typescript-sdk-2", package: "@modelcontextprotocol/client", startsPrograms: true, session: currentSession },
  { name: "ai-sdk", package: "@ai-sdk/mcp", startsPrograms: true, session: aiSdkSession },
].map((client) => ({ ...client, manifest: manifestOf(import.meta.dirname, client.package) }));
