// Signs an operator in and lets a client in, as browsers and clients do; prints what each of them holds then.
//   node sign-in.mjs GATEWAY OPERATOR PASSWORD
import { createHash, randomBytes } from "node:crypto";

const [gateway, name, password] = process.argv.slice(2);
const redirect = "https://client.example.com/callback";
const verifier = randomBytes(32).toString("base64url");
const json = { "Content-Type": "application/json" };
let cookies = "";

async function ask(path, options = {}) {
  const answer = await fetch(gateway + path, { redirect: "manual", ...options,
    headers: { ...options.headers, Cookie: cookies } });
  for (const set of answer.headers.getSetCookie()) cookies += `${cookies ? "; " : ""}${set.split(";")[0]}`;
  if (answer.status >= 400) throw new Error(`${path}: ${answer.status} ${await answer.text()}`);
  return answer;
}
const form = (path, fields) => ask(path, { method: "POST", body: new URLSearchParams(fields) });
const field = (html, of) => html.match(new RegExp(`<input[^>]* name="${of}"[^>]*>`))[0].match(/ value="([^"]*)"/)[1];
const plain = (text) => text.replaceAll("&amp;", "&").replaceAll("&#x2B;", "+");

const session = await fetch(`${gateway}/api/v1/session`,
  { method: "POST", headers: json, body: JSON.stringify({ name, password }) });
const cookie = session.headers.getSetCookie().map((set) => set.split(";")[0]).join("; ");

const client = (await (await ask("/register", { method: "POST", headers: json, body: JSON.stringify({
  client_name: "Kept Client", redirect_uris: [redirect], token_endpoint_auth_method: "none" }) })).json()).client_id;
const first = await (await ask("/sign-in")).text();
await form("/sign-in", { csrf: field(first, "csrf"), return: "/authorize?x", name, password });
const question = new URLSearchParams({ response_type: "code", client_id: client, redirect_uri: redirect, state: "s",
  code_challenge: createHash("sha256").update(verifier).digest("base64url"), code_challenge_method: "S256",
  resource: `${gateway}/mcp/crm` });
const asked = await (await ask(`/authorize?${question}`)).text();
const allowed = await (await form("/authorize", { request: plain(field(asked, "request")), csrf: field(asked, "csrf"),
  action: "allow", label: plain(field(asked, "label")), policy: "support", expires: "30d" })).text();
const code = new URL(plain(allowed.match(/id="next" href="([^"]*)"/)[1])).searchParams.get("code");
const tokens = await (await form("/token", { grant_type: "authorization_code", client_id: client, code,
  redirect_uri: redirect,
  code_verifier: verifier, resource: `${gateway}/mcp/crm` })).json();
console.log(JSON.stringify({ cookie, client, access: tokens.access_token, refresh: tokens.refresh_token }));
