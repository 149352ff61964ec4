// What the gateway may change, and the places where two observations of a server differ otherwise.
import { createHash } from "node:crypto";

/** The only differences that are not failures. Each is compared with what it must become; nothing is just ignored. */
export const exceptions = [
  { at: "/mcp", what: "names of tools and prompts", becomes: "SERVER__NAME, or a hashed name of at most 64 characters",
    reason: "several servers may use one name" },
  { at: "/mcp", what: "serverInfo", becomes: "the gateway, with the servers in its title", reason: "the client speaks to all of them" },
  { at: "/mcp", what: "instructions", becomes: "the same below the server's name, 16,384 characters at most",
    reason: "they are joined" },
  { at: "/mcp", what: "capabilities", becomes: "tools, prompts, resources, logging and completions only, with listChanged for lists",
    reason: "the gateway reports changed lists itself; tasks and extensions are between a client and one server" },
  { at: "/mcp", what: "URIs of resources in results and in _meta.ui", becomes: "SCHEME://policy-gateway.invalid/SERVER/SEALED",
    reason: "any frontend has to find the server" },
];

/** What a direct observation has to look like at /mcp. */
export function merged(seen, server) {
  const { initialize } = seen;
  const expected = structuredClone(seen);
  expected.initialize = {
    protocolVersion: initialize.protocolVersion,
    capabilities: mergedCapabilities(initialize.capabilities),
    serverInfo: { name: "gateway", title: `${server} (gateway)`, version: "1" },
  };
  if (typeof initialize.instructions === "string") {
    expected.initialize.instructions = `# ${server}\n${initialize.instructions}\n`.slice(0, 16_384);
  }
  for (const method of ["tools/list", "prompts/list"]) {
    if (!Array.isArray(expected[method])) continue;
    for (const entry of expected[method]) entry.name = exposed(server, entry.name);
  }
  return expected;
}

function mergedCapabilities(own) {
  const capabilities = {};
  for (const name of ["tools", "prompts", "resources", "logging", "completions"]) {
    if (own[name] === undefined) continue;
    capabilities[name] = ["tools", "prompts", "resources"].includes(name) ? { listChanged: true } : {};
    if (own[name].subscribe) capabilities[name].subscribe = true;
  }
  return capabilities;
}

/** The name of a server's tool at /mcp (docs/use/clients.md). */
export function exposed(server, name) {
  const plain = `${server}__${name}`;
  if (/^[\w-]{1,64}$/.test(plain) && name !== "" && !/__|_$/.test(server) && !/_[0-9a-f]{12}$/.test(plain)) return plain;
  const hash = createHash("sha256").update(`${server}\n${name}`).digest("hex").slice(0, 12);
  const first = server.slice(0, 20).replace(/[^\w-]/g, "_");
  return `${first}__${name.slice(0, 64 - first.length - 2 - 13).replace(/[^\w-]/g, "_")}_${hash}`;
}

/**
 * The places where two observations differ, as "path: one, other". A sealed URI equals the URI that it stands for as far
 * as a client can tell: scheme and server.
 */
export function differences(expected, seen, server, path = "", found = new Map()) {
  if (Object.is(expected, seen) || isSealed(expected, seen, server)) return found;
  if (!isObject(expected) || !isObject(seen) || Array.isArray(expected) !== Array.isArray(seen)) {
    found.set(path, `${show(expected)} directly, ${show(seen)} through the gateway`);
    return found;
  }
  for (const key of new Set([...Object.keys(expected), ...Object.keys(seen)])) {
    differences(expected[key], seen[key], server, `${path}/${key}`, found);
  }
  return found;
}

const isObject = (value) => typeof value === "object" && value !== null;
const show = (value) => (value === undefined ? "nothing" : JSON.stringify(value).slice(0, 300));

function isSealed(expected, seen, server) {
  if (server === undefined || typeof expected !== "string" || typeof seen !== "string") return false;
  const scheme = /^([a-z][a-z0-9+.-]*):/i.exec(expected)?.[1];
  return scheme !== undefined && seen.startsWith(`${scheme}://policy-gateway.invalid/${server}/`);
}
