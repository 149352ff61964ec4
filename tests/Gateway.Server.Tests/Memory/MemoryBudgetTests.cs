namespace Gateway.Server.Tests.Memory;

/// <summary>A grant's messages and answers, once they hold as much memory as they may: 8 MiB here.</summary>
public sealed class MemoryBudgetTests : IAsyncLifetime, IDisposable
{
    private const int Mebi = 1024 * 1024;

    private const string Policy = """
        {
          "version": "1", "default": "allow",
          "tools": {
            "pay": { "require": [ { "path": "args.amount", "op": "lte", "value": 100 } ] },
            "sum": { "deny_if": [ { "path": "args.list[*]", "op": "gt", "value": 100 } ] },
            "counted": { "limits": [ { "counter": "calls", "window": "month", "max": 5 } ] }
          }
        }
        """;

    private RecordingServer _server = null!;
    private readonly TestFolder _folder = new();
    private GatewayProcess _gateway = null!;
    private HttpClient _agent = null!;
    private HttpClient _other = null!;

    private string Data => Path.Combine(_folder.Path, "data");

    public async Task InitializeAsync()
    {
        _server = await RecordingServer.StartAsync();
        // A process of its own, as its figures are the process's.
        _gateway = await GatewayProcess.StartAsync(
            TestConfig.Write(_folder.Path, _server.Url, Policy), Data, "--memory-max", "24");
        (_agent, _other) = (_gateway.Client(), _gateway.Client(TestTokens.Other));
    }

    public async Task DisposeAsync()
    {
        _agent.Dispose();
        _other.Dispose();
        await _gateway.DisposeAsync();
        await _server.DisposeAsync();
    }

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task Only_a_grant_that_uses_its_full_share_must_retry()
    {
        var floods = await FloodAsync();

        using var refused = await CallAsync(_agent, "any", new string('x', 3 * Mebi));
        Assert.Equal(503, (int)refused.StatusCode);
        Assert.Equal("1", refused.Headers.RetryAfter?.ToString());
        Assert.Contains("Nothing was forwarded", await refused.Content.ReadAsStringAsync(), StringComparison.Ordinal);
        using var other = await CallAsync(_other, "any", new string('x', 3 * Mebi));
        Assert.Equal(200, (int)other.StatusCode);
        Assert.Single(_server.Requests);

        floods.ForEach(static flood => flood.Dispose());
        await NothingIsHeldAsync();
        using var own = await CallAsync(_agent, "any", new string('x', 3 * Mebi));
        Assert.Equal(200, (int)own.StatusCode);
        Assert.Contains("""gateway_memory_refused_total{bound="grant",use="request"}""", await MetricsAsync());
    }

    [Fact]
    public async Task Requests_without_a_grant_share_a_small_budget_of_their_own()
    {
        var floods = new List<Flood>();
        var answers = new List<int>();
        for (var i = 0; i < 20; i++)
        {
            floods.Add(await Flood.OpenAsync(_gateway.Address, "nobody"));
            await floods[i].BeginAsync(4 * Mebi);
            answers.Add(await floods[i].StatusAsync());
        }

        // A sixteenth of 24 MiB, at 128 KiB a connection.
        Assert.Equal(12, answers.Count(static status => status == 401));
        Assert.Equal(8, answers.Count(static status => status == 503));
        using var own = await CallAsync(_agent, "any");
        Assert.Equal(200, (int)own.StatusCode);

        floods.ForEach(static flood => flood.Dispose());
        await NothingIsHeldAsync();
        Assert.Equal(
            401, await Flood.StatusAsync(_gateway.Address, static flood => flood.BeginAsync(4 * Mebi), "nobody"));
    }

    [Fact]
    public async Task Arguments_beyond_the_share_of_a_grant_are_refused_before_evaluation()
    {
        using var refused = await CallAsync(_agent, "sum", list: Mebi);

        Assert.Equal(413, (int)refused.StatusCode);
        Assert.Contains("Send fewer values", await refused.Content.ReadAsStringAsync(), StringComparison.Ordinal);
        Assert.Empty(_server.Requests);
        await NothingIsHeldAsync();
    }

    [Fact]
    public async Task Arguments_that_no_rule_looks_into_cost_what_they_are()
    {
        using var paid = await CallAsync(_agent, "pay", list: Mebi);
        Assert.Equal(200, (int)paid.StatusCode);
        Assert.Single(_server.Requests);
    }

    [Fact]
    public async Task Many_large_arguments_at_once_are_evaluated_in_turn()
    {
        var calls = Enumerable.Range(0, 12).Select(_ => CallAsync(_agent, "sum", list: 50_000)).ToArray();

        var served = 0;
        foreach (var call in calls)
        {
            using var answer = await call;
            Assert.True((int)answer.StatusCode is 200 or 503, $"{answer.StatusCode}");
            if ((int)answer.StatusCode == 200) served++;
        }

        Assert.InRange(_server.Requests.Count, 1, 12);
        Assert.Equal(served, _server.Requests.Count);
        await NothingIsHeldAsync();
    }

    [Theory]
    [InlineData("application/json")]
    [InlineData("text/event-stream")]
    public async Task An_answer_that_finds_no_memory_ends_as_one_that_may_have_happened(string type)
    {
        _server.Answer = async (http, _) =>
        {
            http.Response.ContentType = type;
            await http.Response.WriteAsync(type == "application/json"
                ? """{"jsonrpc":"2.0","id":1,"result":{"tools":[{"name":" """
                : """data: {"jsonrpc":"2.0","id":1,"result":{"tools":[{"name":" """);
            var more = Encoding.UTF8.GetBytes(new string('x', Mebi));
            for (var i = 0; i < 12 && !http.RequestAborted.IsCancellationRequested; i++)
                await http.Response.Body.WriteAsync(more, http.RequestAborted);
        };

        int status;
        var text = "";
        try
        {
            using var answer = await PostAsync(_agent, """{"jsonrpc":"2.0","id":1,"method":"tools/list"}""");
            status = (int)answer.StatusCode;
            text = await answer.Content.ReadAsStringAsync();
            Assert.Null(answer.Headers.RetryAfter);
        }
        catch (HttpRequestException)
        {
            status = 0;
        }

        if (type == "application/json")
        {
            Assert.Equal(502, status);
            Assert.Contains("may have happened, and counts", text, StringComparison.Ordinal);
        }
        else
            Assert.Equal(0, status);
        await NothingIsHeldAsync();
        await Soon.UntilAsync(
            () => AuditTrail.Read(Path.Combine(Data, "audit")).Any(static record =>
                record.TryGetProperty("ended", out var ended) && ended.GetString() == "no memory for the answer"),
            "the record says so");
    }

    [Fact]
    public async Task A_call_that_was_refused_for_memory_counts_nothing()
    {
        var floods = await FloodAsync();
        using (var refused = await CallAsync(_agent, "counted", new string('x', 3 * Mebi)))
            Assert.Equal(503, (int)refused.StatusCode);
        floods.ForEach(static flood => flood.Dispose());

        for (var i = 0; i < 5; i++)
        {
            using var counted = await CallAsync(_agent, "counted");
            Assert.DoesNotContain("isError", await counted.Content.ReadAsStringAsync(), StringComparison.Ordinal);
        }
    }

    /// <summary>Two messages that never end, and hold all but 2 MiB of what the grant has.</summary>
    private async Task<List<Flood>> FloodAsync()
    {
        var floods = new List<Flood>();
        foreach (var mebi in (int[])[4, 2])
        {
            floods.Add(await Flood.OpenAsync(_gateway.Address));
            await floods[^1].BeginAsync(mebi * Mebi);
        }

        await Soon.UntilAsync(async () => await HeldAsync() >= 6 * Mebi, "the messages are held");
        return floods;
    }

    private static Task<HttpResponseMessage> CallAsync(HttpClient client, string tool, string text = "", int list = 0)
    {
        var numbers = string.Join(',', Enumerable.Repeat("0", list));
        return PostAsync(
            client,
            $$$"""
            {"jsonrpc":"2.0","id":1,"method":"tools/call","params":{"name":"{{{tool}}}",
            "arguments":{"amount":1,"text":"{{{text}}}","list":[{{{numbers}}}]} } }
            """);
    }

    private static async Task<HttpResponseMessage> PostAsync(HttpClient client, string message)
    {
        using var content = new StringContent(message, Encoding.UTF8, "application/json");
        return await client.PostAsync("", content);
    }

    private Task<string> MetricsAsync() => _agent.GetStringAsync(new Uri(_gateway.Address, "/metrics"));

    /// <summary>Soon: it is given back a moment after the answer.</summary>
    private Task NothingIsHeldAsync() =>
        Soon.UntilAsync(async () => await HeldAsync() == 0, "everything is given back");

    private async Task<long> HeldAsync() => long.Parse((await MetricsAsync()).Split('\n')
        .Single(static line => line.StartsWith("gateway_memory_held_bytes{} ", StringComparison.Ordinal))
        .Split(' ')[1]);
}
