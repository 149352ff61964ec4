using Gateway.Proxy.Scanning;

namespace Gateway.Proxy.Pinning;

/// <summary>The accepted version of a tool, as stored.</summary>
/// <param name="Contract">The hash of its contract.</param>
/// <param name="Hints">The hash of its hints.</param>
/// <param name="Display">The hash of its display members.</param>
/// <param name="Safety">The harmlessness that its hints claimed.</param>
/// <param name="By">The name of the person who accepted it; <see cref="Baseline"/> for the first complete list.</param>
/// <param name="At">The time of acceptance.</param>
/// <param name="Definition">The full definition; null if it is unchanged or too long to keep.</param>
public sealed record AcceptedTool(
    string Contract, string Hints, string Display, string Safety, string By, DateTimeOffset At, string? Definition)
{
    /// <summary>The name under which the first complete list is accepted.</summary>
    public const string Baseline = "(baseline)";

    /// <summary>The hash of the findings that were shown at acceptance; null if there were none.</summary>
    public string? Findings { get; init; }

    /// <summary>Returns one hash of all findings, or null if there are none.</summary>
    public static string? HashOf(IReadOnlyList<Finding>? findings) => findings is not { Count: > 0 }
        ? null
        : ToolDefinition.HashOf(string.Join('\n', findings.Select(
            static one => $"{one.Kind} {one.Place} {one.Reason}")));

    /// <summary>Returns a copy without the text of its definition.</summary>
    public AcceptedTool WithoutText() => this with { Definition = null };
}
