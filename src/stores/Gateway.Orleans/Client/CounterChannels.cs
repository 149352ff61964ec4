using System.Collections.Concurrent;
using Gateway.Limits.Engine;
using Gateway.Limits.Model;
using Gateway.Orleans.Wire;
using Microsoft.Extensions.Logging;

namespace Gateway.Orleans.Client;

/// <summary>A connection to each counter that this process used recently; unused ones are dropped.</summary>
internal sealed class CounterChannels : IDisposable
{
    private static readonly TimeSpan FlushEvery = TimeSpan.FromMilliseconds(100);
    private static readonly TimeSpan IdleAge = TimeSpan.FromMinutes(2);

    /// <summary>
    /// The idle time at the bound of connections; dropping them loses nothing, because they count nothing.
    /// </summary>
    private static readonly TimeSpan IdleAgeAtBound = TimeSpan.FromSeconds(1);

    private readonly ConcurrentDictionary<CounterKey, CounterChannel> _lines = new();
    private readonly ConcurrentQueue<CounterChannel> _dirty = new();
    private readonly CounterQuota _quota;
    private readonly ClientContext _tools;
    private readonly SiloChannels _siloChannels;
    private readonly ITimer _flush;
    private readonly ITimer _sweep;
    private long _sweptAt;

    public CounterChannels(
        IGrainFactory grains, ClusterEngineOptions options, TimeProvider time, ProcessClock clock, ILogger log)
    {
        _tools = new ClientContext(grains, options, time, clock, new ClockSkewMonitor(time), new OwnersMoving(time),
            log);
        _siloChannels = new SiloChannels(_tools);
        _quota = new CounterQuota(options.Bounds);
        _flush = time.CreateTimer(static lines => ((CounterChannels)lines!).Flush(), this, FlushEvery, FlushEvery);
        _sweep = time.CreateTimer(static lines => ((CounterChannels)lines!).Sweep(), this, IdleAge, IdleAge);
    }

    /// <summary>
    /// Reason why this process's clock cannot be trusted; null while the owners' clocks agree with it.
    /// </summary>
    public string? ClockFault => _tools.Clocks.Fault;

    /// <summary>Returns the connection to this counter; null at the bound of connections.</summary>
    public CounterChannel? To(CounterKey key)
    {
        if (key.CounterHandle is CounterChannel last && last.IsKeptBy(_tools)) return last;
        if (!_lines.TryGetValue(key, out var line))
        {
            if (!TryEnter(key)) return null;
            var opened = Open(key);
            line = _lines.GetOrAdd(key, opened);
            if (line != opened) _quota.Leave(key);
        }

        key.CounterHandle = line;
        return line;
    }

    public void Dispose()
    {
        _flush.Dispose();
        _sweep.Dispose();
        _tools.Moving.Dispose();
    }

    private CounterChannel Open(CounterKey key) =>
        new(_tools.Grains.GetGrain<ICounterGrain>(key.Text), _tools, _siloChannels, _dirty);

    private bool TryEnter(CounterKey key)
    {
        if (_quota.TryEnter(key)) return true;
        var (now, sweptAt) = (_tools.Time.GetTimestamp(), Volatile.Read(ref _sweptAt));
        if (_tools.Time.GetElapsedTime(sweptAt, now) < IdleAgeAtBound) return false;
        if (Interlocked.CompareExchange(ref _sweptAt, now, sweptAt) != sweptAt) return false;
        Sweep(IdleAgeAtBound);
        return _quota.TryEnter(key);
    }

    private void Flush()
    {
        for (var left = _dirty.Count; left > 0 && _dirty.TryDequeue(out var line); left--) line.Flush();
        _siloChannels.Flush();
    }

    /// <summary>Drops connections that were unused for this long.</summary>
    internal void Sweep()
    {
        Sweep(IdleAge);
        _siloChannels.Sweep(IdleAge);
    }

    private void Sweep(TimeSpan age)
    {
        foreach (var pair in _lines)
        {
            if (!pair.Value.IsIdleFor(age) || !_lines.TryRemove(pair)) continue;
            pair.Value.Evict();
            _quota.Leave(pair.Key);
        }
    }
}
