// One scripted session, the same for every client: connect, list the tools, make the calls one after another, and
// print what the client saw as one line of JSON. The script comes as JSON in the first argument:
// { url, token, calls: [{ name, arguments }] }.
export async function run(connect) {
  const script = JSON.parse(process.argv[2]);
  const { client, about } = await connect(new URL(script.url), { Authorization: `Bearer ${script.token}` });
  const { tools } = await client.listTools();
  const results = [];
  for (const call of script.calls) {
    // What a host tells the model of a call that failed.
    const result = await client.callTool(call)
      .catch((error) => ({ isError: true, content: [{ type: "text", text: error.message }] }));
    results.push({
      isError: result.isError === true,
      text: result.content.map((block) => block.text ?? "").join(" "),
      decision: result._meta?.["policy-gateway/decision"] ?? null,
    });
  }

  const seen = { ...about(), tools: tools.map((tool) => tool.name), results };
  await client.close();
  console.log(JSON.stringify(seen));
}
