using Gateway.Admin.Answers;
using Gateway.Admin.Identity.Roles;
using Gateway.Control.Documents;
using Gateway.Control.Snapshots;
using Gateway.Limits.Model;
using Gateway.Policy.Text;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;

namespace Gateway.Admin.Grants;

/// <summary>
/// <c>/grants/{name}/rotate</c>: a new token for a grant. The previous one stays valid for a while, so that an agent
/// can get the new one without interruption; there are never more than two.
/// </summary>
internal sealed class GrantRotation(GrantWriter writer, GrantViews views, ProcessClock clock) : IAdminRoutes
{
    public void Map(RouteGroupBuilder api)
    {
        api.MapPost("/grants/{name}/rotate", RotateAsync).Requires(Permissions.Edit)
            .WithSummary("Creates a new token, shown only once; the previous one stays valid for "
                + "overlapSeconds.").Takes(static () => GrantJson.Default.RotateInput).Produces<GrantCreated>()
            .WithQuery(AdminRoute.Reason);
    }

    private async Task<AdminResponse> RotateAsync(AdminCall call)
    {
        if (GrantWriter.Find(call, out var old, out _) is { } missing)
            return missing;
        if (old.OAuth is not null)
        {
            return Problems.Of(409, "Client manages its tokens",
                $"The client of \"{old.Name}\" gets its tokens by signing in, and rotates them itself. To end its "
                    + "tokens, revoke the grant.");
        }

        var (input, unreadable) = await call.ReadAsync(GrantJson.Default.RotateInput);
        if (input is null)
            return unreadable!;
        if (input.OverlapSeconds is < 0 or > RotateInput.OverlapSecondsMax)
            return Problems.Invalid($"overlapSeconds must be 0 to {RotateInput.OverlapSecondsMax}, which is 365 days.");
        var nowMs = clock.NowMs();
        if (input.OverlapSeconds > 0 && old.Previous is { } older && older.UntilMs > nowMs)
            return TwoAlready(old.Name, older);
        var token = AdminKeys.NewToken(GrantRoutes.TokenPrefix);
        var grant = old with
        {
            Token = TokenHash.Of(token),
            Previous = input.OverlapSeconds == 0
                ? null
                : new PreviousToken(old.Token, nowMs + 1000 * input.OverlapSeconds),
        };
        var (version, problem) = await writer.WriteAsync(call, "rotate", grant, old);
        if (problem is not null)
            return problem;
        var created = new GrantCreated(
            views.Of(call.State, grant), token, views.Urls(call.Request, call.State, grant));
        return AdminResponse.Ok(created, GrantJson.Default.GrantCreated, version);
    }

    private static AdminResponse TwoAlready(string name, PreviousToken older) => Problems.Of(
        409, "Two tokens already",
        $"The grant \"{name}\" was already rotated, and its previous token is valid until "
        + $"{WrittenTime.Shown(DateTimeOffset.FromUnixTimeMilliseconds(older.UntilMs))}. A grant can have at "
        + "most two tokens. Wait until then, or rotate with an overlap of 0, which ends both older tokens at once.");
}

/// <summary>A new grant and its token, which is shown only once.</summary>
/// <param name="Grant">The grant.</param>
/// <param name="Token">The bearer token; the gateway keeps only its hash.</param>
/// <param name="Urls">The addresses for the agent's client, by server name.</param>
internal sealed record GrantCreated(GrantView Grant, string Token, IReadOnlyDictionary<string, string> Urls);
