using System.Buffers;
using Gateway.Mcp.Events;

namespace Gateway.Fuzz.Targets;

/// <summary>
/// The reader of event streams. The first byte says in which steps the rest arrives. Whatever they are, no byte is
/// lost, and the events are those of WHATWG HTML, 9.2.6. Rewriting an event with its own data changes no data.
/// </summary>
internal static class EventTarget
{
    private const int BytesEach = 64;
    private static readonly byte[] Mark = [0xEF, 0xBB, 0xBF];

    public static void Run(byte[] input)
    {
        if (input.Length == 0)
            return;
        var stream = input[1..];
        var (raw, data) = Property.Bounded(input.Length, BytesEach, () => Cut(stream, 1 + (input[0] % 16)));
        Property.Holds(raw.AsSpan().SequenceEqual(stream), "no byte is lost");
        var text = Encoding.Latin1.GetString(stream.AsSpan().StartsWith(Mark) ? stream.AsSpan(3) : stream);
        Property.Holds(data.SequenceEqual(Specified(text)), "the events of the specification");
    }

    private static (byte[] Raw, List<string> Data) Cut(byte[] stream, int step)
    {
        var raw = new ArrayBufferWriter<byte>();
        var data = new List<string>();
        using var assembler = new SseAssembler(eventBytesMax: 1 << 20);
        for (var at = 0; at < stream.Length;)
        {
            Property.Holds(assembler.TryGetRoom(out var room), "room for a short event");
            var count = Math.Min(Math.Min(step, room.Length), stream.Length - at);
            stream.AsMemory(at, count).CopyTo(room);
            assembler.Advance(count);
            at += count;
            while (assembler.TryTake(out var segment))
                Take(segment, raw, data);
        }

        while (assembler.TryTakeRest(out var rest))
            Take(rest, raw, data);
        return (raw.WrittenSpan.ToArray(), data);
    }

    private static void Take(SseSegment segment, ArrayBufferWriter<byte> raw, List<string> data)
    {
        raw.Write(segment.Raw.Span);
        if (!segment.IsEvent || segment.Data.IsEmpty)
            return;
        data.Add(Encoding.Latin1.GetString(segment.Data.Span));
        var again = new ArrayBufferWriter<byte>();
        SseRewriter.Write(segment.Raw.Span, segment.Data.Span, again);
        var text = Encoding.Latin1.GetString(
            again.WrittenSpan.StartsWith(Mark) ? again.WrittenSpan[3..] : again.WrittenSpan);
        Property.Holds(Specified(text).SequenceEqual([data[^1].Replace('\r', '\n')]), "rewriting keeps the data");
    }

    /// <summary>The events that are not empty, by the rules of the specification, on lines of text.</summary>
    private static List<string> Specified(string text)
    {
        var (events, data) = (new List<string>(), new List<string>());
        foreach (var line in Regex.Split(text, "\r\n|\r|\n").Append(""))
        {
            if (line.Length == 0)
            {
                if (data.Count > 0)
                    events.Add(string.Join('\n', data));
                data.Clear();
            }
            else if (line.Split(':', 2) is ["data", .. var value])
            {
                data.Add(value is [[' ', .. var rest]] ? rest : value is [var whole] ? whole : "");
            }
        }

        return [.. events.Where(static one => one.Length > 0)];
    }
}
