namespace Gateway.Control.Tests.Updating;

/// <summary>A store that other frontends write too, and that can be cut off.</summary>
internal sealed class SharedStore(IControlStore inner) : IControlStore
{
    public bool IsShared => true;

    public IArchive Archive => inner.Archive;

    public bool IsCutOff { get; set; }

    /// <summary>By how much it announces a later revision than it reads.</summary>
    public long AnnouncedAhead { get; set; }

    /// <summary>Revisions that were announced ahead.</summary>
    public int Announced { get; private set; }

    /// <summary>Writes that were tried of <see cref="ControlKinds.LastUsed"/>.</summary>
    public int LastUsedWrites { get; private set; }

    /// <summary>Null, or where reads wait; a revision can be asked for meanwhile.</summary>
    public ReadBarrier? HeldReads { get; set; }

    public async ValueTask<ControlSnapshot> ReadAsync(CancellationToken cancellationToken)
    {
        if (HeldReads is { } barrier)
            await barrier.ArriveAsync();
        return await Reachable().ReadAsync(cancellationToken);
    }

    public ValueTask<ControlWrite> ChangeAsync(
        ControlKey key, long expectedVersion, byte[]? content, CancellationToken cancellationToken)
    {
        if (content is not null && key.Kind == ControlKinds.LastUsed)
            LastUsedWrites++;
        return Reachable().ChangeAsync(key, expectedVersion, content, cancellationToken);
    }

    public async ValueTask<long> WaitAsync(long revision, TimeSpan atMost, CancellationToken cancellationToken)
    {
        if (AnnouncedAhead == 0)
            return await Reachable().WaitAsync(revision, atMost, cancellationToken);
        // More than any loop with a pause gets to; without this the test would never end.
        if (++Announced > 1000)
            AnnouncedAhead = 0;
        return await Reachable().WaitAsync(0, TimeSpan.Zero, cancellationToken) + AnnouncedAhead;
    }

    private IControlStore Reachable() => IsCutOff ? throw new ControlStoreException("cut off") : inner;
}
