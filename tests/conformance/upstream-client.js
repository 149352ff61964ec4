// One client scenario of the official suite with the gateway as the client. The suite runs this with the address of the
// scenario's server, which an operator registers at the gateway here. An agent calls its tool, and its user follows the
// links that the gateway returns. Prints "called" if the call succeeds.
const { GATEWAY_ORIGIN: origin, GATEWAY_ADMIN_KEY: adminKey, GATEWAY_OPERATOR: operator } = process.env;
const { MCP_CONFORMANCE_SCENARIO: scenario, MCP_CONFORMANCE_PROTOCOL_VERSION: revision } = process.env;
if (!process.env.GATEWAY_SCENARIOS.split(",").includes(scenario)) process.exit(0);
const context = JSON.parse(process.env.MCP_CONFORMANCE_CONTEXT ?? "{}");
const url = process.argv.at(-1);
const name = `${scenario.replace(/\W+/g, "-")}-${process.pid}`;
const isStateless = revision >= "2026-07-28";
const cookies = new Map();
const linksMax = 4;

await admin("PUT", `servers/${name}`, { url, ...account() });
const { token } = await admin("POST", "grants", { name, servers: { [name]: "open" } });
await runs("initialize");
await runs("tools/list");
let text = await runs("tools/call");
// A server that refuses a token, as one with another authorization server does, is connected again with the next call.
if (text.includes("call again")) text = await runs("tools/call");
if (!text.includes('"test"')) throw new Error(`The call of ${scenario} did not succeed: ${text}`);
console.log("called");

/** The members of a server whose account the scenario gives, or at which each caller has one. */
function account() {
  const { client_id: clientId, client_secret: clientSecret, private_key_pem: privateKey, issuer } = context;
  const key = { ...(clientSecret && { clientSecret }), ...(privateKey && { privateKey }), ...(issuer && { issuer }) };
  return {
    ...(!scenario.startsWith("auth/client-credentials") && { auth: "oauth" }),
    ...(clientId && { oauth: { clientId, ...key } }),
  };
}

/** Sends a request as the agent, and again after its user has followed the link of the response. */
async function runs(method) {
  if (method === "initialize" && isStateless) return "";
  for (let links = 0; ; links++) {
    const answer = await request(method);
    const link = new RegExp(`${origin}(/connections/[A-Za-z0-9_-]+)`).exec(answer)?.[1];
    if (!link) return answer;
    if (links === linksMax) throw new Error(`${method} of ${scenario} has no end of links: ${answer}`);
    await connect(link);
  }
}

async function request(method) {
  const params = {
    initialize: { protocolVersion: revision, capabilities: {}, clientInfo: { name: "agent", version: "1" } },
    "tools/list": {},
    "tools/call": { name: "test-tool", arguments: {} },
  }[method];
  if (isStateless) {
    params._meta = {
      "io.modelcontextprotocol/protocolVersion": revision, "io.modelcontextprotocol/clientCapabilities": {},
      "io.modelcontextprotocol/clientInfo": { name: "agent", version: "1" },
    };
  }
  const answer = await fetch(`${origin}/mcp/${name}`, {
    method: "POST",
    headers: {
      authorization: `Bearer ${token}`, "content-type": "application/json",
        accept: "application/json, text/event-stream",
      ...(method !== "initialize" && { "mcp-protocol-version": revision }),
      ...(isStateless && { "mcp-method": method, ...(params.name && { "mcp-name": params.name }) }),
    },
    body: JSON.stringify({ jsonrpc: "2.0", id: 1, method, params }),
  });
  return answer.text();
}

/** Follows a link as a browser does whose user is an operator and agrees everywhere. */
async function connect(link) {
  let page = await open(`${origin}${link}`);
  if (page.html.includes('name="password"')) {
    await open(`${origin}/sign-in`, {
      csrf: field(page.html, "csrf"), return: field(page.html, "return"), ...JSON.parse(operator),
    });
    page = await open(`${origin}${link}`);
  }
  const next = await open(`${origin}${link}`, { csrf: field(page.html, "csrf"), issuer: field(page.html, "issuer") });
  const to = /id="next" href="([^"]*)"/.exec(next.html)?.[1];
  if (!to) throw new Error(`${scenario} cannot be connected: ${next.html}`);
  const end = await open(unescaped(to));
  if (!end.html.includes("is connected")) throw new Error(`${scenario} was not connected: ${end.html}`);
}

async function open(address, form) {
  let [at, body] = [address, form && new URLSearchParams(form)];
  for (let steps = 0; steps < 20; steps++) {
    const isOwn = at.startsWith(origin);
    const answer = await fetch(at, {
      method: body ? "POST" : "GET", body, redirect: "manual",
      headers: isOwn ? { cookie: [...cookies].map(([key, value]) => `${key}=${value}`).join("; ") } : {},
    });
    if (isOwn) {
      for (const cookie of answer.headers.getSetCookie()) {
        const [, key, value] = /^([^=]*)=([^;]*)/.exec(cookie);
        cookies.set(key, value);
      }
    }
    const next = answer.headers.get("location");
    if (!next) return { status: answer.status, html: await answer.text() };
    [at, body] = [new URL(next, at).href, undefined];
  }
  throw new Error(`${address} redirects without end`);
}

function unescaped(html) {
  return html.replaceAll("&quot;", '"').replaceAll("&#x2B;", "+").replaceAll("&amp;", "&");
}

function field(html, of) {
  const input = new RegExp(`<input[^>]* name="${of}"[^>]*>`).exec(html)?.[0];
  if (!input) throw new Error(`${scenario}: the page has no ${of}: ${html}`);
  return unescaped(/ value="([^"]*)"/.exec(input)?.[1] ?? "");
}

async function admin(method, path, body) {
  const answer = await fetch(`${origin}/api/v1/${path}`, {
    method,
    headers: { authorization: `Bearer ${adminKey}`, "content-type": "application/json" },
    body: JSON.stringify(body),
  });
  if (!answer.ok) throw new Error(`${method} ${path} responded with ${answer.status}: ${await answer.text()}`);
  return answer.json();
}
