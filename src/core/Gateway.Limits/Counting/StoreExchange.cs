using Gateway.Limits.Counting.Compact;
using Gateway.Limits.Model;

namespace Gateway.Limits.Counting;

/// <summary>
/// What one owner knows of its record and has asked about it: at most one request at a time, each with a token of its
/// own, so that a reply to anything else is recognised and dropped.
/// </summary>
internal readonly ref struct StoreExchange(CounterMachine counter)
{
    private const int UnknownMax = 3;

    /// <summary>The record as last seen.</summary>
    public CachedRecord Seen => new(
        counter.IsCacheValid,
        counter.Record.Unpack() with { Entries = counter.ActiveState?.Entries },
        SeenArrivals);

    /// <summary>False before the first look and after anything that makes the last one doubtful.</summary>
    public bool IsCacheValid => counter.IsCacheValid;

    /// <summary>True if a record was there.</summary>
    public bool IsPresent => counter.Record.IsPresent;

    /// <summary>The window of the record as last seen.</summary>
    public long WindowStartMs => counter.Record.WindowStartMs;

    /// <summary>Calls that had arrived when the last look began; it tells a later call nothing.</summary>
    public uint SeenArrivals => counter.ActiveState?.SeenArrivals ?? 0;

    /// <summary>The write on its way, or whose outcome is being read.</summary>
    public PendingWrite? PendingWrite => counter.ActiveState?.PendingWrite;

    /// <summary>The read on its way; 0 if there is none.</summary>
    public uint ReadToken => counter.ActiveState?.ReadToken ?? 0;

    /// <summary>
    /// True if the last writes, one after the other, all had an unknown outcome and were not applied.
    /// </summary>
    public bool IsFailing => Unknown >= UnknownMax;

    /// <summary>Writes, one after the other, that came to nothing that is known.</summary>
    public int Unknown => counter.ActiveState?.Unknown ?? 0;

    /// <summary>Calls that had arrived when the read on its way began.</summary>
    public uint ReadArrivals => counter.ActiveState?.ReadArrivals ?? 0;

    /// <summary>True while anything is on its way.</summary>
    public bool IsBusy =>
        counter.ActiveState is { } activeState && (activeState.PendingWrite is not null || activeState.ReadToken != 0);

    /// <summary>Numbers of this window that belong to some owner, by the record as last seen.</summary>
    public Int128 ReservedIn(long window) =>
        counter.Record.IsPresent && counter.Record.WindowStartMs == window ? counter.Record.Reserved : 0;

    /// <summary>The next request reads.</summary>
    public StoreRequest Read(uint arrivals)
    {
        var activeState = counter.EnsureActiveState();
        (activeState.ReadToken, activeState.ReadArrivals) = (NextToken(), arrivals);
        return new StoreRequest(activeState.ReadToken, null, 0);
    }

    /// <summary>The next request replaces the record as last seen.</summary>
    public StoreRequest Write(Reservation record, NumberRange gain, NumberRange fallback, uint arrivals)
    {
        var activeState = counter.EnsureActiveState();
        activeState.PendingWrite = new PendingWrite(NextToken(), record, gain, fallback, arrivals);
        return new StoreRequest(activeState.PendingWrite.Token, record, counter.Record.Nonce);
    }

    /// <summary>The write is answered.</summary>
    public void EndWrite() => counter.ActiveState!.PendingWrite = null;

    /// <summary>
    /// The read is answered, and with it the fate of an attempt of unknown outcome; false for a stale reply.
    /// </summary>
    public bool TryEndRead(uint token, out PendingWrite? settled)
    {
        settled = null;
        if (token == 0 || counter.ActiveState is not { } activeState || token != activeState.ReadToken) return false;
        activeState.ReadToken = 0;
        (settled, activeState.PendingWrite) = (activeState.PendingWrite, null);
        return true;
    }

    /// <summary>What the read showed.</summary>
    public void Observe(Reservation record) => Observe(record, ReadArrivals);

    /// <summary>What the own write made.</summary>
    public void Observe(PendingWrite written)
    {
        Observe(written.Record, written.Arrivals);
        ForgetUnknown();
    }

    /// <summary>What stood in the way of the own write, looked at after that was sent.</summary>
    public void Observe(PendingWrite refused, Reservation instead) => Observe(instead, refused.Arrivals);

    /// <summary>Another write has come to nothing that is known.</summary>
    public void CountUnknown() => counter.ActiveState!.Unknown++;

    /// <summary>The next write is the first again.</summary>
    public void ForgetUnknown()
    {
        if (counter.ActiveState is { } activeState) activeState.Unknown = 0;
    }

    /// <summary>The last look may no longer hold.</summary>
    public void Invalidate() => counter.IsCacheValid = false;

    private void Observe(Reservation record, uint arrivals)
    {
        counter.IsCacheValid = true;

        // Nobody writes what is no amount. Of such a record all is taken, so that nothing is admitted by it.
        if (record.Reserved < 0 || record.Reserved > Amount.Most.Nano)
            record = record with { Reserved = Amount.Most.Nano };
        counter.Record = new PackedRecord(record);
        if (counter.ActiveState is null && record.Entries is null) return;
        var activeState = counter.EnsureActiveState();
        (activeState.Entries, activeState.SeenArrivals) = (record.Entries, arrivals);
    }

    // Kept by a counter at rest too: an answer that comes very late must not look like one to a later question.
    private uint NextToken()
    {
        counter.LastToken = unchecked(counter.LastToken + 1);
        if (counter.LastToken == 0) counter.LastToken = 1;
        return counter.LastToken;
    }
}
