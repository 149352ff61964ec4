using Gateway.LoadTests.Comparing;
using Gateway.LoadTests.Measuring;

namespace Gateway.LoadTests.Table;

/// <summary>
/// The cost of a call, compared with nginx and with a proxy that only forwards, all in the same turns.
/// </summary>
internal static class CallFigures
{
    private const string Nginx = "nginx";
    private const string Gateway = "gateway";
    private const string Inline = "gateway inline";

    public static readonly TableSource Source = new(
        [
            TableRows.CallInline, TableRows.CallDefault, TableRows.OwnTime, TableRows.Denied, TableRows.Limited,
            TableRows.AddedDefault, TableRows.AddedInline,
        ],
        RunAsync);

    /// <summary>Returns the rows from the results of a comparison.</summary>
    public static IReadOnlyList<Measured> Of(Comparison comparison)
    {
        var (loaded, alone) = (comparison.LoadedRounds, comparison.AloneRounds);
        return
        [
            new(TableRows.CallInline, Ratio(Inline, Nginx), OfBefore(loaded, Inline, Cpu)),
            new(TableRows.CallDefault, Ratio(Gateway, Nginx), OfBefore(loaded, Gateway, Cpu)),
            .. OwnTime(loaded),
            new(TableRows.Denied, new("", Cpu(loaded[$"{Inline}, denied"])),
                OfBefore(loaded, $"{Inline}, denied", Cpu)),
            new(TableRows.Limited, new("", Cpu(loaded[$"{Inline}, rate limited"])),
                OfBefore(loaded, $"{Inline}, rate limited", Cpu)),
            new(TableRows.AddedDefault, Series.Above("", P50(alone[Gateway]), P50(alone[Nginx])),
                OfBefore(alone, Gateway, P50)),
            new(TableRows.AddedInline, Series.Above("", P50(alone[Inline]), P50(alone[Nginx])),
                OfBefore(alone, Inline, P50)),
        ];

        Series Ratio(string one, string other) => Series.Ratio("", Cpu(loaded[one]), Cpu(loaded[other]));
    }

    private static async Task<IReadOnlyList<Measured>> RunAsync(
        TableOptions options, Action<string> log, CancellationToken cancellationToken)
    {
        var comparison = await SideBySide.RunAsync(
            new SideBySideOptions
            {
                Gateway = options.Gateway,
                Before = options.Before,
                Rounds = options.Rounds,
                Duration = options.Turn,
            },
            log, cancellationToken);
        return Of(comparison);
    }

    private static IEnumerable<Measured> OwnTime(IReadOnlyDictionary<string, IReadOnlyList<Round>> loaded)
    {
        if (!loaded.TryGetValue(Comparison.BareInline, out var bare))
            yield break;
        yield return new Measured(
            TableRows.OwnTime, Series.Above("", User(loaded[Inline]), User(bare)), OfBefore(loaded, Inline, User));
    }

    private static Series? OfBefore(
        IReadOnlyDictionary<string, IReadOnlyList<Round>> rounds, string name,
        Func<IReadOnlyList<Round>, double[]> figure) =>
        rounds.TryGetValue(Comparison.Before + name, out var before)
            ? Series.Ratio("", figure(rounds[name]), figure(before))
            : null;

    private static double[] Cpu(IReadOnlyList<Round> rounds) => [.. rounds.Select(static one => one.CpuPerCall)];

    private static double[] User(IReadOnlyList<Round> rounds) => [.. rounds.Select(static one => one.UserPerCall)];

    private static double[] P50(IReadOnlyList<Round> rounds) => [.. rounds.Select(static one => one.P50)];
}
