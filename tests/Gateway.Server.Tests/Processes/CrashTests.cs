namespace Gateway.Server.Tests.Processes;

/// <summary>
/// The gateway is killed again and again under load, on one data directory, and the recording server behind it is the
/// truth: never a call over the maximum, none twice, and no more wasted than a crash may waste.
/// </summary>
public sealed class CrashTests(ITestOutputHelper output) : OneServerTest(Policy)
{
    private const int Max = 4000;
    private const int Callers = 16;
    private static readonly string Policy = $$"""
        { "version": "1", "default": "deny",
          "tools": { "pay": { "limits": [ { "counter": "pays", "window": "month", "max": {{Max}} } ] } } }
        """;
    private const string Call = """{"jsonrpc":"2.0","id":1,"method":"tools/call","params":{"name":"pay"}}""";

    /// <summary>10 rounds; more by <c>GATEWAY_CRASH_ROUNDS</c>.</summary>
    private static int Rounds =>
        int.TryParse(Environment.GetEnvironmentVariable("GATEWAY_CRASH_ROUNDS"), CultureInfo.InvariantCulture,
            out var n)
            ? n : 10;

    [Fact]
    public async Task Never_admits_more_than_max_however_often_it_is_killed()
    {
        var seed = Environment.TickCount;
        var random = new Random(seed);
        output.WriteLine($"seed {seed}, {Rounds} rounds");
        var rates = new List<double>();
        for (var round = 0; round < Rounds; round++)
        {
            var before = Server.Requests.Count;
            var clock = Stopwatch.StartNew();
            await KillUnderLoadAsync(TimeSpan.FromMilliseconds(random.Next(20, 400)));
            rates.Add((Server.Requests.Count - before) / clock.Elapsed.TotalSeconds);
        }

        await ExhaustAsync();

        var calls = Server.Requests.Select(r => r.Headers["Policy-Gateway-Call"]).ToList();
        var wasted = Max - calls.Count;
        // A crash wastes at most 1.5 s of demand, the calls that were under way, and one unknown write's block. Of a
        // month's maximum the least block is nothing.
        var mayWaste = rates.Sum(rate => 2.5 * rate) + Rounds * Callers;
        output.WriteLine($"{calls.Count} of {Max} reached the server, {wasted} wasted, {mayWaste:F0} allowed");
        Assert.Equal(calls.Count, calls.Distinct().Count());
        Assert.InRange(calls.Count, 1, Max);
        Assert.True(wasted <= mayWaste, $"{wasted} permits were wasted; the crashes explain {mayWaste:F0}");
        AssertNoNumberTwice();
    }

    private async Task KillUnderLoadAsync(TimeSpan after)
    {
        await using var gateway = await GatewayProcess.StartAsync(Config, Data);
        using var client = gateway.Client();
        using var stop = new CancellationTokenSource();
        var callers = Enumerable.Range(0, Callers).Select(_ => FireAsync(client, stop.Token)).ToList();
        using (var timer = new PeriodicTimer(after))
            await timer.WaitForNextTickAsync();
        await gateway.KillAsync();
        await stop.CancelAsync();
        await Task.WhenAll(callers);
    }

    private async Task ExhaustAsync()
    {
        await using var gateway = await GatewayProcess.StartAsync(Config, Data);
        using var client = gateway.Client();
        await Task.WhenAll(Enumerable.Range(0, Callers).Select(_ => FireUntilRefusedAsync(client)));
    }

    private static async Task FireAsync(HttpClient client, CancellationToken stop)
    {
        while (!stop.IsCancellationRequested)
        {
            try
            {
                await IsAdmittedAsync(client, stop);
            }
            catch (Exception e) when (e is HttpRequestException or OperationCanceledException or IOException)
            {
                return;
            }
        }
    }

    private static async Task FireUntilRefusedAsync(HttpClient client)
    {
        for (var i = 0; i <= Max && await IsAdmittedAsync(client, CancellationToken.None); i++)
        {
        }
    }

    private static async Task<bool> IsAdmittedAsync(HttpClient client, CancellationToken stop)
    {
        using var content =
            new StringContent(Call, new System.Net.Http.Headers.MediaTypeHeaderValue("application/json"));
        using var response = await client.PostAsync("", content, stop);
        var text = await response.Content.ReadAsStringAsync(stop);
        return !text.Contains("rate_limited", StringComparison.Ordinal);
    }

    /// <summary>Every interval on record lies below the maximum and in one hand only.</summary>
    private void AssertNoNumberTwice()
    {
        var seen = new ConcurrentDictionary<string, string>(StringComparer.Ordinal);
        foreach (var record in AuditTrail.Read(Path.Combine(Data, "audit")))
        {
            if (!record.TryGetProperty("counters", out var counters))
                continue;
            var call = record.GetProperty("callId").GetString()!;
            foreach (var interval in counters[0].GetProperty("intervals").EnumerateArray().Select(i => i.GetString()!))
                Assert.True(seen.TryAdd(interval, call), $"{interval} was given to {call} and to {seen[interval]}");
        }
    }
}
