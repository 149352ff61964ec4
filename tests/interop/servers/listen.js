// Loaded before a server: it listens on a free port of 127.0.0.1, whatever address it chooses, and prints the port.
import { Server } from "node:net";

const listen = Server.prototype.listen;
Server.prototype.listen = function (...given) {
  this.once("listening", () => console.log(JSON.stringify({ port: this.address().port })));
  return listen.call(this, 0, "127.0.0.1", ...given.filter((argument) => typeof argument === "function"));
};
