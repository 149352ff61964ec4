namespace Gateway.Policy.Reviewing;

/// <summary>A tool that a server offers, as far as a review looks at it.</summary>
/// <param name="Name">Its name.</param>
/// <param name="InputSchema">The JSON Schema of its arguments; empty where it is not known.</param>
/// <param name="HighRiskReason">Why it is thought to be able to do harm; null where it is not.</param>
public sealed record ReviewedTool(string Name, ReadOnlyMemory<byte> InputSchema, string? HighRiskReason)
{
    /// <summary>The JSON Schema of its structured answers; empty where it has none.</summary>
    public ReadOnlyMemory<byte> OutputSchema { get; init; }
}
