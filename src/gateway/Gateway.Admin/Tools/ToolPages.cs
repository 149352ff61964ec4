using System.Text.Json;
using Gateway.Admin.Answers;
using Gateway.Admin.Identity.Records;
using Gateway.Admin.Identity.Roles;
using Gateway.Catalogue.Classifying;
using Gateway.Catalogue.Indexing;
using Gateway.Catalogue.Keeping;
using Gateway.Catalogue.Listing;
using Gateway.Control.Documents;
using Gateway.Proxy.Pinning;

namespace Gateway.Admin.Tools;

/// <summary>
/// The parts of a tool's page that other stores contain: its definition, its history, and tools of other servers.
/// </summary>
internal sealed class ToolPages(InventoryStore inventories, HistoryStore history, RegisteredCatalogue registered)
{
    private const int SimilarMax = 10;
    private const int StepsMax = 20;

    // A server's history may be long, and only some of it concerns the tool.
    private const int EntriesMax = 200;

    /// <summary>Returns the page with these parts. A part that cannot be read is omitted.</summary>
    public async Task<ToolPageView> CompleteAsync(AdminCall call, ToolPageView page)
    {
        try
        {
            // Read after the inventory, which may have been requested just now.
            var kept = await inventories.FindAsync(call.Name, call.Aborted);
            var item = kept?.Offered.FirstOrDefault(item => item.Name == page.Name);
            page = page with { App = AppView.Of(item), Definition = item is null ? null : DefinitionOf(item) };
            return page with
            {
                Elsewhere = await ElsewhereAsync(call, page),
                History = item is null ? [] : await StepsAsync(item, call),
            };
        }
        catch (ControlStoreException)
        {
            return page;
        }
    }

    /// <summary>Returns the server's other tools, the riskiest first.</summary>
    public static IReadOnlyList<SimilarToolView> ByRisk(
        string server, string tool, IEnumerable<(ToolFacts Tool, Classification Found)> all) =>
    [
        .. all.Where(one => one.Tool.Name != tool).OrderByDescending(static one => one.Found.Risk)
            .ThenBy(static one => one.Tool.Name, StringComparer.Ordinal).Take(SimilarMax)
            .Select(one => new SimilarToolView(
                server, one.Tool.Name, one.Found.Category.ToString(), one.Found.Risk.ToString())),
    ];

    private async Task<IReadOnlyList<SimilarToolView>> ElsewhereAsync(AdminCall call, ToolPageView page)
    {
        var words = page.Name.Length <= SearchQuestion.TextCharsMax
            ? page.Name : page.Name[..SearchQuestion.TextCharsMax];
        var question = new SearchQuestion(words)
        {
            Category = Enum.Parse<ToolCategory>(page.Category),
            May = server => server != page.Server && call.May(Permissions.Read, server),
            Limit = SimilarMax,
        };
        return
        [
            .. (await registered.CurrentAsync(call.Aborted)).Search(question).Tools.Select(static one =>
                new SimilarToolView(one.Server, one.Name, one.Category.ToString(), one.Risk.ToString())),
        ];
    }

    private static DefinitionView DefinitionOf(KeptItem item) => new(
        item.Hashes?.Contract,
        item.FirstSeen,
        InventoryNames.Of(item.Evaluation.Drift),
        InventoryNames.Of(item.Evaluation.Standing),
        item.Accepted?.By,
        item.Accepted?.At,
        item.Accepted is { Definition: { } accepted }
            ? [.. DefinitionDiff.Of(accepted, item.Definition).Select(static one => one.Place)] : [])
    {
        Suspicious = item.Evaluation.IsSuspicious ? true : null,
    };

    private async Task<IReadOnlyList<DefinitionStepView>> StepsAsync(KeptItem item, AdminCall call)
    {
        List<DefinitionStepView> steps = [];
        var left = EntriesMax;
        await foreach (var entry in history.FindAsync(
            InventoryStore.KeyOf(call.Name).ToString(), (long.MaxValue, long.MaxValue), call.Aborted))
        {
            if (Step(entry, item.Name) is { } step)
                steps.Add(step);
            if (--left == 0 || steps.Count == StepsMax)
                break;
        }

        if (item.Accepted is { By: AcceptedTool.Baseline } baseline)
            steps.Add(new(baseline.At, baseline.By, "Accepted with the server's first complete list"));
        steps.Add(new(item.FirstSeen, null, "First listed by the server"));
        return steps;
    }

    private static DefinitionStepView? Step(HistoryView entry, string tool)
    {
        if (entry.Action == "accept-class" && Text(entry.After, tool) is { } chosen)
            return new(entry.Time, entry.By, $"Class set to {chosen}", entry.Reason);
        if (entry.Action == "unaccept")
        {
            return Text(entry.After, tool) is null
                ? null : new(entry.Time, entry.By, "Acceptance undone", entry.Reason);
        }

        if (entry.Action != "accept")
            return null;
        // A long change of many tools is kept without its parts.
        if (entry.After is { ValueKind: JsonValueKind.String })
            return new(entry.Time, entry.By, "Definition accepted with the server's other changed tools", entry.Reason);
        return Text(entry.After, tool) is not { } contract ? null : new(
            entry.Time, entry.By,
            Text(entry.Before, tool) is { Length: > 0 } before && before != contract
                ? $"Definition accepted: version {Version(contract)} replaced {Version(before)}"
                : $"Definition accepted: version {Version(contract)}",
            entry.Reason);
    }

    /// <summary>Returns the part of a hash that people compare.</summary>
    private static string Version(string contract) => contract.Length > 12 ? contract[..12] : contract;

    private static string? Text(JsonElement? of, string name) =>
        of is { ValueKind: JsonValueKind.Object } given && given.TryGetProperty(name, out var found)
        && found.ValueKind == JsonValueKind.String ? found.GetString() : null;
}
