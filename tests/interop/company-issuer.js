// A company's identity provider (oauth2-mock-server) that signs any claims. Prints {"issuer": …}, then obeys lines of
// JSON and prints {"token": …} or {"done": true}:
// {"sign": {claims}, "header": {…}, "without": ["exp"]} a token; a header "alg" of none or HS256 forges its signature,
//                                                           and a "typ" or "kid" of null omits it
//   {"rotate": true}                                        starts again at the same address with other keys
import { createHmac } from 'node:crypto';
import { createInterface } from 'node:readline';
import { OAuth2Server } from 'oauth2-mock-server';

let server;

async function start(port) {
  server = new OAuth2Server();
  await server.issuer.keys.generate('RS256');
  await server.start(port, '127.0.0.1');
  server.issuer.url = `http://127.0.0.1:${server.address().port}`;
}

const encode = (value) => Buffer.from(typeof value === 'string' ? value : JSON.stringify(value)).toString('base64url');

function forge(alg, header, claims) {
  const content = `${encode({ typ: 'at+jwt', ...header, alg })}.${encode(claims)}`;
  // The public key as a shared secret: what a careless verifier would accept.
  const secret = JSON.stringify(server.issuer.keys.toJSON()[0]);
  return `${content}.${alg === 'none' ? '' : createHmac('sha256', secret).update(content).digest('base64url')}`;
}

async function sign({ sign: claims, header = {}, without = [] }) {
  const now = Math.floor(Date.now() / 1000);
  const all = { iss: server.issuer.url, aud: 'gateway', iat: now, nbf: now, exp: now + 3600, ...claims };
  for (const name of without) delete all[name];
  if (header.alg) return forge(header.alg, { kid: server.issuer.keys.toJSON()[0].kid, ...header }, all);
  return server.issuer.buildToken({
    scopesOrTransform: (head, payload) => {
      Object.assign(head, { typ: 'at+jwt' }, header);
      for (const name of ['typ', 'kid']) if (head[name] === null) delete head[name];
      for (const name of Object.keys(payload)) delete payload[name];
      Object.assign(payload, all);
    },
  });
}

await start(0);
console.log(JSON.stringify({ issuer: server.issuer.url }));
createInterface({ input: process.stdin }).on('line', async (line) => {
  const command = JSON.parse(line);
  if (command.sign) {
    console.log(JSON.stringify({ token: await sign(command) }));
    return;
  }

  const { port } = server.address();
  await server.stop();
  await start(port);
  console.log(JSON.stringify({ done: true }));
}).on('close', () => process.exit(0));
