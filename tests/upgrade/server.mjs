// The smallest MCP server that the upgrade needs: answers every request on 127.0.0.1, and hands out one session.
import { createServer } from "node:http";

const server = createServer((request, response) => {
  let body = "";
  request.on("data", (part) => (body += part));
  request.on("end", () => {
    const message = body ? JSON.parse(body) : {};
    if (message.id === undefined) return response.writeHead(202).end();
    const results = {
      initialize: { protocolVersion: "2025-06-18", capabilities: { tools: {} },
        serverInfo: { name: "kept", version: "1" } },
      "tools/list": { tools: [{ name: "send_message", inputSchema: { type: "object" } }] },
    };
    const result = results[message.method] ?? { content: [{ type: "text", text: `did ${message.params?.name}` }] };
    const headers = { "Content-Type": "application/json" };
    if (message.method === "initialize") headers["Mcp-Session-Id"] = "session-of-the-server";
    response.writeHead(200, headers).end(JSON.stringify({ jsonrpc: "2.0", id: message.id, result }));
  });
});
server.listen(Number(process.argv[2]), "127.0.0.1", () => console.log(server.address().port));
