namespace Gateway.Catalogue.Importing;

/// <summary>The result of an import.</summary>
/// <param name="Files">The number of files read.</param>
/// <param name="Servers">The number of servers in the index.</param>
/// <param name="Tools">The number of tools in the index.</param>
/// <param name="Repeated">
/// The number of tools that repeat an earlier one of the same server and name; the first counts.
/// </param>
/// <param name="Refused">The number of refused entries.</param>
/// <param name="Refusals">The first refused entries.</param>
/// <param name="IndexBytes">The length of the index; 0 if none was written.</param>
/// <param name="Took">The duration.</param>
public sealed record DumpReport(
    int Files, int Servers, int Tools, int Repeated, int Refused, IReadOnlyList<DumpRefusal> Refusals, long IndexBytes,
    TimeSpan Took)
{
    /// <summary>The number of tools per second.</summary>
    public double Speed => Tools / Math.Max(Took.TotalSeconds, 0.001);
}
