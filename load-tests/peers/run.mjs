// Compares this gateway with other MCP proxies; see run. In each round, every subject starts, serves calls and stops,
// in varying order. Each row shows the median of all rounds.
import fs from 'node:fs';
import http from 'node:http';
import path from 'node:path';
import {
  clean, connections, cpuBetween, direct, median, policy, post, server, spread, start, startGateway, temporary, tree,
  until, used, wait,
} from '../programs.mjs';

const [gateway, yarp] = process.argv.slice(2);
const [rounds, calls] = process.argv.slice(4).map(Number);
const alone = 200;
const limit = 100;
const here = import.meta.dirname;
const bin = (/** @type {string} */ name) => path.join(here, 'node_modules', '.bin', name);
let ports = 19100;

const dataOf = (/** @type {string} */ text) =>
  JSON.parse(text.startsWith('{') ? text : text.split('\n').filter(line => line.startsWith('data:')).at(-1).slice(5));

/** A session over Streamable HTTP; returns a function that sends a request and returns the response. */
async function session(url, headers) {
  const begun = await post(url, initialize, headers);
  if (begun.status !== 200) throw new Error(`initialize: ${begun.status} ${begun.text}`);
  const own = { ...headers, 'MCP-Protocol-Version': '2025-06-18' };
  if (begun.headers['mcp-session-id']) own['Mcp-Session-Id'] = begun.headers['mcp-session-id'];
  await post(url, { jsonrpc: '2.0', method: 'notifications/initialized' }, own);
  let id = 1;
  return async (method, params) => {
    const { status, text } = await post(url, { jsonrpc: '2.0', id: ++id, method, params }, own);
    return status === 200 ? dataOf(text) : { error: { code: status, message: text } };
  };
}

/** A session over HTTP with SSE, which mcp-hub serves: responses arrive on the stream of a GET. */
async function streamSession(url) {
  const waiting = new Map();
  let endpoint;
  await new Promise((resolve, reject) => http.get(url, { headers: { Accept: 'text/event-stream' } }, response => {
    let rest = '';
    response.on('data', part => {
      rest += part;
      const events = rest.split('\n\n');
      rest = events.pop();
      for (const one of events) {
        const data = one.split('\n').find(line => line.startsWith('data:'))?.slice(5).trim();
        if (one.includes('event: endpoint')) {
          endpoint = new URL(data, url);
          resolve(undefined);
        } else if (data) {
          const message = JSON.parse(data);
          waiting.get(message.id)?.(message);
          waiting.delete(message.id);
        }
      }
    });
  }).on('error', reject));
  let id = 1;
  const ask = (method, params) => new Promise((resolve, reject) => {
    const own = ++id;
    waiting.set(own, resolve);
    post(endpoint, { jsonrpc: '2.0', id: own, method, params }).catch(reject);
  });
  await ask('initialize', initialize.params);
  await post(endpoint, { jsonrpc: '2.0', method: 'notifications/initialized' });
  return ask;
}

const initialize = {
  jsonrpc: '2.0', id: 1, method: 'initialize',
  params: { protocolVersion: '2025-06-18', capabilities: {}, clientInfo: { name: 'peers', version: '1' } },
};

/** Starts this gateway before a server; `upstream` is its entry in the configuration. */
const ours = (upstream, folder, port) => startGateway(gateway, {
  servers: { one: upstream },
  policies: { free: policy(1_000_000), limited: policy(limit) },
  grants: Object.fromEntries(Object.entries(tokens).map(([name, token]) =>
    [name, { server: 'one', policy: name, token }])),
}, folder, port);

const tokens = { free: 'a'.repeat(40), limited: 'b'.repeat(40) };
const bearer = name => ({ Authorization: `Bearer ${tokens[name]}` });

/** A configuration of mcp-hub; it has one server. */
function hub(port, folder) {
  fs.mkdirSync(folder, { recursive: true });
  const file = path.join(folder, 'hub.json');
  fs.writeFileSync(file, JSON.stringify({ mcpServers: { one: { command: 'node', args: [server] } } }));
  return start(bin('mcp-hub'), ['--port', String(port), '--config', file]);
}

const atGrant = port => `http://127.0.0.1:${port}/mcp/one`;

/** Each starts by `start(port, upstream port, folder, maximum)`; `isProgram`: its server is a program. */
const subjects = [
  { name: 'no proxy', isAlone: true, start: () => null, at: (_, upstream) => direct(upstream) },
  {
    name: 'this gateway', limits: true, at: atGrant,
    start: (port, upstream, folder) => ours({ url: direct(upstream) }, folder, port),
  },
  {
    name: 'YARP with its rate limiter', limits: true, at: direct, start: (port, upstream, _, max) =>
      start(yarp, [`http://127.0.0.1:${port}`, `http://127.0.0.1:${upstream}`, String(max)]),
  },
  {
    name: 'this gateway, a program as server', isProgram: true, limits: true, at: atGrant,
    start: (port, _, folder) => ours({ command: 'node', args: [server] }, folder, port),
  },
  {
    name: 'supergateway', isProgram: true, at: direct, start: port => start(bin('supergateway'), [
      '--stdio', `node ${server}`, '--outputTransport', 'streamableHttp', '--stateful', '--port', String(port),
      '--logLevel', 'none',
    ]),
  },
  {
    name: 'mcp-proxy', isProgram: true, at: direct, start: port => start(bin('mcp-proxy'), [
      '--port', String(port), '--host', '127.0.0.1', '--server', 'stream', '--', 'node', server,
    ]),
  },
  { name: 'mcp-hub', isProgram: true, isStream: true, at: direct, start: (port, _, folder) => hub(port, folder) },
];

async function open(subject, url, headers) {
  const ask = subject.isStream ? await streamSession(url) : await session(url, headers);
  const listed = (await ask('tools/list', {})).result.tools.map(one => one.name);
  const tool = suffix => listed.find(one => one.endsWith(suffix));
  return (name, run) => ask('tools/call', { name: tool(name), arguments: { run } });
}

const passed = said => Boolean(said.result && !said.result.isError);

/** Figures of calls that no limit refuses: at one connection for latency, at several for the rest. */
async function perform(subject, url, process_) {
  const call = await open(subject, url, bearer('free'));
  for (let i = 0; i < alone; i++) if (!passed(await call('echo', 'warm'))) throw new Error(`${subject.name} refused`);
  const times = [];
  for (let i = 0; i < alone; i++) {
    const begun = performance.now();
    await call('echo', 'alone');
    times.push((performance.now() - begun) * 1000);
  }
  const pids = process_ ? tree(process_.pid) : [];
  const before = used(pids);
  const begun = performance.now();
  let left = calls;
  await Promise.all(Array.from({ length: connections }, async () => {
    while (left-- > 0) await call('echo', 'load');
  }));
  const seconds = (performance.now() - begun) / 1000;
  const after = used(pids);
  return { cpu: cpuBetween(before, after) / calls, p50: median(times), rate: calls / seconds, memory: after.memory };
}

/** One start of a subject; then, if it limits, calls over the limit with kill -9 in the middle of the minute. */
async function measure(subject, round) {
  const [port, upstream] = [ports++, ports++];
  const folder = path.join(temporary, `${round}-${port}`);
  const http_ = subject.isProgram ? null : start('node', [server, String(upstream)]);
  let process_ = subject.start(port, upstream, folder, 1_000_000);
  const again = async (/** @type {NodeJS.Signals} */ signal) => {
    await process_.stop(signal);
    process_ = subject.start(port, upstream, folder, limit);
    await until(subject.at(port, upstream));
  };
  try {
    const url = subject.at(port, upstream);
    if (http_) await until(direct(upstream));
    await until(url);
    if (subject.isStream) await wait(2000); // It connects to its server after it listens.
    const figures = await perform(subject, url, process_);
    if (!subject.limits || subject.isProgram) return figures;
    // The gateway has one grant for each of the two limits; YARP has one limit.
    if (subject.at === direct) await again('SIGTERM');
    await exhaust(subject, url, limit * 3 / 4);
    await again('SIGKILL');
    await exhaust(subject, url, limit * 3 / 4);
    const seen = await (await open(subject, direct(upstream), {}))('count', 'limited');
    return { ...figures, over: Math.max(0, Number(seen.result.content[0].text) - limit) };
  } finally {
    await process_?.stop('SIGKILL');
    await http_?.stop('SIGKILL');
  }
}

async function exhaust(subject, url, times) {
  const call = await open(subject, url, bearer('limited')).catch(() => null);
  for (let i = 0; call && i < times; i++) await call('echo', 'limited');
}

const all = new Map(subjects.map(subject => [subject.name, []]));
for (let round = 0; round < rounds; round++) {
  for (let i = 0; i < subjects.length; i++) {
    const subject = subjects[(i + round) % subjects.length];
    const figures = await measure(subject, round);
    all.get(subject.name).push(figures);
    console.error(`${round + 1}/${rounds} ${subject.name}: ${JSON.stringify(figures)}`);
  }
}

const packages = ['supergateway', 'mcp-proxy', 'mcp-hub'];
const version = (/** @type {string} */ name) => packages.includes(name)
  ? JSON.parse(fs.readFileSync(path.join(here, 'node_modules', name, 'package.json'), 'utf8')).version
  : name.startsWith('YARP') ? /Yarp.ReverseProxy" Version="([^"]+)/
    .exec(fs.readFileSync(path.join(here, '../../Directory.Packages.props'), 'utf8'))[1] : '';
const base = all.get('no proxy');
const head = ['proxy', 'version', 'server', 'CPU µs a call', 'added median µs', 'calls/s', 'MB', 'over the limit'];
console.log(`| ${head.join(' | ')} |`);
console.log('|---|---|---|---|---|---|---|---|');
for (const subject of subjects) {
  const rows = all.get(subject.name);
  const of = (/** @type {string} */ key) => subject.isAlone ? '' : spread(rows.map(row => row[key]));
  console.log(`| ${[
    subject.name, version(subject.name), subject.isProgram ? 'program' : 'HTTP', of('cpu'),
    subject.isAlone ? '' : spread(rows.map((row, i) => row.p50 - base[i].p50)), spread(rows.map(row => row.rate)),
    of('memory'), rows[0].over === undefined ? (subject.limits || subject.isAlone ? '' : 'no limit') : of('over'),
  ].join(' | ')} |`);
}
clean();
