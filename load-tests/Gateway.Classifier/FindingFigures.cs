using System.Globalization;
using System.Text;
using System.Text.Json.Nodes;
using Gateway.Proxy.Pinning;
using Gateway.Proxy.Scanning;

namespace Gateway.Classifier;

/// <summary>
/// The findings of the scan in written attacks, in harmless definitions that resemble them, and in real definitions.
/// A line of a corpus is an entry with <c>id</c>, <c>kind</c>, <c>split</c>, and <c>servers</c>: the lists of one or
/// more servers. <c>after</c> holds the lists after a change, and <c>bad</c> names the poisoned texts:
/// <c>SERVER/tool NAME</c>, <c>SERVER/prompt NAME</c>, <c>SERVER/resource URI</c> or <c>SERVER/instructions</c>.
/// </summary>
internal sealed class FindingFigures
{
    private static readonly string[] Lists = ["tools", "prompts", "resources", "resourceTemplates"];
    private static readonly string[] Members = ["name", "title", "description", "annotations"];
    private readonly List<Entry> _entries = [];
    private int _real;
    private readonly List<(string Id, Finding Finding)> _found = [];

    /// <summary>Reads and scans a corpus.</summary>
    public void AddCorpus(string path)
    {
        foreach (var line in File.ReadLines(path).Where(static line => line.Length > 0))
            _entries.Add(Read(JsonNode.Parse(line)!.AsObject(), Path.GetFileNameWithoutExtension(path)));
    }

    /// <summary>Scans real definitions, as load-tests/catalogue/collect.py writes them.</summary>
    public void AddReal(string path)
    {
        foreach (var line in File.ReadLines(path))
        {
            var collected = JsonNode.Parse(line)!.AsObject();
            var id = $"{collected["server"]} {collected["name"]}";
            var definition = new JsonObject { ["inputSchema"] = collected["schema"]?.DeepClone() };
            foreach (var member in Members)
                definition[member] = collected[member]?.DeepClone();
            _real++;
            foreach (var finding in Counted(DefinitionScanner.Scan(definition.ToJsonString())))
                _found.Add((id, finding));
        }
    }

    /// <summary>
    /// The number of attacks of the part "dev", of those that were found, and of blocked harmless entries.
    /// </summary>
    public (int Attacks, int Found, int FalselyBlocked) Development => (
        _entries.Count(static one => one is { IsBad: true, Split: "dev" }),
        _entries.Count(static one => one is { IsBad: true, Split: "dev", IsFound: true }),
        _entries.Count(static one => one is { IsBad: false, IsBlocked: true }));

    /// <summary>Returns a section of the page about the classifier.</summary>
    public string Section()
    {
        var text = new StringBuilder();
        text.Append(CultureInfo.InvariantCulture, $"""
            | attack | entries | found | found, kept out of development | blocked |
            |---|---|---|---|---|

            """);
        foreach (var kind in _entries.Where(static one => one.IsBad).GroupBy(static one => one.Kind))
            text.Append(Row(kind.Key, [.. kind]));
        foreach (var source in _entries.Where(static one => one.IsBad).GroupBy(static one => one.Source))
            text.Append(Row($"all of `{source.Key}`", [.. source]));
        text.Append("\n| harmless definitions | number | blocked | to be accepted |\n|---|---|---|---|\n");
        foreach (var source in _entries.Where(static one => !one.IsBad).GroupBy(static one => one.Source))
        {
            text.Append(CultureInfo.InvariantCulture, $"| `{source.Key}` | {source.Count()} |")
                .Append(CultureInfo.InvariantCulture, $" {source.Count(static one => one.IsBlocked)} |")
                .Append(CultureInfo.InvariantCulture, $" {source.Count(static one => one.IsFound)} |\n");
        }

        var hard = _found.Where(static one => one.Finding.IsHard).DistinctBy(static one => one.Id).Count();
        text.Append(CultureInfo.InvariantCulture, $"| real tools of public servers | {_real} | {hard} |")
            .Append(CultureInfo.InvariantCulture, $" {_found.DistinctBy(static one => one.Id).Count()} |\n");
        return text.ToString();
    }

    /// <summary>Returns what development may look at: misses and false findings outside the part "test".</summary>
    public string Errors()
    {
        var text = new StringBuilder();
        foreach (var entry in _entries.Where(static one => one.Split != "test" && one.IsBad != one.IsFound))
            text.Append($"{(entry.IsBad ? "missed" : "false")}: {entry.Source} {entry.Id} {entry.Kind} {entry.What}\n");
        foreach (var entry in _entries.Where(static one => one.Split == "test" && !one.IsBad && one.IsBlocked))
            text.Append($"blocked in the part \"test\": {entry.What.Split("/")[0]}\n");
        foreach (var (id, finding) in _found)
            text.Append($"real: {id} {finding.Kind} {finding.Place} {finding.Reason}\n");
        return text.ToString();
    }

    private static string Row(string name, IReadOnlyList<Entry> entries)
    {
        var unseen = entries.Where(static one => one.Split == "test").ToList();
        var found = Figures.Share(entries.Count(static one => one.IsFound), entries.Count);
        var kept = unseen.Count > 0 ? $"{unseen.Count(static one => one.IsFound)} of {unseen.Count}" : "–";
        return $"| {name} | {entries.Count} | {found} | {kept} |"
            + $" {entries.Count(static one => one.IsBlocked)} |\n";
    }

    private static Entry Read(JsonObject entry, string source)
    {
        var bad = entry["bad"]!.AsArray().Select(static one => one!.GetValue<string>()).ToList();
        var before = entry["servers"]!.AsObject();
        var now = entry["after"] is JsonObject after ? Merged(before, after) : before;
        var found = now.SelectMany(server => Scan(server.Key, server.Value!.AsObject(), now)).ToList();
        // What waits for acceptance, whatever it says; a poisoned entry is found by that or by a finding in it.
        var changed = entry["after"] is not null && bad.Exists(one => IsChanged(before, now, one));
        var hits = found.Where(one => bad.Count == 0 || bad.Contains(one.Place)).ToList();
        return new Entry(
            entry["id"]!.GetValue<string>(), entry["kind"]!.GetValue<string>(), entry["split"]!.GetValue<string>(),
            source, bad.Count > 0, hits.Count > 0 || changed, hits.Exists(static one => one.Finding.IsHard),
            string.Join(" ", hits.Select(static one => one.Finding.Kind + one.Finding.Place)));
    }

    private static IEnumerable<(string Place, Finding Finding)> Scan(string server, JsonObject lists, JsonObject all)
    {
        var own = Names(lists).ToHashSet(StringComparer.Ordinal);
        var scan = new NeighbourScan(
            all.Where(one => one.Key != server).SelectMany(one => Names(one.Value!.AsObject())
                .Select(tool => new NeighbourTool(one.Key, tool, null, false))), own);
        if (lists["instructions"] is { } said)
        {
            foreach (var finding in Counted(DefinitionScanner.ScanInstructions(said.GetValue<string>())))
                yield return ($"{server}/instructions", finding);
        }

        foreach (var (list, item) in Lists.SelectMany(list => Items(lists, list).Select(item => (list, item))))
        {
            var name = item["name"]?.GetValue<string>() ?? "";
            var near = list == "tools" ? scan.Scan(name, item["description"]?.GetValue<string>(), null) : [];
            foreach (var finding in Counted([.. DefinitionScanner.Scan(item.ToJsonString()), .. near]))
                yield return ($"{server}/{list[..^1]} {item["uri"] ?? item["uriTemplate"] ?? name}", finding);
        }
    }

    private static IEnumerable<Finding> Counted(IEnumerable<Finding> findings) =>
        findings.Where(static one => !one.IsReportOnly);

    private static IEnumerable<JsonObject> Items(JsonObject lists, string list) =>
        (lists[list]?.AsArray() ?? []).Select(static item => item!.AsObject());

    private static IEnumerable<string> Names(JsonObject lists) =>
        Items(lists, "tools").Select(static tool => tool["name"]!.GetValue<string>());

    private static bool IsChanged(JsonObject before, JsonObject after, string name) =>
        name.EndsWith("/instructions", StringComparison.Ordinal)
        ? $"{before[name.Split('/')[0]]?["instructions"]}" != $"{after[name.Split('/')[0]]?["instructions"]}"
        : (Definition(before, name), Definition(after, name)) is var (was, now)
        && now is not null && (was is null || was.Contract != now.Contract || now.IsSaferThan(was.Safety));

    private static ToolDefinition? Definition(JsonObject servers, string name)
    {
        var parts = name.Split("/tool ", 2);
        var tool = parts.Length < 2 || servers[parts[0]] is not JsonObject lists
            ? null
            : Items(lists, "tools").FirstOrDefault(one => one["name"]!.GetValue<string>() == parts[1]);
        return tool is null ? null : ToolDefinition.Read(tool.ToJsonString());
    }

    private static JsonObject Merged(JsonObject before, JsonObject after)
    {
        var merged = before.DeepClone().AsObject();
        foreach (var (name, lists) in after)
            merged[name] = lists?.DeepClone();
        return merged;
    }

    private sealed record Entry(
        string Id, string Kind, string Split, string Source, bool IsBad, bool IsFound, bool IsBlocked, string What);
}
