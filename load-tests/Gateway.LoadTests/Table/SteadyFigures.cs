using Gateway.LoadTests.Generating;
using Gateway.LoadTests.Measuring;
using Gateway.LoadTests.Scenarios;

namespace Gateway.LoadTests.Table;

/// <summary>A closed loop at full load for minutes, second by second, which shows what a mean would hide.</summary>
internal static class SteadyFigures
{
    private const int Connections = 32;

    // The runtime recompiles hot code twice.
    private static readonly TimeSpan WarmUp = TimeSpan.FromSeconds(15);

    public static readonly TableSource Source = new([TableRows.Steady], RunAsync);

    /// <summary>
    /// Returns the ratio of each slice's p99 to that of the median slice; a slice without a call is omitted.
    /// </summary>
    public static Series OfSlices(IEnumerable<IReadOnlyList<float>> slices)
    {
        double[] p99 = [.. slices.Where(static one => one.Count > 0).Select(P99)];
        var middle = Series.Middle(p99);
        return new("", [.. p99.Select(one => one / middle)]);
    }

    private static async Task<IReadOnlyList<Measured>> RunAsync(
        TableOptions options, Action<string> log, CancellationToken cancellationToken)
    {
        log($"full load for {options.Steady.TotalSeconds:0} s");
        await using var bench = await ScenarioBench.StartAsync(
            new ScenarioOptions { Gateway = options.Gateway }, ScenarioBench.Policy(1_000_000_000, "day"));
        await LoadAsync(bench.Targets[0], WarmUp, cancellationToken);
        var slices = await LoadAsync(bench.Targets[0], options.Steady, cancellationToken);
        return [new Measured(TableRows.Steady, OfSlices(slices))];
    }

    /// <returns>The microseconds of every call, by the second in which it ended.</returns>
    private static async Task<List<float>[]> LoadAsync(
        IPEndPoint target, TimeSpan duration, CancellationToken cancellationToken)
    {
        var begin = TimeProvider.System.GetTimestamp();
        var workers = await Task.WhenAll(Enumerable.Range(0, Connections).Select(_ => Task.Run(
            () => WorkAsync(target, begin, duration, cancellationToken), cancellationToken)));
        var slices = new List<float>[workers[0].Length];
        for (var i = 0; i < slices.Length; i++)
            slices[i] = [.. workers.SelectMany(worker => worker[i])];
        return slices;
    }

    private static async Task<List<float>[]> WorkAsync(
        IPEndPoint target, long begin, TimeSpan duration, CancellationToken cancellationToken)
    {
        var slices = new List<float>[(int)duration.TotalSeconds];
        for (var i = 0; i < slices.Length; i++)
            slices[i] = [];
        var request = ScenarioBench.Request();
        using var connection = new LoadConnection(target);
        while (true)
        {
            var sent = TimeProvider.System.GetTimestamp();
            if (await connection.CallAsync(request, cancellationToken) is var outcome and not CallOutcome.Admitted)
                throw new InvalidOperationException($"A call was {outcome}.");
            var slice = (int)TimeProvider.System.GetElapsedTime(begin).TotalSeconds;
            if (slice >= slices.Length)
                return slices;
            slices[slice].Add((float)TimeProvider.System.GetElapsedTime(sent).TotalMicroseconds);
        }
    }

    private static double P99(IReadOnlyList<float> slice)
    {
        float[] sorted = [.. slice.Order()];
        return sorted[(int)Math.Ceiling(0.99 * sorted.Length) - 1];
    }
}
