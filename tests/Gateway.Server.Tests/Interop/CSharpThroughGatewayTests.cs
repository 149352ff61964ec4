namespace Gateway.Server.Tests.Interop;

/// <summary>The official C# client in both revisions, with the gateway between it and the sample server.</summary>
public sealed class CSharpThroughGatewayTests : IAsyncLifetime, IDisposable
{
    private readonly CancellationTokenSource _deadline = new(TimeSpan.FromMinutes(3));
    private SampleMcpServer _server = null!;
    private TestGateway _gateway = null!;

    private CancellationToken Deadline => _deadline.Token;

    public async Task InitializeAsync()
    {
        _server = await SampleMcpServer.StartAsync(Deadline);
        _gateway = await TestGateway.StartAsync(_server.Address, InteropPolicies.Sample);
    }

    public async Task DisposeAsync()
    {
        await _gateway.DisposeAsync();
        await _server.DisposeAsync();
    }

    public void Dispose() => _deadline.Dispose();

    [Theory]
    [InlineData("2025-06-18")]
    [InlineData("2025-11-25")]
    [InlineData("2026-07-28")]
    public async Task Is_shown_only_what_it_may_call(string version)
    {
        await using var client = await ConnectAsync(version, TestTokens.Agent);

        var tools = await client.ListToolsAsync(cancellationToken: Deadline);

        Assert.Equal(version, client.NegotiatedProtocolVersion);
        Assert.Equal(
            ["backchannel_resend_otp", "get_customer", "send_interactive_flow", "send_reaction_message"],
            tools.Select(tool => tool.Name).Order(StringComparer.Ordinal));
    }

    [Theory]
    [InlineData("2025-11-25")]
    [InlineData("2026-07-28")]
    public async Task Reads_why_a_call_was_refused(string version)
    {
        await using var client = await ConnectAsync(version, TestTokens.Agent);

        var first = await ResendAsync(client);
        var second = await ResendAsync(client);
        var third = await ResendAsync(client);
        var denied = await CallAsync(client, "delete_customer", new() { ["customer_id"] = "c-1001" });
        var unnamed = await CallAsync(client, "list_orders", new() { ["customer_id"] = "c-1001" });

        Assert.False(first.IsError, first.Text);
        Assert.False(second.IsError, second.Text);
        third.AssertRateLimited("/tools/backchannel_resend_otp/limits/0");
        denied.AssertDenied("/tools/delete_customer/action");
        Assert.Contains("Customers are removed by a person", denied.Text);
        unnamed.AssertDenied("(default deny)");
        Assert.Equal(2, _server.Calls.Total);
    }

    [Fact]
    public async Task Does_not_fall_back_to_another_revision()
    {
        await using var client = await ConnectAsync(version: null, TestTokens.Agent);

        Assert.Equal("2026-07-28", client.NegotiatedProtocolVersion);
    }

    [Fact]
    public async Task Is_refused_without_a_valid_token()
    {
        var exception = await Assert.ThrowsAnyAsync<Exception>(
            () => ConnectAsync("2025-11-25", "pgw_0000000000000000000000000000"));

        Assert.Contains("401", exception.ToString());
    }

    private static Task<SeenResult> ResendAsync(McpClient client) =>
        CallAsync(client, "backchannel_resend_otp", new() { ["auth_req_id"] = "req-1" });

    private static async Task<SeenResult> CallAsync(
        McpClient client, string tool, Dictionary<string, object?> arguments)
    {
        var result = await client.CallToolAsync(tool, arguments);
        var decision = result.Meta?["policy-gateway/decision"];
        return new SeenResult(
            result.IsError == true,
            string.Join(' ', result.Content.OfType<TextContentBlock>().Select(block => block.Text)),
            decision is null ? null : JsonSerializer.SerializeToElement(decision));
    }

    private Task<McpClient> ConnectAsync(string? version, string token) => McpClient.CreateAsync(
        new HttpClientTransport(new HttpClientTransportOptions
        {
            Endpoint = _gateway.Endpoint,
            TransportMode = HttpTransportMode.StreamableHttp,
            AdditionalHeaders = new Dictionary<string, string> { ["Authorization"] = $"Bearer {token}" },
        }),
        OfficialOptions.Speaking(version),
        cancellationToken: Deadline);
}
