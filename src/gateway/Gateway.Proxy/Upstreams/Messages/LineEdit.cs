using System.Buffers;
using Gateway.Mcp.Writing;

namespace Gateway.Proxy.Upstreams.Messages;

/// <summary>A writer of a message as one line, with a few of its values replaced.</summary>
internal static class LineEdit
{
    // A JSON string contains no raw line feed or carriage return, so one that occurs in a message is white space. But
    // it may contain raw U+0085, U+2028 and U+2029, at which some line readers split (for example Node's readline):
    // they would see a second message that was never evaluated. These are the first bytes of all five.
    private static readonly SearchValues<byte> Suspects = SearchValues.Create((byte)'\n', (byte)'\r', 0xC2, 0xE2);

    /// <summary>Returns the message as a line, including its end.</summary>
    public static byte[] ToLine(ReadOnlyMemory<byte> message, params ReadOnlySpan<ValueEdit> edits)
    {
        using var output = new PooledBuffer();
        Write(message.Span, edits, output, escapes: true);
        output.Write("\n"u8);
        return output.Written.ToArray();
    }

    /// <summary>Returns a server's message for a client, on one line; the same bytes if nothing changes.</summary>
    public static ReadOnlyMemory<byte> Restore(ReadOnlyMemory<byte> line, params ReadOnlySpan<ValueEdit> edits)
    {
        if (edits.IsEmpty && !line.Span.ContainsAny((byte)'\r', (byte)'\n'))
            return line;
        using var output = new PooledBuffer();
        Write(line.Span, edits, output, escapes: false);
        return output.Written.ToArray();
    }

    private static void Write(
        ReadOnlySpan<byte> message, ReadOnlySpan<ValueEdit> edits, PooledBuffer output, bool escapes)
    {
        var at = 0;
        while (Next(message, edits, at) is { } next)
        {
            message.Overlaps(next.Old.Span, out var offset);
            Copy(message[at..offset], output, escapes);
            output.Write(next.New.Span);
            at = offset + next.Old.Length;
        }

        Copy(message[at..], output, escapes);
    }

    private static ValueEdit? Next(ReadOnlySpan<byte> message, ReadOnlySpan<ValueEdit> edits, int from)
    {
        ValueEdit? first = null;
        var firstAt = int.MaxValue;
        foreach (var edit in edits)
        {
            if (edit.Old.IsEmpty || !message.Overlaps(edit.Old.Span, out var offset) || offset < from
                || offset >= firstAt)
                continue;
            (first, firstAt) = (edit, offset);
        }

        return first;
    }

    private static void Copy(ReadOnlySpan<byte> text, PooledBuffer output, bool escapes)
    {
        while (text.IndexOfAny(Suspects) is >= 0 and var at)
        {
            output.Write(text[..at]);
            var rest = text[at..];
            if (rest[0] is (byte)'\n' or (byte)'\r')
            {
                output.Write(" "u8);
                text = rest[1..];
                continue;
            }

            var (used, escaped) = escapes ? Separator(rest) : (0, default);
            output.Write(used == 0 ? rest[..1] : escaped);
            text = rest[Math.Max(used, 1)..];
        }

        output.Write(text);
    }

    private static (int Used, byte[]? Escaped) Separator(ReadOnlySpan<byte> text) =>
        text.StartsWith("\u2028"u8) ? (3, "\\u2028"u8.ToArray())
        : text.StartsWith("\u2029"u8) ? (3, "\\u2029"u8.ToArray())
        : text.StartsWith("\u0085"u8) ? (2, "\\u0085"u8.ToArray())
        : (0, null);
}

/// <summary>A value of a message, as a slice of it, and its replacement.</summary>
internal readonly record struct ValueEdit(ReadOnlyMemory<byte> Old, ReadOnlyMemory<byte> New);
