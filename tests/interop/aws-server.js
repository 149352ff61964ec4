// An official MCP server (@modelcontextprotocol/sdk) that accepts only requests that AWS's own implementation
// (@smithy/signature-v4) signs in the same way, from their raw bytes, for the account of the tests. Prints {"url"},
// then after each line {"accepted": {METHOD: count}, "refused": count}.
import { createServer } from 'node:http';
import { createInterface } from 'node:readline';
import { Sha256 } from '@aws-crypto/sha256-js';
import { SignatureV4 } from '@smithy/signature-v4';
import express from 'express';
import { McpServer } from '@modelcontextprotocol/sdk/server/mcp.js';
import { StreamableHTTPServerTransport } from '@modelcontextprotocol/sdk/server/streamableHttp.js';

const [region, service, accessKeyId, secretAccessKey, sessionToken] = process.argv.slice(2);
const signer = new SignatureV4({
  region, service, sha256: Sha256, credentials: { accessKeyId, secretAccessKey,
    sessionToken: sessionToken || undefined },
});
const accepted = {};
let refused = 0;

async function isSigned(request) {
  const written = request.headers.authorization ?? '';
  const names = (/SignedHeaders=([^,]*)/.exec(written)?.[1] ?? '').split(';');
  const [date, time] = (request.headers['x-amz-date'] ?? '').split('T');
  const at = new Date(`${date.slice(0, 4)}-${date.slice(4,
    6)}-${date.slice(6)}T${time?.slice(0, 2)}:${time?.slice(2, 4)}:${time?.slice(4)}`);
  if (!(Math.abs(at - Date.now()) < 300_000)) return false;
  const url = new URL(request.originalUrl, 'http://ignored');
  const expected = await signer.sign({
    method: request.method,
    protocol: 'http:',
    hostname: 'ignored',
    path: url.pathname,
    query: Object.fromEntries(url.searchParams),
    headers: Object.fromEntries(names.filter((name) => name in request.headers && !name.startsWith('x-amz-'))
      .map((name) => [name, request.headers[name]])),
    body: request.raw ?? '',
  }, { signingDate: at });
  return names.includes('host') && written === expected.headers.authorization
    && request.headers['x-amz-content-sha256'] === expected.headers['x-amz-content-sha256'];
}

const app = express();
app.use(express.json({ verify: (request, _, raw) => { request.raw = raw; } }));
app.use((request, response, next) => {
  isSigned(request).then((good) => {
    if (good) {
      accepted[request.method] = (accepted[request.method] ?? 0) + 1;
      next();
      return;
    }
    refused += 1;
    response.status(403).json({
      message: 'The request signature we calculated does not match the signature you provided.' });
  }, next);
});
app.post(/.*/, async (request, response) => {
  const server = new McpServer({ name: 'aws', version: '1' });
  server.registerTool('echo', { description: 'Says hello.' }, () => ({ content: [{ type: 'text', text: 'signed' }] }));
  const transport = new StreamableHTTPServerTransport({ sessionIdGenerator: undefined });
  await server.connect(transport);
  await transport.handleRequest(request, response, request.body);
});
app.all(/.*/, (_, response) => response.status(405).end());
const server = createServer(app).listen(0, '127.0.0.1', () => {
  console.log(JSON.stringify({
    url: `http://127.0.0.1:${server.address().port}/runtimes/arn%3Aaws%3Abedrock/invocations?qualifier=DEFAULT&b=a%20c`,
  }));
});
createInterface({ input: process.stdin })
  .on('line', () => console.log(JSON.stringify({ accepted, refused }))).on('close', () => process.exit(0));
