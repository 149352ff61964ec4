using Gateway.Audit.Writing;
using Microsoft.Extensions.Logging.Abstractions;

namespace Gateway.Console.Tests;

/// <summary>Makes a long record of the calls of a short one.</summary>
internal static class RecordedCalls
{
    private const int AtOnce = 1000;

    /// <summary>
    /// Appends what the gateway wrote of its calls, again and again with other ids, other grants and times that go on
    /// until now, through the gateway's own writer, so that its evidence holds.
    /// </summary>
    public static async Task WriteAsync(string folder, int records, string server)
    {
        var calls = Calls(folder);
        using var log = new AuditLog(
            new AuditLogOptions { Directory = folder, QueueMax = 100_000 }, TimeProvider.System,
            NullLogger<AuditLog>.Instance, []);
        var begin = TimeProvider.System.GetUtcNow().AddHours(-20);
        var step = TimeSpan.FromHours(20) / records;
        for (var written = 0; written < records;)
        {
            var some = new List<Task>();
            for (; some.Count < AtOnce && written < records; written++)
            {
                var call = calls[written / 2 % calls.Count];
                var line = JsonNode.Parse(written % 2 == 0 ? call.Decision : call.Outcome)!.AsObject();
                line["time"] = (begin + (step * written)).ToString(
                    "yyyy-MM-ddTHH:mm:ss.fff'Z'", CultureInfo.InvariantCulture);
                line["callId"] = $"{written / 2:x32}";
                line["grant"] = $"agent-{written / 2 % 997:00000}";
                line["server"] = server;
                some.Add(log.RecordAsync(Encoding.UTF8.GetBytes(line.ToJsonString() + "\n")).AsTask());
            }

            await Task.WhenAll(some);
        }

        Assert.Equal(records, log.Written);
    }

    private static List<(string Decision, string Outcome)> Calls(string folder)
    {
        var lines = Directory.EnumerateFiles(folder, "audit-*.jsonl").SelectMany(File.ReadLines)
            .Select(static line => (Line: line, Json: JsonNode.Parse(line)!)).ToList();
        var outcomes = lines.Where(static one => (string?)one.Json["kind"] == "outcome")
            .ToDictionary(static one => (string)one.Json["callId"]!, static one => one.Line);
        return
        [
            .. lines.Where(static one => (string?)one.Json["kind"] == "decision")
                .Where(one => outcomes.ContainsKey((string)one.Json["callId"]!))
                .Select(one => (one.Line, outcomes[(string)one.Json["callId"]!])),
        ];
    }
}
