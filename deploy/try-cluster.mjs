// Runs a fleet of a built gateway-cluster: two silos and two frontends with a PostgreSQL of their own, an MCP server
// behind them, and an agent that calls until the limit refuses it. Meanwhile, one silo is killed.
//   node deploy/try-cluster.mjs COMMAND...    {folder} in it is replaced with the folder of the trial's files
// On success, exits with 0 after a line such as "10 admitted, 15 rate-limited, 0 over". Exits with 3 if PostgreSQL's
// programs are not installed. All addresses are on 127.0.0.1, where the fleet needs no TLS; deploy/deb/try runs a fleet
// with certificates.
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
// Outside the folder, because a container can only read that.
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
  const one = { role, address: `http://127.0.0.1:${port}`, child, output: '' };
  for (const stream of [child.stdout, child.stderr]) stream.on('data', (bytes) => { one.output += bytes; });
  started.push(one);
  return one;
};

const ready = async (one) => {
  for (const end = Date.now() + patience; ;) {
    try {
      if ((await fetch(`${one.address}/readyz`)).ok) return;
    } catch { /* it does not listen yet */ }
    if (hasEnded(one) || Date.now() > end) throw new Error(`a ${one.role} did not become ready:\n${one.output}`);
    await sleep(200);
  }
};

const hasEnded = (one) => one.child.exitCode !== null || one.child.signalCode !== null;

// Kills the program itself, not the command that runs it.
const kill = (one) => execFileSync('pkill', ['-KILL', '-g', `${one.child.pid}`, '-x', 'gateway-cluster']);

const stop = async (one) => {
  for (const signal of ['SIGTERM', 'SIGKILL']) {
    if (!hasEnded(one)) process.kill(-one.child.pid, signal);
    for (let wait = 0; wait < 200 && !hasEnded(one); wait++) await sleep(100);
  }
};

// Returns "admitted", "limited", or the text of another response, after which the agent calls again.
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
  // One after another, because the first creates the tables.
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

  const outcomes = { admitted: 0, limited: 0 };
  let other = '';
  const until = Date.now() + patience;
  for (let number = 0; outcomes.limited < refusals && Date.now() < until; number++) {
    if (outcomes.admitted === killAfter && silos.length === 2) kill(silos.pop());
    const outcome = await call(frontends[number % 2].address, number);
    if (outcome in outcomes) outcomes[outcome]++;
    else { other = outcome; await sleep(500); }
  }
  const over = server.seen.calls - max;
  console.log(`${outcomes.admitted} admitted, ${outcomes.limited} rate-limited, ${Math.max(0, over)} over`);
  if (outcomes.limited < refusals) console.error(`Last response: ${other}\n${frontends[0].output}`);
  // Capacity that the killed silo had reserved is not given out again.
  code = outcomes.admitted > killAfter && over <= 0 && server.seen.calls === outcomes.admitted
    && outcomes.limited === refusals ? 0 : 1;
} catch (error) {
  console.error(error.message);
} finally {
  await Promise.all(started.map(stop));
  server?.stop();
  database?.stop();
  for (const left of [folder, dataOf(0), dataOf(1)]) rmSync(left, { recursive: true, force: true });
}
process.exit(code);
