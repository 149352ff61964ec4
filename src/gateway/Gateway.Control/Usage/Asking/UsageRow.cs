namespace Gateway.Control.Usage.Asking;

/// <summary>The calls of one server, grant, tool or outcome.</summary>
/// <param name="Name">Its name; <c>(other)</c> for those that have no row of their own.</param>
/// <param name="Server">The tool's server; null where a row is no tool.</param>
/// <param name="Calls">Decisions in all, refused ones among them.</param>
/// <param name="Refused">Those that were refused.</param>
/// <param name="CallsOverTime">The calls of each point; null where nobody has figures.</param>
/// <param name="RefusedOverTime">The refused ones of each point, likewise.</param>
public sealed record UsageRow(
    string Name,
    string? Server,
    long Calls,
    long Refused,
    IReadOnlyList<long?> CallsOverTime,
    IReadOnlyList<long?> RefusedOverTime);
