using System.Collections.Concurrent;
using System.Text.Json.Nodes;
using Gateway.LoadTests.Measuring;
using Gateway.LoadTests.Processes;

namespace Gateway.LoadTests.Several;

/// <summary>
/// Many sessions at <c>/mcp</c> over servers of which one crashes each second: every call succeeds or names the
/// unavailable server, and memory does not grow.
/// </summary>
internal sealed class SeveralRun : IAsyncDisposable
{
    private const string Token = "load-test-token-several";
    private const double Grown = 1.2;
    private const int Quarters = 4;
    private const int ListEach = 50;
    private const double Megabyte = 1024 * 1024;

    private readonly SeveralOptions _options;
    private readonly TestFolder _folder = new("gateway-several-");
    private readonly List<DyingServer> _servers = [];
    private readonly ConcurrentDictionary<string, int> _odd = new(StringComparer.Ordinal);
    private readonly LatencyHistogram _latency = new();
    private readonly HttpMessageInvoker _client;
    private GatewayProcess? _gateway;
    private Uri? _address;
    private string[] _sessions = [];
    private long _done;
    private long _unavailable;
    private long _lists;
    private long _named;
    private int _deaths;

    private SeveralRun(SeveralOptions options)
    {
        _options = options;
        _client = new HttpMessageInvoker(
            new SocketsHttpHandler { UseProxy = false, MaxConnectionsPerServer = options.AtOnce });
    }

    public static async Task<SeveralReport> RunAsync(SeveralOptions options, CancellationToken cancellationToken)
    {
        await using var run = new SeveralRun(options);
        await run.StartAsync(cancellationToken);
        return await run.MeasureAsync(cancellationToken);
    }

    public async ValueTask DisposeAsync()
    {
        _client.Dispose();
        _gateway?.Dispose();
        foreach (var server in _servers)
            await server.DisposeAsync();
        _folder.Dispose();
    }

    private async Task StartAsync(CancellationToken cancellationToken)
    {
        var (servers, reached) = (new JsonObject(), new JsonObject());
        for (var i = 0; i < _options.Servers; i++)
        {
            _servers.Add(new DyingServer());
            await _servers[i].StartAsync();
            servers[$"s{i}"] = new JsonObject { ["url"] = $"http://127.0.0.1:{_servers[i].Port}/mcp" };
            reached[$"s{i}"] = "open";
        }

        var config = Path.Combine(_folder.Path, "gateway.json");
        await File.WriteAllTextAsync(config, new JsonObject
        {
            ["servers"] = servers,
            ["policies"] = new JsonObject { ["open"] = new JsonObject { ["version"] = "1", ["default"] = "allow" } },
            ["grants"] = new JsonObject { ["agent"] = new JsonObject { ["servers"] = reached, ["token"] = Token } },
        }.ToJsonString(), cancellationToken);
        _gateway = await GatewayProcess.StartAsync(
            Tools.Gateway(_options.Gateway), config, Path.Combine(_folder.Path, "data"), [], 0, cancellationToken);
        _address = new Uri($"http://{_gateway.Address}/mcp");
    }

    private async Task<SeveralReport> MeasureAsync(CancellationToken cancellationToken)
    {
        List<double> memory = [Memory];
        var begin = TimeProvider.System.GetTimestamp();
        _sessions = new string[_options.Sessions];
        await Parallel.ForAsync(0, _options.Sessions, Parallelism(cancellationToken), OpenAsync);
        var openedIn = TimeProvider.System.GetElapsedTime(begin);
        memory.Add(Memory);

        using var end = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        var dying = DieInTurnAsync(end.Token);
        for (var quarter = 0; quarter < Quarters; quarter++)
        {
            using var until = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
            until.CancelAfter(_options.Duration / Quarters);
            await Task.WhenAll(Enumerable.Range(0, _options.AtOnce).Select(worker => CallAsync(worker, until.Token)));
            memory.Add(Memory);
        }

        await end.CancelAsync();
        await dying;
        return new SeveralReport
        {
            Sessions = _options.Sessions,
            Servers = _options.Servers,
            OpenedIn = openedIn,
            Done = _done,
            Unavailable = _unavailable,
            Lists = (_lists, _named),
            Deaths = _deaths,
            CallMs = (_latency.At(0.5) / 1e6, _latency.At(0.99) / 1e6, _latency.MaxNs / 1e6),
            Memory = memory,
            Problems = [.. Problems(memory)],
        };
    }

    private IEnumerable<string> Problems(List<double> memory)
    {
        foreach (var (what, count) in _odd)
            yield return $"{count} times: {what}";
        if (_done == 0)
            yield return "no call was done";
        // By the second quarter, every kind of crash has occurred; later growth would continue.
        if (memory[^1] > memory[3] * Grown)
            yield return $"memory grew from {memory[3]:0} MB in the second quarter to {memory[^1]:0} MB in the last";
    }

    private double Memory => _gateway!.MemoryBytes / Megabyte;

    private ParallelOptions Parallelism(CancellationToken cancellationToken) => new()
    {
        MaxDegreeOfParallelism = _options.AtOnce,
        CancellationToken = cancellationToken,
    };

    private async ValueTask OpenAsync(int index, CancellationToken cancellationToken)
    {
        var (session, status, text) = await PostAsync(
            """
            {"jsonrpc":"2.0","id":1,"method":"initialize","params":
              {"protocolVersion":"2025-11-25","capabilities":{},"clientInfo":{"name":"load","version":"1"}}}
            """, null, cancellationToken);
        _sessions[index] = session ?? throw new InvalidOperationException($"no session: {(int)status} {text}");
        await PostAsync("""{"jsonrpc":"2.0","method":"notifications/initialized"}""", session, cancellationToken);
    }

    private async Task CallAsync(int worker, CancellationToken until)
    {
        var random = new Random(worker);
        for (var i = random.Next(ListEach); !until.IsCancellationRequested; i++)
        {
            var session = _sessions[random.Next(_sessions.Length)];
            try
            {
                if (i % ListEach == 0)
                    await ListAsync(session);
                else
                    await CallAsync(session, random.Next(_options.Servers));
            }
            catch (HttpRequestException e)
            {
                Odd(e.Message);
            }
        }
    }

    private async Task CallAsync(string session, int server)
    {
        var begin = TimeProvider.System.GetTimestamp();
        var (_, status, text) = await PostAsync(
            $$$"""
            {"jsonrpc":"2.0","id":2,"method":"tools/call","params":
              { "name": "s{{{server}}}__{{{DyingServer.Tool}}}", "arguments": {} } }
            """,
            session, CancellationToken.None);
        var took = (long)TimeProvider.System.GetElapsedTime(begin).TotalNanoseconds;
        lock (_latency)
            _latency.Record(took);
        if (text.Contains("\"done\"", StringComparison.Ordinal))
            Interlocked.Increment(ref _done);
        else if (text.Contains($"server s{server}", StringComparison.Ordinal))
            Interlocked.Increment(ref _unavailable);
        else
            Odd($"{(int)status} {text}");
    }

    private async Task ListAsync(string session)
    {
        var (_, status, text) = await PostAsync(
            """{"jsonrpc":"2.0","id":3,"method":"tools/list"}""", session, CancellationToken.None);
        Interlocked.Increment(ref _lists);
        if (text.Contains("policy-gateway/unavailable", StringComparison.Ordinal))
            Interlocked.Increment(ref _named);
        else if (!text.Contains("__work", StringComparison.Ordinal))
            Odd($"a list: {(int)status} {text}");
    }

    private async Task DieInTurnAsync(CancellationToken end)
    {
        try
        {
            for (var i = 0; ; i++)
            {
                var server = _servers[i % _servers.Count];
                await server.DieAsync();
                _deaths++;
                await Task.Delay(TimeSpan.FromSeconds(1), end);
                await server.StartAsync();
            }
        }
        catch (OperationCanceledException)
        {
            // The run is over.
        }
    }

    private async Task<(string? Session, HttpStatusCode Status, string Text)> PostAsync(
        string body, string? session, CancellationToken cancellationToken)
    {
        using var request = new HttpRequestMessage(HttpMethod.Post, _address)
        {
            Content = new StringContent(body, Encoding.UTF8, new MediaTypeHeaderValue("application/json")),
        };
        request.Headers.Authorization = new AuthenticationHeaderValue("Bearer", Token);
        request.Headers.Accept.ParseAdd("application/json, text/event-stream");
        if (session is not null)
            request.Headers.Add("Mcp-Session-Id", session);
        using var answer = await _client.SendAsync(request, cancellationToken);
        var opened = answer.Headers.TryGetValues("Mcp-Session-Id", out var ids) ? ids.Single() : null;
        return (opened, answer.StatusCode, await answer.Content.ReadAsStringAsync(cancellationToken));
    }

    private void Odd(string what) =>
        _odd.AddOrUpdate(what.Length > 200 ? what[..200] : what, 1, static (_, count) => count + 1);
}
