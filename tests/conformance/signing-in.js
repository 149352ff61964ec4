// The authorization scenarios of the official suite, at a gateway: its client is registered, and an operator allows it
// in a real browser.
import { existsSync } from "node:fs";
import { chromium } from "playwright-core";
import { runAuthorization } from "./processes.js";
import { read } from "./results.js";
import { sets } from "./sets.js";

const operator = { name: "ana", password: "correct horse battery staple" };
const executablePath = ["/usr/bin/chromium", "/usr/bin/chromium-browser", "/usr/bin/google-chrome"].find(existsSync);

/** Runs them; returns what they found by scenario. */
export async function signIn(origin, adminKey) {
  if (!executablePath) throw new Error("the authorization scenarios need chromium; install it");
  await send(`${origin}/api/v1/operators`, { ...operator, roles: ["editor"] }, { authorization: `Bearer ${adminKey}` });
  // As root, as CI often is, it has no sandbox.
  const browser = await chromium.launch({ executablePath, args: ["--no-sandbox", "--disable-gpu"] });
  try {
    return read(await runAuthorization(sets.at(-1).entry, origin,
      async (redirect) => (await send(`${origin}/register`, {
      client_name: "Conformance suite", redirect_uris: [redirect], token_endpoint_auth_method: "none",
    })).client_id, (asked) => allow(browser, asked)));
  } finally {
    await browser.close();
  }
}

async function allow(browser, asked) {
  const page = await browser.newPage();
  await page.goto(asked);
  await page.getByLabel("Username", { exact: true }).fill(operator.name);
  await page.getByLabel("Password", { exact: true }).fill(operator.password);
  await page.getByRole("button", { name: "Sign in" }).click();
  await page.getByLabel("Policy").selectOption("open");
  await page.getByRole("button", { name: "Allow" }).click();
  await page.waitForURL(/\/callback\?/);
  await page.close();
}

async function send(url, body, headers = {}) {
  const answer = await fetch(url, {
    method: "POST", headers: { ...headers, "content-type": "application/json" }, body: JSON.stringify(body),
  });
  if (!answer.ok) throw new Error(`${url} answered ${answer.status}: ${await answer.text()}`);
  return answer.json();
}
