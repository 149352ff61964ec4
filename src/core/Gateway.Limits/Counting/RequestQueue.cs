using System.Runtime.InteropServices;
using Gateway.Limits.Model;

namespace Gateway.Limits.Counting;

/// <summary>
/// The calls that wait at one counter, in the order of arrival. Some are parked: they are refused at their deadline
/// unless numbers come back. Parked calls do not block later ones.
/// </summary>
internal readonly ref struct RequestQueue(CounterMachine counter)
{
    /// <summary>Number of calls that have waited here; only ever compared with an earlier value of itself.</summary>
    public uint Arrivals => counter.ActiveState?.Arrivals ?? 0;

    /// <summary>Number of waiting calls, parked ones included.</summary>
    public int Count => counter.ActiveState?.Queued?.Count ?? 0;

    /// <summary>True if a call waits whose turn comes before that of a new call.</summary>
    public bool HasQueue =>
        counter.ActiveState is { Queued: { } waiters } activeState && waiters.Count > activeState.Deferred;

    /// <summary>All waiting calls, in order. Do not change the queue while using the span.</summary>
    public ReadOnlySpan<QueuedRequest> All => CollectionsMarshal.AsSpan(counter.ActiveState?.Queued);

    public void Add(in CounterRequest ask)
    {
        var activeState = counter.EnsureActiveState();
        activeState.Arrivals = unchecked(activeState.Arrivals + 1);
        (activeState.Queued ??= []).Add(new QueuedRequest(ask, activeState.Arrivals));
    }

    public bool Contains(CallId id) =>
        counter.ActiveState?.Queued?.Exists(queued => queued.Request.CallId == id) ?? false;

    /// <summary>Removes a call; false if it does not wait.</summary>
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

    /// <summary>Removes the calls between these positions, which have their replies.</summary>
    public void RemoveBetween(int first, int end)
    {
        var activeState = counter.ActiveState!;
        activeState.Queued!.RemoveRange(first, end - first);
        if (activeState.Queued.Count == 0) activeState.Queued = null;
    }

    /// <summary>Moves a waiting call to another position, whose call has its reply.</summary>
    public void Keep(int at, QueuedRequest queued) => counter.ActiveState!.Queued![at] = queued;

    /// <summary>Parks a call: from now on it only waits for numbers that may come back.</summary>
    public void Defer(QueuedRequest queued)
    {
        if (queued.IsParked) return;
        queued.IsParked = true;
        counter.ActiveState!.Deferred++;
    }

    /// <summary>Ends the parking of a call, which waits for its turn again or is about to leave.</summary>
    public void Unpark(QueuedRequest queued)
    {
        if (!queued.IsParked) return;
        queued.IsParked = false;
        counter.ActiveState!.Deferred--;
    }

    /// <summary>Gives every call a turn again, because numbers came back or a window began.</summary>
    public void UnparkAll()
    {
        if (counter.ActiveState is not { Deferred: > 0 } activeState) return;
        foreach (var queued in All) queued.IsParked = false;
        activeState.Deferred = 0;
    }

    public void Clear()
    {
        if (counter.ActiveState is not { } activeState) return;
        (activeState.Queued, activeState.Deferred) = (null, 0);
    }
}

/// <summary>A call that waits at a counter. Owned by that counter.</summary>
/// <param name="Request">The call's request.</param>
/// <param name="Arrival">
/// The call's position in the order of arrival. A read of the record is fresh for it only if begun later.
/// </param>
public sealed record QueuedRequest(CounterRequest Request, uint Arrival)
{
    /// <summary>True while it waits for numbers that may come back, rather than for the store.</summary>
    public bool IsParked { get; set; }
}
