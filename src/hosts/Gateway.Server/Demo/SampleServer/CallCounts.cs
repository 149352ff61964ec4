using System.Collections.Concurrent;
using System.Collections.Immutable;

namespace Gateway.Server.Demo.SampleServer;

/// <summary>How many <c>tools/call</c> requests reached the server, by tool; refused ones did not.</summary>
internal sealed class CallCounts
{
    private readonly ConcurrentDictionary<string, long> _byTool = new(StringComparer.Ordinal);

    /// <summary>Calls received for one tool; 0 where none was.</summary>
    public long this[string tool] => _byTool.GetValueOrDefault(tool);

    public long Total => _byTool.Values.Sum();

    public ImmutableSortedDictionary<string, long> Snapshot() =>
        _byTool.ToImmutableSortedDictionary(StringComparer.Ordinal);

    public void Add(string tool) => _byTool.AddOrUpdate(tool, 1, static (_, count) => count + 1);
}
