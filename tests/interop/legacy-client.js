// The official client of the revisions with initialize and sessions.
import { Client } from "@modelcontextprotocol/sdk/client/index.js";
import { StreamableHTTPClientTransport } from "@modelcontextprotocol/sdk/client/streamableHttp.js";
import { run } from "./session.js";

await run(async (url, headers) => {
  const client = new Client({ name: "interop-legacy", version: "1.0.0" });
  const transport = new StreamableHTTPClientTransport(url, { requestInit: { headers } });
  await client.connect(transport);
  return {
    client,
    about: () => ({
      server: client.getServerVersion()?.name,
      protocolVersion: transport.protocolVersion,
      hasSession: transport.sessionId !== undefined,
    }),
  };
});
