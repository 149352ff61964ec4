using Gateway.Admin.Answers;
using Gateway.Admin.Identity.Roles;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;

namespace Gateway.Admin.Counters;

/// <summary><c>/grants/{name}/budgets</c>: shows the remaining amounts of a grant's limits.</summary>
internal sealed class BudgetRoutes(CounterRoutes counters) : IAdminRoutes
{
    public void Map(RouteGroupBuilder api)
    {
        api.MapGet("/grants/{name}/budgets", ShowAsync).Requires(Permissions.Read)
            .WithSummary("Shows a grant's limits: what is used, what is left, and when they reset.")
            .Produces<BudgetsView>();
    }

    private async Task<AdminResponse> ShowAsync(AdminCall call)
    {
        if (!call.State.Objects.Grants.ContainsKey(call.Name))
            return Problems.NotFound("grant", call.Name, call.State.Objects.Grants.Keys);
        // Slots of calls in flight have no window, and become free by themselves.
        var found = (await counters.OfGrantAsync(call.Name, call.Aborted)).Where(static one => one.Window.Length > 0)
            .Select(BudgetView.Of).OrderByDescending(static one => one.UsedRatio ?? 1)
            .ThenBy(static one => one.Server, StringComparer.Ordinal)
            .ThenBy(static one => one.Counter, StringComparer.Ordinal);
        return AdminResponse.Ok(new BudgetsView(call.Name, [.. found]), CounterJson.Default.BudgetsView);
    }
}
