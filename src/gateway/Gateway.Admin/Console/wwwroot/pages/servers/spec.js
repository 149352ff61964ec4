// Written from the contracts of Gateway.Control; their tests write it with GATEWAY_UPDATE=1.

/** @type {import('../../state/spec.js').Member[]} */
export const members = [
  {
    name: 'urls', title: "Replicas", kind: 'list',
    placeholder: 'URL',
    text: "The endpoints of several replicas of one server, in place of \"url\".",
  },
  {
    name: 'transport', title: "Transport", kind: 'choice',
    placeholder: 'TRANSPORT',
    choices: ['http', 'sse'],
    absent: 'auto',
    text: "\"http\" for Streamable HTTP, \"sse\" for the older HTTP+SSE. Absent: detected when a session begins.",
  },
  {
    name: 'proxy', title: "Proxy", kind: 'object',
    text: "An HTTP proxy that opens tunnels (CONNECT). Absent: HTTPS_PROXY, HTTP_PROXY and NO_PROXY from the gateway's environment.",
    members: [
      {
        name: 'url', title: "Address", kind: 'text',
        placeholder: 'URL',
        text: "The http address of the proxy. A user name and password in the address are the gateway's credential at the proxy. Absent: the proxy from the environment.",
      },
      {
        name: 'resolves', title: "Resolves names", kind: 'flag',
        text: "true: the proxy resolves the server's name and decides which addresses are reached.",
      },
    ],
  },
  {
    name: 'timeouts', title: "Timeouts", kind: 'object',
    text: "How long requests wait for their responses. Absent: as long as their clients wait.",
    members: [
      {
        name: 'callSeconds', title: "Each request", kind: 'whole',
        placeholder: 'SECONDS',
        min: 1, max: 86400,
        text: "The timeout of every request. Absent: none.",
      },
      {
        name: 'tools', title: "Calls of single tools", kind: 'wholemap',
        placeholder: 'TOOL=SECONDS',
        min: 1, max: 86400,
        text: "The timeouts of calls of these tools, in seconds.",
      },
      {
        name: 'maxSeconds', title: "Maximum with progress", kind: 'whole',
        placeholder: 'SECONDS',
        min: 1, max: 86400,
        default: 600,
        text: "The maximum duration of a request if progress messages extend its timeout; at least the longest timeout.",
      },
    ],
  },
  {
    name: 'headers', title: "Headers", kind: 'map',
    placeholder: 'HEADER',
    isSecret: true,
    text: "Headers by name, sent with every request; visible ASCII.",
  },
  {
    name: 'oauth', title: "OAuth client", kind: 'object',
    text: "The gateway's account at the server's authorization server, for access tokens.",
    members: [
      {
        name: 'clientId', title: "Client ID", kind: 'text',
        placeholder: 'ID',
        lengthMax: 1024,
        text: "The client id, of visible ASCII characters. Absent with \"auth\": the gateway identifies itself, or registers.",
      },
      {
        name: 'clientSecret', title: "Client secret", kind: 'text',
        placeholder: 'SECRET',
        lengthMax: 4096,
        isSecret: true,
        text: "The client secret, of visible ASCII characters.",
      },
      {
        name: 'scope', title: "Scopes", kind: 'text',
        placeholder: 'SCOPE',
        text: "Scopes, separated by spaces. Absent: those that the server requests.",
      },
      {
        name: 'issuer', title: "Issuer", kind: 'text',
        placeholder: 'URL',
        text: "The only authorization server that gets the secret. Absent: the first one that the server names; the gateway then logs a warning.",
      },
      {
        name: 'exchange', title: "Exchange", kind: 'choice',
        placeholder: 'KIND',
        choices: ['token_exchange', 'on_behalf_of'],
        absent: 'none',
        text: "\"token_exchange\" (RFC 8693) or \"on_behalf_of\" (Microsoft Entra): calls carry a token that the gateway gets in exchange for the caller's token. Absent: calls carry the account's own token.",
      },
      {
        name: 'audience', title: "Audience", kind: 'text',
        placeholder: 'NAME',
        lengthMax: 1024,
        text: "With \"token_exchange\": the server's name at the authorization server, such as a client id of Keycloak. Absent: the server's address, as \"resource\".",
      },
      {
        name: 'privateKey', title: "Private key", kind: 'text',
        placeholder: 'FILE',
        lengthMax: 16384,
        isSecret: true,
        text: "In place of \"clientSecret\": the key that signs client assertions (private_key_jwt, RFC 7523), as PEM or JWK: RSA of at least 2048 bits, P-256 or P-384. A certificate in the PEM is named in each assertion.",
      },
      {
        name: 'keyId', title: "Key ID", kind: 'text',
        placeholder: 'KID',
        lengthMax: 1024,
        text: "With \"privateKey\": the \"kid\" of the public key at the authorization server. Absent: the \"kid\" of a JWK.",
      },
      {
        name: 'algorithm', title: "Algorithm", kind: 'choice',
        placeholder: 'ALGORITHM',
        choices: ['RS256', 'PS256', 'ES256', 'ES384'],
        absent: 'none',
        text: "With \"privateKey\": the algorithm of the signature. Absent: the \"alg\" of a JWK; otherwise RS256, or the algorithm of the curve.",
      },
      {
        name: 'assertionAudience', title: "Assertion audience", kind: 'choice',
        placeholder: 'AUDIENCE',
        choices: ['issuer', 'token_endpoint'],
        text: "With \"privateKey\": the \"aud\" of the client's assertions. \"token_endpoint\", which Microsoft Entra and Okta require, needs \"issuer\".",
      },
    ],
  },
  {
    name: 'host', title: "Host", kind: 'text',
    placeholder: 'HOST',
    lengthMax: 253,
    text: "A DNS name in lower case at which agents reach the server at exactly /mcp, besides /mcp/NAME.",
  },
  {
    name: 'oauthPolicy', title: "Policy of sign-ins", kind: 'text',
    placeholder: 'POLICY',
    text: "The policy of a grant that is created when a client signs in, unless an operator chooses another policy.",
  },
  {
    name: 'callerHeaders', title: "Caller headers", kind: 'map',
    placeholder: 'HEADER',
    text: "Headers that are sent with each request and contain values of its caller, such as {caller.subject}, {caller.claims.email} or {grant}. If the caller lacks such a value, the call is not sent.",
  },
  {
    name: 'auth', title: "Authentication", kind: 'choice',
    placeholder: 'AUTH',
    choices: ['oauth'],
    absent: 'none',
    text: "\"oauth\": each call carries the access token of its caller's own connection. The caller authorizes the connection once. Its client is the one in \"oauth\", or one that the gateway registers. Absent: every call carries the gateway's credential.",
  },
  {
    name: 'callerToken', title: "Caller token", kind: 'object',
    text: "A token that identifies the caller; the gateway signs such a token for each request. Absent: none.",
    members: [
      {
        name: 'header', title: "Header", kind: 'text',
        placeholder: 'NAME',
        lengthMax: 64,
        text: "The header for the token. In Authorization, \"Bearer\" precedes it. Absent: Authorization.",
      },
      {
        name: 'audience', title: "Audience", kind: 'text',
        placeholder: 'NAME',
        lengthMax: 1024,
        text: "The token's \"aud\". Absent: the server's address.",
      },
      {
        name: 'seconds', title: "Lifetime", kind: 'whole',
        placeholder: 'SECONDS',
        min: 10, max: 600,
        default: 60,
        text: "How long the token is valid.",
      },
    ],
  },
  {
    name: 'tasks', title: "Tasks", kind: 'object',
    text: "The gateway's handling of the server's tasks (extension io.modelcontextprotocol/tasks). Absent: the server decides.",
    members: [
      {
        name: 'maxTtlSeconds', title: "Maximum TTL", kind: 'whole',
        placeholder: 'SECONDS',
        min: 1, max: 2592000,
        text: "The maximum TTL of a task; it replaces a longer or unlimited TTL. Absent: the server's TTL.",
      },
      {
        name: 'afterSeconds', title: "Calls become tasks after", kind: 'whole',
        placeholder: 'SECONDS',
        min: 1, max: 300,
        text: "The time after which a call becomes a task of the gateway, if its client declares the extension (2026-07-28). Absent: never.",
      },
      {
        name: 'tools', title: "Calls of single tools after", kind: 'wholemap',
        placeholder: 'TOOL=SECONDS',
        min: 1, max: 300,
        text: "The time after which calls of these tools become tasks, in seconds.",
      },
    ],
  },
];
