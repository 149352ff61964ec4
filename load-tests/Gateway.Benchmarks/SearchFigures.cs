using System.Globalization;
using System.IO.Compression;
using Gateway.Audit.Searching;
using Gateway.Limits.Model;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Primitives;

namespace Gateway.Benchmarks;

/// <summary>
/// The time of searches over a log as the gateway keeps it: files of 64 MiB, all but the last one compressed. Each
/// figure is the median of five.
/// </summary>
internal static class SearchFigures
{
    private const long FileBytes = 64L * 1024 * 1024;
    private static readonly TimeSpan Unbounded = TimeSpan.FromMinutes(5);
    private static readonly TimeSpan PageBudget = TimeSpan.FromMilliseconds(100);
    private static readonly TimeSpan FacetBudget = TimeSpan.FromMilliseconds(700);

    public static void Print(int records)
    {
        using var folder = new TestFolder("gateway-search-");
        var bytes = Write(folder.Path, records);
        var stored = Directory.EnumerateFiles(folder.Path).Sum(static file => new FileInfo(file).Length);
        Console.WriteLine(string.Create(CultureInfo.InvariantCulture,
            $"{records} records, {bytes / 1_000_000} MB, {stored / 1_000_000} MB on disk"));
        foreach (var (name, member, value) in new[]
            {
                ("no filter", "", ""), ("one tool of 40", "tool", "tool_7"), ("text in one of 40 tools", "q", "OOL_7"),
                ("text in one record", "q", $"call-{records / 4}"), ("text in no record", "q", "nowhere-at-all"),
            })
        {
            var query = new Dictionary<string, StringValues>();
            if (member.Length > 0)
                query[member] = value;
            var filter = RecordFilter.Read(new QueryCollection(query), out _)!;
            var searcher = new RecordSearcher(folder.Path, TimeProvider.System);
            Print($"{name}: first page", () => searcher.Find(filter, null, 50, PageBudget, default) is var page
                ? $"{page.Records.Count} records{(page.Next is null ? ", all" : "")}" : "");
            Print($"{name}: whole page",
                () => $"{searcher.Find(filter, null, 50, Unbounded, default).Records.Count} records");
            Print($"{name}: facets", () => searcher.Count(filter, FacetBudget, default) is var facets
                ? $"{facets.Matched} counted{(facets.IsComplete ? ", all" : "")}" : "");
            Print($"{name}: all facets", () => $"{searcher.Count(filter, Unbounded, default).Matched} counted");
        }
    }

    private static void Print(string name, Func<string> search)
    {
        var times = new List<double>();
        var (found, allocated) = ("", GC.GetTotalAllocatedBytes());
        for (var round = 0; round < 5; round++)
        {
            var begun = TimeProvider.System.GetTimestamp();
            found = search();
            times.Add(TimeProvider.System.GetElapsedTime(begun).TotalMilliseconds);
        }

        times.Sort();
        var megabytes = (GC.GetTotalAllocatedBytes() - allocated) / 5_000_000.0;
        Console.WriteLine(string.Create(CultureInfo.InvariantCulture,
            $"{name,-40} {times[2],8:0.0} ms  {megabytes,8:0.0} MB  {found}"));
    }

    private static long Write(string folder, int records)
    {
        var (number, bytes, total) = (0, FileBytes, 0L);
        StreamWriter? file = null;
        var begin = new DateTime(2026, 11, 1, 0, 0, 0, DateTimeKind.Utc);
        for (var i = 0; i < records; i++)
        {
            if (bytes >= FileBytes)
            {
                file?.Dispose();
                Pack(folder, number++);
                file = new StreamWriter(Path.Combine(folder, $"audit-{number:D8}.jsonl"));
                bytes = 0;
            }

            var line = Line(i, begin.AddMilliseconds(i * 300L));
            file!.Write(line);
            (bytes, total) = (bytes + line.Length, total + line.Length);
        }

        file?.Dispose();
        return total;
    }

    private static string _callId = "";

    private static string Line(int i, DateTime at)
    {
        var (call, tool, grant) = (i / 2, $"tool_{i / 2 % 40}", $"agent-{i / 2 % 300:000}");
        if (i % 2 == 0)
            _callId = CallId.New().ToString();
        var head = $"\"time\":\"{Text(at)}\",\"callId\":\"{_callId}\",\"grant\":\"{grant}\",\"server\":\"crm\"";
        if (i % 2 == 1)
        {
            return $"{{\"kind\":\"outcome\",{head},\"tool\":\"{tool}\",\"ended\":\"completed\",\"status\":200,"
                + $"\"bytes\":{i % 977},\"durationMs\":{i % 131},\"counted\":\"counted\"}}\n";
        }

        var hour = at.Date.AddHours(at.Hour);
        return $$"""
            {"kind":"decision",{{head}},"method":"tools/call","tool":"{{tool}}","argumentKeys":["to","call-{{call}}"],
            "session":null,"policy":"p","policySha256":"9367e0d3d9bc8bcd79649e45ba137be028a32a59df641d9fb2",
            "outcome":"{{(i % 10 == 0 ? "denied" : "allowed")}}","rule":"/tools/{{tool}}",
            "counters":[{"key":"{{grant}}@crm/all/grant/fixed/3600s/0","window":"{{Text(hour)}}",
            "windowEnd":"{{Text(hour.AddHours(1))}}","cost":"1","max":"9000","used":"{{call / 300 % 3600}}",
            "intervals":["1-2"]}]}
            """.ReplaceLineEndings("") + "\n";
    }

    private static void Pack(string folder, int number)
    {
        if (number == 0)
            return;
        var path = Path.Combine(folder, $"audit-{number:D8}.jsonl");
        using (var from = File.OpenRead(path))
        using (var to = File.Create(path + ".gz"))
        using (var gzip = new GZipStream(to, CompressionLevel.Fastest))
            from.CopyTo(gzip);
        File.Delete(path);
    }

    private static string Text(DateTime at) =>
        at.ToString("yyyy-MM-ddTHH:mm:ss.fff'Z'", CultureInfo.InvariantCulture);
}
