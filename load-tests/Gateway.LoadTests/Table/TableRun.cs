using System.Runtime.CompilerServices;

namespace Gateway.LoadTests.Table;

/// <summary>
/// The measurement of the requested rows, one source after the other; all of them take most of an hour.
/// </summary>
internal static class TableRun
{
    private static readonly TableSource[] Sources =
    [
        CallFigures.Source, ProgramFigures.Hot, ProgramFigures.Million, ProgramFigures.Memory, ProgramFigures.Cluster,
        ProgramFigures.Fleet, SizeFigures.Grants, SizeFigures.Start, GatewayFigures.Stream, GatewayFigures.Audit,
        GatewayFigures.Start, SteadyFigures.Source,
    ];

    /// <summary>The rows that have a source.</summary>
    public static IEnumerable<string> Keys => Sources.SelectMany(static source => source.Keys);

    /// <param name="wanted">The keys; empty for all.</param>
    /// <param name="options">The number and duration of the measurements.</param>
    /// <param name="log">Receives the progress, and the rows that could not be measured.</param>
    /// <param name="cancellationToken">Ends the run.</param>
    /// <returns>All measurements so far, after each source, so that an interrupted run still has them.</returns>
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
                // Its rows are shown as not measured; the others are still useful.
                log($"{string.Join(", ", source.Keys)}: {e.Message}");
            }

            yield return [.. found.Where(one => wanted.Count == 0 || wanted.Contains(one.Key))];
        }
    }
}
