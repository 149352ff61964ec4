// The MCP server of the trials of a release. It has one tool, and counts the calls of that tool.
import { createServer } from 'node:http';

/** Starts the server at a free port of an address. */
export const startServer = async (host) => {
  const seen = { calls: 0 };
  const server = createServer(async (request, response) => {
    let text = '';
    for await (const part of request) text += part;
    const message = request.method === 'POST' ? JSON.parse(text) : {};
    if (message.id === undefined) return response.writeHead(request.method === 'POST' ? 202 : 405).end();
    const results = {
      initialize: {
        protocolVersion: message.params?.protocolVersion, capabilities: { tools: {} },
        serverInfo: { name: 'trial', version: '1' },
      },
      'tools/list': { tools: [{ name: 'send', inputSchema: { type: 'object' } }] },
      'tools/call': { content: [{ type: 'text', text: 'done' }] },
    };
    if (message.method === 'tools/call') seen.calls++;
    return response.writeHead(200, { 'content-type': 'application/json' })
      .end(JSON.stringify({ jsonrpc: '2.0', id: message.id, result: results[message.method] ?? {} }));
  });
  await new Promise((resolve) => { server.listen(0, host, resolve); });
  return { url: `http://${host}:${server.address().port}/mcp`, seen, stop: () => server.close() };
};
