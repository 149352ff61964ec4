// A company's certified provider (oidc-provider) that issues access tokens of RFC 9068 for the resource "gateway" to
// its client "bot" with the secret "the-secret-of-the-bot", bound to its key if it sends a proof (DPoP). Prints
// {"issuer": …}.
import { createServer } from 'node:http';
import { generateKeyPairSync } from 'node:crypto';
import Provider from 'oidc-provider';

const resource = 'https://gateway.example.com/mcp';
const { privateKey } = generateKeyPairSync('ec', { namedCurve: 'P-256' });
let provider;
const server = createServer((request, response) => provider.callback()(request, response));
server.listen(0, '127.0.0.1', () => {
  const issuer = `http://127.0.0.1:${server.address().port}`;
  provider = new Provider(issuer, {
    clients: [{
      client_id: 'bot',
      client_secret: 'the-secret-of-the-bot',
      redirect_uris: [],
      response_types: [],
      grant_types: ['client_credentials'],
      id_token_signed_response_alg: 'ES256',
    }],
    jwks: { keys: [{ ...privateKey.export({ format: 'jwk' }), kid: 'key-1', use: 'sig', alg: 'ES256' }] },
    enabledJWA: { idTokenSigningAlgValues: ['ES256'] },
    extraTokenClaims: () => ({ groups: ['agents'] }),
    features: {
      clientCredentials: { enabled: true },
      dPoP: { enabled: true },
      devInteractions: { enabled: false },
      resourceIndicators: {
        enabled: true,
        defaultResource: () => resource,
        getResourceServerInfo: () => ({
          scope: 'mcp', audience: 'gateway', accessTokenFormat: 'jwt', jwt: { sign: { alg: 'ES256' } },
        }),
      },
    },
  });
  console.log(JSON.stringify({ issuer }));
});
process.stdin.on('close', () => process.exit(0)).resume();
