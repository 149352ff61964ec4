using System.Runtime.InteropServices;
using Gateway.Limits.Model;

namespace Gateway.Limits.Counting;

/// <summary>
/// The calls that wait at one counter, in the order of arrival. Some are parked: refused but for what may come back
/// while their patience lasts. They stand in nobody's way.
/// </summary>
internal readonly ref struct RequestQueue(CounterMachine counter)
{
    /// <summary>Calls that have waited here; only ever compared with what was noted of it since.</summary>
    public uint Arrivals => counter.ActiveState?.Arrivals ?? 0;

    /// <summary>Calls that wait, parked ones included.</summary>
    public int Count => counter.ActiveState?.Queued?.Count ?? 0;

    /// <summary>True if somebody waits whose turn comes before that of a new call.</summary>
    public bool HasQueue =>
        counter.ActiveState is { Queued: { } waiters } activeState && waiters.Count > activeState.Deferred;

    /// <summary>Everybody, in order. Do not change the line meanwhile.</summary>
    public ReadOnlySpan<QueuedRequest> All => CollectionsMarshal.AsSpan(counter.ActiveState?.Queued);

    /// <summary>A call joins the end.</summary>
    public void Add(in CounterRequest ask)
    {
        var activeState = counter.EnsureActiveState();
        activeState.Arrivals = unchecked(activeState.Arrivals + 1);
        (activeState.Queued ??= []).Add(new QueuedRequest(ask, activeState.Arrivals));
    }

    /// <summary>True if that call waits.</summary>
    public bool Contains(CallId id) =>
        counter.ActiveState?.Queued?.Exists(queued => queued.Request.CallId == id) ?? false;

    /// <summary>Takes a call out; false if it does not wait.</summary>
    public bool Remove(CallId id)
    {
        if (counter.ActiveState is not { Queued: { } waiters } activeState) return false;
        var at = waiters.FindIndex(queued => queued.Request.CallId == id);
        if (at < 0) return false;
        Unpark(waiters[at]);
        waiters.RemoveAt(at);
        if (waiters.Count == 0) activeState.Queued = null;
        return true;
    }

    /// <summary>Those between these places have been answered and leave.</summary>
    public void RemoveBetween(int first, int end)
    {
        var activeState = counter.ActiveState!;
        activeState.Queued!.RemoveRange(first, end - first);
        if (activeState.Queued.Count == 0) activeState.Queued = null;
    }

    /// <summary>Puts a waiter at another place (those there have been answered).</summary>
    public void Keep(int at, QueuedRequest queued) => counter.ActiveState!.Queued![at] = queued;

    /// <summary>From now on it only waits for what may come back.</summary>
    public void Defer(QueuedRequest queued)
    {
        if (queued.IsParked) return;
        queued.IsParked = true;
        counter.ActiveState!.Deferred++;
    }

    /// <summary>It waits for its turn again, or is about to leave.</summary>
    public void Unpark(QueuedRequest queued)
    {
        if (!queued.IsParked) return;
        queued.IsParked = false;
        counter.ActiveState!.Deferred--;
    }

    /// <summary>Something came back, or a window began: everybody gets a turn.</summary>
    public void UnparkAll()
    {
        if (counter.ActiveState is not { Deferred: > 0 } activeState) return;
        foreach (var queued in All) queued.IsParked = false;
        activeState.Deferred = 0;
    }

    /// <summary>Everybody leaves.</summary>
    public void Clear()
    {
        if (counter.ActiveState is not { } activeState) return;
        (activeState.Queued, activeState.Deferred) = (null, 0);
    }
}
