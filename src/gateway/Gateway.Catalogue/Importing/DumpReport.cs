namespace Gateway.Catalogue.Importing;

/// <summary>What became of an import.</summary>
/// <param name="Files">Files that were read.</param>
/// <param name="Servers">Servers in the index.</param>
/// <param name="Tools">Tools in the index.</param>
/// <param name="Repeated">Tools that stood there before under the same server and name; the first counts.</param>
/// <param name="Refused">How much was refused.</param>
/// <param name="Refusals">The first of them.</param>
/// <param name="IndexBytes">Length of the index; 0 where none was made.</param>
/// <param name="Took">How long it took.</param>
public sealed record DumpReport(
    int Files, int Servers, int Tools, int Repeated, int Refused, IReadOnlyList<DumpRefusal> Refusals, long IndexBytes,
    TimeSpan Took)
{
    /// <summary>Tools a second.</summary>
    public double Speed => Tools / Math.Max(Took.TotalSeconds, 0.001);
}
