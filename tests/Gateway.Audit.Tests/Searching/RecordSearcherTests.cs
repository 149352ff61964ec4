using System.IO.Compression;
using Gateway.Audit.Searching;
using Microsoft.Extensions.Primitives;

namespace Gateway.Audit.Tests.Searching;

/// <summary>Searches over a log of two compressed files and one that is still written.</summary>
public sealed class RecordSearcherTests : IDisposable
{
    private const int Calls = 900;
    private const int CallsOfFile = 300;
    private static readonly TimeSpan Long = TimeSpan.FromMinutes(1);
    private static readonly DateTime Begin = new(2026, 1, 31, 0, 0, 0, DateTimeKind.Utc);
    private readonly TestFolder _folder = new();
    private readonly RecordSearcher _searcher;

    public RecordSearcherTests()
    {
        for (var file = 0; file < Calls / CallsOfFile; file++)
        {
            var lines = Enumerable.Range(file * CallsOfFile, CallsOfFile).SelectMany(Records);
            Write(file + 1, string.Concat(lines.Select(static line => line + "\n")), isPacked: file < 2);
        }

        _searcher = new RecordSearcher(_folder.Path, TimeProvider.System);
    }

    public void Dispose() => _folder.Dispose();

    [Theory]
    [InlineData(1)]
    [InlineData(7)]
    [InlineData(500)]
    public void Pages_contain_each_matching_record_once_newest_first(int limit)
    {
        var filter = Filter(("kind", "decision"), ("grant", "g3"));

        var found = Pages(filter, limit);

        Assert.Equal(
            Enumerable.Range(0, Calls).Where(static call => call % 7 == 3).Reverse().Select(Id), found.Select(IdOf));
    }

    [Fact]
    public void A_search_without_time_left_returns_a_part_and_a_place_to_continue()
    {
        var filter = Filter(("q", Id(0)));

        var first = _searcher.Find(filter, null, 10, TimeSpan.Zero, default);

        Assert.Empty(first.Records);
        Assert.NotNull(first.Next);
        Assert.True(first.ReachedMs > new DateTimeOffset(Begin).ToUnixTimeMilliseconds());
        var (cursor, found) = (first.Next, 0);
        for (var page = 0; page < 10 && cursor is not null; page++)
        {
            var next = _searcher.Find(filter, cursor, 10, TimeSpan.Zero, default);
            found += next.Records.Count;
            cursor = next.Next;
        }

        Assert.Equal((2, null), (found, cursor));
    }

    [Theory]
    [InlineData("SEND_em", 450)]
    [InlineData("send_em ana", 150)]
    [InlineData("amou", 450)]
    [InlineData("/tools/get", 450)]
    [InlineData("Überw", 450)]
    [InlineData("überw", 450)]
    [InlineData("a \"quoted\" word", 450)]
    [InlineData("000001c8", 1)]
    [InlineData("decision", 0)]
    [InlineData("sha256-of", 0)]
    public void Text_matches_parts_of_names_arguments_ids_and_reasons_in_any_case(string text, int expected)
    {
        Assert.Equal(expected, Pages(Filter(("kind", "decision"), ("q", text)), 100).Count);
        Assert.Equal(expected, _searcher.Count(Filter(("kind", "decision"), ("q", text)), Long, default).Matched);
    }

    [Fact]
    public void Time_range_and_duration_bound_the_matches()
    {
        var (from, to) = (Begin.AddMinutes(250), Begin.AddMinutes(350));

        var found = Pages(
            Filter(("kind", "decision"), ("from", $"{from:O}"), ("to", $"{to:O}")), 30);

        Assert.Equal(Enumerable.Range(250, 100).Reverse().Select(Id), found.Select(IdOf));
        Assert.Equal(Calls / 90, Pages(Filter(("minMs", "89")), 100).Count);
        Assert.Empty(Pages(Filter(("from", "2026-03-01T00:00:00Z")), 10));
        Assert.Empty(Pages(Filter(("to", "2025-03-01T00:00:00Z")), 10));
    }

    [Fact]
    public void Method_policy_and_failure_bound_the_matches()
    {
        Write(4, $$"""
            {"kind":"decision","time":"2026-02-01T00:00:00.000Z","callId":"{{Id(2000)}}","method":"initialize","policy":"strict","outcome":"allowed"}
            {"kind":"outcome","time":"2026-02-01T00:00:01.000Z","callId":"{{Id(2000)}}","ended":"completed","status":200}
            {"kind":"decision","time":"2026-02-01T00:00:02.000Z","callId":"{{Id(2001)}}","method":"tools/call","tool":"t","policy":"strict","outcome":"allowed"}
            {"kind":"outcome","time":"2026-02-01T00:00:03.000Z","callId":"{{Id(2001)}}","tool":"t","ended":"completed","status":503}
            {"kind":"outcome","time":"2026-02-01T00:00:04.000Z","callId":"{{Id(2002)}}","tool":"t","ended":"no_response","status":0}
            {"kind":"outcome","time":"2026-02-01T00:00:05.000Z","callId":"{{Id(2003)}}","tool":"t","ended":"client gone","status":0}

            """, isPacked: false);

        Assert.Equal(Calls + 1, Pages(Filter(("kind", "decision"), ("method", "tools/call")), 1000).Count);
        Assert.Equal(Calls + 3, Pages(Filter(("kind", "outcome"), ("method", "tools/call")), 1000).Count);
        Assert.Equal([Id(2001), Id(2000)], Pages(Filter(("policy", "strict")), 10).Select(IdOf));
        Assert.Equal([Id(2002), Id(2001)], Pages(Filter(("failed", "true")), 10).Select(IdOf));
        Assert.Equal(2, _searcher.Count(Filter(), Long, default).Facets["failed"].Single().Count);
    }

    [Fact]
    public void Calls_are_visited_with_their_callers_from_the_start_of_the_time_range_on()
    {
        var (from, visited) = (Begin.AddMinutes(100), new List<CallFacts>());

        var reachedMs = _searcher.VisitCalls(
            Filter(("from", $"{from:O}"), ("caller", "Ana")), readsBudgets: false, Long, visited.Add, default);

        Assert.Equal(new DateTimeOffset(from).ToUnixTimeMilliseconds(), reachedMs);
        // Every third call is hers; results of this log do not name their callers.
        Assert.Equal(Enumerable.Range(100, Calls - 100).Count(static call => call % 3 == 0), visited.Count);
        Assert.All(visited, static call => Assert.Equal(("Ana", false), (call.Caller.Subject, call.IsResult)));
    }

    [Fact]
    public void Facets_count_values_and_intervals_of_all_matches()
    {
        var facets = _searcher.Count(Filter(("kind", "decision,outcome")), Long, default);

        Assert.Equal((2 * Calls, true), ((int)facets.Matched, facets.IsComplete));
        Assert.Equal(
            [new FacetValue("decision", Calls), new FacetValue("outcome", Calls)], facets.Facets["kind"]);
        Assert.Equal(Calls, facets.Facets["tool"].Single(static one => one.Value == "get_customer").Count);
        Assert.Equal(
            [("completed", 900), ("allowed", 600), ("denied", 300)],
            facets.Facets["outcome"].Select(static one => (one.Value, (int)one.Count)));
        Assert.Equal(2 * Calls, facets.Histogram.Matched.Sum());
        Assert.Equal(300, facets.Histogram.Refused.Sum());
        Assert.Equal(facets.Histogram.Matched.Count, facets.Histogram.Refused.Count);
    }

    [Fact]
    public void Facets_without_time_left_say_that_they_are_incomplete()
    {
        var facets = _searcher.Count(Filter(), TimeSpan.Zero, default);

        Assert.False(facets.IsComplete);
        Assert.InRange(facets.Matched, 1, 2 * Calls - 1);
        Assert.NotNull(facets.Reached);
    }

    [Fact]
    public void A_call_is_found_with_its_result_its_approval_and_the_call_that_was_asked()
    {
        var (asked, retried, approval) = (Id(2000), Id(2001), Id(3000));
        Write(4, $$"""
            {"kind":"decision","time":"2026-02-01T00:00:00.000Z","callId":"{{asked}}","outcome":"approval_required","approvalId":"{{approval}}"}
            {"kind":"approval","time":"2026-02-01T00:00:01.000Z","approvalId":"{{approval}}","became":"asked"}
            {"kind":"approval","time":"2026-02-01T00:00:09.000Z","approvalId":"{{approval}}","became":"approved","by":"ana","comment":"ok"}
            {"kind":"decision","time":"2026-02-01T00:00:10.000Z","callId":"{{retried}}","outcome":"allowed","approvalId":"{{approval}}"}
            {"kind":"outcome","time":"2026-02-01T00:00:11.000Z","callId":"{{retried}}","ended":"completed"}

            """, isPacked: false);

        foreach (var id in new[] { asked, retried, approval })
        {
            Assert.Equal(
                ["approval_required", "asked", "approved", "allowed", "completed"],
                _searcher.Call(id, around: null, default).Select(static one => one.ToJson()).Select(
                    static one => Text(one, "outcome") ?? Text(one, "became") ?? Text(one, "ended")));
        }

        Assert.Equal(2, _searcher.Call(Id(5), around: null, default).Count);
        Assert.Equal(2, _searcher.Call(Id(5), Begin, default).Count);
        Assert.Empty(_searcher.Call(Id(5), Begin.AddDays(3), default));
        Assert.Empty(_searcher.Call(Id(9999), around: null, default));
    }

    [Fact]
    public void A_line_that_a_crash_cut_off_and_foreign_text_are_passed_over()
    {
        Write(4, "{\"kind\":\"decision\",\"callId\":\"half\nno json\n" + Records(4000).First() + "\n{\"kind\":\"dec",
            isPacked: false);

        var found = Pages(Filter(("kind", "decision")), 1000);

        Assert.Equal(Calls + 1, found.Count);
        Assert.Equal(Id(4000), IdOf(found[0]));
    }

    [Fact]
    public void Unreadable_parameters_are_refused_with_the_reason()
    {
        foreach (var (name, value) in new[]
            {
                ("kind", "decisions"), ("from", "yesterday-ish"), ("minMs", "-1"), ("failed", "false"),
                ("q", new string('x', 201)),
                ("q", "1 2 3 4 5 6 7 8 9"),
            })
        {
            Assert.Null(RecordFilter.Read(Query((name, value)), out var problem));
            Assert.Contains($"\"{name}\"", problem, StringComparison.Ordinal);
        }
    }

    private static IEnumerable<string> Records(int call)
    {
        var time = Begin.AddMinutes(call);
        var (tool, caller) = (call % 2 == 0 ? "send_email" : "get_customer", call % 3 == 0 ? "Ana" : "ben");
        yield return $$"""
            {"kind":"decision","time":"{{Time(time)}}","callId":"{{Id(call)}}","grant":"g{{call % 7}}","server":"crm",
            "caller":"{{caller}}","method":"tools/call","tool":"{{tool}}","argumentKeys":["{{(call % 2 == 0 ? "amount" : "id")}}"],
            "policySha256":"sha256-of-it","outcome":"{{(call % 3 == 1 ? "denied" : "allowed")}}","rule":"/tools/{{tool}}",
            "reason":"{{(call % 2 == 0 ? "\\u00DCberweisung" : "a \\u0022quoted\\u0022 word")}}","counters":[{"key":"k","used":"1"}]}
            """.ReplaceLineEndings("");
        yield return $$"""
            {"kind":"outcome","time":"{{Time(time.AddMilliseconds(call % 90))}}","callId":"{{Id(call)}}","grant":"g{{call % 7}}",
            "server":"crm","tool":"{{tool}}","ended":"completed","status":200,"bytes":7,"durationMs":{{call % 90}}}
            """.ReplaceLineEndings("");
    }

    private void Write(int number, string text, bool isPacked)
    {
        var path = Path.Combine(_folder.Path, $"audit-{number:D8}.jsonl");
        if (!isPacked)
        {
            File.WriteAllText(path, text);
            return;
        }

        using var gzip = new GZipStream(File.Create(path + ".gz"), CompressionLevel.Fastest);
        gzip.Write(Encoding.UTF8.GetBytes(text));
    }

    private List<FoundRecord> Pages(RecordFilter filter, int limit)
    {
        var found = new List<FoundRecord>();
        string? cursor = null;
        do
        {
            var page = _searcher.Find(filter, cursor, limit, Long, default);
            Assert.InRange(page.Records.Count, 0, limit);
            found.AddRange(page.Records);
            cursor = page.Next;
        }
        while (cursor is not null);
        return found;
    }

    private static RecordFilter Filter(params (string Name, string Value)[] members) =>
        RecordFilter.Read(Query(members), out _)!;

    private static QueryCollection Query(params (string Name, string Value)[] members) => new(members.ToDictionary(
        static member => member.Name, static member => new StringValues(member.Value)));

    private static string? IdOf(FoundRecord record) => Text(record.ToJson(), "callId");

    private static string? Text(JsonElement record, string member) =>
        record.TryGetProperty(member, out var value) ? value.GetString() : null;

    private static string Id(int call) => call.ToString("x32", CultureInfo.InvariantCulture);

    private static string Time(DateTime time) =>
        time.ToString("yyyy-MM-ddTHH:mm:ss.fff'Z'", CultureInfo.InvariantCulture);
}
