using System.Collections.Concurrent;
using System.Collections.Immutable;

namespace Gateway.Hosting.Demo.SampleServer;

/// <summary>How many <c>tools/call</c> requests reached the server, by tool; refused ones did not.</summary>
public sealed class CallCounts
{
    private readonly ConcurrentDictionary<string, long> _byTool = new(StringComparer.Ordinal);

    /// <summary>Calls received for one tool; 0 where none was.</summary>
    public long this[string tool] => _byTool.GetValueOrDefault(tool);

    /// <summary>Of all tools.</summary>
    public long Total => _byTool.Values.Sum();

    /// <summary>The counts by tool, as they are now.</summary>
    public ImmutableSortedDictionary<string, long> Snapshot() =>
        _byTool.ToImmutableSortedDictionary(StringComparer.Ordinal);

    /// <summary>Counts a call.</summary>
    public void Add(string tool) => _byTool.AddOrUpdate(tool, 1, static (_, count) => count + 1);
}
