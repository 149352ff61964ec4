using Gateway.Mcp.Events;

namespace Gateway.Mcp.Tests.Events;

public class SseAssemblerTests
{
    [Theory]
    [InlineData("data: a\n\n", "E[a]")]
    [InlineData("data: a\r\n\r\n", "E[a]")]
    [InlineData("data: a\r\r", "E[a]")]
    [InlineData("\uFEFFdata: a\n\n", "E[a]")]
    [InlineData("data:a\ndata: b\ndata:  c\n\n", "E[a\nb\n c]")]
    [InlineData("data\ndata\n\n", "E[\n]")]
    [InlineData("id: 1\ndata: \nretry: 5\n\n", "E[]")]
    [InlineData(": comment\n\nevent: x\ndata: y\n\n", "E[y]")]
    [InlineData("data: a\n: inside\ndata: b\n\n", "E[a\nb]")]
    [InlineData("Data: a\ndata2: b\n data: c\n\n", "E[]")]
    [InlineData("\n\n\n", "")]
    [InlineData("data: a", "E[a]")]
    [InlineData("data: a\n", "E[a]")]
    [InlineData("data: a\ndata: b", "E[a\nb]")]
    [InlineData("data: a\r\n\r\n\r\ndata: b\r\n\r\n", "E[a] E[b]")]
    [InlineData(": x", "")]
    public void Cuts_a_stream_into_events_however_its_bytes_arrive(string stream, string expected)
    {
        var bytes = Encoding.UTF8.GetBytes(stream);
        foreach (var step in new[] { 1, 2, 3, 7, bytes.Length })
        {
            var (segments, raw, _) = Cut(bytes, step);
            Assert.Equal(bytes, raw);
            Assert.Equal(expected, Events(segments));
        }
    }

    [Theory]
    [InlineData("data: a\r\n\r\n: note\r\n\r\ndata: b\ndata: c\n\n", "E[a] E[b\nc]")]
    [InlineData("\uFEFFdata: a\n\nid: 1\ndata: b\n\n", "E[a] E[b]")]
    [InlineData("data: a\r\rdata: b", "E[a] E[b]")]
    public void Cuts_the_same_events_where_it_rests_before_every_byte(string stream, string expected)
    {
        var bytes = Encoding.UTF8.GetBytes(stream);
        var (segments, raw, _) = Cut(bytes, 1, rests: true);
        Assert.Equal(bytes, raw);
        Assert.Equal(expected, Events(segments));
    }

    [Fact]
    public void Holds_nothing_while_it_rests_between_two_events()
    {
        using var assembler = new SseAssembler(1024);
        Assert.Equal(0, assembler.BytesWithRoom);
        Feed(assembler, "data: a\n\n"u8);
        Assert.True(assembler.TryTake(out _));
        assembler.Rest();
        Assert.Equal(0, assembler.BytesWithRoom);
    }

    [Fact]
    public void Keeps_what_it_has_of_an_event_while_it_rests()
    {
        using var assembler = new SseAssembler(1024);
        Feed(assembler, "data: a\n"u8);
        Assert.False(assembler.TryTake(out _));
        assembler.Rest();
        Feed(assembler, "\n"u8);
        Assert.True(assembler.TryTake(out var segment));
        Assert.Equal("a", Encoding.UTF8.GetString(segment.Data.Span));
    }

    [Fact]
    public void Notes_that_events_carry_ids()
    {
        Assert.True(Cut("id: 1\ndata: a\n\n"u8.ToArray(), 4).HasIds);
        Assert.False(Cut("data: id: 1\n\n"u8.ToArray(), 4).HasIds);
    }

    [Fact]
    public void Passes_a_comment_before_its_blank_line_has_come()
    {
        using var assembler = new SseAssembler(1024);
        Feed(assembler, ": ping\n"u8);
        Assert.True(assembler.TryTake(out var segment));
        Assert.Equal(": ping\n", Encoding.UTF8.GetString(segment.Raw.Span));
    }

    [Fact]
    public void Has_no_room_for_an_event_over_the_bound()
    {
        using var assembler = new SseAssembler(10_000);
        var isRoom = true;
        var fed = 0;
        for (; fed < 20_000 && isRoom; fed += 100)
        {
            isRoom = assembler.TryGetRoom(out var room);
            if (isRoom)
                Feed(assembler, Enumerable.Repeat((byte)'a', 100).ToArray());
            assembler.TryTake(out _);
        }

        Assert.False(isRoom);
        Assert.InRange(fed, 10_000, 10_200);
    }

    [Theory]
    [InlineData(
        "id: 1\nevent: message\ndata: {\"old\":1}\nretry: 3\n\n",
        "id: 1\nevent: message\ndata: new\nretry: 3\n\n")]
    [InlineData("data: a\r\ndata: b\r\nid: 7\r\n\r\n", "data: new\r\nid: 7\r\n\r\n")]
    [InlineData("data:a\r: c\r\r", "data: new\r: c\r\r")]
    [InlineData("data: a", "data: new\n")]
    public void Rewrites_only_the_data(string raw, string expected) => Assert.Equal(expected, Rewrite(raw, "new"));

    [Fact]
    public void Rewritten_data_of_several_lines_is_written_line_by_line() =>
        Assert.Equal("data: a\ndata: b\n\n", Rewrite("data: x\n\n", "a\nb"));

    internal static (List<string> Segments, byte[] Raw, bool HasIds) Cut(
        byte[] bytes, int step, bool rests = false)
    {
        using var assembler = new SseAssembler(1024 * 1024);
        var segments = new List<string>();
        var raw = new List<byte>();
        for (var at = 0; at < bytes.Length; at += step)
        {
            Feed(assembler, bytes.AsSpan(at, Math.Min(step, bytes.Length - at)));
            while (assembler.TryTake(out var segment))
                Note(segment);
            if (rests)
                assembler.Rest();
        }

        while (assembler.TryTakeRest(out var rest))
            Note(rest);
        return (segments, [.. raw], assembler.HasEventIds);

        void Note(SseSegment segment)
        {
            raw.AddRange(segment.Raw.ToArray());
            segments.Add((segment.IsEvent ? "E[" : "B[") + Encoding.UTF8.GetString(segment.Data.Span) + "]");
        }
    }

    private static void Feed(SseAssembler assembler, ReadOnlySpan<byte> bytes)
    {
        while (!bytes.IsEmpty)
        {
            Assert.True(assembler.TryGetRoom(out var room));
            var count = Math.Min(room.Length, bytes.Length);
            bytes[..count].CopyTo(room.Span);
            assembler.Advance(count);
            bytes = bytes[count..];
        }
    }

    private static string Rewrite(string raw, string data)
    {
        var output = new System.Buffers.ArrayBufferWriter<byte>();
        SseRewriter.Write(Encoding.UTF8.GetBytes(raw), Encoding.UTF8.GetBytes(data), output);
        return Encoding.UTF8.GetString(output.WrittenSpan);
    }

    // Bytes between events come in as many pieces as they arrive in; only the events are the same.
    private static string Events(List<string> segments) => string.Join(' ', segments.Where(s => s != "B[]"));
}
