using Gateway.LoadTests.Processes;

namespace Gateway.LoadTests.Comparing;

/// <summary>
/// A measurement of all contestants in one run, in turns, so that a noisy moment affects all of them; the results are
/// medians. The most stable figure is the CPU time per call of the contestant's own process.
/// </summary>
internal static class SideBySide
{
    // The runtime recompiles hot code twice; before that, a gateway is a slower program.
    private static readonly TimeSpan WarmUp = TimeSpan.FromSeconds(10);

    public static async Task<Comparison> RunAsync(
        SideBySideOptions options, Action<string> log, CancellationToken cancellationToken)
    {
        using var field = await Field.StartAsync(options.Gateway, options.Before, cancellationToken);
        await Task.Delay(TimeSpan.FromSeconds(1), cancellationToken);
        var idle = field.Gateways[0].MemoryBytes / 1e6;
        foreach (var contestant in field.Contestants.Where(static one => one.Tool == "issue"))
        {
            log($"warming up {contestant.Name}");
            await field.Wrk.RunAsync(contestant, options.Connections, Warm(contestant));
        }

        var loaded = await RoundsAsync(field, field.Contestants, options.Connections, options, log);
        var callable = field.Contestants.Where(static one => one.Tool == "issue").ToList();
        var alone = await RoundsAsync(field, callable, 1, options, log);
        return new Comparison
        {
            Loaded = Medians(loaded),
            Alone = Medians(alone),
            LoadedRounds = Lists(loaded),
            AloneRounds = Lists(alone),
            MemoryMegabytes = callable.ToDictionary(static one => one.Name, static one => one.MemoryBytes() / 1e6),
            IdleMegabytes = idle,
            ReadyMilliseconds = field.Gateways.Min(static gateway => gateway.ReadyAfter.TotalMilliseconds),
            Missing = field.Missing,
            Ratios = options.Before is null ? []
                : [.. Ratios(loaded, alone), .. await StartsAsync(field, options, log, cancellationToken)],
        };
    }

    private static TimeSpan Warm(Contestant contestant) =>
        contestant.Name.Contains("gateway", StringComparison.Ordinal)
            || contestant.Name.StartsWith(Comparison.Bare, StringComparison.Ordinal) ? WarmUp : TimeSpan.FromSeconds(1);

    private static async Task<Dictionary<string, List<Round>>> RoundsAsync(
        Field field, List<Contestant> contestants, int connections, SideBySideOptions options, Action<string> log)
    {
        var rounds = contestants.ToDictionary(static one => one.Name, static _ => new List<Round>());
        for (var turn = 0; turn < options.Rounds; turn++)
        {
            log($"round {turn + 1} of {options.Rounds} at {connections} connections");
            foreach (var contestant in contestants)
                rounds[contestant.Name].Add(await field.Wrk.RunAsync(contestant, connections, options.Duration));
        }

        return rounds;
    }

    private static Dictionary<string, Round> Medians(Dictionary<string, List<Round>> rounds) =>
        rounds.ToDictionary(static one => one.Key, static one => Round.Median(one.Value));

    private static Dictionary<string, IReadOnlyList<Round>> Lists(Dictionary<string, List<Round>> rounds) =>
        rounds.ToDictionary(static one => one.Key, static IReadOnlyList<Round> (one) => one.Value);

    private static IEnumerable<Ratio> Ratios(
        Dictionary<string, List<Round>> loaded, Dictionary<string, List<Round>> alone)
    {
        foreach (var (name, rounds) in loaded)
        {
            if (loaded.TryGetValue(Comparison.Before + name, out var before))
                yield return Ratio.Of($"CPU a call, {name}", Cpu(rounds), Cpu(before));
        }

        foreach (var (name, rounds) in alone)
        {
            if (alone.TryGetValue(Comparison.Before + name, out var before))
                yield return Ratio.Of($"median at one connection, {name}", P50(rounds), P50(before));
        }

        static double[] Cpu(List<Round> rounds) => [.. rounds.Select(static round => round.CpuPerCall)];
        static double[] P50(List<Round> rounds) => [.. rounds.Select(static round => round.P50)];
    }

    private static async Task<IReadOnlyList<Ratio>> StartsAsync(
        Field field, SideBySideOptions options, Action<string> log, CancellationToken cancellationToken)
    {
        log("starting both again and again");
        List<(double ReadyMs, double IdleMb)> after = [], before = [];
        for (var turn = 0; turn < options.Rounds; turn++)
        {
            after.Add(await field.StartOnceAsync(Tools.Gateway(options.Gateway), cancellationToken));
            before.Add(await field.StartOnceAsync(options.Before!, cancellationToken));
        }

        return
        [
            Ratio.Of("start to ready", [.. after.Select(static one => one.ReadyMs)],
                [.. before.Select(static one => one.ReadyMs)]),
            Ratio.Of("idle memory", [.. after.Select(static one => one.IdleMb)],
                [.. before.Select(static one => one.IdleMb)]),
        ];
    }
}
