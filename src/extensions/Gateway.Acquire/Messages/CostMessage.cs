using System.Text.Json;

namespace Gateway.Acquire.Messages;

/// <summary>An amount to charge to one budget, or to return to it.</summary>
internal sealed record CostMessage
{
    public required string Budget { get; init; }

    /// <summary>The key, for a keyed budget.</summary>
    public string? Key { get; init; }

    /// <summary>A number above 0, or a string that contains one; 1 if absent.</summary>
    public JsonElement? Cost { get; init; }
}
