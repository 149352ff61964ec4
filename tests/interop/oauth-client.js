// The official client with its own OAuth flow: it prints where its browser is sent, reads what comes back there, and
// goes on. Arguments: the server's URL, and perhaps the scope that it requests.
import { createInterface } from "node:readline/promises";
import { Client, StreamableHTTPClientTransport } from "@modelcontextprotocol/client";

const redirect = "http://127.0.0.1:8976/callback";
const kept = {};
const provider = {
  redirectUrl: redirect,
  clientMetadata: {
    client_name: "TypeScript client",
    redirect_uris: [redirect],
    grant_types: ["authorization_code", "refresh_token"],
    response_types: ["code"],
    token_endpoint_auth_method: "none",
    ...(process.argv[3] && { scope: process.argv[3] }),
  },
  state: () => "kept by the client",
  clientInformation: () => kept.client,
  saveClientInformation: (client) => { kept.client = client; },
  tokens: () => kept.tokens,
  saveTokens: (tokens) => { kept.tokens = tokens; },
  codeVerifier: () => kept.verifier,
  saveCodeVerifier: (verifier) => { kept.verifier = verifier; },
  discoveryState: () => kept.discovery,
  saveDiscoveryState: (discovery) => { kept.discovery = discovery; },
  redirectToAuthorization: (url) => { console.log(JSON.stringify({ authorize: url.toString() })); },
};
const open = () => new StreamableHTTPClientTransport(new URL(process.argv[2]), { authProvider: provider });
const connect = async () => {
  const [client, transport] = [new Client({ name: "interop-oauth", version: "1.0.0" }), open()];
  try {
    await client.connect(transport);
  } catch (error) {
    return { transport, error };
  }
  return { client, tools: (await client.listTools()).tools.length };
};

const { transport, client: early } = await connect();
if (early) throw new Error("it came in without a token");
const [answer] = await (async () => {
  for await (const line of createInterface({ input: process.stdin })) return [line];
})();
await transport.finishAuth(new URLSearchParams(answer));
const signedIn = await connect();
if (signedIn.error) throw signedIn.error;
await signedIn.client.close();

// An access token that is no good any more: the client takes another by itself.
kept.tokens = { ...kept.tokens, access_token: "pga_over" };
const refreshed = await connect();
if (refreshed.error) throw refreshed.error;
await refreshed.client.close();
console.log(JSON.stringify({
  tools: signedIn.tools, again: refreshed.tools, scope: kept.tokens.scope,
    renewed: kept.tokens.access_token !== "pga_over",
}));
process.exit(0);
