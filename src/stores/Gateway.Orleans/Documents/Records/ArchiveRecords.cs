using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using Gateway.Orleans.Documents.Wire;
using Orleans.Storage;

namespace Gateway.Orleans.Documents.Records;

/// <summary>
/// The archive in grain storage: an index for each shelf, swapped by its entity tag, and a record for each entry, which
/// is written before the index names it.
/// </summary>
internal sealed class ArchiveRecords(IGrainStorage storage, TimeProvider time)
{
    private const string IndexName = "archive-index";
    private const string EntryName = "archive-entry";
    private const int AttemptsMax = 4;
    private static readonly GrainType Holder = GrainType.Create("gateway.archive");

    /// <summary>What is on a shelf; storage's own exceptions come through, as from all that follow.</summary>
    public async Task<ArchiveShelfItem[]> ListAsync(string shelf) => (await IndexAsync(shelf)).State?.Items ?? [];

    /// <summary>The bytes of an entry; null where it is gone.</summary>
    public async Task<byte[]?> ReadAsync(string shelf, long number)
    {
        var entry = await EntryAsync(shelf, number);
        return entry.RecordExists ? entry.State?.Content : null;
    }

    /// <summary>Keeps an entry, and drops those that are beyond what the shelf keeps.</summary>
    public Task KeepAsync(string shelf, long number, byte[] content, int most) =>
        WriteAsync(shelf, number, content, isReplaced: false, all => all.Take(most));

    /// <summary>Puts an entry in place of one of that number, and drops those below the least number.</summary>
    public Task PutAsync(string shelf, long number, byte[] content, long least) =>
        WriteAsync(shelf, number, content, isReplaced: true, all => all.Where(item => item.Number >= least));

    private async Task WriteAsync(
        string shelf, long number, byte[] content, bool isReplaced,
        Func<IEnumerable<ArchiveShelfItem>, IEnumerable<ArchiveShelfItem>> stay)
    {
        for (var attempt = 1; ; attempt++)
        {
            try
            {
                await TryWriteAsync(shelf, number, content, isReplaced, stay);
                return;
            }
            catch (Exception) when (attempt < AttemptsMax)
            {
                // Another activation's write, or one whose outcome is unknown: what lies there is read again.
            }
        }
    }

    private async Task TryWriteAsync(
        string shelf, long number, byte[] content, bool isReplaced,
        Func<IEnumerable<ArchiveShelfItem>, IEnumerable<ArchiveShelfItem>> stay)
    {
        var index = await IndexAsync(shelf);
        var items = index.State?.Items ?? [];
        if (!isReplaced && items.Any(item => item.Number == number)) return;
        var entry = await EntryAsync(shelf, number);
        entry.State = new ArchiveEntryState { Content = content };
        await storage.WriteStateAsync(EntryName, EntryId(shelf, number), entry).WaitAsync(ControlRecords.Timeout, time);
        var added = new ArchiveShelfItem
        {
            Number = number,
            Bytes = content.Length,
            Sha256 = Convert.ToHexStringLower(SHA256.HashData(content)),
        };
        var all = items.Where(item => item.Number != number).Append(added)
            .OrderByDescending(static item => item.Number).ToList();
        index.State = new ArchiveIndexState { Items = [.. stay(all)] };
        await storage.WriteStateAsync(IndexName, IndexId(shelf), index).WaitAsync(ControlRecords.Timeout, time);
        var kept = index.State.Items.Select(static item => item.Number).ToHashSet();
        foreach (var old in all.Where(item => !kept.Contains(item.Number))) DropAsync(shelf, old.Number).Ignore();
    }

    /// <summary>A lost one stays, and does no harm: no index names it.</summary>
    private async Task DropAsync(string shelf, long number)
    {
        var entry = await EntryAsync(shelf, number);
        await storage.ClearStateAsync(EntryName, EntryId(shelf, number), entry).WaitAsync(ControlRecords.Timeout, time);
    }

    private async Task<GrainState<ArchiveIndexState>> IndexAsync(string shelf)
    {
        var index = new GrainState<ArchiveIndexState>(new ArchiveIndexState());
        await storage.ReadStateAsync(IndexName, IndexId(shelf), index).WaitAsync(ControlRecords.Timeout, time);
        return index;
    }

    private async Task<GrainState<ArchiveEntryState>> EntryAsync(string shelf, long number)
    {
        var entry = new GrainState<ArchiveEntryState>(new ArchiveEntryState());
        await storage.ReadStateAsync(EntryName, EntryId(shelf, number), entry).WaitAsync(ControlRecords.Timeout, time);
        return entry;
    }

    private static GrainId IndexId(string shelf) => GrainId.Create(Holder, Text(shelf));

    private static GrainId EntryId(string shelf, long number) => GrainId.Create(
        Holder, string.Create(CultureInfo.InvariantCulture, $"{Text(shelf)}-{number}"));

    /// <summary>Letters that every storage takes as a name.</summary>
    private static string Text(string shelf) =>
        Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(shelf)).AsSpan(0, 16));
}
