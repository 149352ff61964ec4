// An official MCP server (@modelcontextprotocol/sdk) that accepts the access tokens of its own authorization server, a
// certified one (oidc-provider) with PKCE, resource indicators and rotating refresh tokens. Its tool "whoami" returns
// the account of the token. A browser signs in as the account in its header X-Account, and consents.
// Arguments: the redirect URI of the client "gateway-client", which has no secret, and the lifetime of access tokens in
// seconds; then perhaps the public keys (JWKS) of the client "signing-client", which signs assertions and may use
// client_credentials too. Other clients can register. Prints {"url", "issuer"}, then obeys lines: "count" prints
// {"refreshes", "errors", "registrations", "revocations"}; "revoke" ends all grants; "forget" deletes the clients that
// registered; "document JSON" is the client ID metadata document of https://gateway.example from then on.
import { createServer } from 'node:http';
import { generateKeyPairSync } from 'node:crypto';
import { createInterface } from 'node:readline';
import express from 'express';
import { createLocalJWKSet, jwtVerify } from 'jose';
import { McpServer } from '@modelcontextprotocol/sdk/server/mcp.js';
import { StreamableHTTPServerTransport } from '@modelcontextprotocol/sdk/server/streamableHttp.js';
import { requireBearerAuth } from '@modelcontextprotocol/sdk/server/auth/middleware/bearerAuth.js';
import { InvalidTokenError } from '@modelcontextprotocol/sdk/server/auth/errors.js';
import Provider from 'oidc-provider';

const [redirectUri, lifetime, signingKeys] = process.argv.slice(2);
const { privateKey, publicKey } = generateKeyPairSync('ec', { namedCurve: 'P-256' });
const key = { kid: 'key-1', use: 'sig', alg: 'ES256' };
const keys = createLocalJWKSet({ keys: [{ ...publicKey.export({ format: 'jwk' }), ...key }] });
const grants = new Set();
const registered = new Set();
let [refreshes, errors, registrations, revocations] = [0, 0, 0, 0];
let provider;
let clientDocument;
let url;

async function newGrant(accountId, clientId, resource) {
  const grant = new provider.Grant({ accountId, clientId });
  grant.addOIDCScope('openid offline_access');
  grant.addResourceScope(resource, 'mcp');
  const id = await grant.save();
  grants.add(id);
  return id;
}

async function interact(request, response) {
  const { prompt, params, session } = await provider.interactionDetails(request, response);
  const result = prompt.name === 'login'
    ? { login: { accountId: request.headers['x-account'] } }
    : { consent: { grantId: await newGrant(session.accountId, params.client_id, params.resource) } };
  await provider.interactionFinished(request, response, result, { mergeWithLastSubmission: true });
}

function newProvider(issuer) {
  const made = new Provider(issuer, {
    clients: [{
      client_id: 'gateway-client',
      redirect_uris: [redirectUri],
      response_types: ['code'],
      grant_types: ['authorization_code', 'refresh_token'],
      token_endpoint_auth_method: 'none',
      application_type: 'native',
      id_token_signed_response_alg: 'ES256',
    }, ...(signingKeys ? [{
      client_id: 'signing-client',
      redirect_uris: [redirectUri],
      response_types: ['code'],
      grant_types: ['authorization_code', 'refresh_token', 'client_credentials'],
      token_endpoint_auth_method: 'private_key_jwt',
      jwks: JSON.parse(signingKeys),
      application_type: 'native',
      id_token_signed_response_alg: 'ES256',
    }] : [])],
    jwks: { keys: [{ ...privateKey.export({ format: 'jwk' }), ...key }] },
    enabledJWA: {
      idTokenSigningAlgValues: ['ES256'], clientAuthSigningAlgValues: ['RS256', 'PS256', 'ES256', 'ES384'],
    },
    scopes: ['openid', 'offline_access'],
    clientAuthMethods: ['none', 'client_secret_basic', 'client_secret_post', 'private_key_jwt'],
    cookies: { keys: ['only-for-tests'] },
    ttl: { AccessToken: () => Number(lifetime), RefreshToken: 86400, Grant: 86400, Session: 3600, Interaction: 600 },
    rotateRefreshToken: true,
    fetch: (address, options) => (String(address).startsWith('https://gateway.example/')
      ? new Response(clientDocument, { headers: { 'content-type': 'application/json' } }) : fetch(address, options)),
    interactions: { url: (_, interaction) => `/interaction/${interaction.uid}` },
    findAccount: (_, accountId) => ({ accountId, claims: () => ({ sub: accountId }) }),
    clientDefaults: { id_token_signed_response_alg: 'ES256' },
    features: {
      clientIdMetadataDocument: { enabled: true, ack: 'draft-02' },
      registration: { enabled: true },
      revocation: { enabled: true },
      clientCredentials: { enabled: true },
      devInteractions: { enabled: false },
      resourceIndicators: {
        enabled: true,
        useGrantedResource: () => true,
        getResourceServerInfo: (_, resource) => ({
          scope: 'mcp', audience: resource, accessTokenFormat: 'jwt', jwt: { sign: { alg: 'ES256' } },
        }),
      },
    },
  });
  made.on('grant.success', (context) => {
    if (context.oidc.params.grant_type === 'refresh_token') refreshes += 1;
  });
  made.on('registration_create.success', (_, client) => {
    registrations += 1;
    registered.add(client.clientId);
  });
  made.on('grant.revoked', () => { revocations += 1; });
  made.on('grant.error', () => { errors += 1; });
  return made;
}

function newServer() {
  const server = new McpServer({ name: 'connected', version: '1' });
  server.registerTool('whoami', { description: 'Returns the account of the token.' }, ({ authInfo }) => ({
    content: [{ type: 'text', text: authInfo.extra.sub }],
  }));
  return server;
}

const authorization = createServer((request, response) => {
  if (!request.url.startsWith('/interaction/')) {
    provider.callback()(request, response);
    return;
  }
  interact(request, response).catch((error) => {
    response.statusCode = 500;
    response.end(String(error));
  });
});
const app = express();
app.get('/.well-known/oauth-protected-resource/mcp', (_, response) => {
  response.json({ resource: url, authorization_servers: [provider.issuer], scopes_supported: ['mcp'] });
});
const verifier = {
  async verifyAccessToken(token) {
    try {
      const { payload } = await jwtVerify(token, keys, { issuer: provider.issuer, audience: url });
      return {
        token, clientId: payload.client_id, scopes: payload.scope.split(' '), expiresAt: payload.exp,
        extra: { sub: payload.sub },
      };
    } catch (error) {
      throw new InvalidTokenError(String(error));
    }
  },
};
app.post('/mcp', express.json(), requireBearerAuth({ verifier, requiredScopes: ['mcp'] }),
  async (request, response) => {
  const transport = new StreamableHTTPServerTransport({ sessionIdGenerator: undefined, enableJsonResponse: true });
  await newServer().connect(transport);
  await transport.handleRequest(request, response, request.body);
});
app.all('/mcp', (_, response) => response.status(405).end());

authorization.listen(0, '127.0.0.1', () => {
  provider = newProvider(`http://127.0.0.1:${authorization.address().port}`);
  const server = createServer(app).listen(0, '127.0.0.1', () => {
    url = `http://127.0.0.1:${server.address().port}/mcp`;
    console.log(JSON.stringify({ url, issuer: provider.issuer }));
  });
});
createInterface({ input: process.stdin }).on('line', async (line) => {
  if (line === 'revoke') {
    for (const id of grants) await (await provider.Grant.find(id))?.destroy();
    for (const id of grants) await provider.RefreshToken.revokeByGrantId(id);
  }
  if (line.startsWith('document ')) clientDocument = line.slice(9);
  if (line === 'forget') {
    for (const id of registered) await provider.Client.adapter.destroy(id);
  }
  console.log(JSON.stringify({ refreshes, errors, registrations, revocations }));
}).on('close', () => process.exit(0));
