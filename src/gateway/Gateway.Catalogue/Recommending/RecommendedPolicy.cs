using System.Text;
using System.Text.Json.Nodes;
using Gateway.Catalogue.Classifying;
using Gateway.Catalogue.Listing;
using Gateway.Policy;
using Gateway.Policy.Reviewing;
using Gateway.Proxy.Pinning;

namespace Gateway.Catalogue.Recommending;

/// <summary>A complete policy for a server, with notes about it.</summary>
/// <param name="Document">
/// The policy. It denies every tool, resource and prompt that it does not name; each entry has its reason.
/// </param>
/// <param name="Notes">One line per tool, including omitted ones, and lines about resources and prompts.</param>
public sealed record RecommendedPolicy(JsonObject Document, IReadOnlyList<string> Notes)
{
    private const int NamesMax = 200;

    /// <summary>Returns the policy for these tools, in the order of their names.</summary>
    /// <param name="server">The name of the server.</param>
    /// <param name="tools">The tools with their classifications.</param>
    /// <param name="items">All that the server lists, for its resources and prompts.</param>
    /// <param name="profile">The strictness.</param>
    public static RecommendedPolicy Of(
        string server, IReadOnlyList<(ToolFacts Tool, Classification Found)> tools, IReadOnlyList<ListedItem> items,
        RecommendedProfile profile = RecommendedProfile.Balanced)
    {
        var entries = new JsonObject();
        var notes = new List<string>();
        foreach (var (tool, found) in tools.DistinctBy(static one => one.Tool.Name))
        {
            var doubt = found.IsSure ? "" : ", uncertain";
            var why = $"{found.Category}, {found.Risk}{doubt}: {string.Join(' ', found.Reasons)}";
            if (RecommendedRule.Of(tool, found, profile) is not { } entry)
            {
                notes.Add($"{tool.Name}: omitted, because no entry can have this name; it is denied");
                continue;
            }

            var text = $"{why} {RuleEffect.Of(tool, entry)}";
            // An agent reads the reason if an entry denies its call or requires an approval.
            entry["reason"] = text;
            entries[tool.Name] = entry;
            notes.Add($"{tool.Name}: {text}");
        }

        var pages = items.Where(static item => item.Kind == InventoryKind.Tool)
            .Select(static item => AppContent.UriOf(Encoding.UTF8.GetBytes(item.Definition))).OfType<string>().ToList();
        var document = new JsonObject
        {
            ["version"] = "1",
            ["description"] = $"Recommended for {server}, profile {NameOf(profile)}, by classifier "
                + $"{Classification.Version}. Each \"reason\" has the tool's classification and the entry's effect on "
                + "a typical call. All other tools, resources and prompts are denied.",
            ["default"] = "deny",
            // Its entries fit the definitions that were classified, so another one waits for a person.
            ["pin"] = PinOf(profile),
            ["tools"] = entries,
            ["resources"] = Section(
                Names(items, InventoryKind.Resource).Concat(pages), "resource", profile, notes),
            ["prompts"] = Section(Names(items, InventoryKind.Prompt), "prompt", profile, notes),
        };
        if (pages.Count > 0 && profile == RecommendedProfile.Cautious)
        {
            document["apps"] = new JsonObject { ["allow"] = false };
            notes.Add("apps: denied by the cautious profile");
        }
        else if (pages.Count > 0)
            notes.Add("apps: allowed; until a person accepts an app, it has no external origins and no permissions");
        if (profile == RecommendedProfile.Observe)
        {
            document["all_tools"] = new JsonObject
            {
                ["limits"] = new JsonArray(new JsonObject
                {
                    ["counter"] = "calls",
                    ["window"] = "minute",
                    ["max"] = RecommendedRule.ObservedPerMinute,
                }),
            };
            notes.Add($"all tools: at most {RecommendedRule.ObservedPerMinute} calls a minute for each grant, even "
                + "if an entry only records calls");
        }

        var templates = items.Count(static item => item.Kind == InventoryKind.Template);
        if (templates > 0)
        {
            notes.Add($"resource templates: {templates} denied, because each stands for any number of resources; add "
                + "a pattern such as \"docs://handbook/*\" to \"resources\" for those that agents need");
        }

        return new RecommendedPolicy(document, notes);
    }

    /// <summary>Returns how a tool is handled whose definition is not the accepted one.</summary>
    public static string PinOf(RecommendedProfile profile) => profile == RecommendedProfile.Observe ? "warn" : "deny";

    /// <summary>Returns the name of a profile.</summary>
    public static string NameOf(RecommendedProfile profile) => profile switch
    {
        RecommendedProfile.Balanced => "balanced",
        RecommendedProfile.Cautious => "cautious",
        RecommendedProfile.Observe => "observe",
        _ => throw new NotSupportedException($"RecommendedProfile {profile} has no case here."),
    };

    /// <summary>Returns the profile of a name; null if there is none.</summary>
    public static RecommendedProfile? ProfileOf(string name) =>
        Enum.GetValues<RecommendedProfile>().Where(one => NameOf(one) == name)
            .Select(static one => (RecommendedProfile?)one).FirstOrDefault();

    /// <summary>Returns a policy with a single entry.</summary>
    internal static JsonObject Alone(string tool, JsonObject entry) => new()
    {
        ["version"] = "1",
        ["default"] = "deny",
        ["tools"] = new JsonObject { [tool] = entry.DeepClone() },
    };

    /// <summary>Returns a tool as a review needs it.</summary>
    public static ReviewedTool Reviewed(ToolFacts tool, Classification found) => new(
        tool.Name, Encoding.UTF8.GetBytes(tool.InputSchema.GetRawText()),
        found.Risk is RiskLevel.High or RiskLevel.Critical ? found.Reasons[0] : null)
    {
        OutputSchema = tool.OutputSchema is { } schema ? Encoding.UTF8.GetBytes(schema.GetRawText()) : default,
    };

    private static IEnumerable<string> Names(IReadOnlyList<ListedItem> items, InventoryKind kind) =>
        items.Where(item => item.Kind == kind).Select(static item => item.Name);

    private static JsonObject Section(
        IEnumerable<string> listed, string noun, RecommendedProfile profile, List<string> notes)
    {
        var section = new JsonObject { ["default"] = "deny" };
        var names = listed.Distinct(StringComparer.Ordinal).Order(StringComparer.Ordinal).ToList();
        if (names.Count == 0)
            return section;
        if (profile == RecommendedProfile.Cautious)
        {
            notes.Add($"{noun}s: {names.Count} denied by the cautious profile");
            return section;
        }

        var allowed = names.Where(name => CanAllow($"{noun}s", name)).Take(NamesMax).ToList();
        section["allow"] = new JsonArray([.. allowed.Select(static name => (JsonNode)name)]);
        notes.Add($"{noun}s: {allowed.Count} allowed by their exact names");
        if (allowed.Count < names.Count)
        {
            notes.Add($"{noun}s: {names.Count - allowed.Count} denied, because a list has at most {NamesMax} here, or "
                + "because the name would be a pattern or ambiguous");
        }

        return section;
    }

    private static bool CanAllow(string member, string name) =>
        !name.AsSpan().ContainsAny('*', member == "prompts" ? '?' : '*')
        && PolicyLoader.Load(
            Encoding.UTF8.GetBytes(new JsonObject
            {
                ["version"] = "1",
                ["default"] = "deny",
                [member] = new JsonObject { ["allow"] = new JsonArray(name) },
            }.ToJsonString()), "recommended").Problems.IsEmpty;
}

/// <summary>The strictness of a recommended policy.</summary>
public enum RecommendedProfile
{
    /// <summary>Reading and writing run within limits; a person approves what may be irreversible.</summary>
    Balanced,

    /// <summary>Only reading runs without a person; destroying and revealing secrets is denied.</summary>
    Cautious,

    /// <summary>
    /// As <see cref="Balanced"/>, but entries of tools that are not grave only record what they would refuse.
    /// </summary>
    Observe,
}
