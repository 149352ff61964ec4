namespace Gateway.Faults.Load;

/// <summary>
/// The tools that agents call: one hot counter, twenty, five thousand; maxima of 1 to 1,000 and windows of 2 to 60 s;
/// sliding limits, buckets, days of time zones, several limits per call, amounts, refunds, limits by session and by
/// value, limits on open calls, a policy that changes, and bursts at the windows' edges.
/// </summary>
internal sealed class Workload
{
    public const string Main = "agent";
    public const string Many = "crowd";
    public const string Edited = "edited";
    private const int ManyCounters = 5000;
    private static readonly (int Max, int Seconds)[] Twenty =
    [
        (1, 2), (2, 2), (3, 2), (5, 2), (1, 3), (4, 3), (7, 3), (2, 5), (6, 5), (10, 5),
        (3, 6), (15, 6), (8, 10), (20, 10), (40, 10), (30, 20), (100, 20), (60, 30), (80, 30), (1000, 60),
    ];

    private static readonly (int Max, int Seconds)[] Sessions = [(4, 3), (6, 5), (15, 10)];
    private readonly double[] _upTo;

    public Workload()
    {
        Tool[] mixed =
        [
            new("hot", Main, 45, new Limit("hot", 5, 60)),
            .. Twenty.Select((limit, i) => new Tool(
                $"t{i}", Main, limit.Max == 1000 ? 6 : 0.6 + (3.0 * limit.Max / limit.Seconds),
                new Limit($"t{i}", limit.Seconds, limit.Max))),
            .. Enumerable.Range(0, ManyCounters).Select(i => new Tool(
                $"c{i}", Many, (i < 20 ? 4.0 : 10.0) / (i < 20 ? 20 : ManyCounters), new Limit($"c{i}", 30, 5))),
            new("pair", Main, 6, new Limit("pair-2s", 2, 4), new Limit("pair-10s", 10, 15), new Limit("both", 20, 50)),
            new("trio", Main, 6, new Limit("trio-3s", 3, 5), new Limit("both", 20, 50)),
            new("refund", Main, 6, new Limit("refund", 10, 20)) { Refunds = true },
            new("slide", Main, 12, new Limit("slide", 5, 12) { Kind = "sliding" }),
            new("drip", Main, 12, new Limit("drip", 5, 12) { Kind = "bucket" }),
            .. DateZones.Names.Select((zone, i) => new Tool(
                $"dated{i}", Main, 2, new Limit($"dated{i}", 0, 30) { Zone = zone })),
            new("busy", Main, 14, new Limit("busy", 60, 1000)) { OpenMax = 2 },
            new("each", Main, 8, new Limit("each", 5, 2) { ValuesMax = 9 }),
            new("drips", Main, 8, new Limit("drips", 10, 3) { Kind = "bucket", ValuesMax = 6 }),
            .. Sessions.Select(limit => new Tool(
                $"in{limit.Seconds}", Main, 6,
                new Limit($"in{limit.Seconds}", limit.Seconds, limit.Max) { IsPerSession = true })),
            new("paid", Main, 6, new Limit("paid", 10, 100)) { AmountMax = 20, Refunds = true },
        ];
        Edge = new Tool("edge", Main, 0, new Limit("edge", 2, 6));
        Endless = new Tool("endless", Main, 0, new Limit("endless", 0, 1_000_000_000));
        EditedTool = new Tool("edited", Edited, 6, new Limit("edited", 10, 20)) { IsEdited = true };
        Drawn = [.. mixed, EditedTool];
        Tools = Drawn.Append(Edge).Append(Endless).ToDictionary(tool => tool.Name);
        var sum = 0.0;
        _upTo = [.. Drawn.Select(tool => sum += tool.Weight)];
    }

    public IReadOnlyList<Tool> Drawn { get; }

    public IReadOnlyDictionary<string, Tool> Tools { get; }

    /// <summary>The tool that is called in bursts at the edges of its windows.</summary>
    public Tool Edge { get; }

    /// <summary>The tool that always has room, so that its callers measure availability.</summary>
    public Tool Endless { get; }

    public Tool EditedTool { get; }

    /// <summary>The successive maxima of the edited limit.</summary>
    public IReadOnlyList<int> EditedMaxima { get; } = [20, 8, 14, 3];

    public Tool Draw(Random random)
    {
        var at = Array.BinarySearch(_upTo, random.NextDouble() * _upTo[^1]);
        return Drawn[Math.Min(at < 0 ? ~at : at, Drawn.Count - 1)];
    }

    /// <summary>Returns the arguments of a call.</summary>
    public static string Arguments(Tool tool, Random random)
    {
        var fails = tool.Refunds && random.Next(3) == 0 ? ",\"fail\":true" : "";
        if (tool.Values > 0) return $$"""{"to":"v{{random.Next(tool.Values)}}"}""";
        if (tool.OpenMax > 0) return $$"""{"work":{{50 + random.Next(900)}}}""";
        if (tool.AmountMax == 0) return $$"""{"n":1{{fails}}}""";
        var amount = (1 + random.Next(tool.AmountMax * 100)) / 100m;
        return string.Create(CultureInfo.InvariantCulture, $$"""{"amount":{{amount}}{{fails}}}""");
    }

    /// <summary>Returns the policy of one grant.</summary>
    public string Policy(string grant, int editedMax)
    {
        var text = new StringBuilder("""{ "version": "1", "default": "deny", "tools": {""");
        var separator = "";
        foreach (var tool in Tools.Values.Where(tool => tool.Grant == grant))
        {
            var limits = tool.Limits.Select(limit => Entry(tool, limit, tool.IsEdited ? editedMax : limit.Max));
            var open = tool.OpenMax > 0 ? $$""", "max_in_flight": { "max": {{tool.OpenMax}} }""" : "";
            text.Append(separator).Append(
                $$"""{{'\n'}}"{{tool.Name}}": { "limits": [ {{string.Join(", ", limits)}} ]{{open}} }""");
            separator = ",";
        }

        return text.Append("\n} }\n").ToString();
    }

    private static string Entry(Tool tool, Limit limit, int max)
    {
        var window = limit.Zone is { } zone ? $$"""
            "day", "zone": "{{zone}}"
            """ : limit.Seconds == 0 ? "\"month\"" : limit.Seconds.ToString(CultureInfo.InvariantCulture);
        var counts = tool.AmountMax > 0 ? """, "increment_from": "args.amount" """ : "";
        var refunds = tool.Refunds ? """, "refund_on_error": true""" : "";
        var kind = $$""", "kind": "{{limit.Kind}}" """
            + (limit.ValuesMax > 0 ? $$""", "by": "args.to", "keys_max": {{limit.ValuesMax}} """ : "")
            + (limit.IsPerSession ? """, "scope": "session" """ : "");
        return $$"""{ "counter": "{{limit.Counter}}", "window": {{window}}, "max": {{max}}{{kind}}{{counts}}{{refunds}} }""";
    }
}
