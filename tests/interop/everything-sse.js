// The official example server over HTTP+SSE, the older transport, on a free port of 127.0.0.1, which it prints first.
// By itself it listens on every address and cannot say which port it was given. It ends when its standard input does.
import { Server } from "node:net";

const listen = Server.prototype.listen;
Server.prototype.listen = function (_port, ...rest) {
  this.once("listening", () => console.log(JSON.stringify({ url: `http://127.0.0.1:${this.address().port}/sse` })));
  return listen.call(this, 0, "127.0.0.1", ...rest);
};

process.stdin.resume().on("end", () => process.exit(0));
await import("@modelcontextprotocol/server-everything/dist/transports/sse.js");
