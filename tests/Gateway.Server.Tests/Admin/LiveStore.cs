using Gateway.Control.Documents;

namespace Gateway.Server.Tests.Admin;

/// <summary>Files that say they are shared, as a database is; counted, and cut off at times.</summary>
internal sealed class LiveStore(IControlStore inner) : IControlStore, IArchive
{
    public bool IsShared => true;

    public IArchive Archive => this;

    public bool IsCutOff { get; set; }

    public int Puts { get; private set; }

    public int Lists { get; private set; }

    /// <summary>Documents that were written.</summary>
    public List<ControlKey> Writes { get; } = [];

    public ValueTask<ControlSnapshot> ReadAsync(CancellationToken cancellationToken) =>
        Reachable().ReadAsync(cancellationToken);

    public ValueTask<ControlWrite> ChangeAsync(
        ControlKey key, long expectedVersion, byte[]? content, CancellationToken cancellationToken)
    {
        if (content is not null) Writes.Add(key);
        return Reachable().ChangeAsync(key, expectedVersion, content, cancellationToken);
    }

    public ValueTask<long> WaitAsync(long revision, TimeSpan atMost, CancellationToken cancellationToken) =>
        Reachable().WaitAsync(revision, atMost, cancellationToken);

    public ValueTask KeepAsync(
        string topic, long number, ReadOnlyMemory<byte> content, int most, CancellationToken cancellationToken) =>
        Reachable().Archive.KeepAsync(topic, number, content, most, cancellationToken);

    public ValueTask PutAsync(
        string topic, long number, ReadOnlyMemory<byte> content, long least, CancellationToken cancellationToken)
    {
        Puts++;
        return Reachable().Archive.PutAsync(topic, number, content, least, cancellationToken);
    }

    public ValueTask<ImmutableArray<ArchiveEntry>> ListAsync(string topic, CancellationToken cancellationToken)
    {
        Lists++;
        return Reachable().Archive.ListAsync(topic, cancellationToken);
    }

    public ValueTask<IReadOnlyDictionary<long, byte[]>> ReadAsync(
        string topic, IReadOnlyList<long> numbers, CancellationToken cancellationToken) =>
        Reachable().Archive.ReadAsync(topic, numbers, cancellationToken);

    private IControlStore Reachable() => IsCutOff ? throw new ControlStoreException("cut off") : inner;
}
