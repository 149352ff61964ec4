namespace Gateway.Limits.Counting;

/// <summary>
/// The calls that wait at one counter, in the order of arrival. Some are parked: refused but for what may come back
/// while their patience lasts. They stand in nobody's way.
/// </summary>
internal struct WaitingLine
{
    private List<Waiter>? _waiters;
    private int _parked;

    /// <summary>Calls that have ever waited here; wraps around.</summary>
    public uint Arrivals { get; private set; }

    /// <summary>Calls that wait, parked ones included.</summary>
    public readonly int Count => _waiters?.Count ?? 0;

    /// <summary>True if somebody waits whose turn comes before that of a new call.</summary>
    public readonly bool HasQueue => Count > _parked;

    /// <summary>Everybody, in order. Do not change the line meanwhile.</summary>
    public readonly ReadOnlySpan<Waiter> All => System.Runtime.InteropServices.CollectionsMarshal.AsSpan(_waiters);

    /// <summary>A call joins the end.</summary>
    public void Add(in CounterAsk ask)
    {
        Arrivals = unchecked(Arrivals + 1);
        (_waiters ??= []).Add(new Waiter(ask, Arrivals));
    }

    /// <summary>True if that call waits.</summary>
    public readonly bool Contains(CallId id) => _waiters?.Exists(waiter => waiter.Ask.CallId == id) ?? false;

    /// <summary>Takes a call out; false if it does not wait.</summary>
    public bool Remove(CallId id)
    {
        var at = _waiters?.FindIndex(waiter => waiter.Ask.CallId == id) ?? -1;
        if (at < 0) return false;
        Unpark(_waiters![at]);
        _waiters.RemoveAt(at);
        if (_waiters.Count == 0) _waiters = null;
        return true;
    }

    /// <summary>Those between these places have been answered and leave.</summary>
    public void RemoveBetween(int first, int end)
    {
        _waiters!.RemoveRange(first, end - first);
        if (_waiters.Count == 0) _waiters = null;
    }

    /// <summary>Puts a waiter at another place (those there have been answered).</summary>
    public readonly void Keep(int at, Waiter waiter) => _waiters![at] = waiter;

    /// <summary>From now on it only waits for what may come back.</summary>
    public void Park(Waiter waiter)
    {
        if (waiter.IsParked) return;
        waiter.IsParked = true;
        _parked++;
    }

    /// <summary>It waits for its turn again, or is about to leave.</summary>
    public void Unpark(Waiter waiter)
    {
        if (!waiter.IsParked) return;
        waiter.IsParked = false;
        _parked--;
    }

    /// <summary>Something came back, or a window began: everybody gets a turn.</summary>
    public void UnparkAll()
    {
        if (_parked == 0) return;
        foreach (var waiter in All) waiter.IsParked = false;
        _parked = 0;
    }

    /// <summary>Everybody leaves.</summary>
    public void Clear()
    {
        _waiters = null;
        _parked = 0;
    }

    /// <summary>A copy that shares nothing that moves.</summary>
    public readonly WaitingLine Copy() => this with { _waiters = _waiters?.ConvertAll(waiter => waiter with { }) };
}
