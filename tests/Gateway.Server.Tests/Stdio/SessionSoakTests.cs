using Gateway.Server.Tests.Features;

namespace Gateway.Server.Tests.Stdio;

/// <summary>Many sessions come and go, some of them badly: no child stays, and memory does not grow.</summary>
[Collection(AloneCollection.Name)]
public sealed class SessionSoakTests
{
    private const int AtOnce = 16;
    private const long GrowthBytesMax = 32 * 1024 * 1024;

    // 500 in every run; as many as there is time for by the variable.
    private static int Sessions => int.Parse(
        Environment.GetEnvironmentVariable("GATEWAY_SOAK_SESSIONS") ?? "500", CultureInfo.InvariantCulture);

    [LinuxFact]
    public async Task Sessions_that_come_and_go_leave_no_child_and_no_memory()
    {
        await using var bench = await StdioBench.StartAsync();
        await RunAsync(bench, Sessions / 5);
        var before = GC.GetTotalMemory(forceFullCollection: true);

        await RunAsync(bench, Sessions - (Sessions / 5));

        await LiveProcesses.AllGoneAsync(() => bench.Pids);
        Assert.InRange(GC.GetTotalMemory(forceFullCollection: true) - before, long.MinValue, GrowthBytesMax);
        await bench.HasSeriesAsync($"gateway_stdio_children{{server=\"{bench.Server}\"}} 0");
        Assert.True(bench.Pids.Length >= Sessions, $"{bench.Pids.Length} children of {Sessions} sessions");
    }

    private static async Task RunAsync(StdioBench bench, int sessions)
    {
        var next = 0;
        await Task.WhenAll(Enumerable.Range(0, AtOnce).Select(async _ =>
        {
            while (Interlocked.Increment(ref next) is var number && number <= sessions)
                await OneAsync(bench, number);
        }));
    }

    private static async Task OneAsync(StdioBench bench, int number)
    {
        var session = await bench.OpenAsync();
        Assert.Contains("echo", await bench.CallAsync(StdioBench.Call("echo"), session));
        if (number % 10 == 0)
            await bench.CallAsync(StdioBench.Call("fork"), session);
        if (number % 7 == 0)
        {
            Assert.Contains("exit code 3", await bench.CallAsync(StdioBench.Call("die"), session));
            return;
        }

        using var request = new HttpRequestMessage(HttpMethod.Delete, bench.Endpoint);
        request.Headers.Add("Mcp-Session-Id", session);
        using var deleted = await bench.Client.SendAsync(request);
        Assert.Equal(200, (int)deleted.StatusCode);
    }
}
