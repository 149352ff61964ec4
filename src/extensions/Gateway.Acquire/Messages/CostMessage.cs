using System.Text.Json;

namespace Gateway.Acquire.Messages;

/// <summary>What is charged to one budget, or given back to it.</summary>
internal sealed record CostMessage
{
    public required string Budget { get; init; }

    /// <summary>What is counted apart, for a budget that says so.</summary>
    public string? Key { get; init; }

    /// <summary>A number above 0, or a string that holds one; 1 where it is absent.</summary>
    public JsonElement? Cost { get; init; }
}
