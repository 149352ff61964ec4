namespace Gateway.Server.Tests.Memory;

/// <summary>
/// The attacks that ended a gateway in the 512 MiB that the chart gives it, against a real process that gets no more.
/// </summary>
public sealed class MemoryFloodTests(ITestOutputHelper output) : IAsyncLifetime, IDisposable
{
    private const int Mebi = 1024 * 1024;

    private const string Policy = """
        {
          "version": "1", "default": "allow",
          "tools": {
            "sum": { "deny_if": [ { "path": "args.list[*]", "op": "gt", "value": 100 } ] },
            "typed": { "arguments": { "type": "object" } },
            "distinct": { "arguments": { "properties": { "list": { "uniqueItems": true } } } },
            "pay": { "require": [ { "path": "args.amount", "op": "lte", "value": 100 } ] }
          }
        }
        """;

    private readonly TestFolder _folder = new();
    private MemoryGroup? _memory;
    private RecordingServer _server = null!;
    private GatewayProcess _gateway = null!;

    public async Task InitializeAsync()
    {
        if (MemoryGroup.Missing is not null)
            return;
        _server = await RecordingServer.StartAsync();
        _memory = MemoryGroup.Make(512L * Mebi);
        _gateway = await GatewayProcess.StartAsync(
            new GatewayPlace { Prefix = _memory.Command() },
            TestConfig.Write(_folder.Path, _server.Url, Policy), Path.Combine(_folder.Path, "data"));
    }

    public async Task DisposeAsync()
    {
        if (_memory is null)
            return;
        await _gateway.DisposeAsync();
        await _memory.DisposeAsync();
        await _server.DisposeAsync();
    }

    public void Dispose() => _folder.Dispose();

    [MemoryGroupFact]
    public async Task Outlives_150_connections_that_send_white_space_without_an_end()
    {
        var answers = await WithOthersAsync(Enumerable.Range(0, 150).Select(_ =>
            Flood.StatusAsync(_gateway.Address, static flood => flood.PourAsync(10 * Mebi))));

        Assert.All(answers, static status => Assert.Contains(status, (int[])[0, 413, 503]));
        Assert.Contains(503, answers);
        Assert.DoesNotContain(_server.Requests, static request => request.Body.Length > Mebi);
    }

    [MemoryGroupFact]
    public async Task Outlives_30_calls_at_once_with_arguments_of_2_million_values()
    {
        foreach (var tool in (string[])["sum", "typed", "pay"])
        {
            var body = Call(tool, 2 * Mebi - 200);
            var answers = await WithOthersAsync(Enumerable.Range(0, 30).Select(_ =>
                Flood.StatusAsync(_gateway.Address, flood => flood.SendAsync(body))));

            // What a rule looks into would take more than a grant may hold; what none looks into is only passed on.
            int[] expected = tool == "pay" ? [200, 503, 0] : [413, 503, 0];
            Assert.All(answers, status => Assert.Contains(status, expected));
            Assert.Contains(expected[0], answers);
        }
    }

    [MemoryGroupFact]
    public async Task Outlives_24_large_answers_at_once_that_are_taken_whole()
    {
        var list = Encoding.UTF8.GetBytes(
            $$$"""{"jsonrpc":"2.0","id":1,"result":{"tools":[{"name":"{{{new string('x', 4 * Mebi)}}}"}]} }""");
        var answer = _server.Answer;
        _server.Answer = async (http, request) =>
        {
            if (!request.Text.Contains("tools/list", StringComparison.Ordinal))
            {
                await answer(http, request);
                return;
            }

            http.Response.ContentType = "application/json";
            http.Response.ContentLength = list.Length;
            await http.Response.Body.WriteAsync(list, http.RequestAborted);
        };

        var answers = await WithOthersAsync(Enumerable.Range(0, 24).Select(_ => Flood.StatusAsync(
            _gateway.Address,
            static flood => flood.SendAsync("""{"jsonrpc":"2.0","id":1,"method":"tools/list"}"""u8.ToArray()))));

        Assert.All(answers, static status => Assert.Equal(200, status));
    }

    [MemoryGroupFact]
    public async Task Outlives_16_calls_at_once_that_are_dear_to_compare()
    {
        // Numbers that are all zero and all written otherwise: one hash for all took 24 s of a processor for each call.
        var zeros = string.Join(',', Enumerable.Range(0, 40_000).Select(static i => $"0e{1000 + i}"));
        var body = Encoding.UTF8.GetBytes(
            $$$"""
            {"jsonrpc":"2.0","id":1,"method":"tools/call","params":{"name":"distinct",
            "arguments":{"list":[{{{zeros}}}]} } }
            """);
        using var process = Process.GetProcessById(_gateway.Id);
        var before = process.TotalProcessorTime;

        var answers = await WithOthersAsync(Enumerable.Range(0, 16).Select(_ =>
            Flood.StatusAsync(_gateway.Address, flood => flood.SendAsync(body))));

        process.Refresh();
        var seconds = (process.TotalProcessorTime - before).TotalSeconds;
        Assert.True(seconds < 24, $"{seconds:0.0} s of a processor");
        Assert.All(answers, static status => Assert.Contains(status, (int[])[200, 503]));
    }

    [MemoryGroupFact]
    public async Task Outlives_1150_abandoned_calls_to_a_tool_that_hangs()
    {
        var hanging = 0;
        var answer = _server.Answer;
        _server.Answer = async (http, request) =>
        {
            if (!request.Text.Contains("hang", StringComparison.Ordinal))
            {
                await answer(http, request);
                return;
            }

            Interlocked.Increment(ref hanging);
            var gone = new TaskCompletionSource();
            using var end = http.RequestAborted.Register(gone.SetResult);
            await gone.Task;
            Interlocked.Decrement(ref hanging);
        };
        var body = Call("hang", 100_000);
        var floods = new List<Flood>();
        for (var i = 0; i < 1150; i++)
        {
            floods.Add(await Flood.OpenAsync(_gateway.Address));
            await floods[i].SendAsync(body);
        }

        await Soon.UntilAsync(() => hanging > 100, "the calls hang");
        floods.ForEach(static flood => flood.Dispose());
        await WithOthersAsync([]);
    }

    /// <summary>Runs them all at once, while another grant calls; then the flood's own grant calls too.</summary>
    private async Task<int[]> WithOthersAsync(IEnumerable<Task<int>> flood)
    {
        using var other = _gateway.Client(TestTokens.Other);
        using var own = _gateway.Client();
        var answers = Task.WhenAll(flood);
        do
            Assert.Equal(200, await CallAsync(other));
        while (!answers.IsCompleted);

        output.WriteLine(
            $"{string.Join(", ", (await answers).CountBy(static status => status))}; {_memory!.PeakBytes / Mebi} MiB");
        Assert.False(_gateway.HasExited, _gateway.Errors);
        Assert.Equal(0, _memory.Kills);
        Assert.DoesNotContain("OutOfMemory", _gateway.Errors, StringComparison.Ordinal);
        await Soon.UntilAsync(async () => await CallAsync(own) == 200, "the flood's own grant calls again");
        return await answers;
    }

    private static async Task<int> CallAsync(HttpClient client)
    {
        using var content = new ByteArrayContent(Call("free", 1));
        content.Headers.ContentType = new("application/json");
        using var answer = await client.PostAsync("", content);
        return (int)answer.StatusCode;
    }

    private static byte[] Call(string tool, int values) => Encoding.UTF8.GetBytes(
        $$$"""
        {"jsonrpc":"2.0","id":1,"method":"tools/call","params":{"name":"{{{tool}}}",
        "arguments":{"amount":1,"list":[{{{string.Join(',', Enumerable.Repeat('0', values))}}}]} } }
        """);
}
