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
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;

namespace Gateway.Admin.Policies;

/// <summary>
/// <c>/policies/{name}/candidate</c>: an edit between draft and policy. It judges each call beside the policy in force,
/// which its record tells, and decides for the grants that are named.
/// </summary>
internal sealed class PolicyCandidates(ControlChanges changes, SnapshotUpdater control, ProcessClock clock)
{
    private const string Path = "/policies/{name}/candidate";
    private const int GrantsMax = 1000;

    public void Map(RouteGroupBuilder api)
    {
        api.MapGet(Path, ShowAsync).Requires(Permissions.Read)
            .WithSummary("Shows the edit that is judged beside a policy.").Produces<CandidateView>();
        api.MapPut(Path, PutAsync).Requires(Permissions.Edit)
            .WithSummary("Has an edit of a policy judge each call beside the one in force, and decide for the "
                + "grants that it names.").Takes(static () => PolicyJson.Default.CandidateInput)
            .Produces<CandidateView>().NeedsVersion().WithQuery(("force", "true: also where a test in it fails."));
        api.MapDelete(Path, DeleteAsync).Requires(Permissions.Edit)
            .WithSummary("Ends the candidate; the policy decides for all.").Produces(204).NeedsVersion();
    }

    /// <summary>The candidate's document; null where there is none.</summary>
    public static ControlDocument? Find(AdminCall call) => call.State.Documents.Find(Key(call));

    /// <summary>What the document says.</summary>
    public static CandidateDocument Read(ControlDocument candidate) => JsonSerializer.Deserialize(
        candidate.Content.Span, ControlJsonContext.Default.CandidateDocument)!;

    /// <summary>The policy has none.</summary>
    public static AdminResponse NotFound(AdminCall call) => Problems.NotFound(
        "candidate of the policy", call.Name,
        call.State.Documents.OfKind(ControlKinds.Candidates).Select(static candidate => candidate.Key.Name));

    /// <summary>Whose edit is judged beside the policy; null where none is.</summary>
    public static ChangedView? Kept(AdminCall call) => Find(call) is { } candidate && Read(candidate) is { } said
        ? new ChangedView(ETags.Of(candidate.Version), said.By, said.At)
        : null;

    /// <summary>What a list of policies says of a policy's candidate; null where there is none.</summary>
    public static CandidateView? Listed(ControlState state, string name) =>
        state.Documents.Find(new ControlKey(ControlKinds.Candidates, name)) is { } candidate
            ? View(state, name, Read(candidate)) with { Text = null, Users = null, Version = candidate.Version }
            : null;

    /// <summary>Ends it, whichever version it is of by then.</summary>
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
        if (PolicyRoutes.Check(call, Encoding.UTF8.GetBytes(text), out _, out var warnings) is { } refused)
            return refused;
        var document = before is not null && text == before.Text
            ? before with { Grants = grants.Count > 0 ? grants : null }
            : new CandidateDocument(
                text, call.Caller.Name, DateTimeOffset.FromUnixTimeMilliseconds(clock.NowMs()), input.Base,
                grants.Count > 0 ? grants : null);
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

    /// <summary>A grant that does not use the policy would never be decided by its candidate.</summary>
    private static AdminResponse? Unused(AdminCall call, List<string> grants)
    {
        if (grants.Count > GrantsMax)
            return Problems.Invalid($"\"grants\" names {grants.Count}; at most {GrantsMax} may be named.");
        var users = PolicyRoutes.Users(call.State, call.Name);
        return grants.Except(users, StringComparer.Ordinal).FirstOrDefault() is { } other
            ? Problems.Invalid(
                $"The grant \"{other}\" does not use the policy \"{call.Name}\"; "
                + (users.Count > 0 ? $"these do: {string.Join(", ", users.Take(20))}." : "none does."))
            : null;
    }

    private static CandidateView View(ControlState state, string name, CandidateDocument candidate)
    {
        var users = PolicyRoutes.Users(state, name);
        return new CandidateView(
            candidate.Text, PolicyRoutes.CandidateOf(state, name)?.Policy?.Sha256, candidate.By, candidate.At,
            candidate.Base, [.. (candidate.Grants ?? []).Where(users.Contains)], users);
    }

    private static ControlKey Key(AdminCall call) => new(ControlKinds.Candidates, call.Name);
}
