using System.Text.Json;
using Gateway.Admin.Answers;
using Gateway.Admin.Changes;
using Gateway.Admin.Identity.Operators;
using Gateway.Admin.Identity.Records;
using Gateway.Admin.Identity.Roles;
using Gateway.Control.Documents;
using Gateway.Control.Documents.Kinds;
using Gateway.Limits.Model;
using Gateway.Policy.Text;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;

namespace Gateway.Admin.Operators;

/// <summary>
/// <c>/operators/{name}/absence</c>: the absence of an operator, and the delegate who decides on requests for approval
/// in that time.
/// </summary>
internal sealed class AbsenceRoutes(ControlChanges changes, OperatorStore operators, ProcessClock clock)
    : IAdminRoutes
{
    private static readonly TimeSpan UntilMax = TimeSpan.FromDays(90);
    private const int NoteLengthMax = 200;

    public void Map(RouteGroupBuilder api)
    {
        api.MapGet("/operators/{name}/absence", ShowAsync).Requires(Permissions.Self)
            .WithSummary("Shows your absence, if there is one; administrators can see the absences of others.")
            .Produces<AbsenceView>().Produces(204);
        api.MapPut("/operators/{name}/absence", SetAsync).Requires(Permissions.Self)
            .WithSummary("Sets your absence, and who decides on requests for approval in that time; administrators "
                + "can set the absences of others.")
            .Takes(static () => AbsenceJson.Default.AbsenceInput).Produces<AbsenceView>()
            .WithQuery(AdminRoute.Reason);
        api.MapDelete("/operators/{name}/absence", ClearAsync).Requires(Permissions.Self)
            .WithSummary("Ends your absence: the delegate can no longer decide for you; administrators can end the "
                + "absences of others.").Produces(204)
            .WithQuery(AdminRoute.Reason);
        api.MapGet("/approvals/absences", ListAsync).Requires(Permissions.ReadApprovals, RoleScope.EachServer)
            .WithSummary(
                "Lists the operators who are away or plan to be away, each with the person who decides instead.")
            .Produces<PageView<AbsenceView>>();
        api.MapGet("/approvals/delegates", DelegatesAsync).Requires(Permissions.AnswerApprovals, RoleScope.EachServer)
            .WithSummary("Lists the operators who can be a delegate.").Produces<PageView<DelegateView>>();
    }

    private Task<AdminResponse> ShowAsync(AdminCall call) => Task.FromResult(
        Owner(call, out var refused) is not { } owner ? refused!
            : operators.Current.Absences.GetValueOrDefault(owner.Name) is { } absence ? Shown(absence)
            : AdminResponse.NoContent);

    private Task<AdminResponse> ListAsync(AdminCall call)
    {
        var nowMs = clock.NowMs();
        return Task.FromResult(AdminResponse.Ok(
            Pages.Cut(
                call.Request,
                operators.Current.Absences.Values.Where(one => !one.HasEnded(nowMs))
                    .Select(one => AbsenceView.Of(one, nowMs)),
                static view => view.Operator),
            AbsenceJson.Default.PageViewAbsenceView));
    }

    private Task<AdminResponse> DelegatesAsync(AdminCall call) => Task.FromResult(AdminResponse.Ok(
        Pages.Cut(
            call.Request,
            operators.Current.Accounts.Values.Where(OperatorAbsence.MayBeDelegate)
                .Select(static one => new DelegateView(one.Name, one.DisplayName)),
            static view => view.Name),
        AbsenceJson.Default.PageViewDelegateView));

    private async Task<AdminResponse> SetAsync(AdminCall call)
    {
        if (Owner(call, out var refused) is not { } owner)
            return refused!;
        var (input, unreadable) = await call.ReadAsync(AbsenceJson.Default.AbsenceInput);
        if (input is null)
            return unreadable!;
        // A key that cannot decide everywhere where its owner can must not let another person do so.
        if (input.Delegate is not null && call.Caller.Key?.Limit is not null && !call.May(Permissions.Administer, null))
        {
            return Problems.Of(StatusCodes.Status403Forbidden, "Not allowed",
                "This key is limited to some of your roles, so it cannot name a delegate: sign in, or use a key with "
                + "all of your roles.");
        }

        var now = DateTimeOffset.FromUnixTimeMilliseconds(clock.NowMs());
        if (Read(input, now, out var from, out var until) is { } wrong)
            return Problems.OfMembers([wrong])!;
        if (CheckDelegate(owner, input.Delegate, out var other) is { } unfit)
            return Problems.OfMembers([("/delegate", unfit)])!;
        var old = operators.Current.Absences.GetValueOrDefault(owner.Name);
        var document = new AbsenceDocument
        {
            OperatorId = owner.Id,
            From = from,
            Until = until,
            Delegate = other?.Name,
            DelegateId = other?.Id,
            Note = string.IsNullOrWhiteSpace(input.Note) ? null : input.Note.Trim(),
        };
        var key = KeyOf(owner);
        var (version, problem) = await changes.MakeAsync(call, new DocumentChange(
            "set", key, call.State.Documents.Find(key)?.Version ?? 0,
            ControlJsonContext.Write(document, ControlJsonContext.Default.AbsenceDocument),
            old is null ? null : Json(old), Json(new OperatorAbsence(owner, document, 0, other))));
        return problem ?? Shown(new OperatorAbsence(owner, document, version, other));
    }

    private async Task<AdminResponse> ClearAsync(AdminCall call)
    {
        if (Owner(call, out var refused) is not { } owner)
            return refused!;
        var key = KeyOf(owner);
        if (call.State.Documents.Find(key) is not { } document)
            return Problems.NotFound("absence", owner.Name);
        var old = operators.Current.Absences.GetValueOrDefault(owner.Name);
        var (_, problem) = await changes.MakeAsync(call, new DocumentChange(
            "clear", key, document.Version, null, old is null ? null : Json(old), null));
        return problem ?? AdminResponse.NoContent;
    }

    /// <summary>Returns the member that is not valid, and the reason; null if the period and the note are.</summary>
    private static (string Pointer, string Message)? Read(
        AbsenceInput input, DateTimeOffset now, out DateTimeOffset from, out DateTimeOffset until)
    {
        (from, until) = (now, now);
        if (input.From is { } begin && !WrittenTime.TryAhead(begin, now, out from))
            return ("/from", $"\"from\" must be {WrittenTime.Rule}.");
        if (!WrittenTime.TryAhead(input.Until, now, out until))
            return ("/until", $"\"until\" must be {WrittenTime.Rule}.");
        if (until <= now || until > now + UntilMax)
            return ("/until", $"\"until\" must be in the future and within {UntilMax.TotalDays} days.");
        if (from >= until)
            return ("/from", "\"from\" must be before \"until\".");
        return input.Note is { } note && (note.Length > NoteLengthMax || note.Any(char.IsControl))
            ? ("/note", $"\"note\" must be one line of at most {NoteLengthMax} characters.")
            : null;
    }

    /// <summary>Returns the reason why the account cannot be the delegate; null if it can or none is named.</summary>
    private string? CheckDelegate(OperatorAccount owner, string? name, out OperatorAccount? found)
    {
        found = null;
        if (name is null)
            return null;
        if (!owner.Roles.AllowsSomewhere(Permissions.AnswerApprovals))
        {
            return $"{owner.Name} may not decide on requests for approval, so there is nothing to delegate. Omit "
                + "\"delegate\".";
        }

        if (name == owner.Name)
            return "The delegate must be another operator.";
        if (!operators.Current.Accounts.TryGetValue(name, out found))
            return $"There is no operator \"{Spelling.Shorten(name)}\". Name another one, or omit \"delegate\".";
        if (found.IsDisabled)
            return $"{name} is disabled. Name another operator, or omit \"delegate\".";
        return OperatorAbsence.MayBeDelegate(found)
            ? null
            : $"{name} has a role for programs, and only people decide on requests. Name another operator.";
    }

    private OperatorAccount? Owner(AdminCall call, out AdminResponse? refused) =>
        call.Owner(operators, "see and change the absences", out refused);

    private AdminResponse Shown(OperatorAbsence absence) => AdminResponse.Ok(
        AbsenceView.Of(absence, clock.NowMs()), AbsenceJson.Default.AbsenceView, absence.Version);

    private byte[] Json(OperatorAbsence absence) => JsonSerializer.SerializeToUtf8Bytes(
        AbsenceView.Of(absence, clock.NowMs()), AbsenceJson.Default.AbsenceView);

    private static ControlKey KeyOf(OperatorAccount owner) => new(ControlKinds.Absences, owner.Name);
}
