// The official client of the extension for tasks (2026-07-28). It makes the calls of its script one after another. For
// each it prints two lines of JSON: the task, once it is created, and its outcome. The last line has the error code for
// an unknown task. The script comes as JSON in the first argument: { urls, token, calls: [{ name, cancel }] }. Each
// request goes to the next of the URLs that responds, as to the gateways of a fleet.
import { Client, StreamableHTTPClientTransport } from "@modelcontextprotocol/client";
import { createTaskSessionFromClient } from "@modelcontextprotocol/ext-tasks/client";

const script = JSON.parse(process.argv[2]);
const print = (value) => console.log(JSON.stringify(value));
const clientInfo = { name: "interop-ext-tasks", version: "1.0.0" };
const capabilities = { elicitation: { form: {} } };
const protocolVersion = "2026-07-28";
let turn = 0;
const newTransport = () => new StreamableHTTPClientTransport(
  new URL(script.urls[0]), { fetch: fetchNext, requestInit: { headers: { Authorization: `Bearer ${script.token}` } } });

async function fetchNext(_, init) {
  for (let tries = 1; ; tries++) {
    try {
      return await fetch(script.urls[turn++ % script.urls.length], init);
    } catch (error) {
      if (tries === script.urls.length) throw error;
    }
  }
}

const client = new Client(clientInfo, { capabilities, versionNegotiation: { mode: { pin: protocolVersion } } });
await client.connect(newTransport());

// The client cannot decode a result that creates a task. Requests about tasks have a transport of their own.
const transport = newTransport();
const responses = new Map();
transport.onmessage = (message) => responses.get(message.id)?.(message);
transport.setProtocolVersion(protocolVersion);
await transport.start();

async function rawDispatch(request) {
  const id = `task-request-${responses.size + 1}`;
  const response = new Promise((done) => responses.set(id, done));
  await transport.send({ jsonrpc: "2.0", id, ...request });
  const { result, error } = await response;
  return error ? { kind: "error", error } : { kind: "result", result };
}

let asked;
const session = createTaskSessionFromClient(client, {
  endpointId: "gateway",
  rawDispatch,
  v2RequestFraming: { protocolVersion, clientInfo, clientCapabilities: capabilities },
  onInputRequest: ({ params }) => {
    asked.push(params.message);
    return { action: "accept", content: { name: "Ada" } };
  },
});

for (const { name, cancel } of script.calls) {
  asked = [];
  const execution = await session.callTool(name, {}, { task: { preference: "require" } });
  print({ task: execution.handle.taskId });
  if (cancel) await execution.cancel();
  const statuses = [];
  const { outcome } = await execution.settle({
    onEvent: (event) => void (event.type === "task" && statuses.push(event.task.status)),
  });
  const { status, result, error } = outcome;
  const text = result?.content[0].text ?? error?.message;
  print({ status, statuses, asked, isError: result?.isError === true, text, code: error?.code });
}

print({ unknown: await session.task("unknown").snapshot().catch((error) => error.code) });
process.exit(0);
