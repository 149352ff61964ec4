// The official client of the experimental tasks of 2025-11-25: it calls a tool as a task, answers what the task asks,
// cancels another task, and prints what it saw as one line of JSON. The script comes as JSON in the first argument:
// { url, token, tool }.
import { Client } from "@modelcontextprotocol/sdk/client/index.js";
import { StreamableHTTPClientTransport } from "@modelcontextprotocol/sdk/client/streamableHttp.js";
import { CallToolResultSchema, ElicitRequestSchema } from "@modelcontextprotocol/sdk/types.js";

const script = JSON.parse(process.argv[2]);
const client = new Client(
  { name: "interop-tasks", version: "1.0.0" },
  { capabilities: { elicitation: { form: {} } } },
);
const asked = [];
client.setRequestHandler(ElicitRequestSchema, request => {
  asked.push(request.params._meta?.["io.modelcontextprotocol/related-task"]?.taskId);
  return { action: "accept", content: { interpretation: "snake" } };
});
await client.connect(new StreamableHTTPClientTransport(
  new URL(script.url), { requestInit: { headers: { Authorization: `Bearer ${script.token}` } } },
));
await client.listTools();

const call = ambiguous => client.experimental.tasks.callToolStream(
  { name: script.tool, arguments: { topic: "python", ambiguous } }, CallToolResultSchema);

const seen = { capabilities: client.getServerCapabilities().tasks, statuses: [], asked };
for await (const message of call(true)) {
  if (message.type === "taskCreated") seen.task = message.task.taskId;
  else if (message.type === "taskStatus") seen.statuses.push(message.task.status);
  else if (message.type === "result") seen.text = message.result.content[0].text;
  else seen.error = message.error.message;
}

for await (const message of call(false)) {
  if (message.type !== "taskCreated") continue;
  seen.other = message.task.taskId;
  seen.cancelled = (await client.experimental.tasks.cancelTask(seen.other)).status;
  break;
}

await client.experimental.tasks.getTask("1").catch(error => { seen.unknown = error.code; });
console.log(JSON.stringify(seen));
process.exit(0);
