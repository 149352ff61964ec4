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
    public async Task Names_32_arguments_or_1_KiB_of_them_and_says_how_many_more_there_are()
    {
        var many = string.Join(',', Enumerable.Range(0, 300_000).Select(static i => $"\"k{i}\":0"));
        var (long1, long2) = (new string('a', 600), new string('b', 600));

        await _gateway.CallToolAsync("other", $"{{{many}}}");
        await _gateway.CallToolAsync("other", $$"""{"{{long1}}":1,"{{long2}}":1,"c":1}""");
        await _gateway.CallToolAsync("other", $"{{{many[..many.IndexOf(",\"k32\"", StringComparison.Ordinal)]}}}");
        await _gateway.DisposeHostAsync();

        var records = _gateway.AuditRecords();
        Assert.Equal(Enumerable.Range(0, 32).Select(static i => $"k{i}"), KeysOf(records[0]));
        Assert.Equal(299_968, records[0].GetProperty("argumentKeysLeftOut").GetInt32());
        Assert.Equal([long1], KeysOf(records[1]));
        Assert.Equal(2, records[1].GetProperty("argumentKeysLeftOut").GetInt32());
        Assert.Equal(32, KeysOf(records[2]).Count());
        Assert.False(records[2].TryGetProperty("argumentKeysLeftOut", out _));
    }

    [Theory]
    [InlineData("""{"jsonrpc":"2.0","id":1,"method":"tools/call","params":{"name":"LONG"}}""")]
    [InlineData("""{"jsonrpc":"2.0","id":1,"method":"tools/call","params":{"name":"a","arguments":{"LONG":1}}}""")]
    [InlineData("""{"jsonrpc":"2.0","id":1,"method":"resources/read","params":{"uri":"file:///LONG"}}""")]
    [InlineData("""{"jsonrpc":"2.0","id":1,"method":"prompts/get","params":{"name":"LONG","arguments":{"LONG":""}}}""")]
    [InlineData("""{"jsonrpc":"2.0","id":1,"method":"vendor/LONG","params":{}}""")]
    [InlineData(
        """{"jsonrpc":"2.0","id":1,"method":"completion/complete","params":{"ref":{"type":"ref/prompt","name":"LONG"}}}""")]
    [InlineData("""{"jsonrpc":"2.0","id":1,"method":"tasks/get","params":{"taskId":"LONG"}}""")]
    [InlineData("""{"jsonrpc":"2.0","id":"LONG","method":"tools/call","params":{"name":"a"}}""")]
    public async Task A_record_stays_short_whatever_the_call_is_called(string call)
    {
        using var answer = await _gateway.PostAsync(
            call.Replace("LONG", new string('ä', 900_000), StringComparison.Ordinal));
        await _gateway.DisposeHostAsync();

        Assert.All(_gateway.AuditRecords(), static record => Assert.InRange(record.GetRawText().Length, 100, 20_000));
    }

    [Fact]
    public async Task Two_names_with_a_common_prefix_are_distinguished()
    {
        var name = new string('n', 3000);
        await _gateway.CallToolAsync(name + "1");
        await _gateway.CallToolAsync(name + "2");
        await _gateway.DisposeHostAsync();

        var records = _gateway.AuditRecords();
        Assert.All(records, static record => Assert.Equal(
            new string('n', 1024) + "…", record.GetProperty("tool").GetString()));
        Assert.Equal(2, records.Select(static r => r.GetProperty("nameSha256").GetString()).Distinct().Count());
    }

    private static IEnumerable<string?> KeysOf(JsonElement record) =>
        record.GetProperty("argumentKeys").EnumerateArray().Select(static key => key.GetString());

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
