// Charges a budget of the gateway: node acquire.ts BUDGET [COST]. Node.js 22.18 or later, nothing to install.
import { randomUUID } from "node:crypto";
import { setTimeout as wait } from "node:timers/promises";

type Cost = { budget: string; remaining: number; reset?: string };
type Decision = { allowed: boolean; repeated: boolean; costs: Cost[]; reason?: string; retry_after?: number };

const url = process.env.GATEWAY_URL ?? "http://127.0.0.1:8082";

/** What the gateway decided. The id stays the same, so a lost answer is never charged twice. */
export async function acquire(budget: string, cost: string = "1", attempts: number = 3): Promise<Decision> {
  const body = JSON.stringify({ id: randomUUID(), costs: [{ budget, cost }] });
  const headers = { authorization: `Bearer ${process.env.GATEWAY_KEY}`, "content-type": "application/json" };
  for (let attempt = 1; ; attempt++) {
    try {
      const signal = AbortSignal.timeout(10_000);
      const answer = await fetch(`${url}/v1/acquire`, { method: "POST", headers, body, signal });
      if (answer.ok) return (await answer.json()) as Decision;
      const problem = (await answer.json()) as { title: string; detail: string };
      if (answer.status !== 503) throw new RangeError(`${problem.title}: ${problem.detail}`);
      if (attempt === attempts) throw new Error(problem.detail);
    } catch (error) {
      if (error instanceof RangeError || attempt === attempts) throw error;
    }
    await wait(200 * attempt);
  }
}

const [budget, cost] = process.argv.slice(2);
const decision = await acquire(budget ?? "", cost);
if (decision.allowed) {
  console.log(`allowed, ${decision.costs[0]?.remaining} left`);
} else {
  console.log(`refused: ${decision.reason} Wait ${decision.retry_after ?? "for ever"} s.`);
  process.exitCode = 2;
}
