namespace Gateway.Policy.Tests.Oracle;

/// <summary>The order of evaluation as the page of the format tells it, over the document itself.</summary>
internal static class OraclePolicy
{
    /// <summary>The outcome, the rule, and the pointers of the limits that are charged.</summary>
    public static (DecisionOutcome Outcome, string Rule, string Costs) Decide(
        JsonElement policy, string tool, OracleCall call, ToolStanding standing = ToolStanding.Accepted,
        string toolClass = "uncertain")
    {
        if (Items(policy, "hide").Any(hide => Matches(hide.GetString()!, tool)))
            return (DecisionOutcome.Deny, "(hidden)", "");
        var allows = policy.GetProperty("default").GetString() == "allow";
        var named = EntryFor(policy, tool);
        var byClass = Members(policy, "classes").Where(member => member.Name == toolClass)
            .Select(member => ((string Pointer, JsonElement Value)?)("/classes/" + member.Name, member.Value))
            .FirstOrDefault();
        var isExact = named?.Pointer == "/tools/" + tool;
        var isUncertain = !isExact && byClass is null && toolClass == "uncertain" && Members(policy, "classes").Any();
        var entry = isExact ? named : isUncertain ? null : byClass ?? named;
        if (entry is null && !isUncertain && !allows)
            return (DecisionOutcome.Deny, "(default deny)", "");
        if (entry is { } found && Refusal([found], "show_if", call) is { } hidden)
            return (DecisionOutcome.Deny, hidden, "");
        var folded = OracleNames.Fold(tool);
        if (OracleNames.IsUnclear(tool) || EntryFor(policy, folded)?.Pointer != named?.Pointer
            || Items(policy, "hide").Any(hide => Matches(hide.GetString()!, folded)))
        {
            return (DecisionOutcome.Deny, "(ambiguous tool)", "");
        }

        if (IsPinned(policy, entry?.Value, standing))
            return (DecisionOutcome.Deny, "(not accepted)", "");
        if (isUncertain)
            return (DecisionOutcome.Deny, "(uncertain class)", "");
        var action = entry is { Value: var written } && written.TryGetProperty("action", out var act)
            ? act.GetString()
            : "allow";
        if (action == "deny")
            return (DecisionOutcome.Deny, entry!.Value.Pointer + "/action", "");
        (string Pointer, JsonElement Value)[] layers =
        [
            ("/all_tools", policy.GetProperty("all_tools")),
            .. entry is { } own ? [own] : Array.Empty<(string, JsonElement)>(),
        ];
        if (OracleVariants.AreDenied(policy, entry?.Value) && layers.Any(layer =>
            OracleVariants.IsIn(call.Arguments, OracleVariants.PathsOf(layer.Value))))
        {
            return (DecisionOutcome.Deny, "(ambiguous argument)", "");
        }

        if (!OracleNumbers.AreDecimals(entry?.Value)
            && layers.Any(layer => OracleNumbers.AreRead(layer.Value, call.Arguments)))
        {
            return (DecisionOutcome.Deny, "(unreadable arguments)", "");
        }

        if (Refusal(layers, "require", call) is { } missing)
            return (DecisionOutcome.Deny, missing, "");
        if (Refusal(layers, "deny_if", call) is { } fired)
            return (DecisionOutcome.Deny, fired, "");
        var counted = layers.SelectMany(layer => Items(layer.Value, "limits").Select((limit, index) =>
            (Pointer: $"{layer.Pointer}/limits/{index}", Value: OracleValues.Of(limit, call),
            Date: OracleTime.DateOf(limit, call.At), IsNameless: OracleValues.IsNameless(limit, call)))).ToList();
        if (counted.Find(static one => one.IsNameless || one.Value is null) is { Pointer: { } uncounted } first)
            return (DecisionOutcome.Deny, uncounted + (first.IsNameless ? "/scope" : "/by"), "");
        var places = layers.Where(static layer => layer.Value.TryGetProperty("max_in_flight", out _))
            .Select(static layer => layer.Pointer + "/max_in_flight");
        var costs = string.Join(
            ' ', counted.Select(static one => one.Pointer + one.Value + one.Date).Concat(places));
        if (Asks(layers, call) is { } asked)
            return (DecisionOutcome.Ask, asked, costs);
        return action == "approve"
            ? (DecisionOutcome.Ask, entry!.Value.Pointer + "/action", costs)
            : (DecisionOutcome.Allow, entry?.Pointer ?? "(default allow)", costs);
    }

    private static (string Pointer, JsonElement Value)? EntryFor(JsonElement policy, string tool) =>
        Members(policy, "tools")
            .Where(member => Matches(member.Name, tool))
            .OrderByDescending(member => member.Name.Contains('*') ? member.Name.Length - 1 : int.MaxValue)
            .Select(member => ((string Pointer, JsonElement Value)?)("/tools/" + member.Name, member.Value))
            .FirstOrDefault();

    private static bool IsPinned(JsonElement policy, JsonElement? entry, ToolStanding standing)
    {
        var word = entry is { } own && own.TryGetProperty("pin", out var mine) ? mine.GetString()
            : policy.TryGetProperty("pin", out var all) ? all.GetString() : "off";
        return standing == ToolStanding.Blocked || (standing == ToolStanding.Unaccepted && word == "deny");
    }

    private static string? Refusal(
        (string Pointer, JsonElement Value)[] layers, string list, OracleCall call)
    {
        var isRequired = list != "deny_if";
        foreach (var (pointer, value) in layers)
        {
            var index = 0;
            foreach (var condition in Items(value, list))
            {
                if (OracleCondition.Holds(condition, call, isEvery: isRequired) != isRequired)
                    return $"{pointer}/{list}/{index}";
                index++;
            }
        }

        return null;
    }

    private static string? Asks((string Pointer, JsonElement Value)[] layers, OracleCall call) => layers
        .SelectMany(layer => Items(layer.Value, "approve_if").Select((condition, index) =>
            OracleCondition.Holds(condition, call, isEvery: false, missing: null) == false
                ? null
                : $"{layer.Pointer}/approve_if/{index}"))
        .FirstOrDefault(pointer => pointer is not null);

    private static IEnumerable<JsonElement> Items(JsonElement node, string name) =>
        node.TryGetProperty(name, out var list) ? list.EnumerateArray() : [];

    private static IEnumerable<JsonProperty> Members(JsonElement node, string name) =>
        node.TryGetProperty(name, out var members) ? members.EnumerateObject() : [];

    private static bool Matches(ReadOnlySpan<char> pattern, ReadOnlySpan<char> text)
    {
        if (pattern.IsEmpty)
            return text.IsEmpty;
        if (pattern[0] == '*')
            return Matches(pattern[1..], text) || (!text.IsEmpty && Matches(pattern, text[1..]));
        return !text.IsEmpty && (pattern[0] == '?' || pattern[0] == text[0]) && Matches(pattern[1..], text[1..]);
    }
}
