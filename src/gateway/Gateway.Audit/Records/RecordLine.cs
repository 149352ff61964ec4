using System.Buffers;
using System.Buffers.Text;
using System.Text;
using System.Text.Encodings.Web;
using Gateway.Limits.Model;
using Gateway.Mcp.Writing;

namespace Gateway.Audit.Records;

/// <summary>
/// Writes a line of JSON in one direction: runs of it that are the same in every record, as the bytes that they are,
/// and after each the value that belongs there. Each thread keeps one, of at most 64 KiB.
/// </summary>
/// <remarks>
/// A JSON writer looks for characters to escape in every name and keeps count of commas, and most of a record is names:
/// that was most of what a record cost. A value with anything to escape still goes through one.
/// </remarks>
internal sealed class RecordLine
{
    private const int BytesFirst = 2048;
    private const int KeptBytesMax = 64 * 1024;

    // The longest of what is written in place, in its quotes: an interval.
    private const int ShortBytesMax = NumberRange.TextLengthMax + 2;

    // Asked of the encoder that a JSON writer has if it is given none, so that the two never differ.
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

    /// <summary>This thread's, empty; whatever an earlier line left there is gone.</summary>
    public static RecordLine Take()
    {
        var own = _own ??= new RecordLine();
        own._length = 0;
        return own;
    }

    /// <summary>A run.</summary>
    public void Add(ReadOnlySpan<byte> run)
    {
        run.CopyTo(Room(run.Length));
        _length += run.Length;
    }

    /// <summary>A run, and what a JSON writer has written.</summary>
    public void Add(ReadOnlySpan<byte> run, JsonScratch value)
    {
        Add(run);
        Add(value.Written());
    }

    /// <summary>A run, and a text as a JSON string or null.</summary>
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

    /// <summary>A run, and a text in UTF-8 as a JSON string.</summary>
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

    /// <summary>A run, and a number.</summary>
    public void Add(ReadOnlySpan<byte> run, long number)
    {
        Add(run);
        Utf8Formatter.TryFormat(number, Room(ShortBytesMax), out var length);
        _length += length;
    }

    /// <summary>A run, and an exact decimal as a JSON string.</summary>
    public void Add(ReadOnlySpan<byte> run, Amount amount)
    {
        Add(run);
        AddQuoted(amount.Format(Room(ShortBytesMax)[1..]));
    }

    /// <summary>A run, and an interval as a JSON string.</summary>
    public void Add(ReadOnlySpan<byte> run, NumberRange interval)
    {
        Add(run);
        AddQuoted(interval.Format(Room(ShortBytesMax)[1..]));
    }

    /// <summary>A run, and an instant, Unix milliseconds, as a JSON string.</summary>
    public void AddTime(ReadOnlySpan<byte> run, long unixMs)
    {
        Add(run);
        AddQuoted(RefusalJson.FormatTime(unixMs, Room(ShortBytesMax)[1..]));
    }

    /// <summary>The line, with this run at its end; good until this thread takes its next.</summary>
    public ReadOnlySpan<byte> Written(ReadOnlySpan<byte> run)
    {
        Add(run);
        // A line with a thousand intervals must not be remembered by every thread.
        if (_bytes.Length > KeptBytesMax)
            _own = null;
        return _bytes.AsSpan(0, _length);
    }

    /// <summary>Quotes around so many bytes, which are there already, one beyond the end.</summary>
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
