using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using Gateway.Orleans.Documents.Wire;
using Microsoft.Extensions.Logging;
using Orleans.Storage;

namespace Gateway.Orleans.Documents.Records;

/// <summary>
/// The archive in grain storage: one index for each topic, swapped by entity tag, and one record for each entry,
/// written before the index refers to it.
/// </summary>
internal sealed partial class ArchiveRecords(IGrainStorage storage, TimeProvider time, ILogger<ArchiveRecords> log)
{
    private const string IndexName = "archive-index";
    private const string EntryName = "archive-entry";
    private const int AttemptsMax = 4;
    private static readonly GrainType Holder = GrainType.Create("gateway.archive");

    /// <summary>Lists a topic. Exceptions of the storage pass through, as in all methods of this class.</summary>
    public async Task<ArchiveShelfItem[]> ListAsync(string topic) => (await IndexAsync(topic)).State?.Items ?? [];

    /// <summary>Returns the bytes of an entry; null if it is gone.</summary>
    public async Task<byte[]?> ReadAsync(string topic, long number)
    {
        var entry = await EntryAsync(topic, number);
        return entry.RecordExists ? entry.State?.Content : null;
    }

    /// <summary>Adds an entry, and drops entries beyond the topic's maximum.</summary>
    public Task KeepAsync(string topic, long number, byte[] content, int most) =>
        WriteAsync(topic, number, content, isReplaced: false, all => all.Take(most));

    /// <summary>Adds or replaces an entry, and drops those below the least number.</summary>
    public Task PutAsync(string topic, long number, byte[] content, long least) =>
        WriteAsync(topic, number, content, isReplaced: true, all => all.Where(item => item.Number >= least));

    private async Task WriteAsync(
        string topic, long number, byte[] content, bool isReplaced,
        Func<IEnumerable<ArchiveShelfItem>, IEnumerable<ArchiveShelfItem>> stay)
    {
        for (var attempt = 1; ; attempt++)
        {
            try
            {
                await TryWriteAsync(topic, number, content, isReplaced, stay);
                return;
            }
            catch (Exception e) when (attempt < AttemptsMax)
            {
                // Another activation wrote, or the outcome is unknown: read storage again.
                LogRepeated(topic, number, e.Message);
            }
        }
    }

    private async Task TryWriteAsync(
        string topic, long number, byte[] content, bool isReplaced,
        Func<IEnumerable<ArchiveShelfItem>, IEnumerable<ArchiveShelfItem>> stay)
    {
        var index = await IndexAsync(topic);
        var items = index.State?.Items ?? [];
        if (!isReplaced && items.Any(item => item.Number == number)) return;
        var entry = await EntryAsync(topic, number);
        entry.State = new ArchiveEntryState { Content = content };
        await storage.WriteStateAsync(EntryName, EntryId(topic, number), entry).WaitAsync(ControlRecords.Timeout, time);
        var added = new ArchiveShelfItem
        {
            Number = number,
            Bytes = content.Length,
            Sha256 = Convert.ToHexStringLower(SHA256.HashData(content)),
        };
        var all = items.Where(item => item.Number != number).Append(added)
            .OrderByDescending(static item => item.Number).ToList();
        index.State = new ArchiveIndexState { Items = [.. stay(all)] };
        await storage.WriteStateAsync(IndexName, IndexId(topic), index).WaitAsync(ControlRecords.Timeout, time);
        var kept = index.State.Items.Select(static item => item.Number).ToHashSet();
        foreach (var old in all.Where(item => !kept.Contains(item.Number))) DropAsync(topic, old.Number).Ignore();
    }

    /// <summary>
    /// Deletes an entry's record. A failed deletion is harmless, because no index refers to the record.
    /// </summary>
    private async Task DropAsync(string topic, long number)
    {
        var entry = await EntryAsync(topic, number);
        await storage.ClearStateAsync(EntryName, EntryId(topic, number), entry).WaitAsync(ControlRecords.Timeout, time);
    }

    private async Task<GrainState<ArchiveIndexState>> IndexAsync(string topic)
    {
        var index = new GrainState<ArchiveIndexState>(new ArchiveIndexState());
        await storage.ReadStateAsync(IndexName, IndexId(topic), index).WaitAsync(ControlRecords.Timeout, time);
        return index;
    }

    private async Task<GrainState<ArchiveEntryState>> EntryAsync(string topic, long number)
    {
        var entry = new GrainState<ArchiveEntryState>(new ArchiveEntryState());
        await storage.ReadStateAsync(EntryName, EntryId(topic, number), entry).WaitAsync(ControlRecords.Timeout, time);
        return entry;
    }

    private static GrainId IndexId(string topic) => GrainId.Create(Holder, Text(topic));

    private static GrainId EntryId(string topic, long number) => GrainId.Create(
        Holder, string.Create(CultureInfo.InvariantCulture, $"{Text(topic)}-{number}"));

    /// <summary>Returns a name in letters that every storage accepts.</summary>
    private static string Text(string topic) =>
        Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(topic)).AsSpan(0, 16));

    [LoggerMessage(1, LogLevel.Debug, "The archive entry {Topic} {Number} is written again: {Why}")]
    private partial void LogRepeated(string topic, long number, string why);
}

/// <summary>The bytes of one entry of the archive.</summary>
[GenerateSerializer]
[Alias("gateway.archive-entry")]
internal sealed class ArchiveEntryState
{
    [Id(0)]
    public byte[] Content { get; set; } = [];
}

/// <summary>The index of a topic of the archive; the topic's only record that is updated by compare-and-swap.</summary>
[GenerateSerializer]
[Alias("gateway.archive-index")]
internal sealed class ArchiveIndexState
{
    /// <summary>The entries, greatest number first.</summary>
    [Id(0)]
    public ArchiveShelfItem[] Items { get; set; } = [];
}
