using Gateway.Admin.Answers;
using Gateway.Admin.Identity.Roles;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;

namespace Gateway.Admin.Grants;

/// <summary><c>/matches</c>: which tokens of issuers select which grants.</summary>
internal sealed class MatchRoutes : IAdminRoutes
{
    public void Map(RouteGroupBuilder api) =>
        api.MapGet("/matches", Show).Requires(Permissions.Read)
            .WithSummary("Shows the grants that a token of an issuer can select, in the order of evaluation, and the "
                + "grants that match the same tokens as another grant.")
            .Produces<MatchesView>();

    private static Task<AdminResponse> Show(AdminCall call) => Task.FromResult(
        AdminResponse.Ok(MatchesView.Of(call.State), GrantJson.Default.MatchesView));
}
