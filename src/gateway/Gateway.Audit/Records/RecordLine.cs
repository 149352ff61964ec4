using System.Buffers;
using System.Buffers.Text;
using System.Text;
using System.Text.Encodings.Web;
using Gateway.Limits.Model;
using Gateway.Mcp.Writing;

namespace Gateway.Audit.Records;

/// <summary>
/// Writes one line of JSON sequentially: constant runs as raw bytes, each followed by its value. Each thread keeps one
/// instance, of at most 64 KiB.
/// </summary>
/// <remarks>
/// A JSON writer checks every name for characters to escape and tracks commas, and names are most of a record: that was
/// most of a record's cost. A value that needs escaping still goes through a JSON writer.
/// </remarks>
internal sealed class RecordLine
{
    private const int BytesFirst = 2048;
    private const int KeptBytesMax = 64 * 1024;

    // Longest value that is written in place: an interval in its quotes.
    private const int ShortBytesMax = NumberRange.TextLengthMax + 2;

    // Taken from the default encoder of a JSON writer, so that the two can never differ.
    private static readonly SearchValues<byte> PlainBytes = SearchValues.Create(
        [.. Enumerable.Range(0, 128).Where(code => !JavaScriptEncoder.Default.WillEncode(code)).Select(c => (byte)c)]);

    private static readonly SearchValues<char> PlainChars = SearchValues.Create(
        [.. Enumerable.Range(0, 128).Select(code => (char)code).Where(c => PlainBytes.Contains((byte)c))]);

    [ThreadStatic]
    private static RecordLine? _own;

    private byte[] _bytes = new byte[BytesFirst];
    private int _length;

    private RecordLine()
    {
    }

    /// <summary>Returns this thread's line, emptied.</summary>
    public static RecordLine Take()
    {
        var own = _own ??= new RecordLine();
        own._length = 0;
        return own;
    }

    /// <summary>Number of bytes so far.</summary>
    public int Length => _length;

    /// <summary>Appends a text of ASCII characters that need no escaping, without quotes.</summary>
    public void AddAscii(string text) => _length += Encoding.ASCII.GetBytes(text, Room(text.Length));

    /// <summary>Returns written bytes, to read or replace them; valid until the next bytes are added.</summary>
    public Span<byte> Written(int start, int end) => _bytes.AsSpan(start, end - start);

    /// <summary>Appends a run.</summary>
    public void Add(ReadOnlySpan<byte> run)
    {
        run.CopyTo(Room(run.Length));
        _length += run.Length;
    }

    /// <summary>Appends a run and the output of a JSON writer.</summary>
    public void Add(ReadOnlySpan<byte> run, JsonScratch value)
    {
        Add(run);
        Add(value.Written());
    }

    /// <summary>Appends a run and a text as a JSON string or null.</summary>
    public void Add(ReadOnlySpan<byte> run, string? text)
    {
        Add(run);
        if (text is null)
            Add("null"u8);
        else if (text.AsSpan().ContainsAnyExcept(PlainChars))
        {
            var scratch = JsonScratch.Take();
            scratch.Json.WriteStringValue(text);
            Add(scratch.Written());
        }
        else
            AddQuoted(Encoding.ASCII.GetBytes(text, Room(text.Length + 2)[1..]));
    }

    /// <summary>Appends a run and a UTF-8 text as a JSON string.</summary>
    public void Add(ReadOnlySpan<byte> run, ReadOnlySpan<byte> text)
    {
        Add(run);
        if (text.ContainsAnyExcept(PlainBytes))
        {
            var scratch = JsonScratch.Take();
            scratch.Json.WriteStringValue(text);
            Add(scratch.Written());
        }
        else
        {
            text.CopyTo(Room(text.Length + 2)[1..]);
            AddQuoted(text.Length);
        }
    }

    /// <summary>Appends a run and a number.</summary>
    public void Add(ReadOnlySpan<byte> run, long number)
    {
        Add(run);
        Utf8Formatter.TryFormat(number, Room(ShortBytesMax), out var length);
        _length += length;
    }

    /// <summary>Appends a run and an exact decimal as a JSON string.</summary>
    public void Add(ReadOnlySpan<byte> run, Amount amount)
    {
        Add(run);
        AddQuoted(amount.Format(Room(ShortBytesMax)[1..]));
    }

    /// <summary>Appends a run and an interval as a JSON string.</summary>
    public void Add(ReadOnlySpan<byte> run, NumberRange interval)
    {
        Add(run);
        AddQuoted(interval.Format(Room(ShortBytesMax)[1..]));
    }

    /// <summary>Appends a run and an instant (Unix milliseconds) as a JSON string.</summary>
    public void AddTime(ReadOnlySpan<byte> run, long unixMs)
    {
        Add(run);
        AddQuoted(RefusalJson.FormatTime(unixMs, Room(ShortBytesMax)[1..]));
    }

    /// <summary>Returns the line with this run at its end; valid until this thread takes its next line.</summary>
    public ReadOnlySpan<byte> Written(ReadOnlySpan<byte> run)
    {
        Add(run);
        // Not every thread should keep the buffer of a line with a thousand intervals.
        if (_bytes.Length > KeptBytesMax)
            _own = null;
        return _bytes.AsSpan(0, _length);
    }

    /// <summary>Adds quotes around this many bytes, which are already in place one byte after the end.</summary>
    private void AddQuoted(int length)
    {
        _bytes[_length] = (byte)'"';
        _bytes[_length + length + 1] = (byte)'"';
        _length += length + 2;
    }

    private Span<byte> Room(int length)
    {
        if (_bytes.Length - _length < length)
            Array.Resize(ref _bytes, Math.Max(_bytes.Length * 2, _length + length));
        return _bytes.AsSpan(_length);
    }
}
