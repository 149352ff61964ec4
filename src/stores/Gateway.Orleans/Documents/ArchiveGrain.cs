using Gateway.Control.Documents;
using Gateway.Orleans.Documents.Records;
using Gateway.Orleans.Documents.Wire;

namespace Gateway.Orleans.Documents;

/// <summary>A topic of the archive, in front of grain storage.</summary>
[GrainType("gateway.archive")]
internal sealed class ArchiveGrain(ArchiveRecords records) : Grain, IArchiveGrain
{
    private string Topic => this.GetPrimaryKeyString();

    public ValueTask<string?> KeepAsync(long number, byte[] content, int most) => WriteAsync(
        number, content, most >= 1, () => records.KeepAsync(Topic, number, content, most));

    public ValueTask<string?> PutAsync(long number, byte[] content, long least) => WriteAsync(
        number, content, true, () => records.PutAsync(Topic, number, content, least));

    private static async ValueTask<string?> WriteAsync(long number, byte[] content, bool isEntry, Func<Task> write)
    {
        if (number < 1 || !isEntry || content.Length > ControlDocument.BytesMax)
            return "This is not a valid archive entry.";
        try
        {
            await write();
            return null;
        }
        catch (Exception exception)
        {
            return exception.Message;
        }
    }

    public async ValueTask<ArchiveTopic> ListAsync()
    {
        try
        {
            return new ArchiveTopic(await records.ListAsync(Topic), null);
        }
        catch (Exception exception)
        {
            return new ArchiveTopic([], exception.Message);
        }
    }

    public async ValueTask<ArchiveContents> ReadAsync(long[] numbers)
    {
        try
        {
            var read = await Task.WhenAll(numbers.Select(number => records.ReadAsync(Topic, number)));
            var found = numbers.Zip(read).Where(static one => one.Second is not null).ToList();
            return new ArchiveContents(
                [.. found.Select(static one => one.First)], [.. found.Select(static one => one.Second!)], null);
        }
        catch (Exception exception)
        {
            return new ArchiveContents([], [], exception.Message);
        }
    }
}
