using System.Collections.Concurrent;

namespace Gateway.Orleans.Client;

/// <summary>A line to the desk of each silo that owns a counter this process asked lately.</summary>
internal sealed class SiloChannels(ClientContext tools)
{
    private readonly ConcurrentDictionary<string, SiloChannel> _lines = new(StringComparer.Ordinal);

    /// <summary>
    /// The line to this desk; null where there is none, as at silos of older releases, or it could not be reached
    /// lately.
    /// </summary>
    public SiloChannel? To(string? name)
    {
        if (name is null) return null;
        var line = _lines.GetOrAdd(name, static (name, tools) => new SiloChannel(name, tools), tools);
        return line.IsOpen ? line : null;
    }

    /// <summary>Tells what is to be told soon.</summary>
    public void Flush()
    {
        foreach (var pair in _lines) pair.Value.Flush();
    }

    /// <summary>Drops those that nothing was asked over for so long.</summary>
    public void Sweep(TimeSpan age)
    {
        foreach (var pair in _lines)
            if (pair.Value.IsIdleFor(age)) _lines.TryRemove(pair);
    }
}
