using Gateway.Admin.Answers;
using Gateway.Admin.Identity.Roles;
using Gateway.Catalogue.Classifying;
using Gateway.Catalogue.Listing;
using Gateway.Proxy.Approvals.Requests;
using Gateway.Proxy.Upstreams.Pool;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;

namespace Gateway.Admin.Approvals;

/// <summary>
/// <c>/approvals/{name}/tool</c>: the classification of a request's tool, also for operators who can only read
/// requests.
/// </summary>
internal sealed class AskedTool(
    ApprovalService approvals, ToolCatalogue catalogue, UpstreamPool upstreams) : IAdminRoutes
{
    public void Map(RouteGroupBuilder api)
    {
        api.MapGet("/approvals/{name}/tool", ShowAsync).Requires(Permissions.ReadApprovals, RoleScope.EachServer)
            .WithSummary("Shows the tool that a request would call.").Produces<AskedToolView>();
    }

    private async Task<AdminResponse> ShowAsync(AdminCall call)
    {
        if (await approvals.FindAsync(call.Name, call.Aborted) is not { } approval
            || !call.MayReadApprovals(approval.Server))
        {
            return Problems.NotFound("approval", call.Name);
        }

        if (!call.State.Objects.Servers.TryGetValue(approval.Server, out var server))
            return Problems.NotFound("server", approval.Server);
        try
        {
            var inventory = await catalogue.ListAsync(server, upstreams.Get(server), call.Aborted);
            if (inventory.Tools.FirstOrDefault(one => one.Name == approval.Tool) is not { } tool)
                return Problems.NotFound("tool", approval.Tool);
            var found = OperatorClassifications.Of(call.State.Documents, server.Name, tool);
            return AdminResponse.Ok(
                new AskedToolView(tool.Description, found.Category.ToString(), found.Risk.ToString(), found.Reasons),
                ApprovalJson.Default.AskedToolView);
        }
        catch (CatalogueException e)
        {
            return Problems.Of(502, "Server did not respond", e.Message);
        }
    }
}

/// <summary>The tool of a request, with the server's description and the gateway's classification.</summary>
/// <param name="Description">The server's own description.</param>
/// <param name="Category">The kind of its effect.</param>
/// <param name="Risk">The harm that one wrong call can do.</param>
/// <param name="Reasons">Sentences that state the evidence.</param>
internal sealed record AskedToolView(string? Description, string Category, string Risk, IReadOnlyList<string> Reasons);
