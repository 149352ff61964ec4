using System.Collections.Immutable;

namespace Gateway.Control.Documents;

/// <summary>
/// An append-only archive grouped by topic. An entry is either immutable or replaced as it grows; each topic keeps its
/// latest entries. No snapshot contains the archive: it is read only on request.
/// </summary>
public interface IArchive
{
    /// <summary>Adds an entry, durably before this returns; an existing entry of that number stays unchanged.</summary>
    /// <param name="topic">The topic: 1 to 256 characters, none of them a control character.</param>
    /// <param name="number">At least 1.</param>
    /// <param name="content">At most <see cref="ControlDocument.BytesMax"/> bytes.</param>
    /// <param name="most">
    /// The maximum number of entries of the topic, this one included; the lowest numbers are removed.
    /// </param>
    /// <param name="cancellationToken">Stops waiting; the entry may have been added.</param>
    /// <exception cref="ControlStoreException">The store cannot be reached; the entry may have been added.</exception>
    ValueTask KeepAsync(
        string topic, long number, ReadOnlyMemory<byte> content, int most, CancellationToken cancellationToken);

    /// <summary>
    /// Writes an entry, durably before this returns, in place of an existing one of that number; the last write wins.
    /// </summary>
    /// <param name="topic">The topic: 1 to 256 characters, none of them a control character.</param>
    /// <param name="number">At least 1.</param>
    /// <param name="content">At most <see cref="ControlDocument.BytesMax"/> bytes.</param>
    /// <param name="least">The lowest number to keep; entries of the topic with lower numbers are removed.</param>
    /// <param name="cancellationToken">Stops waiting; the entry may have been written.</param>
    /// <exception cref="ControlStoreException">
    /// The store cannot be reached; the entry may have been written.
    /// </exception>
    ValueTask PutAsync(
        string topic, long number, ReadOnlyMemory<byte> content, long least, CancellationToken cancellationToken);

    /// <summary>Lists the entries of a topic, the highest number first.</summary>
    /// <exception cref="ControlStoreException">The store cannot be reached.</exception>
    ValueTask<ImmutableArray<ArchiveEntry>> ListAsync(string topic, CancellationToken cancellationToken);

    /// <summary>Returns the numbers of a topic's entries, highest first, without reading the entries.</summary>
    /// <exception cref="ControlStoreException">The store cannot be reached.</exception>
    async ValueTask<ImmutableArray<long>> NumbersAsync(string topic, CancellationToken cancellationToken) =>
        [.. (await ListAsync(topic, cancellationToken)).Select(static entry => entry.Number)];

    /// <summary>Returns those of these entries that exist, by their numbers.</summary>
    /// <exception cref="ControlStoreException">The store cannot be reached.</exception>
    ValueTask<IReadOnlyDictionary<long, byte[]>> ReadAsync(
        string topic, IReadOnlyList<long> numbers, CancellationToken cancellationToken);
}

/// <summary>An entry of an archive topic.</summary>
/// <param name="Number">The entry's number within its topic.</param>
/// <param name="Bytes">The length of the entry.</param>
/// <param name="Sha256">The hash of its bytes, in lower-case hexadecimal digits.</param>
public readonly record struct ArchiveEntry(long Number, int Bytes, string Sha256);
