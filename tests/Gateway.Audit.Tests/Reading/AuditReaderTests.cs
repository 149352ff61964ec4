using Gateway.Audit.Reading;
using Microsoft.Extensions.Primitives;

namespace Gateway.Audit.Tests.Reading;

/// <summary>Reads a log backwards that is larger than what one request may read.</summary>
public sealed class AuditReaderTests : IDisposable
{
    private const int Files = 3;
    private const int LinesOfFile = 1100;
    private readonly TestFolder _folder = new();
    private readonly AuditReader _reader;

    public AuditReaderTests()
    {
        var padding = new string('x', 20_000);
        for (var file = 1; file <= Files; file++)
        {
            using var writer = new StreamWriter(Path.Combine(_folder.Path, $"audit-{file:D6}.jsonl"));
            for (var line = 0; line < LinesOfFile; line++)
            {
                var number = (file - 1) * LinesOfFile + line;
                var time = DateTime.UnixEpoch.AddMinutes(number).ToString("yyyy-MM-ddTHH:mm:ss.fffZ");
                writer.Write($$"""{"kind":"decision","time":"{{time}}","grant":"g{{number % 7}}",""");
                writer.Write($"\"callId\":\"{number}\",");
                writer.Write($"\"padding\":\"{padding}\"}}\n");
            }

            // What a crash cut off.
            writer.Write("""{"kind":"decision","callId":"half""");
        }

        _reader = new AuditReader(_folder.Path);
    }

    [Theory]
    [InlineData(5)]
    [InlineData(400)]
    public void Finds_the_newest_and_counts_all_of_them(int count)
    {
        var query = Query(("grant", "g3"));
        var wanted = Enumerable.Range(0, Files * LinesOfFile).Where(static number => number % 7 == 3).ToList();

        var found = new List<int>();
        var matched = 0L;
        var pages = 0;
        string? before = null;
        do
        {
            var page = _reader.Tail(query, count - found.Count, before);
            found.InsertRange(0, page.Items.Select(static item =>
                int.Parse(item.GetProperty("callId").GetString()!, CultureInfo.InvariantCulture)));
            (before, matched, pages) = (page.Earlier, matched + page.Matched, pages + 1);
        }
        while (before is not null);

        Assert.Equal(wanted.Count, matched);
        Assert.Equal(wanted.TakeLast(count), found);
        Assert.InRange(pages, 3, 6);
    }

    [Fact]
    public void Looks_no_further_back_than_an_hour_before_the_time_that_is_asked_for()
    {
        var from = DateTime.UnixEpoch.AddMinutes(Files * LinesOfFile - 10).ToString("O");

        var page = _reader.Tail(Query(("from", from)), 100, before: null);

        Assert.Equal((10, 10, null), (page.Items.Count, (int)page.Matched, page.Earlier));
    }

    [Fact]
    public void Goes_on_where_a_tail_ended()
    {
        var page = _reader.Tail(Query(), 1, before: null);
        var path = Path.Combine(_folder.Path, $"audit-{Files:D6}.jsonl");
        File.AppendAllText(path, "\n{\"kind\":\"decision\",\"callId\":\"new\"}\n");

        var next = _reader.Read(Query(), page.Next, 10);

        Assert.Equal("new", Assert.Single(next.Items).GetProperty("callId").GetString());
    }

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void Finds_records_that_are_longer_than_what_is_read_at_first()
    {
        using var folder = new TestFolder();
        var padding = new string('x', 300_000);
        File.WriteAllLines(Path.Combine(folder.Path, "audit-000001.jsonl"), Enumerable.Range(0, 40).Select(number =>
            $$"""{"kind":"decision","callId":"{{number}}","padding":"{{(number % 3 == 0 ? padding : "")}}"}"""));

        var found = new List<int>();
        string? before = null;
        do
        {
            var page = new AuditReader(folder.Path).Tail(Query(), 3, before);
            found.InsertRange(0, page.Items.Select(static item =>
                int.Parse(item.GetProperty("callId").GetString()!, CultureInfo.InvariantCulture)));
            before = page.Earlier;
        }
        while (before is not null && found.Count < 100);

        Assert.Equal(Enumerable.Range(0, 40), found);
    }

    private static AuditQuery Query(params (string Name, string Value)[] members) => AuditQuery.Read(
        new QueryCollection(members.ToDictionary(
            static member => member.Name, static member => new StringValues(member.Value))),
        out _)!;
}
