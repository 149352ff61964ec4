using System.Collections.Immutable;
using Gateway.Control.Contracts;

namespace Gateway.Control.Definitions;

/// <summary>The timeouts of requests to one server.</summary>
/// <param name="Call">The timeout of any request; null to wait as long as the client does.</param>
/// <param name="Max">
/// The maximum time to which progress extends a call, from its start; never less than the call's own timeout.
/// </param>
/// <param name="Tools">The timeouts of calls by the name of the tool, sorted; they replace <c>Call</c>.</param>
public sealed record ServerTimeouts(TimeSpan? Call, TimeSpan Max, ImmutableSortedDictionary<string, TimeSpan> Tools)
{
    /// <summary>The configuration that <see cref="Of(ServerTimeoutsSpec)"/> reads.</summary>
    public ServerTimeoutsSpec Spec => new()
    {
        CallSeconds = (int?)Call?.TotalSeconds,
        MaxSeconds = Max.TotalSeconds is ServerTimeoutsSpec.MaxSecondsDefault ? null : (int)Max.TotalSeconds,
        Tools = Tools.IsEmpty ? null
            : Tools.ToDictionary(static tool => tool.Key, static tool => (int)tool.Value.TotalSeconds),
    };

    /// <summary>Builds the timeouts from their configuration.</summary>
    public static ServerTimeouts Of(ServerTimeoutsSpec spec)
    {
        ArgumentNullException.ThrowIfNull(spec);
        return new ServerTimeouts(
            spec.CallSeconds is { } call ? TimeSpan.FromSeconds(call) : null,
            TimeSpan.FromSeconds(spec.MaxSeconds ?? ServerTimeoutsSpec.MaxSecondsDefault),
            (spec.Tools ?? []).ToImmutableSortedDictionary(
                static tool => tool.Key, static tool => TimeSpan.FromSeconds(tool.Value), StringComparer.Ordinal));
    }

    /// <summary>Returns the timeout of a call; null if it has none.</summary>
    /// <param name="tool">The tool; null for any other request.</param>
    public TimeSpan? Of(string? tool) => tool is not null && Tools.TryGetValue(tool, out var own) ? own : Call;
}
