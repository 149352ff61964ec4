// Loaded into a server before its script. For each HTTP request that calls a tool, it appends the revision in the
// request's header to the file in SEEN_REVISIONS.
import { appendFileSync } from "node:fs";
import { Server } from "node:http";

const emit = Server.prototype.emit;
Server.prototype.emit = function (event, request, ...rest) {
  if (event === "request") watch(request);
  return emit.call(this, event, request, ...rest);
};

/** Reads a body on its way into the request: a listener would take the data from the server. */
function watch(request) {
  const { push } = request;
  const body = [];
  request.push = function (chunk, ...rest) {
    if (chunk !== null) body.push(chunk);
    else if (Buffer.concat(body).includes('"tools/call"'))
      appendFileSync(process.env.SEEN_REVISIONS, `${request.headers["mcp-protocol-version"] ?? "no revision"}\n`);
    return push.call(this, chunk, ...rest);
  };
}
