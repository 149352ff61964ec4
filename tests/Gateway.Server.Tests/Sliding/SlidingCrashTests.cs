namespace Gateway.Server.Tests.Sliding;

/// <summary>
/// A real gateway is killed and stopped under load, and the recording server behind it says what was let through. Each
/// call was checked some time between its start at the agent and its arrival at the server: too many are proved if they
/// lie within one length however they fell in between.
/// </summary>
[Trait("run", "full")]
public sealed class SlidingCrashTests(ITestOutputHelper output) : IAsyncLifetime, IDisposable
{
    private const int Max = 5;
    private const int Callers = 4;
    private const double LengthMs = 2000;
    private readonly TestFolder _folder = new("gateway-sliding-");
    private readonly ConcurrentDictionary<int, double> _startedMs = new();
    private readonly ConcurrentDictionary<int, double> _arrivedMs = new();
    private readonly Stopwatch _clock = Stopwatch.StartNew();
    private RecordingServer _server = null!;
    private string _config = "";
    private int _calls;

    public async Task InitializeAsync()
    {
        _server = await RecordingServer.StartAsync();
        _server.Answer = (http, request) =>
        {
            using var message = JsonDocument.Parse(request.Body);
            var id = message.RootElement.GetProperty("id").GetInt32();
            Assert.True(_arrivedMs.TryAdd(id, _clock.Elapsed.TotalMilliseconds), $"call {id} came twice");
            return RecordingServer.JsonAsync(http, $$$"""{"jsonrpc":"2.0","id":{{{id}}},"result":{"content":[]}}""");
        };
        _config = TestConfig.Write(_folder.Path, _server.Url, $$"""
            { "version": "1", "default": "deny", "tools": { "pay": { "limits": [
                { "counter": "pays", "window": 2, "max": {{Max}}, "kind": "sliding" } ] } } }
            """);
    }

    public async Task DisposeAsync() => await _server.DisposeAsync();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task No_interval_holds_more_than_the_maximum_however_often_it_is_killed_or_stopped()
    {
        int[] lengths = [300, 2100, 1200, 2500];
        // More rounds where a busy machine lets little through in these.
        for (var round = 0; round < lengths.Length || (_arrivedMs.Count < 3 * Max && round < 40); round++)
            await KillUnderLoadAsync(lengths[round % lengths.Length]);

        var admitted = _arrivedMs
            .Select(call => (StartedMs: _startedMs[call.Key], ArrivedMs: call.Value))
            .OrderBy(static call => call.StartedMs)
            .ToList();
        output.WriteLine($"{admitted.Count} of {_calls} calls were let through");
        Assert.True(admitted.Count >= 3 * Max, $"only {admitted.Count} calls were let through");
        foreach (var (startedMs, _) in admitted)
        {
            var within = admitted.Count(call =>
                call.StartedMs >= startedMs && call.ArrivedMs <= startedMs + LengthMs);
            Assert.InRange(within, 0, Max);
        }
    }

    private async Task KillUnderLoadAsync(int ms)
    {
        await using var gateway = await GatewayProcess.StartAsync(_config, Path.Combine(_folder.Path, "data"));
        using var client = gateway.Client();
        using var stop = new CancellationTokenSource();
        var callers = Enumerable.Range(0, Callers).Select(_ => FireAsync(client, stop.Token)).ToList();
        using (var timer = new PeriodicTimer(TimeSpan.FromMilliseconds(ms)))
        {
            await timer.WaitForNextTickAsync();
            if (ms > 2000)
            {
                gateway.Pause();
                await timer.WaitForNextTickAsync();
                gateway.Resume();
                await timer.WaitForNextTickAsync();
            }
        }

        await gateway.KillAsync();
        await stop.CancelAsync();
        await Task.WhenAll(callers);
    }

    private async Task FireAsync(HttpClient client, CancellationToken stop)
    {
        while (!stop.IsCancellationRequested)
        {
            var id = Interlocked.Increment(ref _calls);
            _startedMs[id] = _clock.Elapsed.TotalMilliseconds;
            using var content = new StringContent(
                $$$"""{"jsonrpc":"2.0","id":{{{id}}},"method":"tools/call","params":{"name":"pay"}}""",
                Encoding.UTF8,
                new System.Net.Http.Headers.MediaTypeHeaderValue("application/json"));
            try
            {
                using var response = await client.PostAsync("", content, stop);
                await response.Content.ReadAsStringAsync(stop);
            }
            catch (Exception e) when (e is HttpRequestException or OperationCanceledException or IOException)
            {
                return;
            }
        }
    }
}
