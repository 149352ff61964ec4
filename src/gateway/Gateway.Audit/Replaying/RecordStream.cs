using System.Text.Json;
using Gateway.Policy.Tools.Replay;

namespace Gateway.Audit.Replaying;

/// <summary>
/// How a frontend sends its record to another one: a line that says whose it is, the lines of its files, each call's
/// values as they lie sealed before its line, and a line that says that this was all.
/// </summary>
public static class RecordStream
{
    /// <summary>Its media type.</summary>
    public const string ContentType = "application/x-ndjson";

    private const string BeginKind = "recording";
    private const string ValuesKind = "recorded-arguments";
    private const string EndKind = "recording-end";
    private const int FlushEvery = 64 * 1024;

    internal static ReadOnlySpan<byte> BeginHead => """{"kind":"recording","""u8;

    internal static ReadOnlySpan<byte> ValuesHead => """{"kind":"recorded-arguments","""u8;

    internal static ReadOnlySpan<byte> EndHead => """{"kind":"recording-end","""u8;

    /// <summary>Sends what a source has.</summary>
    /// <param name="source">Begun here.</param>
    /// <param name="instance">Names this process, and no other one.</param>
    /// <param name="fromMs">What came before this instant, Unix milliseconds, may be left out.</param>
    /// <param name="to">Where to; written in blocks.</param>
    /// <param name="cancellationToken">Breaks it off.</param>
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

    /// <summary>The call that a line records, where values of it may be kept.</summary>
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
            // Whoever reads it counts it.
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
