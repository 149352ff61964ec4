using Gateway.Limits.Counting.Compact;
using Gateway.Limits.Model;

namespace Gateway.Limits.Counting;

/// <summary>
/// The record as one owner last saw it, and the request in progress. At most one request is in progress at a time, each
/// with its own token, so that a reply to any other request is recognized and dropped.
/// </summary>
internal readonly ref struct StoreExchange(CounterMachine counter)
{
    private const int UnknownMax = 3;

    /// <summary>The record as last seen.</summary>
    public CachedRecord Seen => new(
        counter.IsCacheValid,
        counter.Record.Unpack() with { Entries = counter.ActiveState?.Entries },
        SeenArrivals);

    /// <summary>False before the first read and after any event that may have made the last one stale.</summary>
    public bool IsCacheValid => counter.IsCacheValid;

    /// <summary>True if a record was found.</summary>
    public bool IsPresent => counter.Record.IsPresent;

    /// <summary>The window of the record as last seen.</summary>
    public long WindowStartMs => counter.Record.WindowStartMs;

    /// <summary>
    /// Number of calls that had arrived when the last read began. The read is stale for a call that arrived later.
    /// </summary>
    public uint SeenArrivals => counter.ActiveState?.SeenArrivals ?? 0;

    /// <summary>The write in progress, or whose outcome is being read.</summary>
    public PendingWrite? PendingWrite => counter.ActiveState?.PendingWrite;

    /// <summary>The token of the read in progress; 0 if there is none.</summary>
    public uint ReadToken => counter.ActiveState?.ReadToken ?? 0;

    /// <summary>True if the last writes in a row all had an unknown outcome and were not applied.</summary>
    public bool IsFailing => Unknown >= UnknownMax;

    /// <summary>Consecutive writes with an unknown outcome.</summary>
    public int Unknown => counter.ActiveState?.Unknown ?? 0;

    /// <summary>Number of calls that had arrived when the read in progress began.</summary>
    public uint ReadArrivals => counter.ActiveState?.ReadArrivals ?? 0;

    /// <summary>True while a request is in progress.</summary>
    public bool IsBusy =>
        counter.ActiveState is { } activeState && (activeState.PendingWrite is not null || activeState.ReadToken != 0);

    /// <summary>Returns how many numbers of this window belong to some owner, by the record as last seen.</summary>
    public Int128 ReservedIn(long window) =>
        counter.Record.IsPresent && counter.Record.WindowStartMs == window ? counter.Record.Reserved : 0;

    /// <summary>Starts a read and returns its request.</summary>
    public StoreRequest Read(uint arrivals)
    {
        var activeState = counter.EnsureActiveState();
        (activeState.ReadToken, activeState.ReadArrivals) = (NextToken(), arrivals);
        return new StoreRequest(activeState.ReadToken, null, 0);
    }

    /// <summary>Starts a write that replaces the record as last seen, and returns its request.</summary>
    public StoreRequest Write(Reservation record, NumberRange gain, NumberRange fallback, uint arrivals)
    {
        var activeState = counter.EnsureActiveState();
        activeState.PendingWrite = new PendingWrite(NextToken(), record, gain, fallback, arrivals);
        return new StoreRequest(activeState.PendingWrite.Token, record, counter.Record.Nonce);
    }

    /// <summary>Ends the write, which has its reply.</summary>
    public void EndWrite() => counter.ActiveState!.PendingWrite = null;

    /// <summary>
    /// Ends the read, and with it a write of unknown outcome, which is returned; false for a stale reply.
    /// </summary>
    public bool TryEndRead(uint token, out PendingWrite? uncertain)
    {
        uncertain = null;
        if (token == 0 || counter.ActiveState is not { } activeState || token != activeState.ReadToken) return false;
        activeState.ReadToken = 0;
        (uncertain, activeState.PendingWrite) = (activeState.PendingWrite, null);
        return true;
    }

    /// <summary>Stores the record that the read returned.</summary>
    public void Observe(Reservation record) => Observe(record, ReadArrivals);

    /// <summary>Stores the record that this owner wrote.</summary>
    public void Observe(PendingWrite written)
    {
        Observe(written.Record, written.Arrivals);
        ForgetUnknown();
    }

    /// <summary>Stores the record that prevented the write; the store read it after the write was sent.</summary>
    public void Observe(PendingWrite refused, Reservation instead) => Observe(instead, refused.Arrivals);

    /// <summary>Counts another write with an unknown outcome.</summary>
    public void CountUnknown() => counter.ActiveState!.Unknown++;

    /// <summary>Resets the count of writes with an unknown outcome.</summary>
    public void ForgetUnknown()
    {
        if (counter.ActiveState is { } activeState) activeState.Unknown = 0;
    }

    /// <summary>Marks the record as last seen as stale.</summary>
    public void Invalidate() => counter.IsCacheValid = false;

    private void Observe(Reservation record, uint arrivals)
    {
        counter.IsCacheValid = true;

        // No owner writes a number that is not an amount. Count such a record as fully reserved, so that it admits
        // nothing.
        if (record.Reserved < 0 || record.Reserved > Amount.Most.Nano)
            record = record with { Reserved = Amount.Most.Nano };
        counter.Record = new PackedRecord(record);
        if (counter.ActiveState is null && record.Entries is null) return;
        var activeState = counter.EnsureActiveState();
        (activeState.Entries, activeState.SeenArrivals) = (record.Entries, arrivals);
    }

    // An idle counter keeps the last token too: a very late reply must not match a later request.
    private uint NextToken()
    {
        counter.LastToken = unchecked(counter.LastToken + 1);
        if (counter.LastToken == 0) counter.LastToken = 1;
        return counter.LastToken;
    }
}

/// <summary>The record as an owner last saw it, and the age of that read.</summary>
/// <param name="IsValid">False before the first read and after any event that may have made the last one stale.</param>
/// <param name="Record">The record that was read; all zero if there was none.</param>
/// <param name="Arrivals">
/// Number of calls that had arrived when the read began. The read is stale for a call that arrived later.
/// </param>
internal readonly record struct CachedRecord(bool IsValid, Reservation Record, uint Arrivals)
{
    /// <summary>True if a record was found.</summary>
    public bool IsPresent => Record.Nonce != 0;

    /// <summary>Returns how many numbers of this window belong to some owner.</summary>
    public Int128 ReservedIn(long window) => IsPresent && Record.WindowStartMs == window ? Record.Reserved : 0;
}
