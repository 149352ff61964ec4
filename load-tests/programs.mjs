// Starts and measures programs for the load tests in Node.js: load-tests/peers and load-tests/callers.
import { execFileSync, spawn } from 'node:child_process';
import fs from 'node:fs';
import http from 'node:http';
import os from 'node:os';
import path from 'node:path';

export const connections = 8;
export const server = path.join(import.meta.dirname, 'peers', 'server.mjs');
export const temporary = fs.mkdtempSync(path.join(os.tmpdir(), 'gateway-load-'));
export const direct = port => `http://127.0.0.1:${port}/mcp`;
export const wait = (/** @type {number} */ ms) => new Promise(done => setTimeout(done, ms));
const agent = new http.Agent({ keepAlive: true, maxSockets: connections + 1 });

/** Sends a POST request and returns status, headers and text. A string body is sent unchanged. */
export function post(url, body, headers = {}) {
  return new Promise((resolve, reject) => {
    const text = typeof body === 'string' ? body : JSON.stringify(body);
    const request = http.request(url, {
      method: 'POST', agent, headers: {
        'Content-Type': 'application/json', Accept: 'application/json, text/event-stream',
        'Content-Length': Buffer.byteLength(text), ...headers,
      },
    }, response => {
      const parts = [];
      response.on('data', part => parts.push(part));
      response.on('end', () => resolve({
        status: response.statusCode, headers: response.headers, text: Buffer.concat(parts).toString(),
      }));
    });
    request.on('error', reject).end(text);
  });
}

/** Starts a program in a new process group; `stop` sends a signal to the group and waits for the program to exit. */
export function start(command, args, cwd = temporary) {
  const errors = fs.openSync(path.join(temporary, 'errors'), 'a');
  const child = spawn(command, args, { stdio: ['ignore', 'ignore', errors], detached: true, cwd });
  fs.closeSync(errors);
  const stop = async (/** @type {NodeJS.Signals} */ signal) => {
    try { process.kill(-child.pid, signal); } catch { /* It has ended. */ }
    if (child.exitCode === null && child.signalCode === null) await new Promise(done => child.once('exit', done));
  };
  return { pid: child.pid, stop };
}

export async function until(url, patience = 30_000) {
  for (const end = Date.now() + patience; Date.now() < end; await wait(50)) {
    if (await post(url, {}).then(() => true, () => false)) return;
  }
  throw new Error(`${url} does not respond; see ${temporary}/errors`);
}

export const policy = (/** @type {number} */ max) => ({
  version: '1', default: 'allow', tools: { '*': { limits: [{ counter: 'calls', window: 'minute', max }] } },
});

/** Starts the gateway with a configuration. */
export function startGateway(program, config, folder, port, more = []) {
  fs.mkdirSync(folder, { recursive: true });
  fs.writeFileSync(path.join(folder, 'gateway.json'), JSON.stringify(config));
  return start(
    program, ['run', '--config', 'gateway.json', '--listen', `http://127.0.0.1:${port}`, ...more], folder);
}

/** Returns the processes of a tree, except the server that all subjects call. */
export function tree(root) {
  const rows = execFileSync('ps', ['-eo', 'pid=,ppid=,args='], { encoding: 'utf8' }).trim().split('\n')
    .map(row => /^\s*(\d+)\s+(\d+)\s+(.*)$/.exec(row)).filter(Boolean);
  const own = new Set([root]);
  for (let grew = true; grew;) {
    grew = false;
    for (const [, pid, parent] of rows) if (own.has(+parent) && !own.has(+pid)) { own.add(+pid); grew = true; }
  }
  return rows.filter(([, pid, , args]) => own.has(+pid) && !/^\S*node \S*server\.mjs/.test(args))
    .map(([, pid]) => +pid);
}

/** Returns the CPU time of each thread in nanoseconds, and the resident memory in MB. */
export function used(pids) {
  const threads = new Map();
  let memory = 0;
  for (const pid of pids) {
    memory += +/VmRSS:\s+(\d+)/.exec(fs.readFileSync(`/proc/${pid}/status`, 'utf8'))[1] / 1024;
    for (const thread of fs.readdirSync(`/proc/${pid}/task`)) {
      try {
        threads.set(thread, +fs.readFileSync(`/proc/${pid}/task/${thread}/schedstat`, 'utf8').split(' ')[0]);
      } catch { /* It has ended. */ }
    }
  }
  return { threads, memory };
}

/** Returns the CPU time between two readings in microseconds. */
export function cpuBetween(before, after) {
  let spent = 0;
  for (const [thread, time] of after.threads) spent += time - (before.threads.get(thread) ?? 0);
  return spent / 1000;
}

export const median = (/** @type {number[]} */ values) =>
  values.toSorted((a, b) => a - b)[Math.floor(values.length / 2)];

/** The smallest interval of order statistics that contains the median with 95 % confidence, for any distribution. */
export function interval(/** @type {number[]} */ values) {
  const sorted = values.toSorted((a, b) => a - b);
  let [rank, one] = [0, 0.5 ** sorted.length];
  for (let below = one; below <= 0.025; below += one) {
    rank++;
    one *= (sorted.length - rank + 1) / rank;
  }
  return rank === 0 ? null : [sorted[rank - 1], sorted[sorted.length - rank]];
}

const shown = (/** @type {number} */ value) => value.toFixed(Math.abs(value) >= 100 || Number.isInteger(value) ? 0 : 1);
export const spread = (/** @type {number[]} */ values) =>
  `${shown(median(values))} (${shown(Math.min(...values))} to ${shown(Math.max(...values))})`;

export function clean() {
  fs.rmSync(temporary, { recursive: true, force: true });
  process.exit();
}
