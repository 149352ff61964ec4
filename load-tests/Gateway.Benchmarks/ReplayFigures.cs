using System.Globalization;
using System.Text;
using Gateway.Audit.Replaying;
using Gateway.Policy;

namespace Gateway.Benchmarks;

/// <summary>The time and memory of replaying a record: calls of 50 grants with several limits.</summary>
internal static class ReplayFigures
{
    private const string Edited = """
        {
          "version": "1", "default": "deny",
          "all_tools": { "limits": [ { "counter": "all", "window": "hour", "max": 5000 } ] },
          "tools": {
            "list": {},
            "send": { "limits": [ { "counter": "sent", "window": "minute", "max": 20 } ] },
            "slide": { "limits": [ { "counter": "slid", "window": "minute", "max": 20, "kind": "sliding" } ] }
          }
        }
        """;

    public static void Print(int records)
    {
        using var folder = new TestFolder("gateway-replay-");
        Write(folder.Path, records);
        var policy = PolicyLoader.Load(Encoding.UTF8.GetBytes(Edited), "p").Policy!;
        var clock = TimeProvider.System.GetTimestamp();
        var peak = 0L;
        using var source = new FolderSource(folder.Path);
        var processor = Environment.CpuUsage.TotalTime;
        var report = new ReplayRun(new ReplayRequest([source], policy)).Run(
            _ => peak = Math.Max(peak, GC.GetTotalMemory(forceFullCollection: false)), CancellationToken.None);
        Console.WriteLine(string.Create(CultureInfo.InvariantCulture,
            $"{records} records in {TimeProvider.System.GetElapsedTime(clock).TotalSeconds:0.0} s "
            + $"({(Environment.CpuUsage.TotalTime - processor).TotalSeconds:0.0} s of processor), "
            + $"{peak / 1_000_000} MB at most: {report.Evaluated} evaluated, {report.Same} the same, "
            + $"{report.Changed} changed, {report.Unknown} undetermined"));
    }

    private static void Write(string folder, int records)
    {
        using var file = new StreamWriter(Path.Combine(folder, "audit-00000001.jsonl"));
        for (var i = 0; i < records / 2; i++)
        {
            var at = new DateTime(2026, 11, 1, 0, 0, 0, DateTimeKind.Utc).AddMilliseconds(i * 20L);
            file.Write(Decision(i, at));
            file.Write($"{{\"kind\":\"outcome\",\"time\":\"{Text(at.AddMilliseconds(9))}\",\"callId\":\"{i:x32}\","
                + "\"grant\":\"g\",\"server\":\"s\",\"ended\":\"completed\",\"status\":200,\"bytes\":120,"
                + "\"durationMs\":9,\"counted\":\"counted\"}\n");
        }
    }

    private static string Decision(int i, DateTime at)
    {
        string[] tools = ["list", "send", "slide"];
        var (tool, grant, hour) = (tools[i % tools.Length], $"g{i % 50}", at.Date.AddHours(at.Hour));
        return $$"""
            {"kind":"decision","time":"{{Text(at)}}","callId":"{{i:x32}}","grant":"{{grant}}","server":"s",
            "method":"tools/call","tool":"{{tool}}","argumentKeys":["to","text"],"session":null,"policy":"p",
            "policySha256":"9367e0d3d9bc8bcd79649e45ba137be028a32a59df641d9fb2","outcome":"allowed",
            "rule":"/tools/{{tool}}","counters":[{"key":"{{grant}}@s/all/grant/fixed/3600s/0",
            "window":"{{Text(hour)}}","windowEnd":"{{Text(hour.AddHours(1))}}","cost":"1","max":"9000",
            "used":"{{(i / 50 % 3600) + 1}}","intervals":["1-2"]}]}
            """.ReplaceLineEndings("") + "\n";
    }

    private static string Text(DateTime at) =>
        at.ToString("yyyy-MM-ddTHH:mm:ss.fff'Z'", CultureInfo.InvariantCulture);
}
