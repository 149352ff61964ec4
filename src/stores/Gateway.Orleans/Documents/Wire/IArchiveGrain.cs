namespace Gateway.Orleans.Documents.Wire;

/// <summary>
/// One topic of the archive; the grain key is the topic's name. The grain caches nothing: each result comes from grain
/// storage.
/// </summary>
[Alias("gateway.archive")]
public interface IArchiveGrain : IGrainWithStringKey
{
    /// <summary>
    /// Adds an entry, which is stored once even if the request is repeated. Returns the reason for a refusal, or null.
    /// </summary>
    [Alias("keep")]
    [ResponseTimeout("00:00:10")]
    ValueTask<string?> KeepAsync(long number, byte[] content, int most);

    /// <summary>Adds an entry or replaces the one with its number. Returns the reason for a refusal, or null.</summary>
    [Alias("put")]
    [ResponseTimeout("00:00:10")]
    ValueTask<string?> PutAsync(long number, byte[] content, long least);

    /// <summary>Lists the topic, greatest number first.</summary>
    [Alias("list")]
    [ResponseTimeout("00:00:03")]
    ValueTask<ArchiveTopic> ListAsync();

    /// <summary>Reads those of these entries that exist.</summary>
    [Alias("read")]
    [ResponseTimeout("00:00:10")]
    ValueTask<ArchiveContents> ReadAsync(long[] numbers);
}

/// <summary>Entries of a topic.</summary>
/// <param name="Numbers">The requested entries that exist.</param>
/// <param name="Contents">The bytes of each.</param>
/// <param name="Problem">Reason why they are unknown; null if they are known.</param>
[GenerateSerializer]
[Immutable]
[Alias("gateway.archive-contents")]
public sealed record ArchiveContents(
    [property: Id(0)] long[] Numbers,
    [property: Id(1)] byte[][] Contents,
    [property: Id(2)] string? Problem);
