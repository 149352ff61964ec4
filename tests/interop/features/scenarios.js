// What each client does, and says that it saw.
const read = (result) => result.content.map((block) => block.text ?? block.type).join(" ");

async function tried(say, what, run) {
  try {
    await run();
    say(`${what}: done`);
  } catch (error) {
    const decision = error.data?.rule === undefined ? "" : ` by ${error.data.rule}`;
    say(`${what}: refused with ${error.code}${decision}`);
  }
}

const call = async (peer, say, name, args = {}) => {
  const result = await peer.client.callTool({ name, arguments: args });
  say(`${name}: ${result.isError ? "error: " : ""}${read(result)}`);
  return result;
};

async function sayAll(peer, say, count) {
  for (const told of await peer.heard(count)) say(told);
}

const change = (peer, what) => peer.client.callTool({ name: "feature_change", arguments: { what } });

/** Opens what tells of changes: a request of its own from 2026-07-28, before that the stream of the session. */
async function listen(peer, filter) {
  if (!peer.isStateless) return { close: async () => {} };
  return peer.client.listen(filter);
}

export const scenarios = {
  async tools(peer, say) {
    const { tools } = await peer.client.listTools();
    for (const { name } of tools) if (/^test_(simple|image|error)/.test(name)) say(name);
    await call(peer, say, "test_simple_text");
    await call(peer, say, "test_multiple_content_types");
    await call(peer, say, "test_error_handling");
    await call(peer, say, "json_schema_2020_12_tool", { name: "Zoë \u{1F600}", phone: "1" });
    await tried(say, "no such tool", () => peer.client.callTool({ name: "no_such_tool", arguments: {} }));
  },
  async resources(peer, say) {
    for (const { uri } of (await peer.client.listResources()).resources) say(uri);
    for (const { uriTemplate } of (await peer.client.listResourceTemplates()).resourceTemplates) say(uriTemplate);
    for (const uri of ["test://static-text", "test://static-binary", "test://template/7/data"]) {
      const [content] = (await peer.client.readResource({ uri })).contents;
      say(`${content.uri} ${content.mimeType} ${content.text ?? content.blob.length}`);
    }
    await tried(say, "test://none", () => peer.client.readResource({ uri: "test://none" }));
  },
  async prompts(peer, say) {
    for (const { name } of (await peer.client.listPrompts()).prompts) say(name);
    const args = { arg1: "one", arg2: "two" };
    const got = await peer.client.getPrompt({ name: "test_prompt_with_arguments", arguments: args });
    for (const message of got.messages) say(`${message.role}: ${message.content.text}`);
    await tried(say, "no_such_prompt", () => peer.client.getPrompt({ name: "no_such_prompt" }));
  },
  async completion(peer, say) {
    const refs = [
      { type: "ref/prompt", name: "test_prompt_with_arguments" },
      { type: "ref/resource", uri: "test://template/{id}/data" },
    ];
    for (const ref of refs) {
      await tried(say, ref.type, async () => {
        const { completion } = await peer.client.complete({ ref, argument: { name: "arg1", value: "test" } });
        say(`${ref.type}: ${completion.values.join(" ")}`);
      });
    }
  },
  async progress(peer, say) {
    const onprogress = ({ progress, total }) => say(`progress ${progress}/${total}`);
    const result = await withOptions(peer, { name: "test_tool_with_progress", arguments: {} }, { onprogress });
    say(read(result));
  },
  async cancellation(peer, say) {
    const key = crypto.randomUUID();
    const giveUp = new AbortController();
    const options = { signal: giveUp.signal, onprogress: () => giveUp.abort("enough") };
    await withOptions(peer, { name: "feature_wait", arguments: { key } }, options).then(
      () => say("answered"),
      () => say("given up"),
    );
    await call(peer, say, "feature_fate", { key });
  },
  async sampling(peer, say) {
    const name = peer.isStateless ? "test_input_required_result_sampling" : "test_sampling";
    await call(peer, say, name, { prompt: "What is the capital of France?" });
  },
  async elicitation(peer, say) {
    if (peer.isStateless) {
      await call(peer, say, "test_input_required_result_elicitation");
    } else {
      await call(peer, say, "test_elicitation", { message: "Who are you?" });
      await call(peer, say, "test_elicitation", { message: "Will you decline?" });
    }
  },
  async approval(peer, say) {
    await call(peer, say, "test_simple_text");
    if (!peer.isStateless) await sayAll(peer, say, 1);
  },
  async roots(peer, say) {
    await call(peer, say, peer.isStateless ? "test_input_required_result_list_roots" : "feature_roots");
  },
  async logging(peer, say) {
    const name = "test_tool_with_logging";
    if (peer.isStateless) {
      await call(peer, say, name);
      const _meta = { "io.modelcontextprotocol/logLevel": "info" };
      await peer.client.callTool({ name, arguments: {}, _meta });
    } else {
      await peer.client.setLoggingLevel("error");
      await call(peer, say, name);
      await peer.client.setLoggingLevel("info");
      await peer.client.callTool({ name, arguments: {} });
    }
    await sayAll(peer, say, 3);
  },
  async subscriptions(peer, say) {
    const uri = "test://watched-resource";
    const filter = { resourceSubscriptions: [uri], toolsListChanged: true };
    const subscription = await listen(peer, filter);
    if (!peer.isStateless) await peer.client.subscribeResource({ uri });
    await change(peer, "test://static-text");
    await change(peer, uri);
    if (!peer.isStateless) await peer.client.unsubscribeResource({ uri });
    if (!peer.isStateless) await change(peer, uri);
    await change(peer, "tools");
    await sayAll(peer, say, 2);
    await subscription.close();
  },
  async listChanged(peer, say) {
    const filter = { toolsListChanged: true, promptsListChanged: true, resourcesListChanged: true };
    const subscription = await listen(peer, filter);
    for (const what of ["tools", "prompts", "resources"]) await change(peer, what);
    await sayAll(peer, say, 3);
    await subscription.close();
  },
  async inputs(peer, say) {
    for (const name of ["request_state", "multiple_inputs", "multi_round"])
      await call(peer, say, `test_input_required_result_${name}`);
    const got = await peer.client.getPrompt({ name: "test_input_required_result_prompt" });
    say(got.messages[0].content.text);
  },
  async reconnection(peer, say) {
    await call(peer, say, "test_reconnection");
  },
  async session(peer, say) {
    await peer.client.ping();
    say("ping: done");
    say(`in a session: ${peer.transport.sessionId !== undefined}`);
    await peer.transport.terminateSession();
    say(`in a session: ${peer.transport.sessionId !== undefined}`);
  },
  async policy(peer, say) {
    const { tools } = await peer.client.listTools();
    say(`tools: ${tools.map((tool) => tool.name).join(" ")}`);
    const { resources } = await peer.client.listResources();
    say(`resources: ${resources.map((resource) => resource.uri).join(" ")}`);
    const { prompts } = await peer.client.listPrompts();
    say(`prompts: ${prompts.map((prompt) => prompt.name).join(" ")}`);
    await call(peer, say, "test_simple_text");
    await call(peer, say, "test_image_content");
    await call(peer, say, "test_error_handling");
    const uri = "test://static-binary";
    await tried(say, uri, () => peer.client.readResource({ uri }));
    const name = "test_prompt_with_arguments";
    await tried(say, name, () => peer.client.getPrompt({ name, arguments: { arg1: "1", arg2: "2" } }));
    const ref = { type: "ref/prompt", name };
    await tried(say, ref.type, () => peer.client.complete({ ref, argument: { name: "arg1", value: "t" } }));
    if (peer.isStateless) await tried(say, "listen", () => peer.client.listen({ resourceSubscriptions: [uri] }));
    else await tried(say, "subscribe", () => peer.client.subscribeResource({ uri }));
  },
};

// The older client takes options behind the schema of the result.
const withOptions = ({ client, isOld }, params, options) =>
  isOld ? client.callTool(params, undefined, options) : client.callTool(params, options);
