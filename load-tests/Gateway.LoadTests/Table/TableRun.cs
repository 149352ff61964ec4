using System.Runtime.CompilerServices;

namespace Gateway.LoadTests.Table;

/// <summary>Measures the rows that are wanted, one source after the other; all of them take most of an hour.</summary>
internal static class TableRun
{
    private static readonly TableSource[] Sources =
    [
        CallFigures.Source, ProgramFigures.Hot, ProgramFigures.Million, ProgramFigures.Memory, ProgramFigures.Cluster,
        ProgramFigures.Fleet, SizeFigures.Grants, SizeFigures.Start, GatewayFigures.Stream, GatewayFigures.Audit,
        GatewayFigures.Start, SteadyFigures.Source,
    ];

    /// <summary>The rows that a source measures.</summary>
    public static IEnumerable<string> Keys => Sources.SelectMany(static source => source.Keys);

    /// <param name="wanted">Keys; empty for all.</param>
    /// <param name="options">How long and how often.</param>
    /// <param name="log">Is told what is under way, and what could not be measured.</param>
    /// <param name="cancellationToken">Ends the run.</param>
    /// <returns>All that was measured so far, after each source: a run that is cut short leaves that.</returns>
    public static async IAsyncEnumerable<IReadOnlyList<Measured>> RunAsync(
        IReadOnlyCollection<string> wanted, TableOptions options, Action<string> log,
        [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        List<Measured> found = [];
        foreach (var source in Sources.Where(source => wanted.Count == 0 || source.Keys.Any(wanted.Contains)))
        {
            try
            {
                found.AddRange(await source.MeasureAsync(options, log, cancellationToken));
            }
            catch (Exception e) when (e is InvalidOperationException or IOException)
            {
                // Its rows say that they were not measured; the others are worth having.
                log($"{string.Join(", ", source.Keys)}: {e.Message}");
            }

            yield return [.. found.Where(one => wanted.Count == 0 || wanted.Contains(one.Key))];
        }
    }
}
