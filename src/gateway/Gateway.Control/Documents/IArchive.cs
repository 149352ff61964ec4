using System.Collections.Immutable;

namespace Gateway.Control.Documents;

/// <summary>
/// What was, on shelves: an entry is kept once under its number, or is one that is put anew as it grows, and a shelf
/// keeps its latest. No snapshot has any of it; it is read when somebody asks.
/// </summary>
public interface IArchive
{
    /// <summary>Keeps an entry, durably before this returns; one of that number that is there already stays.</summary>
    /// <param name="shelf">1 to 256 characters, none of them a control character.</param>
    /// <param name="number">At least 1.</param>
    /// <param name="content">At most <see cref="ControlDocument.BytesMax"/> bytes.</param>
    /// <param name="most">Entries of the shelf that stay, this one among them; those with the least numbers go.</param>
    /// <param name="cancellationToken">Stops waiting; it may have been kept.</param>
    /// <exception cref="ControlStoreException">The store cannot be reached; it may have been kept.</exception>
    ValueTask KeepAsync(
        string shelf, long number, ReadOnlyMemory<byte> content, int most, CancellationToken cancellationToken);

    /// <summary>
    /// Puts an entry, durably before this returns, in place of one of that number; the last one to put it wins.
    /// </summary>
    /// <param name="shelf">1 to 256 characters, none of them a control character.</param>
    /// <param name="number">At least 1.</param>
    /// <param name="content">At most <see cref="ControlDocument.BytesMax"/> bytes.</param>
    /// <param name="least">Entries of the shelf with lesser numbers go.</param>
    /// <param name="cancellationToken">Stops waiting; it may have been put.</param>
    /// <exception cref="ControlStoreException">The store cannot be reached; it may have been put.</exception>
    ValueTask PutAsync(
        string shelf, long number, ReadOnlyMemory<byte> content, long least, CancellationToken cancellationToken);

    /// <summary>What is on a shelf, the greatest number first.</summary>
    /// <exception cref="ControlStoreException">The store cannot be reached.</exception>
    ValueTask<ImmutableArray<ArchiveEntry>> ListAsync(string shelf, CancellationToken cancellationToken);

    /// <summary>Those of these entries that are there, by their numbers.</summary>
    /// <exception cref="ControlStoreException">The store cannot be reached.</exception>
    ValueTask<IReadOnlyDictionary<long, byte[]>> ReadAsync(
        string shelf, IReadOnlyList<long> numbers, CancellationToken cancellationToken);
}
