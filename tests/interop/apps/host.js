// A host of apps: it connects to an MCP server, calls a tool, and displays the app of the tool in a frame that has
// exactly the origins and permissions that the metadata of the app name (MCP Apps, Security Implications).
import { AppBridge, PostMessageTransport, buildAllowAttribute,
  getToolUiResourceUri } from "@modelcontextprotocol/ext-apps/app-bridge";
import { Client, StreamableHTTPClientTransport } from "@modelcontextprotocol/client";

const extension = { "io.modelcontextprotocol/ui": { mimeTypes: ["text/html;profile=mcp-app"] } };
let connected;

/** Connects, and returns the tools as the server lists them. */
window.connect = async ({ url, token, declares = true }) => {
  const client = new Client({ name: "host", version: "1.0.0" }, {
    capabilities: declares ? { extensions: extension } : {},
  });
  await client.connect(new StreamableHTTPClientTransport(new URL(url),
    { requestInit: { headers: { Authorization: `Bearer ${token}` } } }));
  const { tools } = await client.listTools();
  connected = { client, tools };
  return tools.map(({ name, _meta }) => ({ name, meta: _meta ?? null }));
};

/** Calls a tool and displays its app; returns what the host enforces. */
window.show = async ({ name, arguments: given = {} }) => {
  const { client, tools } = connected;
  const uri = getToolUiResourceUri(tools.find((tool) => tool.name === name));
  if (!uri) return { uri: null };
  const { resources } = await client.listResources();
  const { contents: [content] } = await client.readResource({ uri });
  const listed = resources.find((resource) => resource.uri === uri);
  const ui = content._meta?.ui ?? listed?._meta?.ui;
  const csp = policyOf(ui?.csp);
  const html = content.text ?? new TextDecoder().decode(Uint8Array.from(atob(content.blob), (c) => c.charCodeAt(0)));

  const frame = document.createElement("iframe");
  frame.setAttribute("sandbox", "allow-scripts");
  frame.setAttribute("allow", buildAllowAttribute(ui?.permissions));
  frame.name = "app";
  frame.style = "width: 1000px; height: 700px";
  document.querySelectorAll("iframe").forEach((old) => old.remove());
  document.body.append(frame);
  const bridge = new AppBridge(client, { name: "host", version: "1.0.0" },
    { serverTools: {}, openLinks: {}, logging: {} });
  const ready = new Promise((resolve) => { bridge.oninitialized = resolve; });
  await bridge.connect(new PostMessageTransport(frame.contentWindow, frame.contentWindow));
  frame.srcdoc = `<meta http-equiv="Content-Security-Policy" content="${csp}">${html}`;
  await ready;
  await bridge.sendToolInput({ arguments: given });
  const result = await client.callTool({ name, arguments: given });
  await bridge.sendToolResult(result);
  return { uri, isListed: !!listed, contentUri: content.uri, csp, allow: frame.allow,
    isError: result.isError === true };
};

const policyOf = (csp) => {
  const of = (member, none = "") => (csp?.[member]?.length ? csp[member].join(" ") : none);
  const loaded = `'unsafe-inline' blob: data: ${of("resourceDomains")}`;
  return [
    "default-src 'none'", `script-src ${loaded}`, `style-src ${loaded}`, `img-src ${loaded}`, `font-src ${loaded}`,
    `media-src ${loaded}`, `connect-src ${of("connectDomains", "'none'")}`, `frame-src ${of("frameDomains", "'none'")}`,
    "worker-src blob:", "object-src 'none'", `base-uri ${of("baseUriDomains", "'none'")}`,
  ].join("; ");
};

window.isReady = true;
