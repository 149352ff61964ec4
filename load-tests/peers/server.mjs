// An MCP server with one tool, over stdio (`server.mjs`) or HTTP (`server.mjs PORT`). It counts calls per argument
// "run" and returns the counts from the tool "count", so that calls above a limit are detected where they arrive.
import http from 'node:http';
import readline from 'node:readline';

const calls = new Map();
const tool = name => ({ name, description: 'Returns what it was given.', inputSchema: { type: 'object' } });

/** @param {any} message @returns {any} */
function respond(message) {
  if (message.id === undefined) return undefined;
  const result = {
    initialize: () => ({
      protocolVersion: message.params?.protocolVersion ?? '2025-06-18', capabilities: { tools: {} },
      serverInfo: { name: 'counting', version: '1' },
    }),
    ping: () => ({}),
    'tools/list': () => ({ tools: [tool('echo'), tool('count')] }),
    'tools/call': () => {
      const run = String(message.params.arguments?.run);
      if (message.params.name === 'echo') calls.set(run, (calls.get(run) ?? 0) + 1);
      return { content: [{ type: 'text', text: String(calls.get(run) ?? 0) }] };
    },
  }[/** @type {string} */ (message.method)]?.();
  return result ? { jsonrpc: '2.0', id: message.id, result }
    : { jsonrpc: '2.0', id: message.id, error: { code: -32601, message: `no method ${message.method}` } };
}

const port = Number(process.argv[2] ?? 0);
if (port === 0) {
  readline.createInterface({ input: process.stdin }).on('line', line => {
    const response = respond(JSON.parse(line));
    if (response) process.stdout.write(`${JSON.stringify(response)}\n`);
  }).on('close', () => process.exit());
} else {
  http.createServer((request, response) => {
    const parts = [];
    request.on('data', part => parts.push(part)).on('end', () => {
      if (request.method !== 'POST') { response.writeHead(405).end(); return; }
      const said = respond(JSON.parse(Buffer.concat(parts).toString()));
      if (!said) { response.writeHead(202).end(); return; }
      const text = JSON.stringify(said);
      response.writeHead(200, {
        'Content-Type': 'application/json', 'Content-Length': Buffer.byteLength(text),
      }).end(text);
    });
  }).listen(port, '127.0.0.1');
}
