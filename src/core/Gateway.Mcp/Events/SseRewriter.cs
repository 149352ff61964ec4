using System.Buffers;

namespace Gateway.Mcp.Events;

/// <summary>Rewrites an event with other data; its other lines stay unchanged, in their order.</summary>
public static class SseRewriter
{
    /// <summary>A test that returns true if a line may pass.</summary>
    public delegate bool LineTest(ReadOnlySpan<byte> line);

    /// <summary>
    /// Writes an event with only the parts that clients read: its data, and the lines of the other known fields that
    /// pass a test. A segment between events becomes a keep-alive.
    /// </summary>
    public static void WriteKnown(
        SseSegment segment, ReadOnlySpan<byte> data, LineTest mayPass, IBufferWriter<byte> output)
    {
        if (segment.IsEvent)
            Write(segment.Raw.Span, data, output, mayPass);
        else
            output.Write(segment.Raw.Span.IndexOfAnyExcept((byte)'\r', (byte)'\n') < 0 ? "\n"u8 : ":\n"u8);
    }

    /// <summary>Writes an event that the gateway creates.</summary>
    public static void WriteNew(ReadOnlySpan<byte> data, IBufferWriter<byte> output)
    {
        WriteData(data, default, output);
        output.Write("\n"u8);
    }

    /// <summary>Writes a received event with other data.</summary>
    /// <param name="raw">The event as received, with its original line ends.</param>
    /// <param name="data">The new data.</param>
    /// <param name="output">Receives the event.</param>
    /// <param name="mayPass">Selects the other lines to keep; null keeps all.</param>
    public static void Write(
        ReadOnlySpan<byte> raw, ReadOnlySpan<byte> data, IBufferWriter<byte> output, LineTest? mayPass = null)
    {
        var isWritten = false;
        while (!raw.IsEmpty)
        {
            var content = raw.IndexOfAny((byte)'\r', (byte)'\n');
            var terminator = content < 0 ? 0 : TerminatorAt(raw[content..]);
            var line = content < 0 ? raw : raw[..content];
            var whole = raw[..(line.Length + terminator)];
            raw = raw[whole.Length..];
            if (!IsData(line))
            {
                if (mayPass is null || line.IsEmpty || (IsKnown(line) && mayPass(line)))
                    output.Write(whole);
                continue;
            }

            if (!isWritten)
                WriteData(data, whole[line.Length..], output);
            isWritten = true;
        }
    }

    private static void WriteData(ReadOnlySpan<byte> data, ReadOnlySpan<byte> terminator, IBufferWriter<byte> output)
    {
        var end = terminator.IsEmpty ? "\n"u8 : terminator;
        while (true)
        {
            var next = data.IndexOf((byte)'\n');
            output.Write("data: "u8);
            output.Write(next < 0 ? data : data[..next]);
            output.Write(end);
            if (next < 0)
                return;
            data = data[(next + 1)..];
        }
    }

    private static int TerminatorAt(ReadOnlySpan<byte> rest) =>
        rest.Length > 1 && rest[0] == (byte)'\r' && rest[1] == (byte)'\n' ? 2 : 1;

    private static bool IsKnown(ReadOnlySpan<byte> line) =>
        line.StartsWith("id:"u8) || line.StartsWith("event:"u8) || line.StartsWith("retry:"u8);

    private static bool IsData(ReadOnlySpan<byte> line)
    {
        if (line.StartsWith((ReadOnlySpan<byte>)[0xEF, 0xBB, 0xBF]))
            line = line[3..];
        return line.StartsWith("data"u8) && (line.Length == 4 || line[4] == (byte)':');
    }
}

/// <summary>A segment of a stream: one whole event, or comments and blank lines between events.</summary>
/// <param name="Raw">The bytes as received; valid until the next call to the assembler.</param>
/// <param name="Data">The event's data, its lines joined by a line feed; empty if there is none.</param>
/// <param name="IsEvent">False for bytes between events.</param>
public readonly record struct SseSegment(ReadOnlyMemory<byte> Raw, ReadOnlyMemory<byte> Data, bool IsEvent);
