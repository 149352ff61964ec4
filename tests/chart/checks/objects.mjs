// Every object against the types of the Kubernetes API: kubectl reads those of built-in kinds, the models' validators
// look at values and formats, and the TypeScript compiler refuses unknown fields, which kubectl leaves to the API
// server.
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import ts from "typescript";
import { here, named, run } from "../chart.mjs";
import { check, none } from "../suite.mjs";

const packages = {
  "cert-manager.io": "@kubernetes-models/cert-manager",
  "external-secrets.io": "@kubernetes-models/external-secrets",
  "gateway.networking.k8s.io": "@kubernetes-models/gateway-api",
  "keda.sh": "@kubernetes-models/keda",
  "monitoring.coreos.com": "@kubernetes-models/prometheus-operator",
};

function moduleOf({ apiVersion }) {
  const group = apiVersion.includes("/") ? apiVersion.split("/")[0] : "";
  return `${packages[group] ?? "kubernetes-models"}/${apiVersion}`;
}

async function invalid(object) {
  const { [object.kind]: model } = await import(moduleOf(object));
  if (!model) return [`${object.kind} is not in ${object.apiVersion}`];
  try {
    new model(object).validate();
    return [];
  } catch (error) {
    return [`${named(object)}: ${error.message}`];
  }
}

/**
 * Which objects of built-in kinds kubectl cannot decode. It decodes all of a file before it sets a variable in those
 * that have pods, which needs no API server; that others have none is no problem here. (`kubectl annotate` decodes
 * nothing.)
 */
function unreadable(objects) {
  const items = objects.filter((object) => moduleOf(object).startsWith("kubernetes-models/"));
  const folder = mkdtempSync(join(tmpdir(), "kubectl-"));
  try {
    const file = join(folder, "objects.json");
    writeFileSync(file, JSON.stringify({ apiVersion: "v1", kind: "List", items }));
    run("kubectl", ["set", "env", "--local", "--filename", file, "--output", "name", "CHECKED=yes"]);
    return [];
  } catch (error) {
    return error.message.split("\n").filter((line) => /cannot unmarshal|unable to decode|no kind/.test(line));
  } finally {
    rmSync(folder, { recursive: true });
  }
}

/** Unknown fields and wrong types of many objects, by one run of the compiler. Takes and gives back { object, … }. */
function typeProblems(entries) {
  const kinds = new Map(entries.map(({ object }) => [`${object.kind}@${moduleOf(object)}`, object]));
  const alias = (object) => `I${object.kind}_${[...kinds.keys()].indexOf(`${object.kind}@${moduleOf(object)}`)}`;
  const lines = [...kinds.values()].map(
    (object) => `import type { I${object.kind} as ${alias(object)} } from "${moduleOf(object)}";`,
  );
  const starts = [];
  for (const [index, { object }] of entries.entries()) {
    starts.push(lines.length);
    lines.push(...`export const o${index}: ${alias(object)} = ${JSON.stringify(object, null, 1)};`.split("\n"));
  }
  const file = join(here, "rendered-objects.ts");
  const text = lines.join("\n");
  const settings = {
    module: ts.ModuleKind.NodeNext,
    moduleResolution: ts.ModuleResolutionKind.NodeNext,
    target: ts.ScriptTarget.ES2022,
    strict: true,
    noEmit: true,
    skipLibCheck: true,
    types: [],
  };
  const host = ts.createCompilerHost(settings);
  const { fileExists, getSourceFile, readFile } = host;
  host.fileExists = (path) => path === file || fileExists(path);
  host.readFile = (path) => (path === file ? text : readFile(path));
  host.getSourceFile = (path, version, ...rest) =>
    path === file ? ts.createSourceFile(path, text, version) : getSourceFile(path, version, ...rest);
  const program = ts.createProgram([file], settings, host);
  return ts.getPreEmitDiagnostics(program).map((diagnostic) => {
    const line = diagnostic.file ? diagnostic.file.getLineAndCharacterOfPosition(diagnostic.start).line : 0;
    const index = starts.findLastIndex((start) => start <= line);
    return {
      entry: entries[index],
      message: `${lines[line].trim()} ${ts.flattenDiagnosticMessageText(diagnostic.messageText, " ")}`,
    };
  });
}

function planted() {
  const deployment = (spec) => ({
    apiVersion: "apps/v1",
    kind: "Deployment",
    metadata: { name: "planted" },
    spec: {
      selector: { matchLabels: { a: "b" } },
      template: {
        metadata: { labels: { a: "b" } },
        spec: { containers: [{ name: "a", image: "a", ...spec.container }] },
      },
      ...spec.deployment,
    },
  });
  return {
    "an unknown field": deployment({ deployment: { replica: 1 } }),
    "an unknown field deep inside": deployment({ container: { livenessProbe: { httpGet: { port: 1, pathh: "/" } } } }),
    "a number where a text belongs": deployment({ container: { env: [{ name: "A", value: 1 }] } }),
  };
}

export async function objects(cases) {
  const entries = cases.flatMap((one) => one.objects.map((object) => ({ owner: one.name, object })));
  const plants = Object.entries(planted()).map(([owner, object]) => ({ owner, object }));
  const found = typeProblems([...entries, ...plants]);
  for (const { name, objects: all } of cases) {
    await check(`the objects of ${name} have only fields of the API`, () =>
      none(found.filter(({ entry }) => !entry || entry.owner === name).map(({ message }) => message)),
    );
    await check(`kubectl reads the objects of ${name}`, () => none(unreadable(all)));
    await check(`the objects of ${name} are valid`, async () => none((await Promise.all(all.map(invalid))).flat()));
  }
  await check("kubectl refuses a number where a text belongs", () => {
    if (unreadable([plants.at(-1).object]).length === 0) throw new Error("taken");
  });
  for (const { owner, object } of plants) {
    await check(`catches ${owner}`, async () => {
      const problems = [...found.filter(({ entry }) => entry?.object === object), ...(await invalid(object))];
      if (problems.length === 0) throw new Error("taken");
    });
  }
}
