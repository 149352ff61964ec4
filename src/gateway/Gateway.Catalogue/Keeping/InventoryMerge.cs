using System.Security.Cryptography;
using System.Text;
using Gateway.Catalogue.Classifying;
using Gateway.Catalogue.Listing;
using Gateway.Policy.Classes;
using Gateway.Proxy.Pinning;
using Gateway.Proxy.Scanning;

namespace Gateway.Catalogue.Keeping;

/// <summary>The merge of a server's current lists into its stored inventory.</summary>
public static class InventoryMerge
{
    /// <summary>
    /// The maximum length of a stored definition, in characters; only the hashes of a longer one are stored.
    /// </summary>
    public const int DefinitionCharsMax = 128 * 1024;

    /// <summary>
    /// The maximum length of all stored definitions of a server, in characters; only the hashes of any further ones are
    /// stored.
    /// </summary>
    public const int AllCharsMax = 4 * 1024 * 1024;

    /// <summary>
    /// The maximum length of a name or URI, in characters; an entry with a longer one is omitted, because no policy
    /// could name it.
    /// </summary>
    public const int NameCharsMax = 1024;

    /// <summary>The maximum number of removed entries that are kept per server, the latest ones.</summary>
    public const int GoneMax = 1000;

    private const int InstructionsCharsMax = 64 * 1024;

    /// <summary>Merges a complete list of a server. The first such list is the baseline.</summary>
    /// <param name="old">The stored inventory.</param>
    /// <param name="now">The current lists.</param>
    /// <param name="before">The time of the previous request; null if there was none.</param>
    /// <param name="at">The time of these lists.</param>
    /// <param name="scan">Scans each definition.</param>
    public static KeptInventory Whole(
        KeptInventory old, Inventory now, DateTimeOffset? before, DateTimeOffset at,
        Func<ListedItem, ToolDefinition?, IReadOnlyList<Finding>> scan)
    {
        var known = (old.Items ?? []).ToDictionary(static item => (item.Kind, item.Name));
        var room = AllCharsMax;
        var items = new List<KeptItem>();
        foreach (var group in now.Items.Where(static item => item.Name.Length <= NameCharsMax)
            .GroupBy(static item => (item.Kind, item.Name)))
        {
            // Two definitions of one name are ambiguous.
            var read = group.Select(static item => item.Definition).Distinct(StringComparer.Ordinal).Count() == 1;
            items.Add(Item(known.GetValueOrDefault(group.Key), group.First(), read, at, scan, ref room) with
            {
                App = AppOf(group.First(), known.GetValueOrDefault(group.Key), now.Apps),
            });
            known.Remove(group.Key);
        }

        items.AddRange(known.Values
            .Select(item => item with { LastSeen = item.LastSeen ?? before ?? at })
            .OrderByDescending(static item => item.Accepted is not null)
            // Resources may come and go by the thousand; they must not displace a tool.
            .ThenBy(static item => item.Kind)
            .ThenByDescending(static item => item.LastSeen)
            .Take(GoneMax));
        var merged = old with
        {
            Items = Sorted(items),
            Note = now.Note,
            Instructions = Cut(now.Instructions),
            InstructionsSha256 = ToolDefinition.HashOf(now.Instructions),
        };
        return WithItems(
            IsBaseline(merged)
                ? Accept(merged, static _ => true, AcceptedTool.Baseline, at, ClassOf)
                : merged,
            at);
    }

    /// <summary>Merges an unknown definition from a list for an agent.</summary>
    /// <param name="old">The stored inventory.</param>
    /// <param name="seen">The definition.</param>
    /// <param name="at">The time at which it was seen.</param>
    /// <param name="scan">Scans the definition.</param>
    public static KeptInventory One(
        KeptInventory old, SeenDefinition seen, DateTimeOffset at,
        Func<ListedItem, ToolDefinition?, IReadOnlyList<Finding>> scan)
    {
        var item = new ListedItem(InventoryKind.Tool, seen.Tool, seen.Definition);
        var items = (old.Items ?? []).ToList();
        var index = items.FindIndex(one => one.Kind == InventoryKind.Tool && one.Name == seen.Tool);
        var room = AllCharsMax - items.Sum(static one => one.Definition?.Length ?? 0);
        var kept = Item(index < 0 ? null : items[index], item, true, at, scan, ref room) with
        {
            App = AppOf(item, index < 0 ? null : items[index], []),
        };
        if (index >= 0)
            items[index] = kept;
        else
            items.Add(kept);
        return old with { Items = Sorted(items) };
    }

    /// <summary>Accepts entries as they are now; accepting all tools also accepts the instructions.</summary>
    /// <param name="kept">The stored inventory.</param>
    /// <param name="which">Selects the entries.</param>
    /// <param name="by">The name of the person.</param>
    /// <param name="at">The time of acceptance.</param>
    /// <param name="classify">
    /// Returns the classification of a tool, and the reason if it is an operator's. Its class is accepted too, unless
    /// an operator chose the class of the previous definition.
    /// </param>
    public static KeptInventory Accept(
        KeptInventory kept, Func<KeptItem, bool> which, string by, DateTimeOffset at,
        Func<ToolFacts, (Classification? Found, string? Reason)> classify)
    {
        var items = AcceptedOf(kept, which, by, at, classify);
        var instructions = items.All(static item => item.LastSeen is not null || item.Kind != InventoryKind.Tool
            || item.Evaluation.Drift == Drift.None)
            ? kept.InstructionsSha256 : kept.AcceptedInstructions;
        return kept with
        {
            Items = items,
            BaselineAt = kept.BaselineAt ?? at,
            AcceptedInstructions = instructions,
            ReplacedInstructions = by == AcceptedTool.Baseline ? null
                : instructions == kept.AcceptedInstructions ? kept.ReplacedInstructions
                : new ReplacedInstructions(kept.AcceptedInstructions, at),
        };
    }

    /// <summary>Restores the versions that an acceptance replaced.</summary>
    /// <param name="kept">The stored inventory.</param>
    /// <param name="which">Selects the entries, of those whose replaced version is known.</param>
    /// <param name="at">The time of the acceptance.</param>
    public static KeptInventory Undo(KeptInventory kept, Func<KeptItem, bool> which, DateTimeOffset at)
    {
        var instructions = kept.ReplacedInstructions is { } replaced && replaced.At == at ? replaced : null;
        return kept with
        {
            Items = [.. (kept.Items ?? []).Select(item => item.Accepted?.Replaced is { } before && which(item)
                ? item with { Accepted = Restored(item.Accepted, before) } : item)],
            AcceptedInstructions = instructions is null ? kept.AcceptedInstructions : instructions.Sha256,
            ReplacedInstructions = instructions is null ? kept.ReplacedInstructions : null,
        };
    }

    // A class that an operator chose stays chosen.
    private static AcceptedTool? Restored(AcceptedTool last, IReadOnlyList<AcceptedTool> before) =>
        before is not [var one, ..] ? null
        : last.Class is { Origin: AcceptedClass.OfOperator } chosen ? one with { Class = chosen }
        : one;

    /// <summary>Accepts prompts, resources and templates as they are now, and nothing else.</summary>
    public static KeptInventory AcceptItems(
        KeptInventory kept, Func<KeptItem, bool> which, string by, DateTimeOffset at) =>
        kept with { Items = AcceptedOf(kept, which, by, at, ClassOf) };

    /// <summary>Accepts a class that an operator chose for a tool whose definition is accepted.</summary>
    public static KeptInventory Choose(KeptInventory kept, string tool, AcceptedClass chosen) => kept with
    {
        Items = [.. (kept.Items ?? []).Select(item => item is { Kind: InventoryKind.Tool, Accepted: { } accepted }
            && item.Name == tool ? item with { Accepted = accepted with { Class = chosen } } : item)],
    };

    private static IReadOnlyList<KeptItem> AcceptedOf(
        KeptInventory kept, Func<KeptItem, bool> which, string by, DateTimeOffset at,
        Func<ToolFacts, (Classification? Found, string? Reason)> classify) =>
    [
        .. (kept.Items ?? []).Select(item => item.Hashes is { } now && item.LastSeen is null && which(item)
            ? item with
            {
                Accepted = new AcceptedTool(
                    now.Contract, now.Hints, now.Display, now.Safety, by, at, Definition: null)
                {
                    Findings = AcceptedTool.HashOf(item.CountedFindings),
                    Class = ClassToAccept(item, by, at, classify),
                    // Only a person accepts what an app requests.
                    Replaced = by == AcceptedTool.Baseline ? null : item.Accepted is not { } old ? [] :
                    [
                        old with { Definition = old.Definition ?? item.Definition, Replaced = null },
                    ],
                    App = by != AcceptedTool.Baseline || item.App is { RequestsNothing: true }
                        ? item.App : item.Accepted?.App,
                },
            }
            : item),
    ];

    /// <summary>
    /// Accepts the first complete list of prompts, resources and templates, unless the tools still wait for a person.
    /// A resource that appears later is accepted too, because many servers list one for each document.
    /// </summary>
    private static KeptInventory WithItems(KeptInventory kept, DateTimeOffset at)
    {
        if (kept.ItemsBaselineAt is null
            && (Inventory.IsCut(kept.Note) || (kept.BaselineAt is null && kept.Offered.Any())
                || kept.Items!.All(static item => item.LastSeen is not null)))
        {
            // A server that lists nothing may not have finished starting.
            return kept;
        }

        return AcceptItems(
            kept,
            item => item is { Kind: not InventoryKind.Tool, Accepted: null, CountedFindings: [] }
                && (kept.ItemsBaselineAt is null || item.Kind == InventoryKind.Resource),
            AcceptedTool.Baseline, at) with
        {
            ItemsBaselineAt = kept.ItemsBaselineAt ?? at,
        };
    }

    private static (Classification? Found, string? Reason) ClassOf(ToolFacts tool) => (ToolClassifier.Of(tool), null);

    // An app that could not be read now stays as it was. The page is compared again whenever an agent reads it.
    private static AppContent? AppOf(ListedItem tool, KeptItem? old, IReadOnlyList<AppContent> read)
    {
        if (tool.Kind != InventoryKind.Tool || AppContent.UriOf(Encoding.UTF8.GetBytes(tool.Definition)) is not { } uri)
            return null;
        var now = read.FirstOrDefault(app => app.Uri == uri);
        return now is { Sha256: not null } || old?.App?.Uri != uri
            ? now ?? new AppContent(uri, null) { Problem = "The page was not read yet." }
            : old.App;
    }

    private static AcceptedClass? ClassToAccept(
        KeptItem item, string by, DateTimeOffset at, Func<ToolFacts, (Classification? Found, string? Reason)> classify)
    {
        if (item.Accepted?.Class is { Origin: AcceptedClass.OfOperator } chosen)
            return chosen;
        if (item.Kind != InventoryKind.Tool)
            return null;
        // Without the definition, which is too long to store, there is nothing to classify.
        var (found, reason) = item.Facts is { } tool ? classify(tool) : (null, null);
        return new AcceptedClass(
            ToolClasses.NameOf(found?.Class() ?? ToolClass.Uncertain),
            reason is null ? $"classifier {Classification.Version}" : AcceptedClass.OfOperator, by, at, reason);
    }

    private static bool IsBaseline(KeptInventory kept) =>
        kept.BaselineAt is null && !Inventory.IsCut(kept.Note)
        && kept.InstructionsFindings.All(static one => one.IsReportOnly)
        && kept.Items!.Any(static item => item.Kind == InventoryKind.Tool)
        && kept.Items!.All(static item => item.LastSeen is not null
            || (item.CountedFindings is [] && (item.Kind != InventoryKind.Tool || item.Hashes is not null)));

    private static KeptItem Item(
        KeptItem? old, ListedItem now, bool hasOneMeaning, DateTimeOffset at,
        Func<ListedItem, ToolDefinition?, IReadOnlyList<Finding>> scan, ref int room)
    {
        var hashes = hasOneMeaning && now.Hashes is { } read && read.Name == now.Name ? read : null;
        var findings = scan(now, hashes);
        var isKept = now.Definition.Length <= Math.Min(DefinitionCharsMax, room);
        room -= isKept ? now.Definition.Length : 0;
        return new KeptItem(
            now.Kind,
            now.Name,
            isKept ? now.Definition : null,
            Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(now.Definition))),
            old?.FirstSeen ?? at)
        {
            Hashes = hashes,
            Findings = findings.Count > 0 ? findings : null,
            Accepted = old?.Accepted is { Definition: null } accepted && old.Hashes != hashes
                ? accepted with { Definition = old.Definition }
                : old?.Accepted,
        };
    }

    private static List<KeptItem> Sorted(IEnumerable<KeptItem> items) =>
        [.. items.OrderBy(static item => item.Kind).ThenBy(static item => item.Name, StringComparer.Ordinal)];

    private static string? Cut(string? text) =>
        text?.Length > InstructionsCharsMax ? text[..InstructionsCharsMax] : text;
}
