namespace Gateway.Server.Tests.Features;

/// <summary>What a client asks of a server: the answers arrive as the server gave them.</summary>
public sealed class CallFeatureTests(FeatureServer server) : FeatureTest(server)
{
    [NodeTheory]
    [MemberData(nameof(Official.All), MemberType = typeof(Official))]
    public async Task Passes_tools_of_every_content(string client) => Assert.Equal(
        [
            "test_simple_text",
            "test_image_content",
            "test_error_handling",
            "test_simple_text: This is a simple text response for testing.",
            "test_multiple_content_types: Multiple content types test: image resource",
            "test_error_handling: error: This tool intentionally returns an error for testing",
            """json_schema_2020_12_tool: {"name":"Zoë 😀","phone":"1"}""",
            "no such tool: refused with -32602",
        ],
        await SeeAsync(client, "tools"));

    [NodeTheory]
    [MemberData(nameof(Official.All), MemberType = typeof(Official))]
    public async Task Passes_resources_and_their_templates(string client) => Assert.Equal(
        [
            "test://static-text",
            "test://static-binary",
            "test://watched-resource",
            "test://template/{id}/data",
            "test://static-text text/plain This is the content of the static text resource.",
            "test://static-binary image/png 96",
            """test://template/7/data application/json {"id":"7","templateTest":true,"data":"Data for ID: 7"}""",
            "test://none: refused with -32602",
        ],
        await SeeAsync(client, "resources"));

    [NodeTheory]
    [MemberData(nameof(Official.All), MemberType = typeof(Official))]
    public async Task Passes_prompts(string client) => Assert.Equal(
        [
            "test_simple_prompt",
            "test_prompt_with_arguments",
            "test_prompt_with_embedded_resource",
            "test_prompt_with_image",
            "test_input_required_result_prompt",
            "user: Prompt with arguments: arg1='one', arg2='two'",
            "no_such_prompt: refused with -32602",
        ],
        await SeeAsync(client, "prompts"));

    [NodeTheory]
    [MemberData(nameof(Official.All), MemberType = typeof(Official))]
    public async Task Passes_completions(string client) => Assert.Equal(
        ["ref/prompt: testing", "ref/prompt: done", "ref/resource: testing", "ref/resource: done"],
        await SeeAsync(client, "completion"));

    [NodeTheory]
    [MemberData(nameof(Official.All), MemberType = typeof(Official))]
    public async Task Passes_progress_while_a_tool_runs(string client) => AssertSaw(
        client,
        ["progress 0/100", "progress 50/100", "progress 100/100", "Progressed to the end."],
        await SeeAsync(client, "progress"));

    [NodeTheory]
    [MemberData(nameof(Official.All), MemberType = typeof(Official))]
    public async Task Forwards_a_cancellation_to_the_server(string client) => Assert.Equal(
        ["given up", "feature_fate: cancelled"],
        await SeeAsync(client, "cancellation"));

    // The C# client has no way to ask for log messages from 2026-07-28 on.
    [NodeTheory]
    [MemberData(nameof(Official.Legacy), MemberType = typeof(Official))]
    [InlineData(Official.StatelessTypeScript)]
    public async Task Passes_log_messages_of_the_level_that_was_set(string client) => AssertSaw(
        client,
        [
            "test_tool_with_logging: Logged three times.",
            "logged info: Tool execution started",
            "logged info: Tool processing data",
            "logged info: Tool execution completed",
        ],
        await SeeAsync(client, "logging"));

    [NodeTheory]
    [MemberData(nameof(Official.Legacy), MemberType = typeof(Official))]
    public async Task Lets_a_client_take_up_a_stream_that_the_server_closed(string client) => Assert.Equal(
        ["test_reconnection: Reconnection test completed successfully"],
        await SeeAsync(client, "reconnection"));

    [NodeTheory]
    [InlineData(Official.OldTypeScript)]
    [InlineData(Official.LegacyTypeScript)]
    public async Task Keeps_a_session_until_the_client_ends_it(string client) => Assert.Equal(
        ["ping: done", "in a session: true", "in a session: false"],
        await SeeAsync(client, "session"));
}
