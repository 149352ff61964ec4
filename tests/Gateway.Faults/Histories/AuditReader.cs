using System.IO.Compression;

namespace Gateway.Faults.Histories;

/// <summary>A reader of the gateways' audit records, which skips an incomplete line after a crash.</summary>
internal sealed partial class AuditReader
{
    private readonly List<Decision> _decisions = [];
    private readonly Dictionary<string, string> _outcomes = [];
    private readonly List<Refused> _refusals = [];
    private readonly Dictionary<string, int> _unavailable = [];
    private readonly Dictionary<string, Charge> _keys = [];

    public IReadOnlyList<Decision> Decisions => _decisions;

    public IReadOnlyDictionary<string, string> Outcomes => _outcomes;

    public IReadOnlyList<Refused> Refusals => _refusals;

    /// <summary>The reasons why calls were denied as unavailable, without figures, and their counts.</summary>
    public IReadOnlyDictionary<string, int> Unavailable => _unavailable;

    /// <param name="member">The process that wrote the record.</param>
    /// <param name="folder">The folder; a missing one contains no records.</param>
    public void Read(string member, string folder)
    {
        if (!Directory.Exists(folder)) return;
        // A file exists twice if the process was killed while it compressed the file.
        var files = Directory.EnumerateFiles(folder, "audit-*.jsonl")
            .Concat(Directory.EnumerateFiles(folder, "audit-*.jsonl.gz"))
            .GroupBy(static path => path[..path.LastIndexOf(".jsonl", StringComparison.Ordinal)])
            .OrderBy(static same => same.Key, StringComparer.Ordinal)
            .Select(static same => same.First());
        foreach (var line in files.SelectMany(Lines))
        {
            if (!TryParse(line, out var document)) continue;
            using (document) Add(member, document.RootElement);
        }
    }

    private void Add(string member, JsonElement record)
    {
        var kind = record.GetProperty("kind").GetString();
        if (kind == "outcome")
            _outcomes[Text(record, "callId")] = Text(record, "counted");
        else if (kind == "decision" && record.TryGetProperty("tool", out var tool))
            AddDecision(member, record, tool.GetString()!);
    }

    private static IEnumerable<string> Lines(string path)
    {
        using Stream file = File.OpenRead(path);
        using var text = path.EndsWith(".gz", StringComparison.Ordinal)
            ? new StreamReader(new GZipStream(file, CompressionMode.Decompress))
            : new StreamReader(file);
        while (text.ReadLine() is { } line)
            yield return line;
    }

    private void AddDecision(string member, JsonElement record, string tool)
    {
        var outcome = Text(record, "outcome");
        if (outcome == "allowed")
        {
            Charge[] charges = record.TryGetProperty("counters", out var counters)
                ? [.. counters.EnumerateArray().Select(ReadCharge)]
                : [];
            _decisions.Add(new Decision(member, Text(record, "callId"), tool, charges));
        }
        else if (outcome == "rate_limited" && record.TryGetProperty("limit", out var limit))
        {
            var when = limit.TryGetProperty("resetAt", out _) ? Moment(limit, "resetAt") : Moment(record, "time");
            _refusals.Add(new Refused(string.Intern(Text(limit, "counter")), when, Number(Text(limit, "max"))));
        }
        else
        {
            var reason = Figures().Replace(Text(record, "reason"), "…");
            _unavailable[reason] = _unavailable.GetValueOrDefault(reason) + 1;
        }
    }

    private Charge ReadCharge(JsonElement part)
    {
        var intervals = part.GetProperty("intervals").EnumerateArray().Select(text => ReadInterval(text.GetString()!));
        var read = new Charge(
            Text(part, "key"), Moment(part, "window"), Moment(part, "windowEnd"), Number(Text(part, "cost")),
            Number(Text(part, "max")), [.. intervals]);
        // Share one string per key, to save memory.
        if (_keys.TryGetValue(read.Key, out var known)) return read with { Key = known.Key };
        return _keys[read.Key] = read;
    }

    private static (decimal Low, decimal High) ReadInterval(string interval)
    {
        var comma = interval.IndexOf(',', StringComparison.Ordinal);
        return (Number(interval[1..comma]), Number(interval[(comma + 1)..^1]));
    }

    private static string Text(JsonElement record, string name) => record.GetProperty(name).GetString()!;

    private static decimal Number(string text) => decimal.Parse(text, CultureInfo.InvariantCulture);

    private static long Moment(JsonElement record, string name) =>
        record.GetProperty(name).GetDateTimeOffset().ToUnixTimeMilliseconds();

    [GeneratedRegex("(?<=counter )[^ ]+|[0-9]+(?= ms)|(?<=:)[0-9]+")]
    private static partial Regex Figures();

    private static bool TryParse(string line, out JsonDocument document)
    {
        document = null!;
        try
        {
            document = JsonDocument.Parse(line);
            return document.RootElement.ValueKind == JsonValueKind.Object;
        }
        catch (JsonException)
        {
            return false;
        }
    }
}
