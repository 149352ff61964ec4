using System.Globalization;
using System.Text.Json;
using Gateway.Admin.Answers;
using Gateway.Admin.Changes;
using Gateway.Admin.Identity.Records;
using Gateway.Admin.Identity.Roles;
using Gateway.Catalogue.Keeping;
using Gateway.Catalogue.Listing;
using Gateway.Limits.Model;
using Gateway.Proxy.Pinning;
using Gateway.Proxy.Scanning;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;

namespace Gateway.Admin.Tools;

/// <summary>
/// Routes that show the differences between tools and their accepted definitions, and accept the current ones.
/// </summary>
internal sealed class DriftRoutes(
    ControlChanges changes, InventoryStore inventories, InventoryReader catalogue, ProcessClock clock) : IAdminRoutes
{
    private const int TriesMax = 4;

    public void Map(RouteGroupBuilder api)
    {
        api.MapGet("/catalogue/{name}/drift", ShowAsync).Requires(Permissions.Read, RoleScope.NamedServer)
            .WithSummary("Shows how a server's tools differ from the accepted ones.").Produces<DriftView>()
            .WithQuery(("refresh", "true: query the server now."));
        api.MapPost("/catalogue/{name}/accept", AcceptAsync).Requires(Permissions.Edit, RoleScope.NamedServer)
            .WithSummary("Accepts all tools of a server as they are.").Produces<AcceptedView>()
            .WithQuery(("inventory", "Only if this is still the number of its inventory."));
        api.MapPost("/catalogue/{name}/tools/{tool}/accept", AcceptAsync)
            .Requires(Permissions.Edit, RoleScope.NamedServer)
            .WithSummary("Accepts a tool as it is.").Produces<AcceptedView>()
            .WithQuery(("contract", "Only if its contract still has this hash."));
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
            kept.Instructions is { } said ? DefinitionScanner.ScanText(said, "/instructions") : [],
            [.. kept.Offered.Where(static tool => !tool.IsAsAccepted).Select(View)],
            pointer.SeenAt,
            pointer.FailedSince is null ? null : pointer.Why);
        return AdminResponse.Ok(view, CatalogueJson.Default.DriftView);
    }

    private async Task<AdminResponse> AcceptAsync(AdminCall call)
    {
        if (await MissingAsync(call, asked: false) is { } missing)
            return missing;
        var problem = default(AdminResponse);
        for (var tries = 0; tries < TriesMax; tries++)
        {
            IReadOnlyList<KeptItem> accepted = [];
            var prepared = await inventories.PrepareAsync(
                call.Name,
                kept =>
                {
                    (accepted, problem) = Choose(call, kept);
                    var now = DateTimeOffset.FromUnixTimeMilliseconds(clock.NowMs());
                    return problem is null
                        ? InventoryMerge.Accept(kept, accepted.Contains, call.Caller.Name, now)
                        : null;
                },
                static pointer => pointer,
                call.Aborted);
            if (prepared is not { } next)
                return problem!;
            (_, problem) = await changes.MakeAsync(call, new DocumentChange(
                "accept", InventoryStore.KeyOf(call.Name), next.Version, next.Content,
                Shown(accepted.Select(static tool => (tool.Name, tool.Accepted?.Contract))),
                Shown(accepted.Select(static tool => (tool.Name, tool.Hashes?.Contract)))));
            if (problem is null)
            {
                await inventories.FollowAsync(CancellationToken.None);
                var view = new AcceptedView(call.Name, [.. accepted.Select(static tool => tool.Name)]);
                return AdminResponse.Ok(view, CatalogueJson.Default.AcceptedView);
            }

            // A concurrent listing of the server may have changed the inventory. The choice is repeated on the new one.
            if (problem != Problems.Changed)
                return problem;
            await inventories.RefreshAsync(call.Aborted);
        }

        return problem!;
    }

    private (IReadOnlyList<KeptItem> Chosen, AdminResponse? Problem) Choose(AdminCall call, KeptInventory kept)
    {
        if (!call.Request.RouteValues.ContainsKey("tool"))
        {
            var number = inventories.Pointer(call.Name)?.Number.ToString(CultureInfo.InvariantCulture);
            return (string?)call.Request.Query["inventory"] is { Length: > 0 } wanted && wanted != number
                ? ([], Other)
                : ([.. kept.Offered.Where(static tool => tool.Hashes is not null && !tool.IsAsAccepted)], null);
        }

        var name = call.Value("tool");
        if (kept.Offered.FirstOrDefault(tool => tool.Name == name) is not { } found)
            return ([], Problems.NotFound("tool", name, kept.Offered.Select(static tool => tool.Name)));
        if (found.Hashes is not { } hashes)
        {
            return ([], Problems.Of(409, "Cannot be accepted",
                $"The definition of {name} is ambiguous: it has a member or its name twice, or it "
                + "is not text. Have the server corrected."));
        }

        return (string?)call.Request.Query["contract"] is { Length: > 0 } contract && contract != hashes.Contract
            ? ([], Other)
            : ([found], null);
    }

    private static AdminResponse Other { get; } = Problems.Of(
        409, "Changed concurrently", "It has changed since you viewed it. See: gateway tools drift");

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

    private static DriftToolView View(KeptItem tool) => new(
        tool.Name,
        InventoryNames.Of(tool.Evaluation.Drift),
        InventoryNames.Of(tool.Evaluation.Standing),
        tool.Hashes?.Contract,
        tool.FirstSeen,
        tool.Accepted?.By,
        tool.Accepted?.At,
        tool.Accepted is { } accepted
            ? DefinitionDiff.Of(accepted.Definition ?? tool.Definition, tool.Definition)
            : [],
        tool.Findings ?? []);

    private static byte[] Shown(IEnumerable<(string Name, string? Contract)> tools) =>
        JsonSerializer.SerializeToUtf8Bytes(
            tools.ToDictionary(static one => one.Name, static one => one.Contract ?? ""),
            CatalogueJson.Default.DictionaryStringString);
}
