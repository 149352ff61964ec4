// One session with the official client, and everything that a host would see of the server in it.
import { Client } from "@modelcontextprotocol/sdk/client/index.js";
import {
  CreateMessageRequestSchema, ElicitRequestSchema, ListRootsRequestSchema, ResultSchema,
} from "@modelcontextprotocol/sdk/types.js";

const lists = {
  "tools/list": { capability: "tools", member: "tools" },
  "prompts/list": { capability: "prompts", member: "prompts" },
  "resources/list": { capability: "resources", member: "resources" },
  "resources/templates/list": { capability: "resources", member: "resourceTemplates" },
};
const pagesMax = 50;
const timeout = 300_000; // a busy machine takes long to start a program

/**
 * The initialize result, every list that the server declares, and the results of the calls, as plain data. Without
 * calls, two are made up from the list of tools; the calls that were made come back too.
 */
export async function observe(transport, given) {
  const initialize = firstResult(transport);
  const client = new Client(
    { name: "interop-servers", version: "1.0.0" },
    { capabilities: { roots: { listChanged: true }, sampling: {}, elicitation: { form: {} } } },
  );
  client.setRequestHandler(ListRootsRequestSchema, () => ({ roots: [] }));
  client.setRequestHandler(ElicitRequestSchema, () => ({ action: "decline" }));
  client.setRequestHandler(CreateMessageRequestSchema, () => ({
    role: "assistant", model: "none", content: { type: "text", text: "sampled" },
  }));
  try {
    await client.connect(transport, { timeout });
    const seen = { initialize: await initialize };
    for (const [method, { capability, member }] of Object.entries(lists)) {
      if (seen.initialize.capabilities[capability]) seen[method] = await listed(client, method, member);
    }
    const calls = given ?? madeUp(seen["tools/list"]);
    seen.calls = [];
    for (const call of calls) seen.calls.push(await answered(client, "tools/call", call));
    return { seen, calls };
  } finally {
    await transport.terminateSession?.().catch(() => {});
    await client.close();
  }
}

// The client keeps only what it knows of an initialize result; this has all of it.
function firstResult(transport) {
  const start = transport.start.bind(transport);
  return new Promise((resolve) => {
    transport.start = () => {
      const handle = transport.onmessage;
      transport.onmessage = (message, extra) => {
        if (message.result) resolve(message.result);
        handle(message, extra);
      };
      return start();
    };
  });
}

async function listed(client, method, member) {
  const entries = [];
  let cursor;
  for (let page = 0; page < pagesMax; page++) {
    const result = await answered(client, method, cursor === undefined ? undefined : { cursor });
    if (result.error) return result;
    entries.push(...result[member]);
    cursor = result.nextCursor;
    if (cursor === undefined) return entries;
  }
  throw new Error(`${method} has more than ${pagesMax} pages`);
}

async function answered(client, method, params) {
  try {
    return await client.request({ method, params }, ResultSchema, { timeout });
  } catch (error) {
    if (error.code === undefined) throw error;
    return { error: { code: error.code, message: error.message, data: error.data } };
  }
}

/** A server that starts, but for which servers.js has to name the calls. */
export class UncallableError extends Error {}

// One call with the arguments that the tool requires, and one without any. Only tools that read are called: the server
// must not have to be trusted.
function madeUp(tools) {
  const reads = /(^|[_.-])(get|list|search|read|query|find|describe|fetch|show)([_.-]|$)|^(get|list|search|find)[A-Z]/;
  const reading = tools.filter(({ name, annotations }) => annotations?.readOnlyHint === true || reads.test(name));
  const demanding = tools.filter(({ inputSchema }) => inputSchema.required?.length > 0);
  const first = reading[0];
  const second = demanding.at(-1) ?? reading.at(-1);
  if (!first || !second) throw new UncallableError("no two calls can be made up; name them in servers.js");
  return [{ name: first.name, arguments: sample(first.inputSchema) }, { name: second.name, arguments: {} }];
}

function sample(schema = {}) {
  if (schema.const !== undefined) return schema.const;
  if (schema.default !== undefined) return schema.default;
  if (schema.enum) return schema.enum[0];
  const [either] = schema.anyOf ?? schema.oneOf ?? [];
  if (either) return sample(either);
  const type = Array.isArray(schema.type) ? schema.type[0] : schema.type;
  if (type === "number" || type === "integer") return schema.minimum ?? 1;
  if (type === "boolean") return false;
  if (type === "array") return Array.from({ length: schema.minItems ?? 0 }, () => sample(schema.items));
  if (type !== "object" && !schema.properties) return "none";
  return Object.fromEntries((schema.required ?? []).map((name) => [name, sample(schema.properties?.[name])]));
}
