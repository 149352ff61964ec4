using System.Text.Json;
using Gateway.Server.Tests.Fixtures;
using Microsoft.AspNetCore.Http;

namespace Gateway.Server.Tests.Edge;

/// <summary>What is on record, and when.</summary>
public sealed class AuditTests : IAsyncLifetime
{
    private RecordingServer _server = null!;
    private TestGateway _gateway = null!;

    public async Task InitializeAsync()
    {
        _server = await RecordingServer.StartAsync();
        _gateway = await TestGateway.StartAsync(_server, """
            { "version": "1", "default": "deny", "tools": { "pay": { "limits": [ { "counter": "pays", "window": "month", "max": 1 } ] } } }
            """);
    }

    public async Task DisposeAsync()
    {
        await _gateway.DisposeAsync();
        await _server.DisposeAsync();
    }

    [Fact]
    public async Task Has_the_decision_on_file_before_the_server_sees_the_call()
    {
        IReadOnlyList<JsonElement> seenByServer = [];
        _server.Answer = (http, _) =>
        {
            seenByServer = _gateway.AuditRecords();
            http.Response.StatusCode = StatusCodes.Status202Accepted;
            return Task.CompletedTask;
        };

        using var response = await _gateway.PostAsync(
            """{"jsonrpc":"2.0","id":1,"method":"tools/call","params":{"name":"pay","arguments":{"amount":12345,"to":"someone"}}}""");

        var decision = Assert.Single(seenByServer);
        Assert.Equal("decision", decision.GetProperty("kind").GetString());
        Assert.Equal("allowed", decision.GetProperty("outcome").GetString());
        Assert.Equal(Assert.Single(_server.Requests).Headers["Policy-Gateway-Call"],
            decision.GetProperty("callId").GetString());
        Assert.Equal(["amount", "to"], decision.GetProperty("argumentKeys").EnumerateArray().Select(k =>
            k.GetString()));
        Assert.DoesNotContain("12345", decision.GetRawText(), StringComparison.Ordinal);
        Assert.DoesNotContain("someone", decision.GetRawText(), StringComparison.Ordinal);
        var counter = Assert.Single(decision.GetProperty("counters").EnumerateArray());
        Assert.Contains("pays", counter.GetProperty("key").GetString(), StringComparison.Ordinal);
        Assert.Equal("[0,1)", Assert.Single(counter.GetProperty("intervals").EnumerateArray()).GetString());
    }

    [Fact]
    public async Task Closes_an_allowed_call_with_its_outcome_and_a_refused_one_with_its_reason()
    {
        await _gateway.CallToolAsync("pay");
        await _gateway.CallToolAsync("pay");
        await _gateway.DisposeHostAsync();

        var records = _gateway.AuditRecords();

        Assert.Equal(["decision", "outcome", "decision"], records.Select(r => r.GetProperty("kind").GetString()));
        Assert.Equal("completed", records[1].GetProperty("ended").GetString());
        Assert.Equal(records[0].GetProperty("callId").GetString(), records[1].GetProperty("callId").GetString());
        Assert.Equal("rate_limited", records[2].GetProperty("outcome").GetString());
        Assert.Equal("/tools/pay/limits/0", records[2].GetProperty("rule").GetString());
    }
}
