// A certified OpenID Connect provider (oidc-provider): a company at which people sign in, and which issues access
// tokens of RFC 9068 for the audience "gateway". It signs everybody in as the current person, at first Ana.
// Arguments: the algorithm of ID tokens; perhaps "pairwise", for subjects that differ by client. Prints {"issuer": …},
// then obeys lines of JSON and prints a line for each:
//   {"rotate": true}                    signs with another key from now on
//   {"person": {"sub": "s-1", …}}       the claims of the person who signs in from now on
//   {"token": {"sub": …, "groups": []}} an access token; prints {"token": …}
import { createServer } from 'node:http';
import { generateKeyPairSync } from 'node:crypto';
import { createInterface } from 'node:readline';
import Provider, { interactionPolicy } from 'oidc-provider';

const [algorithm, subjects] = process.argv.slice(2);
const signing = algorithm === 'HS256' ? 'RS256' : algorithm;
const resource = 'https://gateway.example.com/mcp';
const people = new Map();
let person = { sub: 'ana-1', name: 'Ana', preferred_username: 'ana', groups: ['admins'] };
let keys = 0;

/** The API for which access tokens are. HS256 signs with the client secret, and its provider has an RSA key besides. */
const resourceServer = () => ({
  scope: 'mcp', audience: 'gateway', accessTokenFormat: 'jwt', accessTokenTTL: 3600, jwt: { sign: { alg: signing } },
});

function newKey() {
  const { privateKey } = algorithm.startsWith('ES')
    ? generateKeyPairSync('ec', { namedCurve: 'P-256' })
    : generateKeyPairSync('rsa', { modulusLength: 2048 });
  return { ...privateKey.export({ format: 'jwk' }), kid: `key-${++keys}`, use: 'sig', alg: signing };
}

/** A policy that asks for the person at each sign-in, whatever the browser's session says. */
function everySignIn() {
  const { Check, base } = interactionPolicy;
  const policy = base();
  policy.get('login').checks.add(new Check('every_sign_in', 'everybody signs in each time', (context) =>
    (context.oidc.result?.login ? Check.NO_NEED_TO_PROMPT : Check.REQUEST_PROMPT)));
  return policy;
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
      ...(subjects === 'pairwise' && { subject_type: 'pairwise' }),
    }],
    jwks: { keys: [newKey()] },
    enabledJWA: { idTokenSigningAlgValues: ['RS256', 'PS256', 'ES256', 'HS256'] },
    claims: { openid: ['sub'], profile: ['name', 'preferred_username', 'groups'], email: ['email'] },
    cookies: { keys: ['only-for-tests'] },
    ...(subjects === 'pairwise' && {
      subjectTypes: ['pairwise'], pairwiseIdentifier: (_, accountId) => `${accountId}-of-this-client`,
    }),
    extraTokenClaims: (_, token) => token.extra,
    features: {
      devInteractions: { enabled: false },
      resourceIndicators: { enabled: true, getResourceServerInfo: resourceServer },
    },
    interactions: { policy: everySignIn(), url: (_, interaction) => `/interaction/${interaction.uid}` },
    findAccount: (_, accountId) => ({ accountId, claims: () => people.get(accountId) ?? { sub: accountId } }),
    loadExistingGrant: async (context) => {
      const grant = new provider.Grant({
        clientId: context.oidc.client.clientId, accountId: context.oidc.session.accountId,
      });
      grant.addOIDCScope('openid profile email');
      await grant.save();
      return grant;
    },
  });
  // The gateway's port is chosen after this provider's.
  provider.Client.prototype.redirectUriAllowed = (uri) => /^http:\/\/(127\.0\.0\.1|localhost)[:/]/.test(uri)
    || uri.startsWith('https://gateway.example.com/');
  return provider;
}

async function newToken({ sub, groups }) {
  const client = await provider.Client.find('gateway');
  const token = new provider.AccessToken({
    client, accountId: sub, scope: 'mcp', gty: 'authorization_code', extra: { groups },
  });
  token.resourceServer = new provider.ResourceServer(resource, resourceServer());
  return token.save();
}

/** Signs the current person in; returns the account. */
function signIn() {
  people.set(person.sub, person);
  return person.sub;
}

let provider;
const server = createServer((request, response) => {
  if (request.url.startsWith('/interaction/')) {
    provider.interactionFinished(request, response, { login: { accountId: signIn() } }).catch((error) => {
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
createInterface({ input: process.stdin }).on('line', async (line) => {
  const command = JSON.parse(line);
  if (command.rotate) provider = newProvider(provider.issuer);
  if (command.person) ({ person } = command);
  console.log(JSON.stringify(command.token ? { token: await newToken(command.token) } : { done: true }));
}).on('close', () => process.exit(0));
