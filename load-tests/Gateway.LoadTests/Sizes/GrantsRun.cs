using System.Text.Json.Nodes;
using Gateway.LoadTests.Comparing;
using Gateway.LoadTests.Scenarios;

namespace Gateway.LoadTests.Sizes;

/// <summary>
/// A run that creates grants by the API, one after another, and measures between slices how they affect other calls.
/// </summary>
internal sealed class GrantsRun(string? gateway, int count, int slice)
{
    private const int Looks = 9;
    private const int Calls = 500;
    private const int PageLimit = 100;
    private readonly List<double> _times = [];
    private string _token = "";

    /// <returns>The milliseconds per grant, for each slice.</returns>
    /// <exception cref="InvalidOperationException">The gateway refused a request.</exception>
    public async Task<IReadOnlyList<double>> MeasureAsync(Action<string> log, CancellationToken cancellation)
    {
        // Nothing listens there, because no call in this run is admitted.
        var config = new JsonObject
        {
            ["servers"] = new JsonObject
            {
                [ScenarioBench.Server] = new JsonObject { ["url"] = "http://127.0.0.1:1/mcp" },
            },
            ["policies"] = new JsonObject { ["load"] = new JsonObject { ["version"] = "1", ["default"] = "deny" } },
        };
        using var bench = new SizedGateway(gateway, config);
        await bench.StartAsync(cancellation);
        log($"start with none: ready after {bench.ReadyMs:0} ms");
        log($"{"grants",8}{"ms each",10}{"median",9}{"p99",9}{"CPU ms",9}{"page ms",10}{"last page",11}"
            + $"{"search",9}{"call us",10}{"MB",7}");
        List<double> each = [];
        for (var made = 0; made < count; made += slice)
        {
            _times.Clear();
            var (begin, cpu) = (TimeProvider.System.GetTimestamp(), bench.CpuTime);
            var many = Math.Min(slice, count - made);
            for (var i = made; i < made + many; i++)
                await CreateAsync(bench, i, cancellation);
            var (wall, used) = (TimeProvider.System.GetElapsedTime(begin), bench.CpuTime - cpu);
            each.Add(wall.TotalMilliseconds / many);
            double[] sorted = [.. _times.Order()];
            log($"{made + many,8}{each[^1],10:0.00}{sorted[sorted.Length / 2],9:0.00}"
                + $"{sorted[sorted.Length * 99 / 100],9:0.00}{used.TotalMilliseconds / many,9:0.00}"
                + await LooksAsync(bench, made + many, cancellation) + $"{bench.MemoryMegabytes,7:0}");
        }

        await bench.StopAsync();
        await bench.StartAsync(cancellation);
        log($"start with {count}: ready after {bench.ReadyMs:0} ms, {bench.MemoryMegabytes:0} MB");
        await bench.CallAsync(_token, cancellation);
        return each;
    }

    private async Task CreateAsync(SizedGateway bench, int index, CancellationToken cancellation)
    {
        var body = new JsonObject
        {
            ["name"] = Name(index),
            ["servers"] = new JsonObject { [ScenarioBench.Server] = "load" },
        };
        var begin = TimeProvider.System.GetTimestamp();
        var made = await bench.AskAsync(HttpMethod.Post, "grants", body, cancellation);
        _times.Add(TimeProvider.System.GetElapsedTime(begin).TotalMilliseconds);
        _token = (string)JsonNode.Parse(made)!["token"]!;
    }

    private async Task<string> LooksAsync(SizedGateway bench, int made, CancellationToken cancellation)
    {
        var last = Convert.ToBase64String(Encoding.UTF8.GetBytes(Name(Math.Max(made - PageLimit, 0)))).TrimEnd('=')
            .Replace('+', '-').Replace('/', '_');
        var first = await MedianAsync(Looks, () => PageAsync($"limit={PageLimit}"));
        var deep = await MedianAsync(Looks, () => PageAsync($"limit={PageLimit}&cursor={last}"));
        var found = await MedianAsync(Looks, () => PageAsync($"limit={PageLimit}&q={Name(made - 1)}&sort=-created"));
        var call = await MedianAsync(Calls, () => bench.CallAsync(_token, cancellation));
        return $"{first,10:0.0}{deep,11:0.0}{found,9:0.0}{call * 1000,10:0}";

        Task PageAsync(string query) => bench.AskAsync(HttpMethod.Get, $"grants?{query}", null, cancellation);
    }

    private static async Task<double> MedianAsync(int rounds, Func<Task> what)
    {
        var times = new List<double>();
        for (var i = 0; i < rounds; i++)
        {
            var begin = TimeProvider.System.GetTimestamp();
            await what();
            times.Add(TimeProvider.System.GetElapsedTime(begin).TotalMilliseconds);
        }

        return Round.Middle(times);
    }

    // Names are not in creation order: as with real names, some sort before the existing ones and some after.
    private static string Name(int index) => $"agent-{unchecked((uint)index * 2654435761):x8}";
}
