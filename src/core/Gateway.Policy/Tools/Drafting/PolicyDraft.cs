using System.Security.Cryptography;
using System.Text;
using System.Text.Json.Nodes;
using Gateway.Policy.Classes;
using Gateway.Policy.Text;

namespace Gateway.Policy.Tools.Drafting;

/// <summary>
/// Generates the minimal policy that permits the calls allowed so far: every tool by its exact name, with limits at the
/// observed peaks plus a margin, and nothing else. A tool of which a person approved a call requires approval.
/// </summary>
/// <param name="margin">The margin of a limit above the peak: 0.5 is half as much again; 0 to 100.</param>
public sealed class PolicyDraft(double margin)
{
    /// <summary>Maximum number of tools, or of resources, in one draft; further ones are only reported.</summary>
    public const int NamesMax = 2000;

    private static readonly (string Window, long Ms)[] Windows = [("minute", 60_000), ("day", 86_400_000)];

    private readonly SortedDictionary<string, Dictionary<(int Window, long Start), long>> _tools =
        new(StringComparer.Ordinal);

    private readonly SortedSet<string> _approved = new(StringComparer.Ordinal);
    private readonly SortedSet<string> _resources = new(StringComparer.Ordinal);
    private readonly SortedSet<string> _prompts = new(StringComparer.Ordinal);
    private readonly SortedDictionary<string, long> _refused = new(StringComparer.Ordinal);
    private readonly SortedSet<string> _notes = new(StringComparer.Ordinal);

    /// <summary>Number of allowed calls.</summary>
    public long Allowed { get; private set; }

    /// <summary>The tools that the draft allows, with their numbers of calls.</summary>
    public IEnumerable<(string Tool, long Calls)> Tools => _tools.Select(static tool =>
        (tool.Key, tool.Value.Where(static peak => peak.Key.Window == 0).Sum(static peak => peak.Value)));

    /// <summary>Notes for a person to review.</summary>
    public IEnumerable<string> Notes =>
    [
        .. _notes,
        .. _approved.Where(_tools.ContainsKey).Select(static tool =>
            $"{tool}: a person approved calls of it, so the draft requires approval for each"),
        .. _refused.Select(static one => $"{one.Key}: {Spelling.Count(one.Value, "refused call")}; not in the draft"),
    ];

    /// <summary>Adds a decision that refused a tool, a resource or a prompt of this name.</summary>
    public void AddRefused(string name)
    {
        if (_refused.Count < NamesMax || _refused.ContainsKey(name))
            _refused[name] = _refused.GetValueOrDefault(name) + 1;
    }

    /// <summary>Adds a decision that allowed a resource.</summary>
    public void AddResource(string uri) => AddName(_resources, uri, "resource");

    /// <summary>Adds a decision that allowed a prompt.</summary>
    public void AddPrompt(string name) => AddName(_prompts, name, "prompt");

    /// <summary>Returns the policy as a document.</summary>
    /// <param name="description">Describes the source of the draft, for people.</param>
    /// <param name="classOf">
    /// Returns the accepted class of a tool, for a draft with one rule for all tools of a class; null for a rule for
    /// each tool. A tool without an accepted class has its own rule in any case.
    /// </param>
    public JsonObject ToDocument(string description, Func<string, ToolClass>? classOf = null)
    {
        var (tools, classes) = (new JsonObject(), new JsonObject());
        // What a person approved for one tool must not open its class.
        foreach (var ofClass in _tools.GroupBy(tool => classOf is null || _approved.Contains(tool.Key)
            ? ToolClass.Uncertain : classOf(tool.Key)))
        {
            if (ofClass.Key == ToolClass.Uncertain)
            {
                foreach (var (tool, peaks) in ofClass)
                {
                    var rule = Limited(CounterOf(tool), peaks);
                    if (_approved.Contains(tool))
                        rule.Insert(0, "action", "approve");
                    tools[tool] = rule;
                }

                continue;
            }

            var name = ToolClasses.NameOf(ofClass.Key);
            classes[name] = Limited($"class.{name}", ofClass.SelectMany(static tool => tool.Value)
                .GroupBy(static one => one.Key)
                .ToDictionary(static one => one.Key, static one => one.Sum(static peak => peak.Value)));
        }

        var document = new JsonObject
        {
            ["version"] = "1",
            ["description"] = description,
            ["default"] = "deny",
            ["tools"] = tools,
        };
        if (classes.Count > 0)
            document["classes"] = classes;
        document["resources"] = Section(_resources);
        document["prompts"] = Section(_prompts);
        return document;
    }

    private JsonObject Limited(string counter, Dictionary<(int Window, long Start), long> peaks)
    {
        var limits = new JsonArray();
        var max = Windows.Select((_, i) => (long)Math.Ceiling(
            peaks.Where(one => one.Key.Window == i).Max(static one => one.Value) * (1 + margin))).ToArray();
        for (var i = 0; i < Windows.Length; i++)
        {
            // A limit that a longer window's limit always precedes would never refuse.
            if (max.Skip(i + 1).Any(longer => longer <= max[i]))
                continue;
            limits.Add((JsonNode)new JsonObject
            {
                ["counter"] = $"{counter}_{Windows[i].Window}",
                ["window"] = Windows[i].Window,
                ["max"] = max[i],
            });
        }

        return new JsonObject { ["limits"] = limits };
    }

    private static JsonObject Section(SortedSet<string> names) => new()
    {
        ["default"] = "deny",
        ["allow"] = new JsonArray([.. names.Select(static name => (JsonNode)name)]),
    };

    /// <summary>Adds a decision that allowed a call of a tool.</summary>
    /// <param name="at">The time of the call.</param>
    /// <param name="tool">The tool.</param>
    /// <param name="isApproved">True if a person approved the call, alone or as one of several.</param>
    public void AddTool(DateTimeOffset at, string tool, bool isApproved = false)
    {
        Allowed++;
        if (isApproved)
            _approved.Add(tool);
        if (tool.AsSpan().ContainsAny('*', '?'))
        {
            _notes.Add($"{tool}: not in the draft, because a policy reads '*' and '?' in a name as wildcards");
            return;
        }

        if (!_tools.TryGetValue(tool, out var peaks))
        {
            if (_tools.Count >= NamesMax)
            {
                _notes.Add($"more than {NamesMax} tools were called; the others are not in the draft");
                return;
            }

            _tools[tool] = peaks = [];
        }

        for (var i = 0; i < Windows.Length; i++)
        {
            var window = (i, at.ToUnixTimeMilliseconds() / Windows[i].Ms);
            peaks[window] = peaks.GetValueOrDefault(window) + 1;
        }
    }

    private void AddName(SortedSet<string> names, string name, string what)
    {
        Allowed++;
        if (name.Contains('*', StringComparison.Ordinal))
            _notes.Add($"{name}: this {what} is not in the draft, because a policy reads '*' as a wildcard");
        else if (names.Count >= NamesMax)
            _notes.Add($"more than {NamesMax} {what}s were read; the others are not in the draft");
        else
            names.Add(name);
    }

    // Counter names allow fewer characters than tool names, and two tools never share a counter.
    private static string CounterOf(string tool)
    {
        var plain = string.Concat(
            tool.Select(static c => char.IsAsciiLetterOrDigit(c) || c is '_' or '-' or '.' ? c : '_'));
        if (plain == tool && tool.Length <= 50 && char.IsAsciiLetterOrDigit(tool[0]))
            return tool;
        var digest = Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(tool)).AsSpan(0, 8));
        return $"t{plain[..Math.Min(30, plain.Length)]}.{digest}";
    }
}
