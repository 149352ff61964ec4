// Loaded before a server: it listens on a free port of 127.0.0.1, whatever address it chooses, and prints that port and
// the one that it chose.
import { Server } from "node:net";

const listen = Server.prototype.listen;
Server.prototype.listen = function (...given) {
  const asked = Number(given[0]?.port ?? given[0]);
  this.once("listening", () => console.log(JSON.stringify({ port: this.address().port, asked })));
  return listen.call(this, 0, "127.0.0.1", ...given.filter((argument) => typeof argument === "function"));
};
