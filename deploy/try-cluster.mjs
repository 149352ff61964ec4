// Runs a fleet of a gateway-cluster that was made: two silos and two frontends over a PostgreSQL of its own, an MCP
// server behind them, and an agent that calls until the limit refuses it. One silo is killed on the way.
//   node deploy/try-cluster.mjs COMMAND...    {folder} in it is replaced with the folder of the trial's files
//                                             0 and a line such as "10 admitted, 15 rate-limited, 0 over"
//                                             3 where PostgreSQL's programs are not installed
// All addresses are on 127.0.0.1, and the fleet is without TLS there; deploy/deb/try has it with certificates.
import { execFileSync, spawn } from 'node:child_process';
import { chmodSync, existsSync, mkdirSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import net from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { startServer } from './trial-server.mjs';

const max = 10;
const refusals = 15;
const killAfter = 5;
const patience = 90_000;
const token = 'a-token-of-the-trial-that-is-long-enough';

const versions = existsSync('/usr/lib/postgresql') ? readdirSync('/usr/lib/postgresql').toSorted((a, b) => b - a) : [];
if (versions.length === 0) {
  console.error('PostgreSQL is not installed: apt-get install postgresql');
  process.exit(3);
}
const binaries = join('/usr/lib/postgresql', versions[0], 'bin');
const folder = mkdtempSync(join(tmpdir(), 'try-cluster-'));
const command = process.argv.slice(2).map((word) => word.replace('{folder}', folder));
const started = [];
// Not in the folder, which a container only reads.
const dataOf = (number) => join('/tmp', `try-cluster-${process.pid}-${number}`);

const freePort = () => new Promise((resolve) => {
  const server = net.createServer().listen(0, '127.0.0.1', () => {
    const { port } = server.address();
    server.close(() => resolve(port));
  });
});

// PostgreSQL refuses to run as root.
const asPostgres = process.getuid() === 0 ? ['runuser', '-u', 'postgres', '--'] : [];
const postgres = (name, ...args) => {
  const [program, ...rest] = [...asPostgres, join(binaries, name), ...args];
  return execFileSync(program, rest, { cwd: '/', stdio: ['ignore', 'ignore', 'inherit'] });
};

const startDatabase = async () => {
  const [data, port] = [join(folder, 'database'), await freePort()];
  chmodSync(folder, 0o755);
  mkdirSync(data);
  if (asPostgres.length > 0) execFileSync('chown', ['postgres', data]);
  postgres('initdb', '--pgdata', data, '--username', 'gateway', '--auth', 'trust', '--no-sync');
  postgres('pg_ctl', '--pgdata', data, '--wait', '--log', join(data, 'log'), '--options',
    `-h 127.0.0.1 -p ${port} -k ${data}`, 'start');
  const stop = () => postgres('pg_ctl', '--pgdata', data, '--mode', 'immediate', 'stop');
  return { url: `postgres://gateway@127.0.0.1:${port}/postgres`, stop };
};

const start = async (role, store, more) => {
  const port = await freePort();
  const options = ['--role', role, '--clustering', 'postgres', '--store', store, '--silo-port', `${await freePort()}`,
    '--client-port', `${await freePort()}`, role === 'silo' ? '--admin-listen' : '--listen', `http://127.0.0.1:${port}`,
    ...more];
  const child = spawn(command[0], [...command.slice(1), ...options],
    { cwd: folder, detached: true, stdio: ['ignore', 'pipe', 'pipe'] });
  const one = { role, address: `http://127.0.0.1:${port}`, child, said: '' };
  for (const stream of [child.stdout, child.stderr]) stream.on('data', (bytes) => { one.said += bytes; });
  started.push(one);
  return one;
};

const ready = async (one) => {
  for (const end = Date.now() + patience; ;) {
    try {
      if ((await fetch(`${one.address}/readyz`)).ok) return;
    } catch { /* it does not listen yet */ }
    if (hasEnded(one) || Date.now() > end) throw new Error(`a ${one.role} did not get ready:\n${one.said}`);
    await sleep(200);
  }
};

const hasEnded = (one) => one.child.exitCode !== null || one.child.signalCode !== null;

// The program itself, and not what runs it.
const kill = (one) => execFileSync('pkill', ['-KILL', '-g', `${one.child.pid}`, '-x', 'gateway-cluster']);

const stop = async (one) => {
  for (const signal of ['SIGTERM', 'SIGKILL']) {
    if (!hasEnded(one)) process.kill(-one.child.pid, signal);
    for (let wait = 0; wait < 200 && !hasEnded(one); wait++) await sleep(100);
  }
};

// What the agent is told: "admitted", "limited", or another refusal, after which it asks again.
const call = async (address, number) => {
  const response = await fetch(`${address}/mcp/trial`, {
    method: 'POST',
    headers: { authorization: `Bearer ${token}`, 'content-type': 'application/json',
      accept: 'application/json, text/event-stream', 'mcp-protocol-version': '2025-06-18' },
    body: JSON.stringify({ jsonrpc: '2.0', id: number, method: 'tools/call', params: { name: 'send', arguments: {} } }),
  });
  const text = await response.text();
  const result = response.ok ? JSON.parse(text).result : undefined;
  if (result?.content?.[0].text === 'done') return 'admitted';
  return result?._meta?.['policy-gateway/decision']?.outcome === 'rate_limited' ? 'limited' : text;
};

let database, server, code = 1;
try {
  [database, server] = [await startDatabase(), await startServer('127.0.0.1')];
  writeFileSync(join(folder, 'gateway.json'), JSON.stringify({
    servers: { trial: { url: server.url } },
    policies: {
      trial: { version: '1', default: 'deny', tools: { send: { limits: [{ counter: 'sent', window: 'day', max }] } } },
    },
    grants: { agent: { server: 'trial', policy: 'trial', token } },
  }));
  chmodSync(join(folder, 'gateway.json'), 0o644);
  // One after another: the first makes the tables.
  const silos = [];
  for (let number = 0; number < 2; number++) {
    silos.push(await start('silo', database.url, []));
    await ready(silos.at(-1));
  }
  const frontends = [];
  for (let number = 0; number < 2; number++) {
    frontends.push(await start('frontend', database.url,
      ['--config', join(folder, 'gateway.json'), '--data', dataOf(number)]));
  }
  for (const one of frontends) await ready(one);

  const told = { admitted: 0, limited: 0 };
  let other = '';
  const until = Date.now() + patience;
  for (let number = 0; told.limited < refusals && Date.now() < until; number++) {
    if (told.admitted === killAfter && silos.length === 2) kill(silos.pop());
    const what = await call(frontends[number % 2].address, number);
    if (what in told) told[what]++;
    else { other = what; await sleep(500); }
  }
  const over = server.seen.calls - max;
  console.log(`${told.admitted} admitted, ${told.limited} rate-limited, ${Math.max(0, over)} over`);
  if (told.limited < refusals) console.error(`Last told: ${other}\n${frontends[0].said}`);
  // What the killed silo had reserved is not given out again.
  code = told.admitted > killAfter && over <= 0 && server.seen.calls === told.admitted && told.limited === refusals ? 0
    : 1;
} catch (error) {
  console.error(error.message);
} finally {
  await Promise.all(started.map(stop));
  server?.stop();
  database?.stop();
  for (const left of [folder, dataOf(0), dataOf(1)]) rmSync(left, { recursive: true, force: true });
}
process.exit(code);
