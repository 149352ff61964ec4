using System.Buffers;

namespace Gateway.Mcp.Events;

/// <summary>Writes an event anew with other data; its other lines stay as they are, in their order.</summary>
public static class SseRewriter
{
    /// <summary>Whether a line may pass.</summary>
    public delegate bool LineTest(ReadOnlySpan<byte> line);

    /// <summary>
    /// Writes an event with nothing in it that no client reads: its data, and the lines of the other fields that are
    /// known and pass a test. Of what stands between events a sign of life is left.
    /// </summary>
    public static void WriteKnown(
        SseSegment segment, ReadOnlySpan<byte> data, LineTest mayPass, IBufferWriter<byte> output)
    {
        if (segment.IsEvent)
            Write(segment.Raw.Span, data, output, mayPass);
        else
            output.Write(segment.Raw.Span.IndexOfAnyExcept((byte)'\r', (byte)'\n') < 0 ? "\n"u8 : ":\n"u8);
    }

    /// <summary>Writes an event of the gateway's own.</summary>
    public static void WriteNew(ReadOnlySpan<byte> data, IBufferWriter<byte> output)
    {
        WriteData(data, default, output);
        output.Write("\n"u8);
    }

    /// <summary>Writes an event as it came, with other data.</summary>
    /// <param name="raw">The event as it came, its lines ended as they were.</param>
    /// <param name="data">What its data becomes.</param>
    /// <param name="output">Takes the event.</param>
    /// <param name="mayPass">Which of its other lines stay; null keeps all.</param>
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
