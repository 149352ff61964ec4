using System.Collections.Concurrent;

namespace Gateway.Orleans.Client;

/// <summary>Connections to each silo that owns a counter this process used recently.</summary>
internal sealed class SiloChannels(ClientContext tools)
{
    private readonly ConcurrentDictionary<string, SiloChannel> _lines = new(StringComparer.Ordinal);

    /// <summary>
    /// Returns the connection to this batch grain; null if the silo has none, as in older releases, or if it could not
    /// be reached recently.
    /// </summary>
    public SiloChannel? To(string? name)
    {
        if (name is null) return null;
        var line = _lines.GetOrAdd(name, static (name, tools) => new SiloChannel(name, tools), tools);
        return line.IsOpen ? line : null;
    }

    /// <summary>Sends the reports that are due soon.</summary>
    public void Flush()
    {
        foreach (var pair in _lines) pair.Value.Flush();
    }

    /// <summary>Drops connections that were unused for this long.</summary>
    public void Sweep(TimeSpan age)
    {
        foreach (var pair in _lines)
            if (pair.Value.IsIdleFor(age)) _lines.TryRemove(pair);
    }
}
