using System.Text.Json;
using Gateway.Policy.Tools.Replay;

namespace Gateway.Audit.Replaying;

/// <summary>
/// The format in which a frontend sends its records to another one: a first line that identifies the frontend, then the
/// lines of its files, each preceded by the call's values in encrypted form, and a last line that marks the end.
/// </summary>
public static class RecordStream
{
    /// <summary>Media type of the stream.</summary>
    public const string ContentType = "application/x-ndjson";

    private const string BeginKind = "recording";
    private const string ValuesKind = "recorded-arguments";
    private const string EndKind = "recording-end";
    private const int FlushEvery = 64 * 1024;

    internal static ReadOnlySpan<byte> BeginHead => """{"kind":"recording","""u8;

    internal static ReadOnlySpan<byte> ValuesHead => """{"kind":"recorded-arguments","""u8;

    internal static ReadOnlySpan<byte> EndHead => """{"kind":"recording-end","""u8;

    /// <summary>Sends the records of a source.</summary>
    /// <param name="source">The source; this method starts it.</param>
    /// <param name="instance">Unique name of this process.</param>
    /// <param name="fromMs">Records before this instant, in Unix milliseconds, may be omitted.</param>
    /// <param name="to">The destination, which is written in blocks.</param>
    /// <param name="cancellationToken">Cancels the transfer.</param>
    public static async Task SendAsync(
        FolderSource source, string instance, long fromMs, Stream to, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(source);
        ArgumentNullException.ThrowIfNull(to);
        source.Begin(fromMs);
        var parser = new RecordParser();
        using var block = new MemoryStream();
        using var json = new Utf8JsonWriter(block);
        Write(json, block, () =>
        {
            json.WriteString("kind", BeginKind);
            json.WriteString("instance", instance);
            json.WriteBoolean("whole", source.HasAll);
            json.WriteNumber("bytes", source.BytesTotal);
        });
        while (source.Read() is { } line)
        {
            if (Call(parser, line, source) is { } call && source.SealedValuesOf(call) is { } values)
            {
                Write(json, block, () =>
                {
                    json.WriteString("kind", ValuesKind);
                    json.WriteString("callId", call.CallId);
                    json.WriteNumber("timeMs", call.TimeMs);
                    json.WriteBase64String("sealed", values);
                });
            }

            block.Write(line);
            block.WriteByte((byte)'\n');
            if (block.Length >= FlushEvery)
                await FlushAsync(block, to, cancellationToken);
        }

        Write(json, block, () =>
        {
            json.WriteString("kind", EndKind);
            json.WriteNumber("unreadable", source.Unreadable);
        });
        await FlushAsync(block, to, cancellationToken);
    }

    /// <summary>Returns the call that a line records if values of it may be stored.</summary>
    private static RecordedCall? Call(
        RecordParser parser, byte[] line, FolderSource source)
    {
        if (!source.HasValues)
            return null;
        try
        {
            return parser.Parse(line) as RecordedCall;
        }
        catch (JsonException)
        {
            // The receiver counts the line as unreadable.
            return null;
        }
    }

    private static void Write(Utf8JsonWriter json, MemoryStream block, Action members)
    {
        json.Reset(block);
        json.WriteStartObject();
        members();
        json.WriteEndObject();
        json.Flush();
        block.WriteByte((byte)'\n');
    }

    private static async Task FlushAsync(MemoryStream block, Stream to, CancellationToken cancellationToken)
    {
        await to.WriteAsync(block.GetBuffer().AsMemory(0, (int)block.Length), cancellationToken);
        block.SetLength(0);
    }
}
