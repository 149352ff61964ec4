using System.Collections.Immutable;

namespace Gateway.Control.Definitions;

/// <summary>How long calls wait for the response of one server.</summary>
/// <param name="Call">The timeout of any request; null for as long as its client waits.</param>
/// <param name="Max">How long progress extends a call, from its beginning; at least its timeout in any case.</param>
/// <param name="Tools">The timeouts of calls by the name of their tool, sorted, in place of <c>Call</c>.</param>
public sealed record ServerTimeouts(TimeSpan? Call, TimeSpan Max, ImmutableSortedDictionary<string, TimeSpan> Tools)
{
    /// <summary>The longest that progress extends a call where the operator does not say. 10 min.</summary>
    public static TimeSpan DefaultMax { get; } = TimeSpan.FromMinutes(10);

    /// <summary>Converts timeouts in whole seconds, as operators write them and the store keeps them.</summary>
    public static ServerTimeouts FromSeconds(int? call, int? max, IReadOnlyDictionary<string, int>? tools) => new(
        call is { } ofCall ? TimeSpan.FromSeconds(ofCall) : null,
        max is { } ofAll ? TimeSpan.FromSeconds(ofAll) : DefaultMax,
        tools is null ? ImmutableSortedDictionary<string, TimeSpan>.Empty : tools.ToImmutableSortedDictionary(
            static tool => tool.Key, static tool => TimeSpan.FromSeconds(tool.Value), StringComparer.Ordinal));

    /// <summary>Returns the timeout of a call; null if it has none.</summary>
    /// <param name="tool">The tool; null for any other request.</param>
    public TimeSpan? Of(string? tool) => tool is not null && Tools.TryGetValue(tool, out var own) ? own : Call;
}
