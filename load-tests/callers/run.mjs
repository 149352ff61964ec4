// Measures calls of each kind of caller to one gateway; see run. Each round starts a gateway, and the variants take
// turns in varying order. Within a turn, a few calls of the variant alternate with a few calls with a grant's token,
// because the load of the machine varies. Each variant has separate connections, as agents do. Requests are prepared
// before the measurement, so that it does not include signing.
import { createHash, createSign, generateKeyPairSync, randomUUID } from 'node:crypto';
import http from 'node:http';
import net from 'node:net';
import path from 'node:path';
import {
  clean, connections, cpuBetween, direct, interval, median, policy, post, server, spread, start, startGateway,
  temporary, until, used,
} from '../programs.mjs';

const [gateway, io] = process.argv.slice(2);
const [rounds, calls, people] = process.argv.slice(4).map(Number);
const parts = 10; // per turn
const fewCalls = 200; // For calls that each need a separate token, which takes Node.js a millisecond, or a write.
const portOf = Object.freeze({ gateway: 19400, server: 19401, keys: 19402 });
const origin = `http://127.0.0.1:${portOf.gateway}`;
const address = `${origin}/mcp/one`;
const issuer = 'https://login.example.com';
const tokens = { grant: 'a'.repeat(40), secret: 's'.repeat(40) };

/** A key that signs JWTs. */
function signer(algorithm) {
  const { publicKey, privateKey } = algorithm === 'RS256'
    ? generateKeyPairSync('rsa', { modulusLength: 2048 }) : generateKeyPairSync('ec', { namedCurve: 'P-256' });
  const jwk = publicKey.export({ format: 'jwk' });
  const part = (/** @type {object} */ json) => Buffer.from(JSON.stringify(json)).toString('base64url');
  return {
    jwk,
    sign: (header, claims) => {
      const text = `${part({ ...header, alg: algorithm })}.${part(claims)}`;
      const signature = createSign('sha256').update(text).sign({ key: privateKey, dsaEncoding: 'ieee-p1363' });
      return `${text}.${signature.toString('base64url')}`;
    },
  };
}

const company = signer('RS256');
const client = signer('ES256');
const digest = (/** @type {string} */ text) => createHash('sha256').update(text).digest('base64url');
const { crv, kty, x, y } = client.jwk;
const thumbprint = digest(JSON.stringify({ crv, kty, x, y }));
const now = () => Math.floor(Date.now() / 1000);

/** An access token of a person, with the claims that a company's provider usually writes. */
const tokenOf = (/** @type {string} */ person, more = {}) => company.sign({ typ: 'at+jwt', kid: 'k1' }, {
  iss: issuer, aud: 'gateway', sub: person, jti: randomUUID(), iat: now(), exp: now() + 3 * 3600,
  client_id: 'assistant', name: 'A Person', email: `${person}@example.com`, scope: 'mcp',
  groups: ['agents', 'sales', 'emea', 'staff'], ...more,
});

const prove = (token, nonce) => client.sign({ typ: 'dpop+jwt', jwk: { crv, kty, x, y } }, {
  jti: randomUUID(), htm: 'POST', htu: address, iat: now(), ath: digest(token), nonce,
});

const body = JSON.stringify({
  jsonrpc: '2.0', id: 1, method: 'tools/call', params: { name: 'echo', arguments: { run: 'load' } },
});

const bearer = (/** @type {string} */ token) => ({ Authorization: `Bearer ${token}` });
const request = headers => Buffer.from([
  'POST /mcp/one HTTP/1.1', `Host: 127.0.0.1:${portOf.gateway}`, 'Content-Type: application/json',
  'Accept: application/json, text/event-stream', 'MCP-Protocol-Version: 2025-06-18',
  ...Object.entries(headers).map(([name, value]) => `${name}: ${value}`), `Content-Length: ${body.length}`, '', body,
].join('\r\n'));

/** Requests that differ in their headers; the last one is followed by the first. */
const many = (number, headersOf) => {
  const all = Array.from({ length: number }, (_, i) => request(headersOf(i)));
  return i => all[i % all.length];
};

const one = tokenOf('ana');
const all = Array.from({ length: people }, (_, i) => tokenOf(`person-${i}`));
const bound = tokenOf('ana', { cnf: { jkt: thumbprint } });
const careful = tokenOf('ana', { cnf: { jkt: thumbprint }, scope: 'careful' });
const proofs = (number, token, nonce) =>
  many(number, () => ({ Authorization: `DPoP ${token}`, DPoP: prove(token, nonce) }));

/** The nonce that a request without one receives. */
const nonceOf = async () =>
  (await post(address, body, { Authorization: `DPoP ${bound}`, DPoP: prove(bound) })).headers['dpop-nonce'];

/** An access token that the gateway itself issues to a client with a secret. */
async function ownToken() {
  const { text } = await post(`${origin}/token`, new URLSearchParams({
    grant_type: 'client_credentials', client_id: 'nightly', client_secret: tokens.secret, resource: address,
  }).toString(), { 'Content-Type': 'application/x-www-form-urlencoded' });
  return JSON.parse(text).access_token;
}

const ofGrant = many(1, () => bearer(tokens.grant));

/** `warm`: the number of calls before the measured ones; none if each call has a new token. */
const variants = [
  { name: "a grant's token, as a control", requests: () => ofGrant },
  { name: "a grant's token as an API key", requests: () => many(1, () => ({ 'X-API-Key': tokens.grant })) },
  {
    name: 'an access token of the gateway', requests: async () => {
      const token = await ownToken();
      return many(1, () => bearer(token));
    },
  },
  { name: 'a JWT of an issuer', requests: () => many(1, () => bearer(one)) },
  { name: `JWTs of ${people} people in turn`, warm: people, requests: () => many(people, i => bearer(all[i])) },
  {
    name: 'a JWT at its first call', warm: 0, calls: fewCalls,
    requests: () => many(fewCalls, i => bearer(tokenOf(`new-${i}`))),
  },
  {
    name: 'DPoP, a proof for each call',
    requests: async () => proofs(calls + 100, bound, await nonceOf()),
  },
  {
    name: 'DPoP, proofs accepted once (`once`)', warm: 20, calls: fewCalls,
    requests: () => proofs(fewCalls + 20, careful, undefined),
  },
];

const configuration = {
  servers: { one: { url: direct(portOf.server) } },
  policies: { free: policy(1_000_000) },
  oauth: { issuer: origin, clients: { nightly: { secret: tokens.secret, grant: 'nightly' } } },
  identity: {
    issuers: { corp: { issuer, audience: 'gateway', jwks: `http://127.0.0.1:${portOf.keys}/keys` } },
  },
  grants: {
    bot: { server: 'one', policy: 'free', token: tokens.grant },
    nightly: { servers: { one: 'free' } },
    careful: {
      servers: { one: 'free' }, order: 1, proofs: ['once'],
      match: { issuer: 'corp', claims: [{ path: 'scope', op: 'eq', value: 'careful' }] },
    },
    people: {
      servers: { one: 'free' }, order: 2,
      match: { issuer: 'corp', claims: [{ path: 'groups', op: 'has', value: 'agents' }] },
    },
  },
};

/** The bytes of a response that has arrived completely; 0 if more follows. */
function lengthOf(/** @type {string} */ text) {
  const head = text.indexOf('\r\n\r\n') + 4;
  if (head < 4) return 0;
  const length = /\r\ncontent-length: (\d+)/i.exec(text.slice(0, head))?.[1];
  if (length !== undefined) return text.length >= head + +length ? head + +length : 0;
  const end = text.indexOf('0\r\n\r\n', head) + 5;
  return end < 5 ? 0 : end;
}

/** Opens a connection; returns a function that sends a request and waits for the response. */
async function connect() {
  const socket = net.connect(portOf.gateway, '127.0.0.1').setNoDelay();
  let rest = '';
  let done = { resolve: () => {}, reject: (/** @type {Error} */ _) => {} };
  await new Promise((resolve, reject) => socket.once('connect', resolve).once('error', reject));
  socket.on('error', why => done.reject(why)).on('close', () => done.reject(new Error('closed'))).on('data', part => {
    rest += part.toString('latin1');
    const length = lengthOf(rest);
    if (length === 0) return;
    const text = rest.slice(0, length);
    rest = rest.slice(length);
    if (text.startsWith('HTTP/1.1 200') && text.includes('"result"')) done.resolve();
    else done.reject(new Error(text));
  });
  return bytes => new Promise((resolve, reject) => {
    done = { resolve, reject };
    socket.write(bytes);
  });
}

/** Sends requests on all connections, each after the response to the one before. */
async function send(all, number, next) {
  let sent = 0;
  await Promise.all(all.map(async call => { while (sent < number) await call(next(sent++)); }));
}

/** One turn: microseconds of a call of the variant and of a grant's token, and the variant's calls per second. */
async function measure(variant, pid, own, others) {
  const next = await variant.requests();
  const warm = variant.warm ?? 100;
  await send(own, warm, next);
  await send(others, 100, ofGrant);
  const number = (variant.calls ?? calls) / parts;
  let [cpu, base, seconds] = [0, 0, 0];
  const costOf = async (connections, requests) => {
    const first = used([pid]);
    await send(connections, number, requests);
    return cpuBetween(first, used([pid])) / number / parts;
  };
  const ofVariant = async i => {
    const begun = performance.now();
    cpu += await costOf(own, one => next(warm + i * number + one));
    seconds += (performance.now() - begun) / 1000;
  };
  const ofOther = async () => { base += await costOf(others, ofGrant); };
  for (let i = 0; i < parts; i++) {
    // The first call of a pair costs slightly more.
    for (const run of i % 2 === 0 ? [ofVariant, ofOther] : [ofOther, ofVariant]) await run(i);
  }
  return { cpu, base, ratio: cpu / base, rate: number * parts / seconds };
}

const keys = http.createServer((_, response) => response.setHeader('Content-Type', 'application/json').end(
  JSON.stringify({ keys: [{ ...company.jwk, kid: 'k1', use: 'sig', alg: 'RS256' }] })));
keys.listen(portOf.keys, '127.0.0.1');
const upstream = start('node', [server, String(portOf.server)]);
const figures = new Map(variants.map(variant => [variant.name, []]));
try {
  await until(direct(portOf.server));
  for (let round = 0; round < rounds; round++) {
    const folder = path.join(temporary, String(round));
    const running = startGateway(gateway, configuration, folder, portOf.gateway, ['--io', io]);
    try {
      await until(address);
      const [own, others] = await Promise.all(
        Array.from({ length: 2 }, () => Promise.all(Array.from({ length: connections }, connect))));
      await send(own, 1000, ofGrant);
      await send(others, 1000, ofGrant);
      for (let i = 0; i < variants.length; i++) {
        const variant = variants[(i + round) % variants.length];
        // The thread that serves a connection depends on when the connection was opened.
        const figure = await measure(variant, running.pid, ...(round % 2 === 0 ? [own, others] : [others, own]));
        figures.get(variant.name).push(figure);
        console.error(`${round + 1}/${rounds} ${variant.name}: ${JSON.stringify(figure)}`);
      }
    } finally {
      await running.stop('SIGKILL');
    }
  }
} finally {
  await upstream.stop('SIGKILL');
  keys.close();
}

const shown = (/** @type {number[]} */ ...values) => values.map(value => value.toFixed(2)).join(' to ');
const head = [
  'caller', 'CPU µs a call', "a grant's token in the same turns", 'ratio', '95 % interval of its median', 'calls/s',
];
console.log(`| ${head.join(' | ')} |`);
console.log('|---|---|---|---|---|---|');
for (const [name, rows] of figures) {
  const of = (/** @type {string} */ key) => rows.map(row => row[key]);
  const ratios = of('ratio');
  console.log(`| ${[
    name, spread(of('cpu')), spread(of('base')),
    `${shown(median(ratios))} (${shown(Math.min(...ratios), Math.max(...ratios))})`,
    shown(...interval(ratios) ?? []), Math.round(median(of('rate'))),
  ].join(' | ')} |`);
}
clean();
