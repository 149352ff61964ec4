// An official MCP server with the SDK's own authorization server (mcpAuthRouter of @modelcontextprotocol/sdk, with the
// provider of its examples): clients register, the SDK verifies PKCE, and a token is opaque, for one resource, and
// comes without a refresh token. The tool "whoami" returns that resource. Prints {"url"}.
import express from 'express';
import { McpServer } from '@modelcontextprotocol/sdk/server/mcp.js';
import { StreamableHTTPServerTransport } from '@modelcontextprotocol/sdk/server/streamableHttp.js';
import { requireBearerAuth } from '@modelcontextprotocol/sdk/server/auth/middleware/bearerAuth.js';
import { getOAuthProtectedResourceMetadataUrl, mcpAuthRouter } from '@modelcontextprotocol/sdk/server/auth/router.js';
import { DemoInMemoryAuthProvider } from '@modelcontextprotocol/sdk/examples/server/demoInMemoryOAuthProvider.js';

const app = express();
const listener = app.listen(0, '127.0.0.1', () => {
  const origin = new URL(`http://127.0.0.1:${listener.address().port}`);
  const url = new URL('/mcp', origin);
  const provider = new DemoInMemoryAuthProvider((resource) => String(resource) === url.href);
  const resourceMetadataUrl = getOAuthProtectedResourceMetadataUrl(url);
  app.use(mcpAuthRouter({ provider, issuerUrl: origin, resourceServerUrl: url, scopesSupported: ['mcp'] }));
  app.post('/mcp', requireBearerAuth({ verifier: provider, resourceMetadataUrl }), express.json(), serve);
  console.log(JSON.stringify({ url: url.href }));
});

async function serve(request, response) {
  const server = new McpServer({ name: 'sdk', version: '1' });
  server.registerTool('whoami', { description: 'Returns the resource of the token.' }, ({ authInfo }) => ({
    content: [{ type: 'text', text: String(authInfo.resource) }],
  }));
  const transport = new StreamableHTTPServerTransport({ sessionIdGenerator: undefined, enableJsonResponse: true });
  await server.connect(transport);
  await transport.handleRequest(request, response, request.body);
}

process.stdin.resume();
process.stdin.on('end', () => process.exit());
