// Prints the figures of a release: the size of each file, the time from the program's start to its first response (the
// median of five starts), and its memory after ten seconds without a call.
//   node deploy/figures.mjs PROGRAM FOLDER
import { spawn } from 'node:child_process';
import { mkdtempSync, readFileSync, readdirSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';

const [program, folder] = process.argv.slice(2);
const starts = 5;
const startMax = 60_000;
const idle = 10_000;
const median = (numbers) => numbers.toSorted((a, b) => a - b)[Math.floor(numbers.length / 2)];

const start = async (isLast) => {
  const data = mkdtempSync(join(tmpdir(), 'figures-'));
  const begin = performance.now();
  const gateway = spawn(program, ['run', '--data', join(data, 'data'), '--listen', 'http://127.0.0.1:0'],
    { cwd: data, stdio: ['ignore', 'pipe', 'ignore'] });
  try {
    let output = '';
    gateway.stdout.on('data', (bytes) => { output += bytes; });
    let address;
    while (!(address = / listens on ([^\s"]+)/.exec(output)?.[1])) {
      if (gateway.exitCode !== null || performance.now() - begin > startMax)
        throw new Error(`the program did not start: ${output}`);
      await sleep(2);
    }
    const ready = await fetch(new URL('/readyz', address));
    if (ready.status !== 200) throw new Error(`/readyz returned ${ready.status}`);
    const took = performance.now() - begin;
    if (isLast) await sleep(idle);
    const [, kib] = /VmRSS:\s+(\d+)/.exec(readFileSync(`/proc/${gateway.pid}/status`, 'utf8'));
    return { took, mib: Number(kib) / 1024 };
  } finally {
    gateway.kill();
    if (gateway.exitCode === null) await new Promise((resolve) => { gateway.once('exit', resolve); });
    rmSync(data, { recursive: true });
  }
};

for (const name of readdirSync(folder).toSorted())
  console.log(`${(statSync(join(folder, name)).size / 1e6).toFixed(1).padStart(8)} MB  ${name}`);
const runs = [];
for (let run = 1; run <= starts; run++) runs.push(await start(run === starts));
console.log(`start to the first response: ${median(runs.map((run) => run.took)).toFixed(0)} ms, median of ${starts}`);
console.log(`memory after ${idle / 1000} s: ${runs.at(-1).mib.toFixed(0)} MiB`);
