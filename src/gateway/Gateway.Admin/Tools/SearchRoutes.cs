using Gateway.Admin.Answers;
using Gateway.Admin.Identity.Roles;
using Gateway.Catalogue.Indexing;
using Gateway.Catalogue.Publishing;
using Gateway.Proxy.Pinning;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;

namespace Gateway.Admin.Tools;

/// <summary><c>/catalogue/search</c>: searches the tools of registered servers, and of public ones.</summary>
internal sealed class SearchRoutes(
    PublicCatalogue published, RegisteredCatalogue registered, PinnedTools pinned) : IAdminRoutes
{
    public void Map(RouteGroupBuilder api)
    {
        api.MapGet("/catalogue/search", SearchAsync).Requires(Permissions.Read, RoleScope.EachServer)
            .WithSummary("Searches the tools of registered and of public servers.").Produces<SearchView>()
            .WithQuery(
                ("q", "Words that all occur in the name, the title, the description or the server's name."),
                ("server", "Only tools of this server."), ("category", "Only tools of this category."),
                ("risk", "Only tools of this risk."),
                ("transport", "Only tools of servers with this transport: Stdio, Http, Sse or Unknown."),
                ("group", "server: also returns the servers that have matching tools."),
                ("of", "registered or public: only tools of such servers."),
                ("limit", $"The maximum number of tools, up to {SearchQuestion.ShownMax}; 20 if omitted."));
    }

    private async Task<AdminResponse> SearchAsync(AdminCall call)
    {
        if (SearchQuestion.Read(call.Wanted, out var problem) is not { } question)
            return Problems.Unreadable(problem!);
        if (call.Wanted("of") is { } of and not ("registered" or "public"))
            return Problems.Unreadable($"\"of\" must be registered or public, not {of}.");
        SearchAnswer? own = null;
        if (call.Wanted("of") != "public")
        {
            own = (await registered.CurrentAsync(call.Aborted)).Search(
                question with { May = server => call.May(Permissions.Read, server) });
        }

        string? note = null;
        SearchAnswer? others = null;
        var index = call.Wanted("of") == "registered" ? null : published.Current(out note);
        try
        {
            others = index?.Search(question);
        }
        catch (IndexException e)
        {
            note = $"Public servers are not searched: the index {e.Message}. Build the index again with: gateway "
                + "catalogue import";
        }

        var view = SearchViews.Of(question, own, others, index, note, registered.AppOf, pinned);
        return AdminResponse.Ok(view, CatalogueJson.Default.SearchView);
    }
}
