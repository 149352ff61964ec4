using System.Buffers;

namespace Gateway.Mcp.Events;

/// <summary>Writes an event anew with other data; its other lines stay as they are, in their order.</summary>
public static class SseRewriter
{
    public static void Write(ReadOnlySpan<byte> raw, ReadOnlySpan<byte> data, IBufferWriter<byte> output)
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

    private static bool IsData(ReadOnlySpan<byte> line)
    {
        if (line.StartsWith((ReadOnlySpan<byte>)[0xEF, 0xBB, 0xBF]))
            line = line[3..];
        return line.StartsWith("data"u8) && (line.Length == 4 || line[4] == (byte)':');
    }
}
