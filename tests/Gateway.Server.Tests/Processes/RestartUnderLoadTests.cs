namespace Gateway.Server.Tests.Processes;

/// <summary>
/// SIGTERM and a new start, again and again under load: every call that was accepted is answered, none reaches the
/// server twice, and no count is lost or wasted.
/// </summary>
public sealed class RestartUnderLoadTests() : OneServerTest(Policy)
{
    private const int Max = 1500;
    private const int Callers = 12;
    private const int Restarts = 4;
    private static readonly string Policy = $$"""
        { "version": "1", "default": "deny",
          "tools": { "pay": { "limits": [ { "counter": "pays", "window": "month", "max": {{Max}} } ] } } }
        """;
    private const string Call = """{"jsonrpc":"2.0","id":1,"method":"tools/call","params":{"name":"pay"}}""";
    private volatile GatewayProcess _gateway = null!;
    private int _admitted;
    private volatile bool _isExhausted;

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
    public async Task Answers_every_accepted_call_and_wastes_none()
    {
        var callers = Enumerable.Range(0, Callers).Select(_ => Task.Run(FireAsync)).ToList();
        for (var restart = 1; restart <= Restarts && !_isExhausted; restart++)
        {
            await ReachAsync(restart * Max / (Restarts + 2));
            var old = _gateway;
            old.Terminate();
            await old.WaitForExitAsync();
            Assert.Equal(0, old.ExitCode);
            _gateway = await StartAsync();
            await old.DisposeAsync();
        }

        await Task.WhenAll(callers);

        var calls = Server.Requests.Select(request => request.Headers["Policy-Gateway-Call"]).ToList();
        Assert.Equal(calls.Count, calls.Distinct().Count());
        Assert.Equal(calls.Count, _admitted);
        Assert.Equal(Max, calls.Count);
    }

    private async Task FireAsync()
    {
        while (!_isExhausted)
        {
            try
            {
                using var client = _gateway.Client();
                while (!_isExhausted)
                    await CallAsync(client);
            }
            catch (HttpRequestException)
            {
                // Not accepted: the listener was gone, or the connection was closed before the message was read.
            }
        }
    }

    private async Task CallAsync(HttpClient client)
    {
        using var content = new StringContent(Call, new MediaTypeHeaderValue("application/json"));
        using var response = await client.PostAsync("", content);
        var text = await response.Content.ReadAsStringAsync();
        if (text.Contains("rate_limited", StringComparison.Ordinal))
            _isExhausted = true;
        else if (text.Contains("\"done\"", StringComparison.Ordinal))
            Interlocked.Increment(ref _admitted);
    }

    private async Task ReachAsync(int calls)
    {
        using var timer = new PeriodicTimer(TimeSpan.FromMilliseconds(10));
        for (var i = 0; i < 6000 && Server.Requests.Count < calls; i++)
            await timer.WaitForNextTickAsync();
    }

    private Task<GatewayProcess> StartAsync() =>
        GatewayProcess.StartAsync(Path.Combine(Folder, "gateway.json"), Path.Combine(Folder, "data"));
}
