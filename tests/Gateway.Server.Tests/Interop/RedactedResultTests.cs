using Gateway.Server.Tests.Stdio;

namespace Gateway.Server.Tests.Interop;

/// <summary>The official clients read answers of which a policy took something out, as they read any other.</summary>
public sealed class RedactedResultTests : IDisposable
{
    private const string Policy = """
        {
          "version": "1", "default": "deny",
          "tools": {
            "get_customer": { "results": { "redact": [ { "known": "email" } ] } },
            "list_customers": { "results": {
              "deny_if": [ { "path": "result.content[0].text", "op": "contains", "value": "c-" } ] } },
            "arguments": { "results": { "redact": [ { "known": "email" } ] } }
          }
        }
        """;

    private readonly CancellationTokenSource _deadline = new(TimeSpan.FromMinutes(3));

    private CancellationToken Deadline => _deadline.Token;

    public void Dispose() => _deadline.Dispose();

    [Theory]
    [InlineData("2025-06-18")]
    [InlineData("2025-11-25")]
    [InlineData("2026-07-28")]
    public async Task The_CSharp_client_over_HTTP(string version)
    {
        await using var server = await SampleMcpServer.StartAsync(Deadline);
        await using var gateway = await TestGateway.StartAsync(server.Address, Policy);
        await using var client = await ConnectAsync(gateway.Endpoint, version);

        var redacted = await CallAsync(client, "get_customer", new() { ["customer_id"] = "c-1002" });
        var denied = await CallAsync(client, "list_customers", []);

        Assert.StartsWith("c-1002: Bo", redacted.Text, StringComparison.Ordinal);
        Assert.Contains(", [redacted], ", redacted.Text, StringComparison.Ordinal);
        Assert.DoesNotContain("@", redacted.Text, StringComparison.Ordinal);
        Assert.DoesNotContain("c-1", denied.Text, StringComparison.Ordinal);
        Assert.True(denied.IsError, denied.Text);
        Assert.Equal(2, server.Calls.Total);
    }

    [Theory]
    [InlineData("2025-11-25")]
    [InlineData("2026-07-28")]
    public async Task The_CSharp_client_and_a_program(string version)
    {
        await using var bench = await StdioBench.StartAsync(Policy, "ann@example.com");
        await using var client = await ConnectAsync(bench.Endpoint, version);

        var redacted = await CallAsync(client, "arguments", []);

        Assert.StartsWith("[redacted]", redacted.Text, StringComparison.Ordinal);
        Assert.False(redacted.IsError);
    }

    [NodeFact]
    public async Task The_TypeScript_clients_over_HTTP()
    {
        await using var server = await SampleMcpServer.StartAsync(Deadline);
        await using var gateway = await TestGateway.StartAsync(server.Address, Policy);
        foreach (var script in new[] { SeenSession.LegacyClient, SeenSession.StatelessClient })
        {
            var seen = await SeenSession.RunAsync(script, gateway.Endpoint, TestTokens.Agent, Deadline,
                new ScriptedCall("get_customer", new() { ["customer_id"] = "c-1002" }),
                new ScriptedCall("list_customers", []));

            Assert.Contains(", [redacted], ", seen.Results[0].Text, StringComparison.Ordinal);
            Assert.True(seen.Results[1].IsError, seen.Results[1].Text);
            Assert.DoesNotContain("c-1", seen.Results[1].Text, StringComparison.Ordinal);
        }
    }

    private static async Task<(bool IsError, string Text)> CallAsync(
        McpClient client, string tool, Dictionary<string, object?> arguments)
    {
        var result = await client.CallToolAsync(tool, arguments);
        return (result.IsError == true,
            string.Join(' ', result.Content.OfType<TextContentBlock>().Select(static block => block.Text)));
    }

    private Task<McpClient> ConnectAsync(Uri endpoint, string version) => McpClient.CreateAsync(
        new HttpClientTransport(new HttpClientTransportOptions
        {
            Endpoint = endpoint,
            TransportMode = HttpTransportMode.StreamableHttp,
            AdditionalHeaders = new Dictionary<string, string> { ["Authorization"] = $"Bearer {TestTokens.Agent}" },
        }),
        OfficialOptions.Speaking(version),
        cancellationToken: Deadline);
}
