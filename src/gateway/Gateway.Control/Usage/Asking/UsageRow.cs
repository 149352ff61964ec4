namespace Gateway.Control.Usage.Asking;

/// <summary>The calls of one server, grant, tool, policy, caller or outcome.</summary>
/// <param name="Name">The row's name; <c>(other)</c> for the total of calls without a row of their own.</param>
/// <param name="Server">The tool's server; null if the row is not a tool.</param>
/// <param name="Calls">The number of decisions, including refused ones.</param>
/// <param name="Refused">The number of refused calls.</param>
/// <param name="CallsOverTime">The calls of each point; null for a point without figures.</param>
/// <param name="RefusedOverTime">The refused calls of each point; null for a point without figures.</param>
public sealed record UsageRow(
    string Name,
    string? Server,
    long Calls,
    long Refused,
    IReadOnlyList<long?> CallsOverTime,
    IReadOnlyList<long?> RefusedOverTime)
{
    /// <summary>The results of its calls; absent for an outcome.</summary>
    public UsageResults? Results { get; init; }
}
