// The official client of 2025-11-25, which opens links for its user, calls a tool and prints what it got as one line of
// JSON: {"text"} of the result, or {"code", "urls"} of the error. The script comes as JSON in the first argument:
// { url, token, tool }.
import { Client } from "@modelcontextprotocol/sdk/client/index.js";
import { StreamableHTTPClientTransport } from "@modelcontextprotocol/sdk/client/streamableHttp.js";
import { ElicitRequestSchema } from "@modelcontextprotocol/sdk/types.js";

const script = JSON.parse(process.argv[2]);
const client = new Client({ name: "interop-links", version: "1.0.0" }, { capabilities: { elicitation: { url: {} } } });
client.setRequestHandler(ElicitRequestSchema, () => ({ action: "accept" }));
await client.connect(new StreamableHTTPClientTransport(
  new URL(script.url), { requestInit: { headers: { Authorization: `Bearer ${script.token}` } } },
));
const seen = await client.callTool({ name: script.tool, arguments: {} }).then(
  result => ({ text: result.content[0].text }),
  error => ({ code: error.code, urls: error.data?.elicitations?.map(one => one.url) }));
console.log(JSON.stringify(seen));
process.exit(0);
