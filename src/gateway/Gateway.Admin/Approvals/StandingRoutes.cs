using System.Globalization;
using System.Text.Json;
using Gateway.Admin.Answers;
using Gateway.Admin.Identity.Roles;
using Gateway.Control.Snapshots;
using Gateway.Limits.Model;
using Gateway.Policy;
using Gateway.Proxy.Approvals.Requests;
using Gateway.Proxy.Approvals.Standing;
using Gateway.Proxy.Pinning;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;

namespace Gateway.Admin.Approvals;

/// <summary><c>/approvals/standing</c>: lists and revokes standing approvals.</summary>
internal sealed class StandingRoutes(
    StandingService standing, IApprovers approvers, PinnedTools pinned, SnapshotHolder snapshots, ProcessClock clock)
    : IAdminRoutes
{
    public void Map(RouteGroupBuilder api)
    {
        api.MapGet("/approvals/standing", ListAsync).Requires(Permissions.ReadApprovals, RoleScope.EachServer)
            .WithSummary("Lists standing approvals, including ended ones, the oldest first.")
            .Produces<PageView<StandingView>>();
        api.MapGet("/approvals/standing/{name}", ShowAsync).Requires(Permissions.ReadApprovals, RoleScope.EachServer)
            .WithSummary("Shows a standing approval.").Produces<StandingView>();
        api.MapDelete("/approvals/standing/{name}", RevokeAsync)
            .Requires(Permissions.AnswerApprovals, RoleScope.EachServer)
            .WithSummary("Revokes a standing approval: later calls need a decision again.").Produces<StandingView>();
    }

    private async Task<AdminResponse> ListAsync(AdminCall call) => AdminResponse.Ok(
        Pages.Cut(
            call.Request,
            (await standing.ListAsync(call.Aborted))
                .Where(one => call.MayReadApprovals(one.Server)).Select(View),
            static view => string.Create(
                CultureInfo.InvariantCulture, $"{view.Made.ToUnixTimeMilliseconds():D15}/{view.Id}")),
        ApprovalJson.Default.PageViewStandingView);

    private async Task<AdminResponse> ShowAsync(AdminCall call) =>
        await standing.FindAsync(call.Name, call.Aborted) is { } found && call.MayReadApprovals(found.Server)
            ? AdminResponse.Ok(View(found), ApprovalJson.Default.StandingView)
            : NotFound(call.Name);

    private async Task<AdminResponse> RevokeAsync(AdminCall call)
    {
        // A standing approval that the caller may not see does not exist for the caller.
        if (await standing.FindAsync(call.Name, call.Aborted) is not { } found
            || call.Caller.RightTo(found.Server) is null
            || await standing.RevokeAsync(call.Name, call.Actor) is null
            || await standing.FindAsync(call.Name, call.Aborted) is not { } now)
            return NotFound(call.Name);
        return AdminResponse.Ok(View(now), ApprovalJson.Default.StandingView);
    }

    private StandingView View(StandingApproval one)
    {
        var state = one.StateAt(clock.NowMs());
        var why = state == StandingState.Active ? Ended(one) : null;
        return new StandingView(
            one.Id,
            JsonNamingPolicy.CamelCase.ConvertName((why is null ? state : StandingState.Ended).ToString()),
            why, one.Grant, one.Server, one.Tool, one.Rule, one.Terms.Uses, one.Used, Where(one.Terms),
            Time(one.MadeMs), one.MadeBy, Time(one.ExpiresMs),
            one.RevokedMs is { } revoked ? Time(revoked) : null, one.RevokedBy, one.ApprovalId);
    }

    /// <summary>Returns the conditions for people; a JSON string if they cannot be decrypted.</summary>
    public static JsonElement? Where(StandingTerms terms) =>
        terms.Where is { } where ? JsonElement.Parse(where)
        : terms.SealedWhere is not null ? JsonElement.Parse(ApprovalRepository.Unreadable)
        : null;

    // The checks are in the order in which an operator would look for the reason.
    private string? Ended(StandingApproval one)
    {
        var grant = snapshots.Current.Grants.Values.FirstOrDefault(
            grant => grant.Name == one.Grant && grant.Token.ToString() == GrantModel.TokenIn(one.GrantToken));
        if (grant is null || grant.IsExpired(clock.NowMs()) || !grant.Bindings.TryGetValue(one.Server, out var binding))
            return "its grant has ended or has another token";
        if (PolicyEngine.RuleSha256(binding.Policy, one.Tool, pinned.ClassOf(one.Server, one.Tool)) != one.RuleSha256)
            return "its rule has changed";
        var contract = pinned.ContractOf(one.Server, one.Tool);
        if (one.ToolContract is { } promised && promised != contract)
            return "its tool has changed";
        return one.Holds(one.GrantToken, one.RuleSha256, contract, approvers)
            ? null
            : "its creator may no longer approve";
    }

    private static DateTimeOffset Time(long unixMs) => DateTimeOffset.FromUnixTimeMilliseconds(unixMs);

    private static AdminResponse NotFound(string id) => Problems.NotFound("standing approval", id);
}
