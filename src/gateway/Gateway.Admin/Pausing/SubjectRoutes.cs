using Gateway.Admin.Answers;
using Gateway.Admin.Identity.Roles;
using Gateway.Control.Snapshots;
using Gateway.Control.Updating;
using Gateway.Limits.Model;
using Gateway.Proxy.Delegation;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;

namespace Gateway.Admin.Pausing;

/// <summary>
/// <c>/subjects</c>: stops the calls of one person or program at an issuer, at every grant. It is named in the body,
/// because a subject may contain any characters.
/// </summary>
internal sealed class SubjectRoutes(
    PauseChanges pauses, CallerConnections connections, RecordedSubjects subjects, ProcessClock clock) : IAdminRoutes
{
    private const int SubjectsMax = 10_000;

    public void Map(RouteGroupBuilder api)
    {
        api.MapPost("/subjects/pause", PauseAsync).Requires(Permissions.Pause)
            .WithSummary("Pauses a subject of an issuer: its calls are refused at every grant until /subjects/resume, "
                + "or until the given time.")
            .Takes(static () => PauseJson.Default.SubjectInput).Produces<PausesView>();
        api.MapPost("/subjects/revoke", RevokeAsync).Requires(Permissions.Edit)
            .WithSummary("Revokes the access of a subject: its calls are refused until /subjects/resume, and its "
                + "connections to servers end.")
            .Takes(static () => PauseJson.Default.SubjectInput).Produces<PausesView>();
        api.MapPost("/subjects/expire", ExpireAsync).Requires(Permissions.Edit)
            .WithSummary("Sets a time from which the calls of a subject are refused until /subjects/resume.")
            .Takes(static () => PauseJson.Default.SubjectInput).Produces<PausesView>();
        api.MapPost("/subjects/resume", ResumeAsync).Requires(Permissions.Edit)
            .WithSummary("Ends the pause, the revocation or the expiry of a subject.")
            .Takes(static () => PauseJson.Default.SubjectInput).Produces<PausesView>();
    }

    private Task<AdminResponse> PauseAsync(AdminCall call) => SetAsync(call, "pause", static input =>
        input.Expires is null ? null : "For a pause write \"until\", not \"expires\".",
        static (subject, _) => subject);

    private async Task<AdminResponse> RevokeAsync(AdminCall call)
    {
        PausedSubject? revoked = null;
        var response = await SetAsync(call, "revoke", static input =>
            input is { Until: null, Expires: null }
                ? null : "A revocation has no end: omit \"until\" and \"expires\".",
            (subject, _) => revoked = subject with { IsRevoked = true });
        if (revoked is { } gone && response.Status < StatusCodes.Status400BadRequest)
        {
            await connections.RemoveAsync(
                one => one.Connection is { Issuer: { } issuer, Subject: { } subject } && issuer == gone.Issuer
                    && (subject == gone.Name || subjects.DigestOf(issuer, subject) == gone.Name),
                call.State.Objects.Servers);
        }

        return response;
    }

    private Task<AdminResponse> ExpireAsync(AdminCall call) => SetAsync(call, "expire", static input =>
        input is { Until: null, Expires.Length: > 0 } ? null : "Write the time in \"expires\", and omit \"until\".",
        static (subject, at) => subject with { ExpiresMs = at?.ToUnixTimeMilliseconds() });

    private async Task<AdminResponse> ResumeAsync(AdminCall call)
    {
        var (input, unreadable) = await call.ReadAsync(PauseJson.Default.SubjectInput);
        if (input is null)
            return unreadable!;
        if (IssuerOf(call, input, out var invalid) is not { } issuer)
            return invalid!;
        var (version, problem) = await pauses.SetAsync(
            call, Pauses.OfSubjectName(issuer, input.Subject), paused: false);
        return problem ?? Shown(version);
    }

    private async Task<AdminResponse> SetAsync(
        AdminCall call, string action, Func<SubjectInput, string?> check,
        Func<PausedSubject, DateTimeOffset?, PausedSubject> change)
    {
        var (input, unreadable) = await call.ReadAsync(PauseJson.Default.SubjectInput);
        if (input is null)
            return unreadable!;
        if (IssuerOf(call, input, out var invalid) is not { } issuer)
            return invalid!;
        if (check(input) is { } wrong)
            return Problems.Invalid(wrong);
        if (input.Subject.StartsWith(Pauses.DigestStart, StringComparison.Ordinal) && !subjects.HasKey)
            return Problems.Invalid("This gateway cannot use a digest of a subject, because it has no key for "
                + "digests. Send the subject itself.");
        var isExpiry = input.Expires is not null;
        var (details, problem) = pauses.Read(
            input.Reason, isExpiry ? "expires" : "until", isExpiry ? input.Expires : input.Until);
        if (details is null)
            return problem!;
        var name = Pauses.OfSubjectName(issuer, input.Subject);
        if (call.State.Pauses.Subjects.Count() >= SubjectsMax
            && call.State.Pauses.Subjects.All(one => one.Key != name))
        {
            return Problems.Of(StatusCodes.Status409Conflict, "Too many subjects",
                $"{SubjectsMax} subjects are paused or revoked, the maximum. Resume one first, or change \"match\" of "
                + "a grant.");
        }

        details = details with
        {
            Until = isExpiry ? null : details.Until,
            Subject = change(new PausedSubject(issuer, input.Subject), details.Until),
        };
        var (version, refused) = await pauses.SetAsync(call, name, paused: true, details, action);
        return refused ?? Shown(version);
    }

    private AdminResponse Shown(long? version) =>
        AdminResponse.Ok(PausesView.Of(pauses.State, clock.NowMs()), PauseJson.Default.PausesView, version);

    /// <summary>Returns the issuer's URL. One that is no longer configured is named by its URL.</summary>
    private static string? IssuerOf(AdminCall call, SubjectInput input, out AdminResponse? invalid)
    {
        invalid = null;
        if (input.Subject.Length is 0 or > SubjectInput.LengthMax || input.Issuer.Length > SubjectInput.LengthMax)
        {
            invalid = Problems.Invalid(
                $"\"subject\" must have 1 to {SubjectInput.LengthMax} characters, and \"issuer\" at most as many.");
            return null;
        }

        var issuers = call.State.Config.Callers.Issuers;
        var issuer = issuers.FirstOrDefault(one => one.Name == input.Issuer || one.Issuer == input.Issuer)?.Issuer
            ?? call.State.Pauses.Subjects.Select(static one => one.Value.Subject?.Issuer)
                .FirstOrDefault(stored => stored == input.Issuer);
        if (issuer is null)
            invalid = Problems.NotFound("issuer", input.Issuer, issuers.Select(static one => one.Name));
        return issuer;
    }
}
