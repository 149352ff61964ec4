using Gateway.Admin.Answers;
using Gateway.Admin.Identity.Roles;
using Gateway.Admin.Servers;
using Gateway.Catalogue.Classifying;
using Gateway.Catalogue.Keeping;
using Gateway.Catalogue.Listing;
using Gateway.Catalogue.Recommending;
using Gateway.Control.Documents;
using Gateway.Control.Snapshots;
using Gateway.Control.Updating;
using Gateway.Control.Usage.Asking;
using Gateway.Proxy.Pinning;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;

namespace Gateway.Admin.Tools;

/// <summary><c>/catalogue</c>: shows the servers' tools with their risks, and suggests a policy.</summary>
internal sealed class CatalogueRoutes(
    InventoryReader catalogue, ToolPages pages, UsageReader usage, PinnedTools pinned) : IAdminRoutes
{
    private const int GrantsMax = 100;

    public void Map(RouteGroupBuilder api)
    {
        api.MapGet("/catalogue/{name}", ListAsync).Requires(Permissions.Read, RoleScope.NamedServer)
            .WithSummary("Lists a server's tools with category and risk.").Produces<CatalogueView>()
            .WithQuery(("refresh", "true: query the server now."));
        api.MapGet("/catalogue/{name}/tools/{tool}", ShowAsync).Requires(Permissions.Read, RoleScope.NamedServer)
            .WithSummary("Shows everything that is known about a tool.").Produces<ToolPageView>()
            .WithQuery(("refresh", "true: query the server now."));
        api.MapGet("/catalogue/{name}/policy", RecommendAsync).Requires(Permissions.Read, RoleScope.NamedServer)
            .WithSummary("Recommends a policy for a server.").Produces<RecommendedPolicyView>()
            .WithQuery(("refresh", "true: query the server now."),
                ("profile", "balanced, cautious or observe."));
    }

    private Task<AdminResponse> ListAsync(AdminCall call) => WithToolsAsync(call, (server, inventory) =>
        AdminResponse.Ok(
            new CatalogueView(
                server.Name,
                Classification.Version,
                [.. inventory.Tools.Select(tool => (tool.Name, tool.App, Found: Of(call, tool))).Select(
                    one => new CatalogueToolView(
                        one.Name, one.Found.Category.ToString(), one.Found.Risk.ToString(), one.Found.Confidence)
                    {
                        Class = ToolClassView.Of(pinned, server.Name, one.Name, one.Found),
                        App = one.App,
                    })],
                inventory.Note,
                inventory.SeenAt,
                inventory.Stale),
            CatalogueJson.Default.CatalogueView));

    private async Task<AdminResponse> ShowAsync(AdminCall call)
    {
        var name = call.Value("tool");
        var used = await UsedAsync(call, name);
        var together = await TogetherAsync(call, name);
        ToolPageView? page = null;
        var response = await WithToolsAsync(call, (server, inventory) =>
        {
            if (inventory.Tools.FirstOrDefault(tool => tool.Name == name) is not { } tool)
                return Problems.NotFound("tool", name, inventory.Tools.Select(static tool => tool.Name));
            page = Page(call.State, server, tool, inventory, used, together);
            return AdminResponse.NoContent;
        });
        return page is null
            ? response
            : AdminResponse.Ok(await pages.CompleteAsync(call, page), CatalogueJson.Default.ToolPageView);
    }

    /// <summary>
    /// Returns the recent use of a tool; null if it cannot be read, because the page is useful without it.
    /// </summary>
    private async Task<UsageAnswer?> UsedAsync(AdminCall call, string tool)
    {
        var question = usage.Read(
            name => name switch { "since" => "24h", "step" => "1h", "server" => call.Name, "tool" => tool, _ => null },
            out _)!;
        try
        {
            return await usage.AnswerAsync(
                question, server => call.May(Permissions.Read, server), call.Aborted);
        }
        catch (ControlStoreException)
        {
            return null;
        }
    }

    /// <summary>Returns the tools that are used together with a tool; none if they cannot be read.</summary>
    private async Task<IReadOnlyList<UsageCompanion>> TogetherAsync(AdminCall call, string tool)
    {
        try
        {
            return await usage.CompanionsAsync(call.Name, tool, call.Aborted);
        }
        catch (ControlStoreException)
        {
            return [];
        }
    }

    private async Task<AdminResponse> RecommendAsync(AdminCall call)
    {
        var name = (string?)call.Request.Query["profile"] is { Length: > 0 } given
            ? given : RecommendedPolicy.NameOf(RecommendedProfile.Balanced);
        return RecommendedPolicy.ProfileOf(name) is { } profile
            ? await WithToolsAsync(call, (server, inventory) => Recommend(call, server, inventory, profile))
            : Problems.Invalid($"\"{name}\" is not a profile; write balanced, cautious or observe.");
    }

    private static AdminResponse Recommend(
        AdminCall call, ServerModel server, Inventory inventory, RecommendedProfile profile)
    {
        var policy = RecommendedPolicy.Of(
            server.Name, [.. inventory.Tools.Select(tool => (tool, Of(call, tool)))], inventory.Items, profile);
        List<string> notes = [.. policy.Notes];
        if (inventory.Note is { } note)
            notes.Add(note);
        var view = new RecommendedPolicyView(server.Name, policy.Document, notes);
        return AdminResponse.Ok(view, CatalogueJson.Default.RecommendedPolicyView);
    }

    private async Task<AdminResponse> WithToolsAsync(AdminCall call, Func<ServerModel, Inventory, AdminResponse> answer)
    {
        if (!call.State.Objects.Servers.TryGetValue(call.Name, out var server))
            return Problems.NotFound("server", call.Name, call.State.ServerNamesShown);
        try
        {
            return answer(server, await catalogue.ReadAsync(
                server, call.Request.Query.ContainsKey("refresh"), call.Aborted));
        }
        catch (CatalogueException e)
        {
            return Problems.Of(502, "Server did not respond", e.Message);
        }
    }

    private ToolPageView Page(
        ControlState state, ServerModel server, ToolFacts tool, Inventory inventory, UsageAnswer? used,
        IReadOnlyList<UsageCompanion> together)
    {
        var found = OperatorClassifications.Of(state.Documents, server.Name, tool);
        var toolClass = pinned.ClassOf(server.Name, tool.Name);
        var rule = RecommendedRule.Of(tool, found);
        List<ToolGrantView> grants =
        [
            .. state.Objects.Grants.Values.Where(grant => grant.Servers.ContainsKey(server.Name)).Take(GrantsMax)
                .Select(grant => ToolsView.May(server.Name, grant, tool.Name, state, toolClass)),
        ];
        return new ToolPageView(
            server.Name,
            tool.Name,
            tool.Description,
            found.Category.ToString(),
            found.Risk.ToString(),
            found.Confidence,
            found.IsSure,
            found.Reasons,
            AttackPatterns.Of(tool, found),
            rule,
            [.. RelatedTools.Of(
                    tool.Name, inventory.Tools.Select(static other => other.Name),
                    together.Select(static one => (one.Tool, one.Together, one.Hours)))
                .Select(static other => new RelatedToolView(other.Name, other.Because))],
            grants,
            Classification.Version,
            used,
            Override(state, server.Name, tool),
            inventory.SeenAt,
            inventory.Stale,
            found.Probabilities?.ToDictionary(static one => one.Key.ToString(), static one => one.Value))
        {
            Class = ToolClassView.Of(pinned, server.Name, tool.Name, found),
            Title = tool.Title,
            Effect = ToolQuestions.EffectOf(found),
            InputSchema = tool.InputSchema,
            OutputSchema = tool.OutputSchema,
            Questions = ToolQuestions.Of(
                tool, found, rule, [.. grants.Select(static one => (one.Grant, one.Outcome))],
                pinned.AcceptedOf(server.Name, tool.Name) is not null),
            ByRisk = ToolPages.ByRisk(server.Name, tool.Name, inventory.Tools.Select(other =>
                (other, OperatorClassifications.Of(state.Documents, server.Name, other)))),
        };
    }

    private static Classification Of(AdminCall call, ToolFacts tool) =>
        OperatorClassifications.Of(call.State.Documents, call.Name, tool);

    private static OverrideView? Override(ControlState state, string server, ToolFacts tool)
    {
        if (OperatorClassifications.Find(state.Documents, server, tool.Name) is not { } said)
            return null;
        var plain = ToolClassifier.Of(tool);
        return new OverrideView(
            said.Note, said.By, said.At, OperatorClassifications.IsChanged(said, tool), plain.Category.ToString(),
            plain.Risk.ToString());
    }
}
