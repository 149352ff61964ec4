// The official client with an identity provider's assertion (ID-JAG). Arguments: the server's URL, and JSON:
// { "id": …, "secret": …, "assertion": … }. Prints the access token that it obtains.
import { CrossAppAccessProvider, auth } from "@modelcontextprotocol/client";

const [url, options] = [process.argv[2], JSON.parse(process.argv[3])];
const asked = {};
const provider = new CrossAppAccessProvider({
  clientId: options.id,
  clientSecret: options.secret,
  expectedIssuer: new URL(url).origin,
  assertion: async (context) => {
    Object.assign(asked, context);
    return options.assertion;
  },
});
await auth(provider, { serverUrl: url });
console.log(JSON.stringify({ token: provider.tokens().access_token, resource: String(asked.resourceUrl) }));
process.exit(0);
