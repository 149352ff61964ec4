namespace Gateway.Server.Tests.Demo;

public sealed class SampleServerTests : IAsyncLifetime
{
    private SampleMcpServer _server = null!;

    public async Task InitializeAsync() => _server = await SampleMcpServer.StartAsync(CancellationToken.None);

    public async Task DisposeAsync() => await _server.DisposeAsync();

    [Theory]
    [InlineData("2025-06-18")]
    [InlineData("2025-11-25")]
    [InlineData("2026-07-28")]
    public async Task Works_with_the_official_client_in_both_revisions(string version)
    {
        await using var client = await ConnectAsync(version);

        var tools = await client.ListToolsAsync();
        var answer = await client.CallToolAsync("get_customer", Customer("c-1001"));

        Assert.Equal(version, client.NegotiatedProtocolVersion);
        Assert.Equal(version != "2026-07-28", client.SessionId is not null);
        Assert.Equal(8, tools.Count);
        Assert.NotEqual(true, answer.IsError);
        Assert.StartsWith("c-1001: Ada Moreno", Assert.IsType<TextContentBlock>(answer.Content.Single()).Text);
    }

    [Fact]
    public async Task Describes_its_tools_with_schemas_and_annotations()
    {
        await using var client = await ConnectAsync(null);

        var tools = (await client.ListToolsAsync()).ToDictionary(tool => tool.Name, tool => tool.ProtocolTool);

        Assert.Equal(
            ["backchannel_complete", "backchannel_resend_otp", "delete_customer", "get_customer", "list_customers",
                "list_orders", "send_interactive_flow", "send_reaction_message"],
            tools.Keys.Order(StringComparer.Ordinal));
        Assert.True(tools["delete_customer"].Annotations!.DestructiveHint);
        Assert.True(tools["get_customer"].Annotations!.ReadOnlyHint);
        Assert.False(tools["backchannel_resend_otp"].Annotations!.IdempotentHint);
        var schema = tools["backchannel_resend_otp"].InputSchema.GetRawText();
        Assert.Contains("\"auth_req_id\"", schema);
        Assert.Contains("[\"sms\",\"voice\",\"email\"]", schema.Replace(" ", "").Replace("\n", ""));
        Assert.Equal("auth_req_id", tools["backchannel_resend_otp"].InputSchema.GetProperty("required")[0].GetString());
    }

    [Fact]
    public async Task Counts_the_calls_that_reach_it_by_tool()
    {
        await using var client = await ConnectAsync(null);

        await client.CallToolAsync("list_customers");
        await client.CallToolAsync("list_customers");
        await client.CallToolAsync("delete_customer", Customer("c-1001"));

        Assert.Equal(2, _server.Calls["list_customers"]);
        Assert.Equal(1, _server.Calls["delete_customer"]);
        Assert.Equal(0, _server.Calls["get_customer"]);
        Assert.Equal(3, _server.Calls.Total);
    }

    [Fact]
    public async Task Answers_a_mistaken_argument_with_an_error_that_the_model_can_read()
    {
        await using var client = await ConnectAsync(null);

        var answer = await client.CallToolAsync("list_orders", Customer("nobody"));

        Assert.True(answer.IsError);
        Assert.Contains("list_customers", Assert.IsType<TextContentBlock>(answer.Content.Single()).Text);
    }

    private static Dictionary<string, object?> Customer(string id) => new() { ["customer_id"] = id };

    private Task<McpClient> ConnectAsync(string? version) => McpClient.CreateAsync(
        new HttpClientTransport(new HttpClientTransportOptions
        {
            Endpoint = _server.Address,
            TransportMode = HttpTransportMode.StreamableHttp,
        }),
        OfficialOptions.Speaking(version));
}
