using Gateway.Proxy.Scanning;

namespace Gateway.Proxy.Pinning;

/// <summary>What was accepted of a tool; as it is stored.</summary>
/// <param name="Contract">The hash of its contract.</param>
/// <param name="Hints">Of its hints.</param>
/// <param name="Display">Of what is only shown.</param>
/// <param name="Safety">How harmless its hints said that it is.</param>
/// <param name="By">Who accepted it; <see cref="Baseline"/> for the first complete list.</param>
/// <param name="At">When.</param>
/// <param name="Definition">
/// All that the server said of it; null where it still says so, or it is too long to keep.
/// </param>
public sealed record AcceptedTool(
    string Contract, string Hints, string Display, string Safety, string By, DateTimeOffset At, string? Definition)
{
    /// <summary>Who accepts the first complete list.</summary>
    public const string Baseline = "(baseline)";

    /// <summary>The findings that whoever accepted it saw, as a hash; null for none.</summary>
    public string? Findings { get; init; }

    /// <summary>Findings as one hash; null for none.</summary>
    public static string? HashOf(IReadOnlyList<Finding>? findings) => findings is not { Count: > 0 }
        ? null
        : ToolDefinition.HashOf(string.Join('\n', findings.Select(
            static one => $"{one.Kind} {one.Place} {one.Reason}")));

    /// <summary>Returns the same tool without the text of its definition.</summary>
    public AcceptedTool WithoutText() => this with { Definition = null };
}
