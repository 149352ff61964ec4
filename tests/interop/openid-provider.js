// A certified OpenID Connect provider (oidc-provider) for the sign-in of operators. It signs everybody in as "ana".
// Argument: the algorithm of ID tokens. Prints {"issuer": …}, then obeys lines: "rotate" signs with another key from now
// on and prints {"rotated": true}.
import { createServer } from 'node:http';
import { generateKeyPairSync } from 'node:crypto';
import { createInterface } from 'node:readline';
import Provider from 'oidc-provider';

const [algorithm] = process.argv.slice(2);
let keys = 0;

function newKey() {
  const { privateKey } = algorithm.startsWith('ES')
    ? generateKeyPairSync('ec', { namedCurve: 'P-256' })
    : generateKeyPairSync('rsa', { modulusLength: 2048 });
  // HS256 signs with the client secret, and its provider has an RSA key besides.
  const alg = algorithm === 'HS256' ? 'RS256' : algorithm;
  return { ...privateKey.export({ format: 'jwk' }), kid: `key-${++keys}`, use: 'sig', alg };
}

function newProvider(issuer) {
  const provider = new Provider(issuer, {
    clients: [{
      client_id: 'gateway',
      client_secret: 'the-secret-of-the-gateway',
      redirect_uris: ['http://127.0.0.1/callback'],
      response_types: ['code'],
      grant_types: ['authorization_code'],
      token_endpoint_auth_method: 'client_secret_post',
      id_token_signed_response_alg: algorithm,
    }],
    jwks: { keys: [newKey()] },
    enabledJWA: { idTokenSigningAlgValues: ['RS256', 'PS256', 'ES256', 'HS256'] },
    claims: { openid: ['sub'], profile: ['name', 'preferred_username', 'groups'] },
    cookies: { keys: ['only-for-tests'] },
    features: { devInteractions: { enabled: false } },
    interactions: { url: (_, interaction) => `/interaction/${interaction.uid}` },
    findAccount: (_, accountId) => ({
      accountId,
      claims: () => ({ sub: accountId, name: 'Ana', preferred_username: 'ana', groups: ['admins'] }),
    }),
    loadExistingGrant: async (context) => {
      const grant = new provider.Grant({ clientId: context.oidc.client.clientId, accountId: 'ana-1' });
      grant.addOIDCScope('openid profile email');
      await grant.save();
      return grant;
    },
  });
  // The gateway's port is chosen after this provider's.
  provider.Client.prototype.redirectUriAllowed = (uri) => uri.startsWith('http://127.0.0.1:');
  return provider;
}

let provider;
const server = createServer((request, response) => {
  if (request.url.startsWith('/interaction/')) {
    provider.interactionFinished(request, response, { login: { accountId: 'ana-1' } }).catch((error) => {
      response.statusCode = 500;
      response.end(String(error));
    });
    return;
  }
  provider.callback()(request, response);
});
server.listen(0, '127.0.0.1', () => {
  const issuer = `http://127.0.0.1:${server.address().port}`;
  provider = newProvider(issuer);
  console.log(JSON.stringify({ issuer }));
});
createInterface({ input: process.stdin }).on('line', (line) => {
  if (line !== 'rotate') return;
  provider = newProvider(provider.issuer);
  console.log(JSON.stringify({ rotated: true }));
}).on('close', () => process.exit(0));
