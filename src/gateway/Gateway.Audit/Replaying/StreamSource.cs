using System.Text.Json;
using Gateway.Audit.Arguments;
using Gateway.Audit.Files;
using Gateway.Policy.Recording;
using Gateway.Policy.Tools.Replay;

namespace Gateway.Audit.Replaying;

/// <summary>The record of another frontend, as it sends it (<see cref="RecordStream"/>).</summary>
public sealed class StreamSource : RecordSource
{
    /// <summary>Calls whose values may wait: more than records are put into order at a time.</summary>
    private const int ValuesMax = 4096;

    private readonly Stream _stream;
    private readonly RecordLineReader _lines;
    private readonly ArgumentOpener _opener;
    private readonly Dictionary<(string CallId, long TimeMs), byte[]> _values = [];
    private readonly Queue<(string CallId, long TimeMs)> _order = new();
    private bool _isEnded;

    /// <param name="stream">What it sends; closed with this.</param>
    /// <param name="opener">Opens the values in it.</param>
    /// <exception cref="IOException">It does not begin as a record that is sent does.</exception>
    public StreamSource(Stream stream, ArgumentOpener opener)
    {
        (_stream, _lines, _opener) = (stream, new RecordLineReader(stream), opener);
        if (_lines.Read() is not { } head || Parse(head, RecordStream.BeginHead) is not { } begin)
            throw new IOException("it sends no record; is it a gateway of this release?");
        Instance = Text(begin, "instance") ?? "";
        HasAll = begin.TryGetProperty("whole", out var whole) && whole.ValueKind == JsonValueKind.True;
        BytesTotal = Number(begin, "bytes");
    }

    /// <summary>Names the process whose record it is.</summary>
    public string Instance { get; }

    /// <inheritdoc/>
    public override void Begin(long fromMs)
    {
        // It was asked for what is wanted.
    }

    /// <inheritdoc/>
    public override byte[]? Read()
    {
        while (!_isEnded)
        {
            var line = _lines.Read() ?? throw new IOException("its record broke off; ask again");
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
        if (Text(values, "callId") is not { } callId || !values.TryGetProperty("sealed", out var text)
            || text.ValueKind != JsonValueKind.String || !text.TryGetBytesFromBase64(out var bytes)
            || bytes.Length > ArgumentFrame.SealedBytesMax)
            return;
        var key = (callId, Number(values, "timeMs"));
        _values[key] = bytes;
        _order.Enqueue(key);
        if (_order.Count > ValuesMax)
            _values.Remove(_order.Dequeue());
    }

    /// <summary>The line's object where it is of that kind; a record's line is not looked into.</summary>
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

    private static string? Text(JsonElement of, string member) =>
        of.TryGetProperty(member, out var value) && value.ValueKind == JsonValueKind.String ? value.GetString() : null;

    private static long Number(JsonElement of, string member) =>
        of.TryGetProperty(member, out var value) && value.ValueKind == JsonValueKind.Number
            && value.TryGetInt64(out var number) ? Math.Max(0, number) : 0;
}
