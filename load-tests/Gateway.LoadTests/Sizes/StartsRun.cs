using System.Text.Json.Nodes;
using Gateway.LoadTests.Comparing;
using Gateway.LoadTests.Scenarios;

namespace Gateway.LoadTests.Sizes;

/// <summary>
/// Starts of a gateway whose policy names many tools, half by name and half by pattern with a limit each, in turns with
/// one whose policy names one.
/// </summary>
internal sealed class StartsRun(string? gateway, int tools, int rounds)
{
    /// <returns>The milliseconds to ready with the large policy, for each start.</returns>
    /// <exception cref="InvalidOperationException">A gateway did not start.</exception>
    public async Task<IReadOnlyList<double>> MeasureAsync(Action<string> log, CancellationToken cancellation)
    {
        using var small = new SizedGateway(gateway, Config(1));
        using var large = new SizedGateway(gateway, Config(tools));
        var (few, many) = (new List<(double Ready, double Cpu)>(), new List<(double Ready, double Cpu)>());
        // The first start of each creates its data directory and loads the program into memory.
        for (var round = 0; round <= rounds; round++)
        {
            var (one, other) = (await StartAsync(small, cancellation), await StartAsync(large, cancellation));
            if (round == 0)
                continue;
            few.Add(one);
            many.Add(other);
        }

        Print("one tool", few);
        Print($"{tools} tools", many);
        log($"ready, of it: {Of(static one => one.Ready)}");
        log($"CPU, of it:   {Of(static one => one.Cpu)}");
        return [.. many.Select(static one => one.Ready)];

        void Print(string what, List<(double Ready, double Cpu)> starts) => log(
            $"{what,-12} ready after {Round.Middle(starts.Select(static one => one.Ready)):0} ms "
            + $"(least {starts.Min(static one => one.Ready):0}), "
            + $"CPU {Round.Middle(starts.Select(static one => one.Cpu)):0} ms "
            + $"(least {starts.Min(static one => one.Cpu):0})");

        string Of(Func<(double Ready, double Cpu), double> figure)
        {
            var ratio = Ratio.Of("", [.. many.Select(figure)], [.. few.Select(figure)]);
            return $"{ratio.Median:0.00} ({ratio.Least:0.00}-{ratio.Most:0.00})";
        }
    }

    private static async Task<(double Ready, double Cpu)> StartAsync(
        SizedGateway bench, CancellationToken cancellation)
    {
        await bench.StartAsync(cancellation);
        var figures = (bench.ReadyMs, bench.CpuTime.TotalMilliseconds);
        await bench.StopAsync();
        return figures;
    }

    private static JsonObject Config(int tools)
    {
        var rules = new JsonObject();
        for (var i = 0; i < tools; i++)
        {
            rules[i % 2 == 0 ? $"find_order_{i:00000}" : $"list_{i:00000}_*"] = new JsonObject
            {
                ["limits"] = new JsonArray(
                    new JsonObject { ["counter"] = $"calls-{i}", ["max"] = 30 + i, ["window"] = "minute" }),
            };
        }

        return new JsonObject
        {
            ["servers"] = new JsonObject
            {
                [ScenarioBench.Server] = new JsonObject { ["url"] = "http://127.0.0.1:1/mcp" },
            },
            ["policies"] = new JsonObject
            {
                ["load"] = new JsonObject { ["version"] = "1", ["default"] = "deny", ["tools"] = rules },
            },
            ["grants"] = new JsonObject
            {
                ["agent"] = new JsonObject
                {
                    ["server"] = ScenarioBench.Server,
                    ["policy"] = "load",
                    ["token"] = ScenarioBench.Tokens(1)[0],
                },
            },
        };
    }
}
