namespace Gateway.Server.Tests.Connections;

/// <summary>The second delivery of a call whose server refuses the caller's access token.</summary>
public sealed class ResendTests : IAsyncLifetime
{
    private readonly JumpingTime _time = new(TimeProvider.System.GetUtcNow());
    private readonly ConcurrentQueue<string> _seen = new();
    private ConnectionBench _bench = null!;
    private string _ana = null!;
    private Func<string, bool> _isRefused = static _ => false;
    private string? _challenge = "Bearer error=\"invalid_token\"";
    private int _status = 401;

    public async Task InitializeAsync()
    {
        if (NodePackages.Missing is not null)
            return;
        _bench = await ConnectionBench.StartAsync(3600, _time);
        _ana = await _bench.TokenOfAsync("ana");
        _bench.Erp.Answer = AnswerAsync;
        using var browser = ConnectionBench.NewBrowser("ana@crm");
        await _bench.ConnectAsync(browser, await _bench.LinkAsync(_ana, "/mcp/erp"), "ana");
        // A token that was issued a moment ago would not be renewed.
        _time.Jump(TimeSpan.FromSeconds(20));
    }

    public async Task DisposeAsync()
    {
        if (_bench is not null)
            await _bench.DisposeAsync();
    }

    [NodeFact]
    public async Task A_refused_token_is_renewed_and_the_call_is_sent_once_more_with_a_permit_and_a_record()
    {
        RefuseFirst();

        Assert.Equal("done", await _bench.CallAsync(_ana, "/mcp/erp", "twice"));

        Assert.Equal(2, _seen.Count);
        Assert.Equal(2, _seen.Distinct().Count());
        Assert.Equal(1, await _bench.RefreshesAsync());
        await Soon.UntilAsync(() => Of("outcome").Count == 2, "both ends are recorded");
        Assert.Equal(
            [("error", 401), ("completed", 200)],
            Of("outcome").Select(static one => (Text(one, "ended"), one.GetProperty("status").GetInt32())));
        Assert.Equal(IdsOf("decision"), IdsOf("outcome"));
        Assert.Equal(2, IdsOf("decision").Distinct().Count());
        // The limit of two is used up.
        Assert.Contains("twice", await _bench.CallAsync(_ana, "/mcp/erp", "twice"), StringComparison.Ordinal);
        Assert.Equal(2, _seen.Count);
    }

    [NodeFact]
    public async Task A_rule_that_refunds_errors_gives_the_first_delivery_back()
    {
        RefuseFirst();

        Assert.Equal("done", await _bench.CallAsync(_ana, "/mcp/erp", "refunded"));
        // Two were charged and one was refunded, so the limit of two has room for one more.
        Assert.Equal("done", await _bench.CallAsync(_ana, "/mcp/erp", "refunded"));
        Assert.NotEqual("done", await _bench.CallAsync(_ana, "/mcp/erp", "refunded"));

        Assert.Equal(3, _seen.Count);
    }

    [NodeFact]
    public async Task A_limit_in_shadow_sees_both_deliveries_and_stops_neither()
    {
        RefuseFirst();

        Assert.Equal("done", await _bench.CallAsync(_ana, "/mcp/erp", "watched"));

        Assert.Equal(2, _seen.Count);
        await Soon.UntilAsync(() => Of("outcome").Count == 2, "both ends are recorded");
        Assert.Equal(
            ["allowed", "rate_limited"],
            Of("decision").Select(static one => Text(one.GetProperty("shadow"), "outcome")));
    }

    [NodeFact]
    public async Task One_approval_covers_both_deliveries_and_no_further_call()
    {
        RefuseFirst();
        Assert.NotEqual("done", await _bench.CallAsync(_ana, "/mcp/erp", "approved"));
        var (_, open) = await _bench.AdminAsync("GET", "approvals?state=open");
        var id = (string)open!["items"]![0]!["id"]!;
        await _bench.AdminAsync("POST", $"approvals/{id}/approve", new JsonObject());

        Assert.Equal("done", await _bench.CallAsync(_ana, "/mcp/erp", "approved"));
        Assert.Equal(2, _seen.Count);
        Assert.NotEqual("done", await _bench.CallAsync(_ana, "/mcp/erp", "approved"));

        Assert.Equal(2, _seen.Count);
        (_, open) = await _bench.AdminAsync("GET", "approvals?state=open");
        Assert.NotEqual(id, (string)Assert.Single(open!["items"]!.AsArray())!["id"]!);
    }

    [NodeFact]
    public async Task A_second_refusal_is_not_sent_again()
    {
        _isRefused = static _ => true;

        Assert.Contains("401", await _bench.CallAsync(_ana, "/mcp/erp", "free"), StringComparison.Ordinal);

        Assert.Equal(2, _seen.Count);
        Assert.Equal(1, await _bench.RefreshesAsync());
    }

    [NodeFact]
    public async Task The_refusal_of_the_server_stands_if_the_limits_have_no_room()
    {
        RefuseFirst();

        Assert.Contains("401", await _bench.CallAsync(_ana, "/mcp/erp", "limited"), StringComparison.Ordinal);

        Assert.Single(_seen);
        await Soon.UntilAsync(() => Of("outcome").Count == 1, "the end is recorded");
        Assert.Equal(IdsOf("decision").Single(), IdsOf("outcome").Single());
    }

    [NodeFact]
    public async Task The_refusal_of_the_server_stands_if_there_is_no_other_token()
    {
        RefuseFirst();
        await _bench.RefreshesAsync("revoke");

        Assert.Contains("401", await _bench.CallAsync(_ana, "/mcp/erp", "free"), StringComparison.Ordinal);

        Assert.Single(_seen);
    }

    [NodeTheory]
    [InlineData(401, null)]
    [InlineData(403, "Bearer error=\"insufficient_scope\"")]
    [InlineData(500, "Bearer error=\"invalid_token\"")]
    public async Task Another_response_is_not_sent_again(int status, string? challenge)
    {
        (_status, _challenge) = (status, challenge);
        _isRefused = static _ => true;

        await _bench.CallAsync(_ana, "/mcp/erp", "free");

        Assert.Single(_seen);
    }

    [NodeFact]
    public async Task A_broken_connection_is_not_sent_again()
    {
        _status = 0;
        _isRefused = static _ => true;

        await _bench.CallAsync(_ana, "/mcp/erp", "free");

        Assert.Single(_seen);
    }

    [NodeFact]
    public async Task Many_calls_with_a_refused_token_renew_it_once_and_each_is_sent_at_most_twice()
    {
        RefuseFirst();

        var texts = await Task.WhenAll(
            Enumerable.Range(0, 12).Select(_ => _bench.CallAsync(_ana, "/mcp/erp", "free")));

        Assert.All(texts, static text => Assert.Equal("done", text));
        Assert.InRange(_seen.Count, 13, 24);
        Assert.Equal(1, await _bench.RefreshesAsync());
    }

    /// <summary>Refuses the token that the first call has.</summary>
    private void RefuseFirst()
    {
        string? first = null;
        _isRefused = token => token == (first ??= token);
    }

    private Task AnswerAsync(HttpContext http, RecordedRequest request)
    {
        if (!request.Text.Contains("tools/call", StringComparison.Ordinal))
            return RecordingServer.JsonAsync(http, """{"jsonrpc":"2.0","id":1,"result":{}}""");
        var token = request.Headers["Authorization"];
        _seen.Enqueue(token);
        if (!_isRefused(token))
        {
            return RecordingServer.JsonAsync(
                http, """{"jsonrpc":"2.0","id":1,"result":{"content":[{"type":"text","text":"done"}]}}""");
        }

        if (_status == 0)
        {
            http.Abort();
            return Task.CompletedTask;
        }

        http.Response.StatusCode = _status;
        if (_challenge is not null)
            http.Response.Headers.WWWAuthenticate = _challenge;
        return Task.CompletedTask;
    }

    private List<JsonElement> Of(string kind) =>
    [
        .. _bench.Records().Where(record => Text(record, "kind") == kind && Text(record, "server") == "erp"
            && record.TryGetProperty("tool", out _) && Text(record, "outcome") is "allowed" or ""),
    ];

    private IEnumerable<string> IdsOf(string kind) => Of(kind).Select(static one => Text(one, "callId"));

    private static string Text(JsonElement record, string name) =>
        record.TryGetProperty(name, out var value) ? value.GetString()! : "";
}
