namespace Gateway.Control.Tests.Updating;

/// <summary>Files that say they are shared, as a database is, and count how often they are read whole.</summary>
internal sealed class CountingStore(FileControlStore files) : IControlStore
{
    private int _reads;

    public int Reads => _reads;

    public bool IsShared => true;

    public IArchive Archive => files.Archive;

    public async ValueTask<ControlSnapshot> ReadAsync(CancellationToken cancellationToken)
    {
        Interlocked.Increment(ref _reads);
        await Task.Yield();
        return await files.ReadAsync(cancellationToken);
    }

    public ValueTask<ControlWrite> ChangeAsync(
        ControlKey key, long expectedVersion, byte[]? content, CancellationToken cancellationToken) =>
        files.ChangeAsync(key, expectedVersion, content, cancellationToken);

    public ValueTask<long> WaitAsync(long revision, TimeSpan atMost, CancellationToken cancellationToken) =>
        files.WaitAsync(revision, atMost, cancellationToken);
}
