// The chart, its cases (ci/*-values.yaml), and what helm makes of a case. CHART_TOOLS is the folder of helm and
// kubectl.
import { execFileSync } from "node:child_process";
import { readdirSync, readFileSync } from "node:fs";
import { basename, dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { parse, parseAllDocuments } from "yaml";

export const here = dirname(fileURLToPath(import.meta.url));
export const repository = join(here, "..", "..");
export const chart = join(repository, "deploy", "k8s");

export const read = (path) => readFileSync(join(repository, path), "utf8");
export const defaults = () => parse(read("deploy/k8s/values.yaml"));

/** Runs helm or kubectl; throws with what it writes to standard error if it fails. */
export function run(tool, args) {
  try {
    return execFileSync(join(process.env.CHART_TOOLS, tool), args, {
      encoding: "utf8",
      stdio: ["ignore", "pipe", "pipe"],
    });
  } catch (error) {
    throw new Error(error.stderr || error.message);
  }
}

const withValues = (files, of = chart) => [of, "--namespace", "gateway",
  ...files.flatMap((file) => ["--values", file])];

/** What `helm template` writes. */
export const render = (files, { release = "gw", options = [] } = {}) =>
  run("helm", ["template", release, ...withValues(files), ...options]);

/** The objects, hooks included, and the notes of a first install. */
function install(files, of) {
  const args = ["install", "gw", ...withValues(files, of), "--dry-run=client", "--output", "json"];
  const { manifest, hooks = [], info } = JSON.parse(run("helm", args));
  const text = [manifest, ...hooks.map((hook) => `---\n# Source: ${hook.path}\n${hook.manifest}\n`)].join("");
  return { text, notes: info.notes };
}

export function objectsOf(text) {
  return parseAllDocuments(text)
    .map((document) => {
      if (document.errors.length > 0) throw document.errors[0];
      return document.toJS();
    })
    .filter((object) => object !== null);
}

/** Values laid over others as helm does: maps are merged, null takes a key out. */
export function overlay(base, over) {
  const isMap = (value) => value !== null && typeof value === "object" && !Array.isArray(value);
  const out = structuredClone(base);
  for (const [key, value] of Object.entries(over ?? {})) {
    if (value === null) delete out[key];
    else out[key] = isMap(value) && isMap(out[key]) ? overlay(out[key], value) : value;
  }
  return out;
}

/** The cases of this chart, or of an earlier one in another folder. */
export function cases(of = chart) {
  const folder = join(of, "ci");
  return readdirSync(folder)
    .filter((name) => name.endsWith("-values.yaml"))
    .sort()
    .map((name) => {
      const file = join(folder, name);
      const { text, notes } = install([file], of);
      return {
        name: basename(name, "-values.yaml"),
        file,
        text,
        notes,
        values: overlay(defaults(), parse(readFileSync(file, "utf8"))),
        objects: objectsOf(text),
      };
    });
}

/** Every pod that an object makes, with its labels. */
export function podOf(object) {
  if (object.kind === "Pod") return { metadata: object.metadata, spec: object.spec };
  return ["Deployment", "Job"].includes(object.kind) ? object.spec.template : undefined;
}

export const named = (object) => `${object.kind}/${object.metadata.name}`;
export const containersOf = (pod) => [...(pod.spec.initContainers ?? []), ...pod.spec.containers];
export const matches = (selector, labels) =>
  Object.entries(selector ?? {}).every(([key, value]) => (labels ?? {})[key] === value);
