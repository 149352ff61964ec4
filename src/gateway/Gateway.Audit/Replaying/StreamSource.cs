using System.Text.Json;
using Gateway.Audit.Arguments;
using Gateway.Audit.Files;
using Gateway.Audit.Records;
using Gateway.Policy.Recording;
using Gateway.Policy.Tools.Replay;

namespace Gateway.Audit.Replaying;

/// <summary>The records of another frontend, received as a <see cref="RecordStream"/>.</summary>
public sealed class StreamSource : RecordSource
{
    /// <summary>
    /// Maximum number of calls whose values are kept; more than the number of records that are sorted at a time.
    /// </summary>
    private const int ValuesMax = 4096;

    private readonly Stream _stream;
    private readonly RecordLineReader _lines;
    private readonly ArgumentOpener _opener;
    private readonly Dictionary<(string CallId, long TimeMs), byte[]> _values = [];
    private readonly Queue<(string CallId, long TimeMs)> _order = new();
    private bool _isEnded;

    /// <param name="stream">The received stream; disposed with this object.</param>
    /// <param name="opener">Decrypts the values in the stream.</param>
    /// <exception cref="IOException">The stream does not begin as a <see cref="RecordStream"/> does.</exception>
    public StreamSource(Stream stream, ArgumentOpener opener)
    {
        (_stream, _lines, _opener) = (stream, new RecordLineReader(stream), opener);
        if (_lines.Read() is not { } head || Parse(head, RecordStream.BeginHead) is not { } begin)
            throw new IOException("it did not send a record stream; check that it runs this release");
        Instance = begin.Text("instance") ?? "";
        HasAll = begin.TryGetProperty("whole", out var whole) && whole.ValueKind == JsonValueKind.True;
        BytesTotal = Number(begin, "bytes");
    }

    /// <summary>Name of the process whose records these are.</summary>
    public string Instance { get; }

    /// <inheritdoc/>
    public override void Begin(long fromMs)
    {
        // The request to the other frontend already contained the instant.
    }

    /// <inheritdoc/>
    public override byte[]? Read()
    {
        while (!_isEnded)
        {
            var line = _lines.Read() ?? throw new IOException("its record stream ended early; try again");
            if (Parse(line, RecordStream.ValuesHead) is { } values)
            {
                Keep(values);
            }
            else if (Parse(line, RecordStream.EndHead) is { } end)
            {
                (_isEnded, Unreadable) = (true, Unreadable + Number(end, "unreadable"));
            }
            else
            {
                return line;
            }
        }

        return null;
    }

    /// <inheritdoc/>
    public override RecordedArguments? ValuesOf(RecordedCall call)
    {
        ArgumentNullException.ThrowIfNull(call);
        return _values.TryGetValue((call.CallId, call.TimeMs), out var found)
            ? _opener.Open(call.CallId, call.TimeMs, found) : null;
    }

    /// <inheritdoc/>
    protected override void Dispose(bool disposing)
    {
        _lines.Dispose();
        _stream.Dispose();
    }

    private void Keep(JsonElement values)
    {
        if (values.Text("callId") is not { } callId || !values.TryGetProperty("sealed", out var text)
            || text.ValueKind != JsonValueKind.String || !text.TryGetBytesFromBase64(out var bytes)
            || bytes.Length > ArgumentFrame.SealedBytesMax)
            return;
        var key = (callId, Number(values, "timeMs"));
        _values[key] = bytes;
        _order.Enqueue(key);
        if (_order.Count > ValuesMax)
            _values.Remove(_order.Dequeue());
    }

    /// <summary>Returns the line's object if it is of this kind; ordinary records are not parsed here.</summary>
    private static JsonElement? Parse(byte[] line, ReadOnlySpan<byte> head)
    {
        if (!line.AsSpan().StartsWith(head))
            return null;
        try
        {
            return JsonElement.Parse(line);
        }
        catch (JsonException)
        {
            return null;
        }
    }

    private static long Number(JsonElement of, string member) =>
        of.TryGetProperty(member, out var value) && value.ValueKind == JsonValueKind.Number
            && value.TryGetInt64(out var number) ? Math.Max(0, number) : 0;
}
