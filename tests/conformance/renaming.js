// Stands between the suite and /mcp, where the tools and prompts of one server are called SERVER__NAME: the suite knows
// only their own names. It brings the grant's token, and changes nothing else.
import { once } from "node:events";
import { createServer, request as send } from "node:http";

/** Starts it in front of the gateway's /mcp; its own address comes back. */
export async function startRenaming(origin, token, server) {
  const prefix = `${server}__`;
  const proxy = createServer(async (request, response) => {
    try {
      const body = Buffer.concat(await Array.fromAsync(request));
      const { text, name } = renamed(body, prefix);
      const headers = { ...request.headers, authorization: `Bearer ${token}` };
      if (name !== undefined && headers["mcp-name"] === name) headers["mcp-name"] = prefix + name;
      if (body.length > 0) {
        delete headers["transfer-encoding"];
        headers["content-length"] = String(text.length);
      }
      const forward = send(origin + request.url, { method: request.method, headers });
      response.on("close", () => forward.destroy());
      forward.on("error", () => response.destroy());
      forward.end(text);
      const [answer] = await once(forward, "response");
      await pass(answer, response, prefix);
    } catch {
      response.destroy();
    }
  });
  proxy.listen(0, "127.0.0.1");
  await once(proxy, "listening");
  proxy.unref();
  return `http://127.0.0.1:${proxy.address().port}/mcp`;
}

// The name that a message is about, where it is a tool's or a prompt's; any other body passes as it came.
function renamed(body, prefix) {
  let message;
  try {
    message = JSON.parse(body);
  } catch {
    return { text: body };
  }
  const params = message?.params;
  const holder = { "tools/call": params, "prompts/get": params, "completion/complete": params?.ref }[message?.method];
  if (typeof holder?.name !== "string") return { text: body };
  const { name } = holder;
  holder.name = prefix + name;
  return { text: Buffer.from(JSON.stringify(message)), name };
}

// Merged lists come as JSON; a stream passes as it comes.
async function pass(answer, response, prefix) {
  if (!answer.headers["content-type"]?.startsWith("application/json")) {
    response.writeHead(answer.statusCode, answer.headers);
    response.flushHeaders();
    answer.on("aborted", () => response.destroy());
    answer.pipe(response);
    return;
  }
  const text = Buffer.concat(await Array.fromAsync(answer)).toString().replaceAll(`"name":"${prefix}`, '"name":"');
  const headers = { ...answer.headers, "content-length": String(Buffer.byteLength(text)) };
  delete headers["transfer-encoding"];
  response.writeHead(answer.statusCode, headers);
  response.end(text);
}
