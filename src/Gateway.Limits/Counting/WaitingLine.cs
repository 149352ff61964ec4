using System.Runtime.InteropServices;

namespace Gateway.Limits.Counting;

/// <summary>
/// The calls that wait at one counter, in the order of arrival. Some are parked: refused but for what may come back
/// while their patience lasts. They stand in nobody's way.
/// </summary>
internal readonly ref struct WaitingLine(OwnedCounter counter)
{
    /// <summary>Calls that have waited here; only ever compared with what was noted of it since.</summary>
    public uint Arrivals => counter.Errands?.Arrivals ?? 0;

    /// <summary>Calls that wait, parked ones included.</summary>
    public int Count => counter.Errands?.Waiters?.Count ?? 0;

    /// <summary>True if somebody waits whose turn comes before that of a new call.</summary>
    public bool HasQueue => counter.Errands is { Waiters: { } waiters } errands && waiters.Count > errands.Parked;

    /// <summary>Everybody, in order. Do not change the line meanwhile.</summary>
    public ReadOnlySpan<Waiter> All => CollectionsMarshal.AsSpan(counter.Errands?.Waiters);

    /// <summary>A call joins the end.</summary>
    public void Add(in CounterAsk ask)
    {
        var errands = counter.EnsureErrands();
        errands.Arrivals = unchecked(errands.Arrivals + 1);
        (errands.Waiters ??= []).Add(new Waiter(ask, errands.Arrivals));
    }

    /// <summary>True if that call waits.</summary>
    public bool Contains(CallId id) => counter.Errands?.Waiters?.Exists(waiter => waiter.Ask.CallId == id) ?? false;

    /// <summary>Takes a call out; false if it does not wait.</summary>
    public bool Remove(CallId id)
    {
        if (counter.Errands is not { Waiters: { } waiters } errands) return false;
        var at = waiters.FindIndex(waiter => waiter.Ask.CallId == id);
        if (at < 0) return false;
        Unpark(waiters[at]);
        waiters.RemoveAt(at);
        if (waiters.Count == 0) errands.Waiters = null;
        return true;
    }

    /// <summary>Those between these places have been answered and leave.</summary>
    public void RemoveBetween(int first, int end)
    {
        var errands = counter.Errands!;
        errands.Waiters!.RemoveRange(first, end - first);
        if (errands.Waiters.Count == 0) errands.Waiters = null;
    }

    /// <summary>Puts a waiter at another place (those there have been answered).</summary>
    public void Keep(int at, Waiter waiter) => counter.Errands!.Waiters![at] = waiter;

    /// <summary>From now on it only waits for what may come back.</summary>
    public void Park(Waiter waiter)
    {
        if (waiter.IsParked) return;
        waiter.IsParked = true;
        counter.Errands!.Parked++;
    }

    /// <summary>It waits for its turn again, or is about to leave.</summary>
    public void Unpark(Waiter waiter)
    {
        if (!waiter.IsParked) return;
        waiter.IsParked = false;
        counter.Errands!.Parked--;
    }

    /// <summary>Something came back, or a window began: everybody gets a turn.</summary>
    public void UnparkAll()
    {
        if (counter.Errands is not { Parked: > 0 } errands) return;
        foreach (var waiter in All) waiter.IsParked = false;
        errands.Parked = 0;
    }

    /// <summary>Everybody leaves.</summary>
    public void Clear()
    {
        if (counter.Errands is not { } errands) return;
        (errands.Waiters, errands.Parked) = (null, 0);
    }
}
