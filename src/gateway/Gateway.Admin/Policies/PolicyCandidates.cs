using System.Text;
using System.Text.Json;
using Gateway.Admin.Answers;
using Gateway.Admin.Changes;
using Gateway.Admin.Identity.Records;
using Gateway.Admin.Identity.Roles;
using Gateway.Control.Documents;
using Gateway.Control.Documents.Kinds;
using Gateway.Control.Updating;
using Gateway.Limits.Model;
using Gateway.Policy;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;

namespace Gateway.Admin.Policies;

/// <summary>
/// <c>/policies/{name}/candidate</c>: an edit between draft and policy. Each call is evaluated with it beside the
/// active policy, the record shows the result, and it decides for the specified grants and share of sessions.
/// </summary>
internal sealed class PolicyCandidates(ControlChanges changes, SnapshotUpdater control, ProcessClock clock)
{
    private const string Path = "/policies/{name}/candidate";
    private const int GrantsMax = 1000;

    public void Map(RouteGroupBuilder api)
    {
        api.MapGet(Path, ShowAsync).Requires(Permissions.Read)
            .WithSummary("Shows the candidate of a policy.").Produces<CandidateView>();
        api.MapPut(Path, PutAsync).Requires(Permissions.Edit)
            .WithSummary("Sets a policy's candidate, which is evaluated beside the policy and decides for the "
                + "specified grants and percentage of sessions.").Takes(static () => PolicyJson.Default.CandidateInput)
            .Produces<CandidateView>().NeedsVersion().WithQuery(("force", "true: set it even if a test in it fails."));
        api.MapDelete(Path, DeleteAsync).Requires(Permissions.Edit)
            .WithSummary("Deletes the candidate. The policy then decides for all grants.").Produces(204).NeedsVersion();
    }

    /// <summary>Returns the candidate's document; null if there is none.</summary>
    public static ControlDocument? Find(AdminCall call) => call.State.Documents.Find(Key(call));

    /// <summary>Parses the document.</summary>
    public static CandidateDocument Read(ControlDocument candidate) => JsonSerializer.Deserialize(
        candidate.Content.Span, ControlJsonContext.Default.CandidateDocument)!;

    /// <summary>Returns the response for a policy without a candidate.</summary>
    public static AdminResponse NotFound(AdminCall call) => Problems.NotFound(
        "candidate of the policy", call.Name,
        call.State.Documents.OfKind(ControlKinds.Candidates).Select(static candidate => candidate.Key.Name));

    /// <summary>Returns the author of the policy's candidate; null if there is none.</summary>
    public static ChangedView? Kept(AdminCall call) => Find(call) is { } candidate && Read(candidate) is { } said
        ? new ChangedView(ETags.Of(candidate.Version), said.By, said.At)
        : null;

    /// <summary>Returns a policy's candidate for a list of policies; null if there is none.</summary>
    public static CandidateView? Listed(ControlState state, string name) =>
        state.Documents.Find(new ControlKey(ControlKinds.Candidates, name)) is { } candidate
            ? View(state, name, Read(candidate)) with { Text = null, Users = null, Version = candidate.Version }
            : null;

    /// <summary>Deletes the candidate.</summary>
    public static Task<(long Version, AdminResponse? Problem)> EndAsync(
        ControlChanges changes, AdminCall call, ControlDocument candidate) => changes.MakeAsync(
            call, new DocumentChange(
                "delete", candidate.Key, candidate.Version, null, candidate.Content.ToArray(), null));

    private static Task<AdminResponse> ShowAsync(AdminCall call) => Task.FromResult(Find(call) is { } candidate
        ? AdminResponse.Ok(
            View(call.State, call.Name, Read(candidate)), PolicyJson.Default.CandidateView, candidate.Version)
        : NotFound(call));

    private async Task<AdminResponse> PutAsync(AdminCall call)
    {
        if (!call.State.Objects.Policies.ContainsKey(call.Name))
            return Problems.NotFound("policy", call.Name, call.State.Objects.Policies.Keys);
        var (input, unreadable) = await call.ReadAsync(PolicyJson.Default.CandidateInput);
        if (input is null)
            return unreadable!;
        var old = Find(call);
        if (old is not null && ControlChanges.CheckVersion(call, old.Version) is { } stale)
            return stale == Problems.Changed ? Problems.ChangedBy(Kept(call)!) : stale;
        var before = old is null ? null : Read(old);
        if ((input.Text ?? before?.Text) is not { } text)
            return Problems.Invalid("\"text\" is missing: send the edited document as a string.");
        List<string> grants = [.. (input.Grants ?? []).Distinct(StringComparer.Ordinal).Order(StringComparer.Ordinal)];
        if (Unused(call, grants) is { } unused)
            return unused;
        if (PolicyRoutes.Check(call, Encoding.UTF8.GetBytes(text), out var policy, out var warnings) is { } refused)
            return refused;
        var percent = input.Percent ?? 0;
        if (Unshared(call, percent, policy!) is { } unshared)
            return unshared;
        var document = (before is not null && text == before.Text
            ? before
            : new CandidateDocument(
                text, call.Caller.Name, DateTimeOffset.FromUnixTimeMilliseconds(clock.NowMs()), input.Base,
                Reason: call.Wanted(AdminRoute.Reason.Name))) with
        {
            Grants = grants.Count > 0 ? grants : null,
            Percent = percent,
        };
        var content = ControlJsonContext.Write(document, ControlJsonContext.Default.CandidateDocument);
        var (version, problem) = await changes.MakeAsync(call, new DocumentChange(
            old is null ? "create" : "replace", Key(call), old?.Version ?? 0, content, old?.Content.ToArray(),
            content));
        return problem ?? AdminResponse.Ok(
            View(control.State, call.Name, document) with { Warnings = warnings }, PolicyJson.Default.CandidateView,
            version);
    }

    private async Task<AdminResponse> DeleteAsync(AdminCall call)
    {
        if (Find(call) is not { } old)
            return NotFound(call);
        if (ControlChanges.CheckVersion(call, old.Version) is { } stale)
            return stale == Problems.Changed ? Problems.ChangedBy(Kept(call)!) : stale;
        return (await EndAsync(changes, call, old)).Problem ?? AdminResponse.NoContent;
    }

    /// <summary>
    /// Returns an error if a grant does not use the policy: its candidate could never decide for that grant.
    /// </summary>
    private static AdminResponse? Unused(AdminCall call, List<string> grants)
    {
        if (grants.Count > GrantsMax)
            return Problems.Invalid($"\"grants\" has {grants.Count} names; the maximum is {GrantsMax}.");
        var users = PolicyRoutes.Users(call.State, call.Name);
        return grants.Except(users, StringComparer.Ordinal).FirstOrDefault() is { } other
            ? Problems.Invalid(
                $"The grant \"{other}\" does not use the policy \"{call.Name}\"; "
                + (users.Count > 0 ? $"these do: {string.Join(", ", users.Take(20))}." : "none does."))
            : null;
    }

    /// <summary>Returns an error if the candidate may not decide for this percentage of the sessions.</summary>
    private static AdminResponse? Unshared(AdminCall call, int percent, CompiledPolicy candidate) => percent switch
    {
        < 0 or > 100 => Problems.Invalid($"\"percent\" is {percent}; write 0 to 100."),
        > 0 when !candidate.CountsWith(call.State.Objects.Policies[call.Name].Policy) => Problems.Invalid(
            "The candidate and the policy have different entries, or count the calls of an entry on different "
            + "counters. If some sessions of a grant used the candidate and others the policy, the grant could use "
            + "the limits of each in full. Select whole grants with \"grants\" instead of a percentage of sessions. "
            + "Or keep the policy's entries and counters, and change only conditions, actions and maxima."),
        _ => null,
    };

    private static CandidateView View(ControlState state, string name, CandidateDocument candidate)
    {
        var users = PolicyRoutes.Users(state, name);
        return new CandidateView(
            candidate.Text, PolicyRoutes.CandidateOf(state, name)?.Policy?.Sha256, candidate.By, candidate.At,
            candidate.Base, [.. (candidate.Grants ?? []).Where(users.Contains)], users)
        {
            Percent = candidate.Percent,
            Reason = candidate.Reason,
        };
    }

    private static ControlKey Key(AdminCall call) => new(ControlKinds.Candidates, call.Name);
}
