namespace Gateway.Orleans.Documents.Wire;

/// <summary>
/// A shelf of the archive, which is its key. It remembers nothing: each answer is what lies in grain storage.
/// </summary>
[Alias("gateway.archive")]
public interface IArchiveGrain : IGrainWithStringKey
{
    /// <summary>Keeps an entry; why it may not be kept, or null. Asking twice keeps it once.</summary>
    [Alias("keep")]
    [ResponseTimeout("00:00:10")]
    ValueTask<string?> KeepAsync(long number, byte[] content, int most);

    /// <summary>Puts an entry in place of one of that number; why it may not be put, or null.</summary>
    [Alias("put")]
    [ResponseTimeout("00:00:10")]
    ValueTask<string?> PutAsync(long number, byte[] content, long least);

    /// <summary>What is on the shelf, the greatest number first.</summary>
    [Alias("list")]
    [ResponseTimeout("00:00:03")]
    ValueTask<ArchiveShelf> ListAsync();

    /// <summary>Those of these entries that are there.</summary>
    [Alias("read")]
    [ResponseTimeout("00:00:10")]
    ValueTask<ArchiveContents> ReadAsync(long[] numbers);
}
