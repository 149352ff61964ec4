using System.Collections.Concurrent;
using System.Collections.Immutable;

namespace Gateway.Hosting.Demo.SampleServer;

/// <summary>The number of <c>tools/call</c> requests that reached the server, by tool; refused ones did not.</summary>
public sealed class CallCounts
{
    private readonly ConcurrentDictionary<string, long> _byTool = new(StringComparer.Ordinal);

    /// <summary>The number of calls received for one tool; 0 if there were none.</summary>
    public long this[string tool] => _byTool.GetValueOrDefault(tool);

    /// <summary>The number of calls of all tools.</summary>
    public long Total => _byTool.Values.Sum();

    /// <summary>Returns the present counts by tool.</summary>
    public ImmutableSortedDictionary<string, long> Snapshot() =>
        _byTool.ToImmutableSortedDictionary(StringComparer.Ordinal);

    /// <summary>Counts a call.</summary>
    public void Add(string tool) => _byTool.AddOrUpdate(tool, 1, static (_, count) => count + 1);
}
