// The official clients, brought to one shape. Each answers what a server asks of it, and says what it was asked.
import { Client, StreamableHTTPClientTransport } from "@modelcontextprotocol/client";
import { Client as OldClient } from "@modelcontextprotocol/sdk/client/index.js";
import { StreamableHTTPClientTransport as OldTransport } from "@modelcontextprotocol/sdk/client/streamableHttp.js";
import {
  CreateMessageRequestSchema, ElicitRequestSchema, ListRootsRequestSchema,
} from "@modelcontextprotocol/sdk/types.js";

const about = { name: "features", version: "1.0.0" };
const retrying = {
  initialReconnectionDelay: 10, maxReconnectionDelay: 500, reconnectionDelayGrowFactor: 1, maxRetries: 20,
};

export const connect = {
  "TypeScript 1, 2025-11-25": async (url, headers, say, capabilities) => {
    const schemas = {
      "sampling/createMessage": CreateMessageRequestSchema,
      "elicitation/create": ElicitRequestSchema,
      "roots/list": ListRootsRequestSchema,
    };
    const client = new OldClient(about, { capabilities });
    const transport = new OldTransport(url, { requestInit: { headers }, reconnectionOptions: retrying });
    const on = (method, answer) => client.setRequestHandler(schemas[method], answer);
    return { ...(await begin(client, transport, on, say)), isOld: true };
  },
  "TypeScript 2, 2025-11-25": (url, headers, say, capabilities) =>
    beginNew(new Client(about, { capabilities, versionNegotiation: { mode: "legacy" } }), url, headers, say),
  "TypeScript 2, 2026-07-28": async (url, headers, say, capabilities) => {
    const client = new Client(about, { capabilities, versionNegotiation: { mode: { pin: "2026-07-28" } } });
    return { ...(await beginNew(client, url, headers, say)), isStateless: true };
  },
};

const beginNew = (client, url, headers, say) => {
  const transport = new StreamableHTTPClientTransport(url, { requestInit: { headers }, reconnectionOptions: retrying });
  return begin(client, transport, (method, answer) => client.setRequestHandler(method, answer), say);
};

async function begin(client, transport, on, say) {
  on("sampling/createMessage", ({ params }) => {
    say(`asked to sample: ${params.messages[0].content.text}`);
    return { role: "assistant", model: "none", content: { type: "text", text: "Paris" } };
  });
  on("elicitation/create", ({ params }) => {
    if (params.mode === "url") {
      say(`asked to open ${params.url}`);
      return { action: "accept" };
    }
    const [name, ...others] = Object.keys(params.requestedSchema.properties);
    say(`asked the person: ${params.message}`);
    if (params.message.includes("decline")) return { action: "decline" };
    const content = { [name]: params.requestedSchema.properties[name].type === "boolean" ? true : "Ada" };
    for (const other of others) content[other] = "ada@example.org";
    return { action: "accept", content };
  });
  on("roots/list", () => {
    say("asked for roots");
    return { roots: [{ uri: "file:///work", name: "Work" }] };
  });

  const told = [];
  const waiting = [];
  client.fallbackNotificationHandler = async ({ method, params }) => {
    told.push(words(method, params));
    for (const check of waiting) check();
  };
  // The notifications so far, once there are that many.
  const heard = (count) => new Promise((done) => {
    const check = () => told.length >= count && done([...told]);
    waiting.push(check);
    check();
  });
  await client.connect(transport);
  return { client, transport, heard, isStateless: false };
}

function words(method, params) {
  if (method === "notifications/message") return `logged ${params.level}: ${params.data}`;
  if (method === "notifications/resources/updated") return `updated: ${params.uri}`;
  return method.replace("notifications/", "");
}
