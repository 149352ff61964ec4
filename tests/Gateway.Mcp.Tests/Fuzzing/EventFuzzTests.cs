namespace Gateway.Mcp.Tests.Fuzzing;

public class EventFuzzTests
{
    private static readonly string[] Pieces =
    [
        "data: a", "data:b", "data", "data:", "data:  c", ": comment", ":", "id: 1", "event: e", "retry: 5", "other: x",
        "Data: no", "\n", "\r", "\r\n", "\n\n", "\r\n\r\n", "\r\r", " ", "é", "data: {\"a\":1}", "\uFEFF",
    ];

    [Fact]
    public void Cuts_every_stream_as_the_specification_reads_it_and_loses_no_byte()
    {
        var random = new Random(FuzzBudget.Seed);
        foreach (var round in FuzzBudget.Rounds(20_000))
        {
            var pieces = Enumerable.Range(0, random.Next(1, 14)).Select(_ => Pieces[random.Next(Pieces.Length)]);
            var stream = string.Concat(pieces);
            var bytes = Encoding.UTF8.GetBytes(stream);

            var (segments, raw, _) = Events.SseAssemblerTests.Cut(bytes, random.Next(1, 6));

            var place = $"seed {FuzzBudget.Seed}, round {round}: {Regex.Escape(stream)}";
            Assert.True(raw.AsSpan().SequenceEqual(bytes), place);
            var data = segments.Where(s => s is not ("B[]" or "E[]")).Select(s => s[2..^1]);
            Assert.True(data.SequenceEqual(Oracle(stream).Where(d => d != "")), place);
        }
    }

    /// <summary>The reading of WHATWG HTML, 9.2.6, on text; an event that the end cuts off counts as well.</summary>
    private static List<string> Oracle(string stream)
    {
        var events = new List<string>();
        var data = new List<string>();
        foreach (var line in Regex.Split(stream.StartsWith('\uFEFF') ? stream[1..] : stream, "\r\n|\r|\n").Append(""))
        {
            if (line == "")
            {
                if (data.Count > 0)
                    events.Add(string.Join('\n', data));
                data.Clear();
            }

            var (name, value) = line.Split(':', 2) is [var field, var rest] ? (field, rest) : (line, "");
            if (name == "data")
                data.Add(value.StartsWith(' ') ? value[1..] : value);
        }

        return events;
    }
}
