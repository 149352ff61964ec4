// A check is a sentence and a function that throws. Failures are told at once; the sum comes last.
let passed = 0;
let failed = 0;

export async function check(sentence, body) {
  try {
    await body();
    passed++;
  } catch (error) {
    failed++;
    console.log(`!! ${sentence}\n   ${String(error.message ?? error).replaceAll("\n", "\n   ")}`);
  }
}

/** Throws with every problem of the list, if there is one. */
export function none(problems) {
  const all = [...problems];
  if (all.length > 0) throw new Error(all.join("\n"));
}

export const failures = () => failed;

/** Tells the sum, which is the last line that a suite writes; what its process is to exit with. */
export function sum() {
  console.log(`\n${passed} passed, ${failed} failed`);
  return failed === 0 ? 0 : 1;
}
