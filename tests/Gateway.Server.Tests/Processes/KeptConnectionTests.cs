namespace Gateway.Server.Tests.Processes;

/// <summary>
/// SIGTERM under clients that keep their connections and send without looking: no call may meet a reset or an empty
/// answer, since nobody could say whether it had happened. <c>GATEWAY_FULL=1</c> makes it 60 rounds.
/// </summary>
public sealed class KeptConnectionTests() : OneServerTest(Policy)
{
    private const string Policy = """
        { "version": "1", "default": "deny",
          "tools": { "pay": { "limits": [ { "counter": "pays", "window": "month", "max": 100000000 } ] } } }
        """;
    private const string Call = """{"jsonrpc":"2.0","id":1,"method":"tools/call","params":{"name":"pay"}}""";
    private static readonly int Rounds = Requirements.AreFull ? 60 : 1;

    // Callers' pauses in ms at most; the longest is far below the time in which a connection may show itself.
    private static readonly int[] Pauses = [0, 0, 0, 5, 20, 50, 150, 300];

    private readonly ConcurrentBag<string> _lost = [];
    private volatile GatewayProcess _gateway = null!;
    private volatile bool _isOver;
    private int _answered;

    public override async Task InitializeAsync()
    {
        await base.InitializeAsync();
        _gateway = await StartAsync();
    }

    public override async Task DisposeAsync()
    {
        await _gateway.DisposeAsync();
        await base.DisposeAsync();
    }

    [Fact]
    public async Task Loses_no_call_on_a_kept_connection_while_it_ends()
    {
        var callers = Pauses.Select((pause, i) => Task.Run(() => CallOnAsync(pause, new Random(i)))).ToList();
        for (var round = 1; round <= Rounds && _lost.IsEmpty; round++)
        {
            await AnsweredAsync(Volatile.Read(ref _answered) + 200);
            using var idle = (await KeptConnection.TryOpenAsync(_gateway.Address))!;
            await AnswerAsync(idle);
            var old = _gateway;
            old.Terminate();
            Assert.Equal(0, await idle.EndAsync());
            await old.WaitForExitAsync();
            Assert.Equal(0, old.ExitCode);
            _gateway = await StartAsync();
            await old.DisposeAsync();
        }

        _isOver = true;
        await Task.WhenAll(callers);

        Assert.Empty(_lost);
        Assert.Equal(Server.Requests.Count, _answered);
    }

    [Fact]
    public async Task Serves_who_comes_in_the_first_half_of_lingering_though_nobody_was_connected()
    {
        await using var alone = await GatewayProcess.StartAsync(
            Path.Combine(Folder, "gateway.json"), Path.Combine(Folder, "alone"), "--linger", "6");

        alone.Terminate();
        var since = Stopwatch.StartNew();
        while (since.Elapsed < TimeSpan.FromSeconds(2.5))
        {
            using var connection = await KeptConnection.TryOpenAsync(alone.Address);
            Assert.NotNull(connection);
            await AnswerAsync(connection);
            Assert.Empty(_lost);
        }

        await alone.WaitForExitAsync();
        Assert.Equal(0, alone.ExitCode);
    }

    [Fact]
    public async Task Ends_at_once_where_it_is_not_to_linger()
    {
        await using var alone = await GatewayProcess.StartAsync(
            Path.Combine(Folder, "gateway.json"), Path.Combine(Folder, "alone"), "--linger", "0");
        var patience = Stopwatch.StartNew();

        alone.Terminate();
        await alone.WaitForExitAsync();

        Assert.Equal(0, alone.ExitCode);
        Assert.True(patience.Elapsed < TimeSpan.FromSeconds(20), $"it took {patience.Elapsed}");
    }

    private async Task CallOnAsync(int pauseMax, Random random)
    {
        using var timer = new PeriodicTimer(TimeSpan.FromMilliseconds(5));
        while (!_isOver)
        {
            // Between the end of one process and the start of the next nobody listens.
            using var connection = await KeptConnection.TryOpenAsync(_gateway.Address);
            if (connection is null)
                await timer.WaitForNextTickAsync();
            while (connection is { IsOver: false } && !_isOver)
            {
                if (pauseMax > 0)
                {
                    timer.Period = TimeSpan.FromMilliseconds(random.Next(1, pauseMax + 1));
                    await timer.WaitForNextTickAsync();
                }

                if (!await IsAnsweredAsync(connection))
                    break;
            }
        }
    }

    private async Task<bool> IsAnsweredAsync(KeptConnection connection)
    {
        try
        {
            await AnswerAsync(connection);
            return true;
        }
        catch (Exception e) when (e is SocketException or IOException)
        {
            _lost.Add(e.Message);
            return false;
        }
    }

    private async Task AnswerAsync(KeptConnection connection)
    {
        var answer = await connection.PostAsync(Call);
        if (answer.Contains("\"done\"", StringComparison.Ordinal))
            Interlocked.Increment(ref _answered);
        else
            _lost.Add(answer);
    }

    private async Task AnsweredAsync(int calls)
    {
        using var timer = new PeriodicTimer(TimeSpan.FromMilliseconds(10));
        for (var i = 0; i < 6000 && Volatile.Read(ref _answered) < calls && _lost.IsEmpty; i++)
            await timer.WaitForNextTickAsync();
    }

    private Task<GatewayProcess> StartAsync() => GatewayProcess.StartAsync(
        Path.Combine(Folder, "gateway.json"), Path.Combine(Folder, "data"), "--linger", "6");
}
