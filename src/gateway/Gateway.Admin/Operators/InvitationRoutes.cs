using System.Text.Json;
using Gateway.Admin.Answers;
using Gateway.Admin.Changes;
using Gateway.Admin.Identity.Records;
using Gateway.Admin.Identity.Roles;
using Gateway.Control.Documents;
using Gateway.Control.Documents.Kinds;
using Gateway.Control.Snapshots;
using Gateway.Limits.Model;
using Gateway.Policy.Text;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;

namespace Gateway.Admin.Operators;

/// <summary><c>/invitations</c>: links with which people become operators.</summary>
internal sealed class InvitationRoutes(
    Invitations invitations, OperatorRoutes operators, ControlChanges changes, ProcessClock clock) : IAdminRoutes
{
    private static readonly TimeSpan UsualLife = TimeSpan.FromDays(3);
    private static readonly TimeSpan LifeMax = TimeSpan.FromDays(30);

    public void Map(RouteGroupBuilder api)
    {
        api.MapGet("/invitations", ListAsync).Requires(Permissions.Administer)
            .WithSummary("Lists the open invitations.").Produces<PageView<InvitationView>>();
        api.MapPost("/invitations", CreateAsync).Requires(Permissions.Administer)
            .WithSummary("Invites a person to become an operator. The link is shown only in this response and works "
                + "once.").Takes(static () => OperatorJson.Default.InvitationInput).Produces<InvitationCreated>(201)
            .WithQuery(AdminRoute.Reason);
        api.MapDelete("/invitations/{name}", WithdrawAsync).Requires(Permissions.Administer)
            .WithSummary("Withdraws an invitation: its link no longer works.").Produces(204);
    }

    private IEnumerable<Invitation> Open => invitations.All.Where(one => invitations.EndOf(one) is null);

    private Task<AdminResponse> ListAsync(AdminCall call) => Task.FromResult(AdminResponse.Ok(
        Pages.Cut(call.Request, Open.Select(Invitations.View), static view => view.Name),
        OperatorJson.Default.PageViewInvitationView));

    private async Task<AdminResponse> CreateAsync(AdminCall call)
    {
        var (input, unreadable) = await call.ReadAsync(OperatorJson.Default.InvitationInput);
        if (input is null)
            return unreadable!;
        var life = UsualLife;
        if (input.For is not null && (!WrittenTime.TryLength(input.For, out life) || life > LifeMax))
        {
            return Problems.Invalid(
                $"\"{input.For}\" is not a valid length: write a number and m, h or d, at most {LifeMax.TotalDays}d.");
        }

        if (Check(call, input) is { } invalid)
            return invalid;
        var now = DateTimeOffset.FromUnixTimeMilliseconds(clock.NowMs());
        var token = AdminKeys.NewToken(Invitations.Prefix);
        var roles = RoleSet.Parse(input.Roles)!;
        var one = new Invitation(
            input.Name,
            new InvitationDocument
            {
                TokenHash = TokenHash.Of(token).ToString(),
                OperatorId = OperatorRoutes.NewId(),
                DisplayName = input.DisplayName,
                Roles = roles.Texts,
                By = call.Caller.Name,
                ById = call.Caller.Account?.Id,
                Created = now,
                Expires = now + life,
            },
            roles, 0);
        var view = Invitations.View(one);
        // A document of an ended invitation is replaced.
        var (version, problem) = await changes.MakeAsync(call, new DocumentChange(
            "create", one.Key, call.State.Documents.Find(one.Key)?.Version ?? 0,
            ControlJsonContext.Write(one.Stored, ControlJsonContext.Default.InvitationDocument), null,
            JsonSerializer.SerializeToUtf8Bytes(view, OperatorJson.Default.InvitationView)));
        return problem is null
            ? AdminResponse.Created(
                new InvitationCreated(view, LinkOf(call, token)), OperatorJson.Default.InvitationCreated,
                $"{AdminRoute.Root}/invitations/{one.Name}", version)
            : problem.Status == StatusCodes.Status412PreconditionFailed ? Exists(one.Name) : problem;
    }

    private AdminResponse? Check(AdminCall call, InvitationInput input)
    {
        var wanted = new OperatorInput { Name = input.Name, DisplayName = input.DisplayName, Roles = input.Roles };
        if (operators.CheckNew(wanted) is { } invalid)
            return invalid;
        var roles = RoleSet.Parse(input.Roles)!;
        if (roles.IsEmpty)
            return Problems.Invalid($"An invitation needs at least one role: {RoleSet.Rule}.");
        if (!call.Caller.Roles.Covers(roles))
        {
            return Problems.Invalid(
                $"You can give only roles that you have: {string.Join(", ", call.Caller.Roles.Texts)}.");
        }

        if (Open.Any(one => one.Name == input.Name))
            return Exists(input.Name);
        return Open.Count() >= Invitations.Max
            ? Problems.Invalid($"There are {Invitations.Max} open invitations, the maximum; withdraw one first.")
            : null;
    }

    private async Task<AdminResponse> WithdrawAsync(AdminCall call)
    {
        if (Open.FirstOrDefault(one => one.Name == call.Name) is not { } one)
            return Problems.NotFound("invitation", call.Name, Open.Select(static one => one.Name));
        var (_, problem) = await changes.MakeAsync(call, new DocumentChange(
            "withdraw", one.Key, one.Version, null,
            JsonSerializer.SerializeToUtf8Bytes(Invitations.View(one), OperatorJson.Default.InvitationView), null));
        return problem ?? AdminResponse.NoContent;
    }

    /// <summary>
    /// Returns the address of the page that accepts it. The token is in the fragment, which browsers send to no server.
    /// </summary>
    private static string LinkOf(AdminCall call, string token)
    {
        var root = call.State.Config.AdminUrl?.ToString().TrimEnd('/')
            ?? $"{call.Request.Scheme}://{call.Request.Host}";
        return $"{root}/console/#/invitation?code={token}";
    }

    private static AdminResponse Exists(string name) => Problems.Of(
        StatusCodes.Status409Conflict, "Already invited",
        $"There is an open invitation for \"{name}\". Withdraw that invitation to create another link.");
}
