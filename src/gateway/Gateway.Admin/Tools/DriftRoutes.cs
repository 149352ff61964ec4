using System.Globalization;
using System.Text.Json;
using Gateway.Admin.Answers;
using Gateway.Admin.Changes;
using Gateway.Admin.Identity.Records;
using Gateway.Admin.Identity.Roles;
using Gateway.Catalogue.Classifying;
using Gateway.Catalogue.Keeping;
using Gateway.Catalogue.Listing;
using Gateway.Limits.Model;
using Gateway.Policy.Classes;
using Gateway.Policy.Decisions;
using Gateway.Proxy.Pinning;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;

namespace Gateway.Admin.Tools;

/// <summary>
/// Routes that show the differences between definitions and their accepted versions, and accept the current ones.
/// </summary>
internal sealed class DriftRoutes(
    ControlChanges changes, InventoryStore inventories, InventoryReader catalogue, ProcessClock clock) : IAdminRoutes
{
    private const int TriesMax = 4;
    private const int ReasonCharsMax = 1_000;

    private static readonly (string, string) Undone =
        ("at", "Undo only if the tool or server was last accepted at this time, as returned by the acceptance.");

    public void Map(RouteGroupBuilder api)
    {
        api.MapGet("/catalogue/{name}/drift", ShowAsync).Requires(Permissions.Read, RoleScope.NamedServer)
            .WithSummary("Shows how a server's definitions differ from the accepted ones.").Produces<DriftView>()
            .WithQuery(("refresh", "true: query the server now."));
        api.MapPost("/catalogue/{name}/accept", (AdminCall call) => AcceptAsync(call))
            .Requires(Permissions.Edit, RoleScope.NamedServer)
            .WithSummary("Accepts all definitions of a server as they are.").Produces<AcceptedView>()
            .WithQuery(("inventory", "Accept only if the server's inventory still has this version number."));
        api.MapPost("/catalogue/{name}/items/accept", (AdminCall call) => AcceptAsync(call, isItem: true))
            .Requires(Permissions.Edit, RoleScope.NamedServer)
            .WithSummary("Accepts a prompt, resource or template as it is.").Produces<AcceptedView>()
            .WithQuery(("kind", "prompt, resource or template."), ("item", "Its name, URI or template."),
                ("contract", "Accept only if the item's contract still has this hash."));
        api.MapPost("/catalogue/{name}/tools/{tool}/accept", (AdminCall call) => AcceptAsync(call))
            .Requires(Permissions.Edit, RoleScope.NamedServer)
            .WithSummary("Accepts a tool as it is, with its app.").Produces<AcceptedView>()
            .WithQuery(("contract", "Accept only if the tool's contract still has this hash."),
                ("app", "Accept only if the page of the tool's app still has this hash."));
        api.MapPost("/catalogue/{name}/unaccept", (AdminCall call) => UnacceptAsync(call))
            .Requires(Permissions.Edit, RoleScope.NamedServer)
            .WithSummary("Undoes the last acceptance of a server's definitions.").Produces<UnacceptedView>()
            .WithQuery(Undone);
        api.MapPost("/catalogue/{name}/items/unaccept", (AdminCall call) => UnacceptAsync(call, isItem: true))
            .Requires(Permissions.Edit, RoleScope.NamedServer)
            .WithSummary("Undoes the last acceptance of a prompt, resource or template.").Produces<UnacceptedView>()
            .WithQuery(("kind", "prompt, resource or template."), ("item", "Its name, URI or template."), Undone);
        api.MapPost("/catalogue/{name}/tools/{tool}/unaccept", (AdminCall call) => UnacceptAsync(call))
            .Requires(Permissions.Edit, RoleScope.NamedServer)
            .WithSummary("Undoes the last acceptance of a tool.").Produces<UnacceptedView>().WithQuery(Undone);
        api.MapPut("/catalogue/{name}/tools/{tool}/class", PutClassAsync)
            .Requires(Permissions.Edit, RoleScope.NamedServer)
            .WithSummary("Sets the accepted class of a tool, which rules by class use.")
            .Takes(static () => CatalogueJson.Default.ToolClassInput).Produces(204)
            .WithQuery(("contract", "Set the class only if the tool's contract still has this hash."));
    }

    private async Task<AdminResponse> ShowAsync(AdminCall call)
    {
        if (await MissingAsync(call, call.Request.Query.ContainsKey("refresh")) is { } missing)
            return missing;
        var pointer = inventories.Pointer(call.Name)!;
        var kept = await inventories.FindAsync(call.Name, call.Aborted) ?? new KeptInventory(call.Name);
        var view = new DriftView(
            call.Name,
            pointer.Number,
            kept.BaselineAt,
            kept.AcceptedInstructions is { } accepted && accepted != kept.InstructionsSha256,
            kept.InstructionsFindings,
            [.. kept.Offered.Where(static tool => !tool.IsAsAccepted).Select(tool => View(call, tool))],
            [.. kept.DriftedItems.Select(item => View(call, item))],
            pointer.SeenAt,
            pointer.FailedSince is null ? null : pointer.Why);
        return AdminResponse.Ok(view, CatalogueJson.Default.DriftView);
    }

    private async Task<AdminResponse> AcceptAsync(AdminCall call, bool isItem = false)
    {
        IReadOnlyList<KeptItem> accepted = [];
        KeptInventory? now = null;
        var at = Now;
        return await StoreAsync(
            call,
            "accept",
            kept =>
            {
                (accepted, var problem) = isItem ? ChooseItem(call, kept) : Choose(call, kept);
                now = problem is not null ? null
                    : isItem ? InventoryMerge.AcceptItems(kept, accepted.Contains, call.Caller.Name, at)
                    : InventoryMerge.Accept(
                        kept, accepted.Contains, call.Caller.Name, at, tool => Classify(call, tool));
                return (now, problem);
            },
            () => ShownChange(accepted, now!)) ?? AdminResponse.Ok(
            new AcceptedView(call.Name, NamesOf(accepted, areTools: true))
            {
                Items = NamesOf(accepted, areTools: false),
                At = at,
            },
            CatalogueJson.Default.AcceptedView);
    }

    private async Task<AdminResponse> UnacceptAsync(AdminCall call, bool isItem = false)
    {
        IReadOnlyList<KeptItem> undone = [];
        KeptInventory? now = null;
        return await StoreAsync(
            call,
            "unaccept",
            kept =>
            {
                var named = Named(call, kept, isItem);
                var (at, problem) = LastAcceptance(call, kept, named, isItem);
                undone = [.. named.Where(item => item.Accepted is { Replaced: not null } last && last.At == at)];
                now = problem is null ? InventoryMerge.Undo(kept, undone.Contains, at!.Value) : null;
                return (now, problem);
            },
            () => ShownChange(undone, now!)) ?? AdminResponse.Ok(
            new UnacceptedView(call.Name, NamesOf(undone, areTools: true))
            {
                Items = NamesOf(undone, areTools: false),
            },
            CatalogueJson.Default.UnacceptedView);
    }

    private static IReadOnlyList<string> NamesOf(IEnumerable<KeptItem> items, bool areTools) =>
        [.. items.Where(item => item.Kind == InventoryKind.Tool == areTools).Select(static item => item.Name)];

    /// <summary>Returns the current entry that a request names; all if it names none.</summary>
    private static List<KeptItem> Named(AdminCall call, KeptInventory kept, bool isItem)
    {
        var query = call.Request.Query;
        var (tool, kind, name) = (ToolOf(call), (string?)query["kind"], (string?)query["item"]);
        return [.. (kept.Items ?? []).Where(item => item.LastSeen is null
            && (tool is not null ? item.Kind == InventoryKind.Tool && item.Name == tool
                : !isItem || (InventoryNames.Of(item.Kind) == kind && item.Name == name)))];
    }

    /// <summary>Returns the time of the acceptance to undo, or the reason why there is none.</summary>
    private static (DateTimeOffset? At, AdminResponse? Problem) LastAcceptance(
        AdminCall call, KeptInventory kept, List<KeptItem> named, bool isItem)
    {
        var isOne = isItem || ToolOf(call) is not null;
        if (isOne && named.Count == 0)
        {
            return (null, isItem ? ChooseItem(call, kept).Problem
                : Problems.NotFound("tool", ToolOf(call)!, kept.Offered.Select(static tool => tool.Name)));
        }

        var last = named.Where(static item => item.Accepted?.Replaced is not null)
            .Max(static item => (DateTimeOffset?)item.Accepted!.At);
        if (!isOne && kept.ReplacedInstructions is { At: var at } && !(at < last))
            last = at;
        if (last is null)
        {
            return (null, Problems.Of(409, "Nothing to undo",
                "No acceptance is known that can be undone. The first list was accepted automatically."));
        }

        return (string?)call.Request.Query["at"] is { Length: > 0 } wanted
            && !(DateTimeOffset.TryParse(wanted, CultureInfo.InvariantCulture, out var time) && time == last)
            ? (null, Problems.Of(409, "Changed concurrently", "The definitions were accepted again since then."))
            : (last, null);
    }

    private async Task<AdminResponse> PutClassAsync(AdminCall call)
    {
        var (input, unreadable) = await call.ReadAsync(CatalogueJson.Default.ToolClassInput);
        if (input is null)
            return unreadable!;
        if (ToolClasses.Of(input.Class) is null)
        {
            return Problems.Invalid(
                $"\"{input.Class}\" is not a class; write one of {string.Join(", ", ToolClasses.Names)}.");
        }

        if (string.IsNullOrWhiteSpace(input.Reason) || input.Reason.Length > ReasonCharsMax)
            return Problems.Invalid($"\"reason\" must give the reason, in 1 to {ReasonCharsMax} characters.");
        var chosen = new AcceptedClass(
            input.Class, AcceptedClass.OfOperator, call.Caller.Name, Now, input.Reason.Trim());
        var (name, before) = (call.Value("tool"), default(AcceptedClass));
        return await StoreAsync(
            call,
            "accept-class",
            kept =>
            {
                var (tools, problem) = Choose(call, kept);
                if (problem is not null)
                    return (null, problem);
                before = tools[0].Accepted?.Class;
                return tools[0].Evaluation.Standing == ToolStanding.Accepted
                    ? (InventoryMerge.Choose(kept, name, chosen), null)
                    : (null, Problems.Of(409, "Not accepted",
                        $"The definition of {name} is new or has changed. Accept it first: gateway tools accept "
                        + $"{call.Name} {name}"));
            },
            () => (Shown([(name, before is null ? null : $"{before.Name} ({before.Origin})")]),
                Shown([(name, $"{chosen.Name} ({chosen.Origin})")])),
            chosen.Reason) ?? AdminResponse.NoContent;
    }

    private DateTimeOffset Now => DateTimeOffset.FromUnixTimeMilliseconds(clock.NowMs());

    /// <summary>Stores a changed inventory; null if it is stored and in effect.</summary>
    /// <param name="call">The request.</param>
    /// <param name="verb">The name of the change in records.</param>
    /// <param name="change">Returns the changed inventory, or the reason why it cannot be changed.</param>
    /// <param name="shown">Returns the change as records show it: before and after.</param>
    /// <param name="reason">The operator's reason; null if none was given.</param>
    private async Task<AdminResponse?> StoreAsync(
        AdminCall call, string verb, Func<KeptInventory, (KeptInventory? Changed, AdminResponse? Problem)> change,
        Func<(byte[] Before, byte[] After)> shown, string? reason = null)
    {
        if (await MissingAsync(call, asked: false) is { } missing)
            return missing;
        var problem = default(AdminResponse);
        for (var tries = 0; tries < TriesMax; tries++)
        {
            var prepared = await inventories.PrepareAsync(
                call.Name,
                kept =>
                {
                    (var changed, problem) = change(kept);
                    return changed;
                },
                static pointer => pointer,
                call.Aborted);
            if (prepared is not { } next)
                return problem!;
            var (before, after) = shown();
            (_, problem) = await changes.MakeAsync(call, new DocumentChange(
                verb, InventoryStore.KeyOf(call.Name), next.Version, next.Content, before, after)
            {
                Reason = reason,
            });
            if (problem is null)
            {
                await inventories.FollowAsync(CancellationToken.None);
                return null;
            }

            // A concurrent listing of the server may have changed the inventory. The choice is repeated on the new one.
            if (problem != Problems.Changed)
                return problem;
            await inventories.RefreshAsync(call.Aborted);
        }

        return problem!;
    }

    private static string? ToolOf(AdminCall call) =>
        call.Request.RouteValues.ContainsKey("tool") ? call.Value("tool") : null;

    private (IReadOnlyList<KeptItem> Chosen, AdminResponse? Problem) Choose(AdminCall call, KeptInventory kept)
    {
        if (ToolOf(call) is not { } name)
        {
            var number = inventories.Pointer(call.Name)?.Number.ToString(CultureInfo.InvariantCulture);
            return (string?)call.Request.Query["inventory"] is { Length: > 0 } wanted && wanted != number
                ? ([], Other)
                : ([
                    .. kept.Offered.Where(static tool => !tool.IsAsAccepted || tool.Accepted?.Class is null)
                        .Concat(kept.DriftedItems).Where(static item => item.Hashes is not null),
                ], null);
        }

        if (kept.Offered.FirstOrDefault(tool => tool.Name == name) is not { } found)
            return ([], Problems.NotFound("tool", name, kept.Offered.Select(static tool => tool.Name)));
        if (found.Hashes is not { } hashes)
            return ([], Ambiguous(name));
        return ((string?)call.Request.Query["contract"] is { Length: > 0 } contract && contract != hashes.Contract)
            || ((string?)call.Request.Query["app"] is { Length: > 0 } app && app != found.App?.Sha256)
            ? ([], Other)
            : ([found], null);
    }

    private static (IReadOnlyList<KeptItem> Chosen, AdminResponse? Problem) ChooseItem(
        AdminCall call, KeptInventory kept)
    {
        var (kind, name) = ((string?)call.Request.Query["kind"] ?? "", (string?)call.Request.Query["item"] ?? "");
        var all = (kept.Items ?? []).Where(item => item is { Kind: not InventoryKind.Tool, LastSeen: null }
            && InventoryNames.Of(item.Kind) == kind).ToList();
        if (all.Find(item => item.Name == name) is not { } found)
            return ([], Problems.NotFound(kind.Length > 0 ? kind : "item", name, all.Select(static one => one.Name)));
        if (found.Hashes is not { } hashes)
            return ([], Ambiguous(name));
        return (string?)call.Request.Query["contract"] is { Length: > 0 } contract && contract != hashes.Contract
            ? ([], Other)
            : ([found], null);
    }

    private static AdminResponse Ambiguous(string name) => Problems.Of(409, "Cannot be accepted",
        $"The definition of {name} is ambiguous: a member or the name occurs twice, or it "
        + "is not valid text. Ask the maintainer of the server to correct it.");

    private static AdminResponse Other { get; } = Problems.Of(
        409, "Changed concurrently", "The definition has changed since you viewed it. View it again with: gateway "
            + "tools drift");

    private static (Classification? Found, string? Reason) Classify(AdminCall call, ToolFacts tool) =>
        (OperatorClassifications.Of(call.State.Documents, call.Name, tool),
            OperatorClassifications.Find(call.State.Documents, call.Name, tool.Name)?.Note);

    private async Task<AdminResponse?> MissingAsync(AdminCall call, bool asked)
    {
        if (!call.State.Objects.Servers.TryGetValue(call.Name, out var server))
            return Problems.NotFound("server", call.Name, call.State.ServerNamesShown);
        if (!asked && inventories.Pointer(call.Name)?.SeenAt is not null)
            return null;
        try
        {
            await catalogue.ReadAsync(server, asked, call.Aborted);
            return null;
        }
        catch (CatalogueException e)
        {
            return Problems.Of(502, "Server did not respond", e.Message);
        }
    }

    private static DriftToolView View(AdminCall call, KeptItem tool) => new(
        tool.Name,
        InventoryNames.Of(tool.Evaluation.Drift),
        InventoryNames.StandingOf(tool),
        tool.Hashes?.Contract,
        tool.FirstSeen,
        tool.Accepted?.By,
        tool.Accepted?.At,
        [
            .. tool.Accepted is { } accepted
                ? DefinitionDiff.Of(accepted.Definition ?? tool.Definition, tool.Definition) : [],
            .. AppView.Changes(tool),
        ],
        [.. tool.Findings ?? [], .. AppFindings.Of(tool)])
    {
        Kind = InventoryNames.Of(tool.Kind),
        AppSha256 = tool.App?.Sha256,
        Class = tool.Accepted?.Class?.Name,
        ClassProposed = tool.Accepted?.Class is { Origin: AcceptedClass.OfOperator } chosen ? chosen.Name
            : tool is { Kind: InventoryKind.Tool, Facts: { } facts }
                ? ToolClasses.NameOf(OperatorClassifications.Of(call.State.Documents, call.Name, facts).Class())
                : null,
    };

    private static (byte[] Before, byte[] After) ShownChange(IReadOnlyList<KeptItem> before, KeptInventory now)
    {
        var chosen = before.Select(static item => (item.Kind, item.Name)).ToHashSet();
        return (Shown(before), Shown(now.Items!.Where(item => chosen.Contains((item.Kind, item.Name)))));
    }

    private static byte[] Shown(IEnumerable<KeptItem> tools) => Shown(tools.SelectMany(AcceptedOf));

    private static IEnumerable<(string Name, string? Value)> AcceptedOf(KeptItem tool)
    {
        if (tool.Kind != InventoryKind.Tool)
        {
            yield return ($"{tool.Name} ({InventoryNames.Of(tool.Kind)})", tool.Accepted?.Contract);
            yield break;
        }

        yield return (tool.Name, tool.Accepted?.Contract);
        yield return ($"{tool.Name} (class)", tool.Accepted?.Class?.Name);
        if (tool.App is not null)
            yield return ($"{tool.Name} (app)", tool.Accepted?.App?.Sha256);
    }

    private static byte[] Shown(IEnumerable<(string Name, string? Contract)> tools) =>
        JsonSerializer.SerializeToUtf8Bytes(
            tools.DistinctBy(static one => one.Name)
                .ToDictionary(static one => one.Name, static one => one.Contract ?? ""),
            CatalogueJson.Default.DictionaryStringString);
}
