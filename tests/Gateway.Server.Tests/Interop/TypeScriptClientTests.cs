namespace Gateway.Server.Tests.Interop;

/// <summary>The fixtures by themselves: what goes wrong here is not the gateway's doing.</summary>
public sealed class TypeScriptClientTests : IDisposable
{
    private readonly CancellationTokenSource _deadline = new(TimeSpan.FromMinutes(3));

    private CancellationToken Deadline => _deadline.Token;

    public void Dispose() => _deadline.Dispose();

    [NodeFact]
    public async Task The_legacy_client_speaks_to_the_everything_server()
    {
        await using var server = await EverythingServer.StartAsync(Deadline);

        var seen = await SeenSession.RunAsync(SeenSession.LegacyClient, server.Address, "none", Deadline,
            new ScriptedCall("echo", new() { ["message"] = "hello" }));

        Assert.Equal(("2025-11-25", true), (seen.ProtocolVersion, seen.HasSession));
        Assert.Contains("echo", seen.Tools);
        Assert.Equal("Echo: hello", seen.Results.Single().Text);
    }

    [NodeFact]
    public async Task The_legacy_client_speaks_to_the_sample_server()
    {
        await using var server = await SampleMcpServer.StartAsync(Deadline);

        var seen = await SeenSession.RunAsync(SeenSession.LegacyClient, server.Address, "none", Deadline,
            new ScriptedCall("get_customer", new() { ["customer_id"] = "c-1002" }));

        Assert.Equal(("2025-11-25", true), (seen.ProtocolVersion, seen.HasSession));
        Assert.Equal(8, seen.Tools.Length);
        Assert.StartsWith("c-1002: Bo", seen.Results.Single().Text);
    }

    [NodeFact]
    public async Task The_stateless_client_speaks_to_the_sample_server()
    {
        await using var server = await SampleMcpServer.StartAsync(Deadline);

        var seen = await SeenSession.RunAsync(SeenSession.StatelessClient, server.Address, "none", Deadline,
            new ScriptedCall("get_customer", new() { ["customer_id"] = "c-1002" }));

        Assert.Equal(("2026-07-28", false), (seen.ProtocolVersion, seen.HasSession));
        Assert.Equal(8, seen.Tools.Length);
        Assert.StartsWith("c-1002: Bo", seen.Results.Single().Text);
        Assert.Equal(1, server.Calls["get_customer"]);
    }
}
