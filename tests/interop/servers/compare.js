// What the gateway changes on purpose, and where two observations of a server differ otherwise.
import { createHash } from "node:crypto";

/**
 * The only differences that are not failures, at /mcp if not "everywhere"; otherwise a server is the same at its own
 * address. Nothing is ignored: each turns what the server says into exactly what the client has to see.
 */
export const exceptions = [
  {
    what: "tasks cannot be listed: capabilities.tasks has no list",
    reason: "the server's list has the tasks of all callers",
    everywhere: true,
    apply({ initialize }) {
      if (initialize.capabilities?.tasks) delete initialize.capabilities.tasks.list;
    },
  },
  {
    what: "capabilities.extensions has tasks and apps only, as a policy without \"extensions\" passes them",
    reason: "no rule evaluates the messages of others",
    everywhere: true,
    apply({ initialize: { capabilities } }) {
      const passed = ["io.modelcontextprotocol/tasks", "io.modelcontextprotocol/ui"];
      for (const name of Object.keys(capabilities?.extensions ?? {})) {
        if (!passed.includes(name)) delete capabilities.extensions[name];
      }
    },
  },
  {
    what: "names of tools and prompts become SERVER__NAME, or a hashed name of at most 64 characters",
    reason: "several servers may use one name",
    apply(seen, server) {
      for (const method of ["tools/list", "prompts/list"]) {
        if (Array.isArray(seen[method])) for (const entry of seen[method]) entry.name = exposed(server, entry.name);
      }
    },
  },
  {
    what: "serverInfo is the gateway's, with the servers in its title",
    reason: "the client speaks to all of them",
    apply({ initialize }, server) {
      initialize.serverInfo = { name: "gateway", title: `${server} (gateway)`, version: "1" };
    },
  },
  {
    what: "instructions stand below the server's name, 16,384 characters at most",
    reason: "those of several servers are joined",
    apply({ initialize }, server) {
      if (typeof initialize.instructions !== "string") return;
      initialize.instructions = `# ${server}\n${initialize.instructions}\n`.slice(0, 16_384);
    },
  },
  {
    what: "capabilities are tools, prompts, resources, logging, completions, tasks and extensions only",
    reason: "the gateway reports changed lists itself",
    apply({ initialize }) {
      const own = initialize.capabilities;
      const offered = ["tools", "prompts", "resources", "logging", "completions"].filter((name) => own[name]);
      initialize.capabilities = {
        ...Object.fromEntries(offered.map((name) => [name, {
          ...(["tools", "prompts", "resources"].includes(name) && { listChanged: true }),
          ...(own[name].subscribe && { subscribe: true }),
        }])),
        ...(own.tasks && { tasks: own.tasks }),
        ...(own.extensions && { extensions: own.extensions }),
      };
    },
  },
  {
    what: "the initialize result has only protocolVersion, capabilities, serverInfo and instructions",
    reason: "other members describe one server",
    apply({ initialize }) {
      for (const name of Object.keys(initialize)) {
        if (!["protocolVersion", "capabilities", "serverInfo", "instructions"].includes(name)) delete initialize[name];
      }
    },
  },
  {
    what: "a list that the server declares and does not implement (-32601) is empty",
    reason: "what one server lacks is no error of the others",
    apply(seen) {
      for (const [method, list] of Object.entries(seen)) if (list.error?.code === -32601) seen[method] = [];
    },
  },
  {
    what: "URIs of resources in results and in _meta.ui become SCHEME://policy-gateway.invalid/SERVER/SEALED",
    reason: "any frontend has to find the server of a resource that no list names",
    equals(direct, through, server) {
      const scheme = /^([a-z][a-z0-9+.-]*):/i.exec(direct)?.[1];
      return scheme !== undefined && through.startsWith(`${scheme}://policy-gateway.invalid/${server}/`);
    },
  },
];

/** What a direct observation has to look like at /mcp, or without a server's name at the server's own address. */
export function merged(seen, server) {
  const expected = structuredClone(seen);
  for (const { apply, everywhere } of exceptions) if (everywhere || server !== undefined) apply?.(expected, server);
  return expected;
}

/** The name of a server's tool at /mcp (docs/how-to/clients.md). */
export function exposed(server, name) {
  const plain = `${server}__${name}`;
  const isClear = /^[\w-]{1,64}$/.test(plain) && name !== "" && !/__|_$/.test(server);
  if (isClear && !/_[0-9a-f]{12}$/.test(plain)) return plain;
  const hash = createHash("sha256").update(`${server}\n${name}`).digest("hex").slice(0, 12);
  const first = server.slice(0, 20).replace(/[^\w-]/g, "_");
  return `${first}__${name.slice(0, 64 - first.length - 2 - 13).replace(/[^\w-]/g, "_")}_${hash}`;
}

/** The places where two observations differ, with both values; "server" is named where the second comes from /mcp. */
export function differences(expected, seen, server, path = "", found = new Map()) {
  if (Object.is(expected, seen)) return found;
  if (server !== undefined && typeof expected === "string" && typeof seen === "string"
    && exceptions.some(({ equals }) => equals?.(expected, seen, server))) return found;
  if (!isObject(expected) || !isObject(seen) || Array.isArray(expected) !== Array.isArray(seen)) {
    return found.set(path, `${show(expected)} directly, ${show(seen)} through the gateway`);
  }
  for (const key of new Set([...Object.keys(expected), ...Object.keys(seen)])) {
    differences(expected[key], seen[key], server, `${path}/${key}`, found);
  }
  return found;
}

const isObject = (value) => typeof value === "object" && value !== null;
const show = (value) => (value === undefined ? "nothing" : JSON.stringify(value).slice(0, 300));
