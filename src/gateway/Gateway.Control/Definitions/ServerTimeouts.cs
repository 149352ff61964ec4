using System.Collections.Immutable;

namespace Gateway.Control.Definitions;

/// <summary>How long calls wait for the response of one server.</summary>
/// <param name="Call">Of any request; null for as long as its client waits.</param>
/// <param name="Max">How long progress extends a call, from its beginning; at least its timeout in any case.</param>
/// <param name="Tools">Of calls of these tools.</param>
public sealed record ServerTimeouts(TimeSpan? Call, TimeSpan Max, ImmutableDictionary<string, TimeSpan> Tools)
{
    /// <summary>The longest that progress extends a call where the operator does not say. 10 min.</summary>
    public static TimeSpan DefaultMax { get; } = TimeSpan.FromMinutes(10);

    /// <summary>Returns the timeout of a call; null where there is none.</summary>
    /// <param name="tool">The tool; null for any other request.</param>
    public TimeSpan? Of(string? tool) => tool is not null && Tools.TryGetValue(tool, out var own) ? own : Call;
}
