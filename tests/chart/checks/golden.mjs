// One case of each profile is written down, so that a change of the chart is a diff to read; and of every object what
// an upgrade cannot change, so that `helm upgrade` from the version before is not refused by the API server.
import { execFileSync } from "node:child_process";
import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { parse, stringify } from "yaml";
import { cases as casesOf, here, named, repository } from "../chart.mjs";
import { check, none } from "../suite.mjs";

const written = ["default", "fleet-url", "cluster"];

// What helm makes anew each time, and the checksum of it.
const made = /^( +(?:admin-key|salt|ca\.crt|tls\.crt|tls\.key|checksum\/secret): ).+$/gm;
const steady = (text) => text.replaceAll(made, "$1(made)");

/** The fields of an object that the API server refuses to change. */
function fixed({ kind, metadata, spec, type }) {
  const immutable = {
    Deployment: () => spec.selector.matchLabels,
    PersistentVolumeClaim: () => ({ ...spec, resources: undefined }),
    Secret: () => ({ type }),
    Service: () => ({ clusterIP: spec.clusterIP }),
  }[kind];
  return { namespace: metadata.namespace, ...JSON.parse(JSON.stringify(immutable?.() ?? {})) };
}

const fixedOf = (objects) =>
  Object.fromEntries(
    objects
      .filter(({ metadata }) => !metadata.annotations?.["helm.sh/hook"])
      // One that has its content's hash in its name is another with each change.
      .filter(({ kind, metadata }) => kind !== "ConfigMap" || !/-config-[0-9a-f]{10}$/.test(metadata.name))
      .map((object) => [named(object), fixed(object)])
      .sort(([one], [other]) => (one < other ? -1 : 1)),
  );

function* refused(before, now) {
  for (const [name, fields] of Object.entries(before)) {
    if (now[name] && stringify(fields) !== stringify(now[name]))
      yield `${name} changes what an upgrade cannot change: ${JSON.stringify(fields)} to ${JSON.stringify(now[name])}`;
  }
}

function* differences(before, now) {
  yield* refused(before, now);
  for (const name of Object.keys(before)) if (!now[name]) yield `${name} is gone: an upgrade deletes it`;
  for (const name of Object.keys(now)) if (!before[name]) yield `${name} is new`;
}

/** The cases of the chart of the commit before, or null where the history does not reach it, as in a shallow clone. */
function previous() {
  const folder = mkdtempSync(join(tmpdir(), "chart-before-"));
  try {
    const git = (...args) =>
      execFileSync("git", ["-C", repository, ...args], { maxBuffer: 1 << 26, stdio: ["ignore", "pipe", "ignore"] });
    let archive;
    try {
      archive = git("archive", "HEAD~1", "deploy/k8s");
    } catch {
      return null;
    }
    execFileSync("tar", ["-xf", "-", "-C", folder], { input: archive });
    return casesOf(join(folder, "deploy", "k8s"));
  } finally {
    rmSync(folder, { recursive: true });
  }
}

async function same(sentence, file, text, isUpdate, problems) {
  if (isUpdate) writeFileSync(file, text);
  await check(sentence, () => {
    if (!existsSync(file)) throw new Error(`${file} is missing: tests/chart/run.sh --update`);
    none([...problems(readFileSync(file, "utf8"))].map((one) => `${one}\nIf meant: tests/chart/run.sh --update`));
  });
}

export async function golden(cases, isUpdate) {
  for (const { name, text } of cases.filter((one) => written.includes(one.name))) {
    const found = steady(text);
    const file = join(here, "golden", `${name}.yaml`);
    await same(`${name} renders to its golden file`, file, found, isUpdate, function* (before) {
      const [expected, lines] = [before.split("\n"), found.split("\n")];
      const at = [...expected, ...lines].findIndex((_, index) => expected[index] !== lines[index]);
      if (before !== found) yield `line ${at + 1}:\n- ${expected[at] ?? ""}\n+ ${lines[at] ?? ""}`;
    });
  }
  const now = Object.fromEntries(cases.map(({ name, objects }) => [name, fixedOf(objects)]));
  const file = join(here, "golden", "upgrades.yaml");
  await same("an upgrade from the version before changes nothing that is fixed", file, stringify(now), isUpdate,
    function* (text) {
    const before = parse(text);
    for (const name of new Set([...Object.keys(before), ...Object.keys(now)]))
      for (const problem of differences(before[name] ?? {}, now[name] ?? {})) yield `${name}: ${problem}`;
  });
  // `--update` writes the file above; this compares with what users have.
  const earlier = previous();
  if (earlier === null) console.log("-- not compared with the chart of the commit before, which needs its history");
  else {
    await check("an upgrade from the commit before changes nothing that is fixed", () => {
      // Other values make another release, not an upgrade.
      const pairs = earlier.flatMap((before) =>
        cases.filter(({ name, values }) => name === before.name && stringify(values) === stringify(before.values))
          .map(({ objects }) => [before, objects]));
      if (pairs.length === 0) throw new Error("no case has the values of the commit before");
      none(pairs.flatMap(([{ name, objects }, now]) =>
        [...refused(fixedOf(objects), fixedOf(now))].map((problem) => `${name}: ${problem}`)));
    });
  }
  await check("catches a selector that an upgrade cannot change", () => {
    const [{ objects }] = cases;
    const changed = structuredClone(objects);
    changed.find(({ kind }) => kind === "Deployment").spec.selector.matchLabels.planted = "yes";
    if ([...differences(fixedOf(objects), fixedOf(changed))].length !== 1) throw new Error("taken");
  });
}
