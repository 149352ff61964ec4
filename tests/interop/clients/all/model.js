// A scripted model for coding agents. It speaks the Anthropic Messages API, the OpenAI Responses API and the Gemini API
// on 127.0.0.1. The model calls the tools of a session one after another, and then ends its turn.
import { once } from "node:events";
import { createServer } from "node:http";

/** Starts the model of one session. `seen` has the tools and the results that an agent gave it. */
export async function startModel(calls) {
  const seen = { tools: {}, results: [] };
  const server = createServer(async (request, response) => {
    let text = "";
    for await (const chunk of request) text += chunk;
    const api = request.method === "POST" ? Object.values(apis).find(({ path }) => path.test(request.url)) : undefined;
    if (!api) return response.writeHead(404, { "content-type": "application/json" }).end("{}");
    const body = JSON.parse(text);
    const isStream = body.stream || request.url.includes("alt=sse");
    const events = api.reply(turn(api, body, calls, seen));
    response.writeHead(200, { "content-type": isStream ? "text/event-stream" : "application/json" });
    response.end(isStream ? events.map(asEvent).join("") : JSON.stringify(api.whole(events)));
  }).listen(0, "127.0.0.1");
  await once(server, "listening");
  const stop = () => {
    server.close();
    server.closeAllConnections();
  };
  return { url: `http://127.0.0.1:${server.address().port}`, seen, stop };
}

/** The next call of the script. A request without the MCP server's tools is for a title or a summary. */
function turn(api, body, calls, seen) {
  const tools = api.tools(body).flatMap(({ name, ...definition }) =>
    /^mcp_+gw_+/.test(name) ? [[name.replace(/^mcp_+gw_+/, ""), { name, ...definition }]] : []);
  if (tools.length === 0) return undefined;
  // Codex reports how long a call took.
  seen.results = api.results(body).map((result) => JSON.stringify(result).replace(/Wall time: [\d.]+ seconds/, ""));
  seen.tools = Object.fromEntries(tools.map(([short, { name, inner, ...definition }]) => [short, definition]));
  const at = seen.results.length;
  if (at >= calls.length) return undefined;
  // Codex offers an underscore for each hyphen in a name.
  const { name } = calls[at];
  const offered = tools.find(([short]) => short === name || short === name.replaceAll("-", "_"))?.[1];
  return { id: `call_${at}`, name: offered?.name ?? name, offered, arguments: calls[at].arguments };
}

const asEvent = (event) => `${event.type ? `event: ${event.type}\n` : ""}data: ${JSON.stringify(event)}\n\n`;
const done = "All tools are called.";

const apis = {
  anthropic: {
    path: /\/v1\/messages(\?|$)/,
    tools: ({ tools }) => tools ?? [],
    results: ({ messages }) => messages.flatMap(({ content }) => (Array.isArray(content) ? content : []))
      .filter(({ type }) => type === "tool_result").map(({ content, is_error }) => ({ content, is_error })),
    reply: (call) => {
      const message = {
        id: "msg_1", type: "message", role: "assistant", model: "scripted", content: [], stop_reason: null,
        stop_sequence: null, usage: { input_tokens: 1, output_tokens: 1 },
      };
      const block = call
        ? { type: "tool_use", id: `toolu_${call.id}`, name: call.name, input: {} }
        : { type: "text", text: "" };
      const delta = call
        ? { type: "input_json_delta", partial_json: JSON.stringify(call.arguments) }
        : { type: "text_delta", text: done };
      return [
        { type: "message_start", message },
        { type: "content_block_start", index: 0, content_block: block },
        { type: "content_block_delta", index: 0, delta },
        { type: "content_block_stop", index: 0 },
        { type: "message_delta", delta: { stop_reason: call ? "tool_use" : "end_turn" }, usage: { output_tokens: 1 } },
        { type: "message_stop" },
      ];
    },
    whole: ([{ message }]) => ({ ...message, content: [{ type: "text", text: done }], stop_reason: "end_turn" }),
  },
  openai: {
    path: /\/v1\/responses$/,
    // A namespace holds the tools of one MCP server; their names have no prefix.
    tools: ({ tools = [] }) => tools.flatMap((tool) => tool.type !== "namespace" ? [tool] : tool.tools.map((inner) =>
      ({ ...inner, name: `${tool.name.replace(/_*$/, "__")}${inner.name}`, namespace: tool.name, inner: inner.name }))),
    results: ({ input }) => input.filter(({ type }) => type === "function_call_output").map(({ output }) => output),
    reply: (call) => {
      const item = call
        ? {
            type: "function_call", id: `fc_${call.id}`, call_id: call.id, status: "completed",
            name: call.offered?.inner ?? call.name, namespace: call.offered?.namespace,
            arguments: JSON.stringify(call.arguments),
          }
        : {
            type: "message", id: "msg_1", role: "assistant", status: "completed",
            content: [{ type: "output_text", text: done, annotations: [] }],
          };
      const usage = { input_tokens: 1, output_tokens: 1, total_tokens: 2 };
      const response = { id: "resp_1", object: "response", status: "completed", output: [item], usage };
      return [
        { type: "response.created", response: { ...response, status: "in_progress", output: [] } },
        { type: "response.output_item.added", output_index: 0, item },
        { type: "response.output_item.done", output_index: 0, item },
        { type: "response.completed", response },
      ];
    },
    whole: (events) => events.at(-1).response,
  },
  gemini: {
    path: /generateContent/i,
    tools: ({ tools = [] }) => tools.flatMap(({ functionDeclarations = [] }) => functionDeclarations),
    results: ({ contents }) => contents.flatMap(({ parts }) => parts ?? [])
      .flatMap(({ functionResponse }) => functionResponse ? [functionResponse.response] : []),
    reply: (call) => [{
      candidates: [{
        index: 0, finishReason: "STOP",
        content: {
          role: "model",
          parts: [call ? { functionCall: { name: call.name, args: call.arguments } } : { text: done }],
        },
      }],
      usageMetadata: { promptTokenCount: 1, candidatesTokenCount: 1, totalTokenCount: 2 },
    }],
    whole: ([event]) => event,
  },
};
