// Starts a silo and then a frontend repeatedly, and measures the elapsed time and the CPU time until each is ready.
//   node load-tests/fleet-starts.mjs PROGRAM POSTGRES_URL [STARTS]
// PROGRAM is the gateway-cluster of a release. Each start creates a new fleet on the same database; the first one
// creates the tables. If other programs use the processors, run it with nice -n -19.
import { spawn } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { setTimeout as sleep } from 'node:timers/promises';

const [program, store, starts = '10'] = process.argv.slice(2);
if (!store) {
  console.error('usage: node load-tests/fleet-starts.mjs PROGRAM POSTGRES_URL [STARTS]');
  process.exit(2);
}
const tickMs = 10; // the unit of CPU times in /proc
const waitMs = 60_000;
const folder = mkdtempSync(join(tmpdir(), 'fleet-starts-'));
writeFileSync(join(folder, 'gateway.json'), '{}');

const freePort = () => new Promise((found) => {
  const server = createServer().listen(0, '127.0.0.1', () => {
    const { port } = server.address();
    server.close(() => found(port));
  });
});

const isReady = async (address) => {
  try {
    return (await fetch(`${address}/readyz`, { signal: AbortSignal.timeout(2000) })).ok;
  } catch {
    return false;
  }
};

async function start(address, ...options) {
  const since = performance.now();
  const child = spawn(program, ['--clustering', 'postgres', '--store', store, ...options], { stdio: 'ignore' });
  running.add(child);
  while (!await isReady(address)) {
    if (child.exitCode !== null || performance.now() - since > waitMs)
      throw new Error(`${options.join(' ')} is not ready; exit code ${child.exitCode}`);
    await sleep(10);
  }
  const ms = performance.now() - since;
  const [user, system] = readFileSync(`/proc/${child.pid}/stat`, 'utf8').split(') ')[1].split(' ').slice(11, 13);
  return { child, ms, cpuMs: (Number(user) + Number(system)) * tickMs };
}

const running = new Set();
const runs = { silo: [], frontend: [] };
try {
  for (let run = 0; run < Number(starts); run++) {
    const [siloPort, clientPort, siloAdmin, agents, admin] = await Promise.all(Array.from({ length: 5 }, freePort));
    const fleet = ['--cluster-id', `starts-${process.pid}-${run}`, '--client-port', `${clientPort}`];
    const at = (port) => `http://127.0.0.1:${port}`;
    const silo = await start(at(siloAdmin), '--role', 'silo', ...fleet, '--silo-port', `${siloPort}`,
      '--admin-listen', at(siloAdmin));
    const frontend = await start(at(agents), '--role', 'frontend', ...fleet, '--config', join(folder, 'gateway.json'),
      '--data', join(folder, `${run}`), '--listen', at(agents), '--admin-listen', at(admin));
    for (const [role, { child, ms, cpuMs }] of Object.entries({ silo, frontend })) {
      child.kill('SIGKILL');
      running.delete(child);
      runs[role].push({ ms, cpuMs });
    }
  }
} finally {
  for (const child of running) child.kill('SIGKILL');
  rmSync(folder, { recursive: true });
}

for (const [role, all] of Object.entries(runs)) {
  const [ms, cpu] = ['ms', 'cpuMs'].map((key) => all.map((one) => one[key]).sort((a, b) => a - b));
  const shown = (values) => `${Math.round(values[values.length >> 1])} ms (${Math.round(values[0])} to `
    + `${Math.round(values.at(-1))})`;
  console.log(`${role}: ready after ${shown(ms)}, of which CPU time ${shown(cpu)}`);
}
