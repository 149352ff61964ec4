// The official client of revision 2026-07-28, pinned to it: it never falls back to initialize.
import { Client, StreamableHTTPClientTransport } from "@modelcontextprotocol/client";
import { run } from "./session.js";

await run(async (url, headers) => {
  const client = new Client(
    { name: "interop-stateless", version: "1.0.0" },
    { versionNegotiation: { mode: { pin: "2026-07-28" } } },
  );
  const transport = new StreamableHTTPClientTransport(url, { requestInit: { headers } });
  await client.connect(transport);
  return {
    client,
    about: () => ({
      server: client.getServerVersion()?.name,
      protocolVersion: client.getNegotiatedProtocolVersion(),
      hasSession: transport.sessionId !== undefined,
    }),
  };
});
