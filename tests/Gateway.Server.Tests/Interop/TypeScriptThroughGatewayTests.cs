namespace Gateway.Server.Tests.Interop;

/// <summary>Official TypeScript clients of both revisions, with the gateway between them and their server.</summary>
public sealed class TypeScriptThroughGatewayTests : IDisposable
{
    private readonly CancellationTokenSource _deadline = new(TimeSpan.FromMinutes(3));

    private CancellationToken Deadline => _deadline.Token;

    public void Dispose() => _deadline.Dispose();

    [NodeFact]
    public async Task The_legacy_client_is_policed_in_front_of_the_everything_server()
    {
        await using var server = await EverythingServer.StartAsync(Deadline);
        await using var gateway = await TestGateway.StartAsync(server.Address, InteropPolicies.Everything);

        var seen = await SeenSession.RunAsync(SeenSession.LegacyClient, gateway.Endpoint, TestTokens.Agent, Deadline,
            new ScriptedCall("echo", new() { ["message"] = "hello" }),
            new ScriptedCall("get-sum", new() { ["a"] = 2, ["b"] = 3 }),
            new ScriptedCall("get-sum", new() { ["a"] = 2, ["b"] = 3 }),
            new ScriptedCall("get-env", []));

        Assert.Equal("mcp-servers/everything", seen.Server);
        Assert.Equal(("2025-11-25", true), (seen.ProtocolVersion, seen.HasSession));
        Assert.Equal(["echo", "get-sum"], seen.Tools.AsEnumerable());
        Assert.Equal((false, "Echo: hello"), (seen.Results[0].IsError, seen.Results[0].Text));
        Assert.False(seen.Results[1].IsError);
        Assert.Contains("5", seen.Results[1].Text);
        seen.Results[2].AssertRateLimited("/tools/get-sum/limits/0");
        seen.Results[3].AssertDenied("(default deny)");
    }

    [NodeFact]
    public async Task The_stateless_client_is_policed_in_front_of_the_sample_server()
    {
        await using var server = await SampleMcpServer.StartAsync(Deadline);
        await using var gateway = await TestGateway.StartAsync(server.Address, InteropPolicies.Sample);
        var resend = new ScriptedCall("backchannel_resend_otp", new() { ["auth_req_id"] = "req-1" });

        var seen = await SeenSession.RunAsync(SeenSession.StatelessClient, gateway.Endpoint, TestTokens.Agent, Deadline,
            new ScriptedCall("get_customer", new() { ["customer_id"] = "c-1001" }),
            resend,
            resend,
            resend,
            new ScriptedCall("delete_customer", new() { ["customer_id"] = "c-1001" }));

        Assert.Equal(("2026-07-28", false), (seen.ProtocolVersion, seen.HasSession));
        Assert.Equal(
            ["backchannel_resend_otp", "get_customer", "send_interactive_flow", "send_reaction_message"],
            seen.Tools.Order(StringComparer.Ordinal));
        Assert.All(seen.Results.Take(3), result => Assert.False(result.IsError, result.Text));
        Assert.StartsWith("c-1001: Ada", seen.Results[0].Text);
        seen.Results[3].AssertRateLimited("/tools/backchannel_resend_otp/limits/0");
        seen.Results[4].AssertDenied("/tools/delete_customer/action");
        Assert.Contains("Customers are removed by a person", seen.Results[4].Text);
        Assert.Equal(2, server.Calls["backchannel_resend_otp"]);
        Assert.Equal(0, server.Calls["delete_customer"]);
    }
}
