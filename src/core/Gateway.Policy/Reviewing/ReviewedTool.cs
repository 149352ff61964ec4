using Gateway.Policy.Classes;

namespace Gateway.Policy.Reviewing;

/// <summary>The parts of a server's tool that a review needs.</summary>
/// <param name="Name">Its name.</param>
/// <param name="InputSchema">The JSON Schema of its arguments; empty if unknown.</param>
/// <param name="HighRiskReason">The reason why the tool is considered of high risk; null if it is not.</param>
public sealed record ReviewedTool(string Name, ReadOnlyMemory<byte> InputSchema, string? HighRiskReason)
{
    /// <summary>Its accepted class.</summary>
    public ToolClass Class { get; init; }

    /// <summary>The JSON Schema of its structured results; empty if it has none.</summary>
    public ReadOnlyMemory<byte> OutputSchema { get; init; }
}
