// One scenario with one official client; every line that it prints is { "seen": what the client saw }. It is told as
// JSON in the first argument: { url, token, client, scenario }.
import { connect } from "./peers.js";
import { scenarios } from "./scenarios.js";

const { url, token, client, scenario } = JSON.parse(process.argv[2]);
const say = (seen) => console.log(JSON.stringify({ seen }));
const capabilities = {
  sampling: {}, roots: { listChanged: true }, elicitation: scenario === "approval" ? { form: {}, url: {} } : {},
};
const peer = await connect[client](new URL(url), { Authorization: `Bearer ${token}` }, say, capabilities);
await scenarios[scenario](peer, say);
await peer.client.close();
