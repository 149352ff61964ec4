namespace Gateway.Cluster.Tests.Agents;

/// <summary>
/// Agents that call one tool through whichever frontends there are, at a pace, until it is used up. The server behind
/// the frontends is the ground truth.
/// </summary>
internal sealed class AgentCrowd(RecordingServer server) : IDisposable
{
    private const int Count = 16;
    private const string Call = """{"jsonrpc":"2.0","id":1,"method":"tools/call","params":{"name":"pay"}}""";
    private static readonly TimeSpan Pace = TimeSpan.FromMilliseconds(25);

    private readonly CancellationTokenSource _end = new(TimeSpan.FromMinutes(3));
    private readonly HttpClient _http = new(new SocketsHttpHandler { UseProxy = false })
    {
        Timeout = Soon.AtMost,
        DefaultRequestHeaders =
        {
            Authorization = new AuthenticationHeaderValue("Bearer", AgentConfig.Token),
            Accept = { new("application/json"), new("text/event-stream") },
        },
    };

    private volatile Uri[] _frontends = [];
    private Task _callers = Task.CompletedTask;
    private int _admitted;
    private int _unanswered;
    private int _unavailable;

    /// <summary>Calls that got the server's response.</summary>
    public int Admitted => _admitted;

    /// <summary>Calls that met a frontend which was going away.</summary>
    public int Unanswered => _unanswered;

    /// <summary>Calls that were denied although the limit was not used up.</summary>
    public int Unavailable => _unavailable;

    /// <summary>From now on only these frontends are called.</summary>
    public void Use(params Uri[] frontends) => _frontends = frontends;

    public void Start() =>
        _callers = Task.WhenAll(Enumerable.Range(0, Count).Select(i => Task.Run(() => CallAsync(i))));

    /// <summary>Waits until so many calls have reached the server.</summary>
    public async Task ReachAsync(int calls)
    {
        using var timer = new PeriodicTimer(Pace);
        while (server.Requests.Count < calls) await timer.WaitForNextTickAsync(_end.Token);
    }

    /// <summary>Waits until every agent was told that nothing is left.</summary>
    public Task RunDryAsync() => _callers;

    public void Dispose()
    {
        _end.Cancel();
        _end.Dispose();
        _http.Dispose();
    }

    private async Task CallAsync(int agent)
    {
        using var pace = new PeriodicTimer(Pace);
        for (var turn = agent; ; turn++)
        {
            var frontends = _frontends;
            var answer = await AnswerAsync(frontends[turn % frontends.Length]);
            if (answer is null) Interlocked.Increment(ref _unanswered);
            else if (answer.Contains("rate_limited", StringComparison.Ordinal)) return;
            else if (answer.Contains("\"done\"", StringComparison.Ordinal)) Interlocked.Increment(ref _admitted);
            else Interlocked.Increment(ref _unavailable);
            await pace.WaitForNextTickAsync(_end.Token);
        }
    }

    private async Task<string?> AnswerAsync(Uri frontend)
    {
        using var content = new StringContent(Call, Encoding.UTF8, "application/json");
        try
        {
            using var answer = await _http.PostAsync(new Uri(frontend, "/mcp/srv"), content, _end.Token);
            return await answer.Content.ReadAsStringAsync(_end.Token);
        }
        catch (HttpRequestException)
        {
            return null;
        }
    }
}
