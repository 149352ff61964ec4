// Runs the official suite directly and through the gateway, and fails on any scenario that ends worse through it, or is
// required of the fixture and fails directly.
// Arguments name the servers to run it against; without any, all. It closes with the scenarios that end no worse, and
// those that do.
import { program, runSet, severalToken, startGateway, startServer } from "./processes.js";
import { startRenaming } from "./renaming.js";
import { read, total, unmet, worse } from "./results.js";
import { signIn } from "./signing-in.js";
import { sets } from "./sets.js";
import { runUpstreams } from "./upstreams.js";

const fixture = await startServer("fixture/server.js");
const everything = await startServer("fixture/everything.js");
const sse = await startServer("fixture/sse.js");
const servers = {
  fixture: { direct: fixture, registered: { url: fixture } },
  everything: { direct: everything, registered: { url: everything } },
  // Some checks are made only of servers that answer with a stream, or with one that they close and let the client take
  // up again. Servers are free not to; a pipe has no streams, and what is one message goes on as JSON.
  "fixture-stdio": {
    direct: fixture, registered: program("fixture/stdio.js"),
      mayCheckLess: ["server-sse-multiple-streams", "server-sse-polling"],
  },
  // The older transport with its revision, once detected and once configured. It has no requests outside of sessions,
  // and the other sets send one with the header of 2025-11-25 whatever was agreed, which a session of 2024-11-05
  // rejects.
  "fixture-sse": { direct: fixture, registered: { url: sse }, of: [0],
    mayCheckLess: ["server-sse-multiple-streams", "server-sse-polling"] },
  "fixture-sse-configured": {
    direct: fixture, registered: { url: sse, transport: "sse" }, of: [0],
      mayCheckLess: ["server-sse-multiple-streams", "server-sse-polling"],
  },
};
// Three servers as one, all of which have everything: what is the first one's must be its own all the same.
const another = () => startServer("fixture/server.js");
const others = { second: { url: await another() }, third: { url: await another() } };
const { origin, adminKey } = await startGateway(
  Object.fromEntries(Object.entries(servers).map(([name, { registered }]) => [name, registered])),
  { fixture: servers.fixture.registered, ...others });
for (const name of Object.keys(servers)) servers[name].through = `${origin}/mcp/${name}`;
// Merged lists come as JSON, where the server's own come as streams of one event.
servers["three-as-one"] = {
  direct: fixture, through: await startRenaming(origin, severalToken, "fixture"),
  mayCheckLess: ["server-sse-multiple-streams"],
};
const only = process.argv.slice(2);
let passed = 0;
let failed = 0;

const directly = new Map();

for (const [server, { direct: url, through: address, of = sets.keys(), mayCheckLess = [] }] of Object.entries(
  servers)) {
  if (only.length > 0 && !only.includes(server)) continue;
  for (const set of [...of].map((number) => sets[number])) {
    const key = `${set.name} ${url}`;
    if (!directly.has(key)) directly.set(key, read(await runSet(set, url)));
    const direct = directly.get(key);
    const through = read(await runSet(set, address, origin));
    const { lines, count } = worse(direct, through, mayCheckLess);
    const missed = url === fixture ? unmet(direct, set.required ?? []) : [];
    console.log(`${server}, ${set.name}: ${total(direct)} directly, ${total(through)} through the gateway`);
    for (const line of lines) console.log(`  worse: ${line}`);
    for (const line of missed) console.log(`  required: ${line}`);
    passed += direct.size - count;
    failed += missed.length + (direct.size === 0 ? 1 : count);
  }
}

const more = { authorization: signIn, upstreams: runUpstreams };

for (const [name, run] of Object.entries(more)) {
  if (only.length > 0 && !only.includes(name)) continue;
  const found = await run(origin, adminKey).catch((error) => {
    console.log(`  wrong: ${error.stack}`);
    return new Map();
  });
  console.log(`${name} by 0.2.0-alpha.12: ${total(found)}`);
  for (const [scenario, { failed: wrong, warned, skipped, failures }] of found) {
    const isWell = wrong === 0 && warned === 0 && skipped === 0;
    if (!isWell) console.log(`  wrong: ${scenario}: ${failures.join("; ") || "left out, or warned of"}`);
    passed += isWell ? 1 : 0;
    failed += isWell ? 0 : 1;
  }
  failed += found.size === 0 ? 1 : 0;
}

console.log(`${passed} passed, ${failed} failed`);
process.exit(failed === 0 ? 0 : 1);
