// Official clients that obtain their own token, without a person. Arguments: the server's URL, and JSON:
// { "sdk": 1 or 2, "id": …, "secret": … } or { "sdk": …, "id": …, "key": { private JWK }, "alg": … }, with "dpop": true
// for a token that is bound to a key. Prints the number of tools that they list.
import * as second from "@modelcontextprotocol/client";
import { Client } from "@modelcontextprotocol/sdk/client/index.js";
import { ClientCredentialsProvider, PrivateKeyJwtProvider } from "@modelcontextprotocol/sdk/client/auth-extensions.js";
import { StreamableHTTPClientTransport } from "@modelcontextprotocol/sdk/client/streamableHttp.js";

const options = JSON.parse(process.argv[3]);
const first = { Client, ClientCredentialsProvider, PrivateKeyJwtProvider, StreamableHTTPClientTransport };
const sdk = options.sdk === 1 ? first : second;
const issuer = new URL(process.argv[2]).origin;
const provider = options.secret
  ? new sdk.ClientCredentialsProvider({ clientId: options.id, clientSecret: options.secret, expectedIssuer: issuer })
  : new sdk.PrivateKeyJwtProvider({
    clientId: options.id, privateKey: options.key, algorithm: options.alg, expectedIssuer: issuer,
  });
if (options.dpop) {
  const session = await sdk.DpopSession.create();
  provider.dpop = () => session;
}
const client = new sdk.Client({ name: "interop-machine", version: "1.0.0" });
await client.connect(new sdk.StreamableHTTPClientTransport(new URL(process.argv[2]), { authProvider: provider }));
const { tools } = await client.listTools();
await client.close();
console.log(JSON.stringify({ tools: tools.length, type: provider.tokens().token_type,
  scope: provider.tokens().scope }));
process.exit(0);
