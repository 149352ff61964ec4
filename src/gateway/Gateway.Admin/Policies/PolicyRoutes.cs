using System.Text;
using System.Text.Json;
using Gateway.Admin.Answers;
using Gateway.Admin.Changes;
using Gateway.Admin.Identity.Records;
using Gateway.Admin.Identity.Roles;
using Gateway.Control.ConfigFile;
using Gateway.Control.Documents;
using Gateway.Control.Snapshots;
using Gateway.Control.Updating;
using Gateway.Policy;
using Gateway.Policy.Problems;
using Gateway.Policy.Reviewing;
using Gateway.Policy.Text;
using Gateway.Policy.Tools.Testing;
using Gateway.Proxy.Edge.Listeners;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;

namespace Gateway.Admin.Policies;

/// <summary><c>/policies</c>: sets, shows and removes policy documents, byte for byte.</summary>
internal sealed class PolicyRoutes(
    ControlChanges changes, PolicyVersions versions, PolicyCandidates candidates, HistoryStore history,
    SnapshotUpdater control) : IAdminRoutes
{
    private const string Kind = ControlKinds.Policies;

    private static readonly Listing<PolicyDefinition> Searched = new(
        static policy => policy.Name, static policy => [policy.Name],
        new Dictionary<string, Func<PolicyDefinition, string>>());

    public void Map(RouteGroupBuilder api)
    {
        candidates.Map(api);
        api.MapGet("/policies", ListAsync).Requires(Permissions.Read)
            .WithSummary("Lists the policies.").Produces<PageView<PolicyView>>().WithQuery([.. Pages.Query(Searched)]);
        api.MapGet("/policies/{name}", ShowAsync).Requires(Permissions.Read)
            .WithSummary("Shows a policy's document.").Produces<JsonElement>();
        api.MapPut("/policies/{name}", PutAsync).Requires(Permissions.Edit)
            .WithSummary("Sets a policy; a policy with an error is rejected.")
            .Takes(static () => PolicyJson.Default.JsonElement).Produces<PolicyView>().NeedsVersion()
            .WithQuery(
                ("dryRun", "true: check the policy and change nothing."),
                ("force", "true: set it even if a test in it fails; failures are then warnings."));
        api.MapPost("/policies/{name}/versions/{version}/restore", RestoreAsync).Requires(Permissions.Edit)
            .WithSummary("Restores a version of a policy as a new version.").Produces<PolicyView>().NeedsVersion()
            .WithQuery(("force", "true: restore it even if a test in it fails."));
        api.MapPost("/policies/{name}/candidate/promote", PromoteAsync).Requires(Permissions.Edit)
            .WithSummary("Publishes the candidate to all grants as a new version, and deletes the candidate.")
            .Produces<PolicyView>().NeedsVersion()
            .WithQuery(
                ("candidate", "The candidate's ETag; nothing is published if the ETag has changed."),
                ("force", "true: publish it even if a test in it fails."));
        api.MapDelete("/policies/{name}", DeleteAsync).Requires(Permissions.Edit)
            .WithSummary("Removes a policy that neither a grant nor the oauthPolicy of a server uses.").Produces(204)
            .NeedsVersion();
    }

    private static Task<AdminResponse> ListAsync(AdminCall call)
    {
        var page = Pages.Find(call.Request, call.State.Objects.Policies.Values, Searched, out var problem);
        // One pass over the grants is enough for any number of policies.
        var users = call.State.Objects.Grants.Values
            .SelectMany(static grant => grant.Servers.Values.Distinct(), static (grant, policy) => (grant.Name, policy))
            .ToLookup(static use => use.policy, static use => use.Name);
        return Task.FromResult(problem ?? AdminResponse.Ok(
            page!.Select(policy => new PolicyView(
                policy.Name, policy.Policy.Sha256, Origins.Of(call.State, Kind, policy.Name),
                [.. users[policy.Name].Order(StringComparer.Ordinal)])
            {
                Version = Origins.Version(call.State, Kind, policy.Name),
                Candidate = PolicyCandidates.Listed(call.State, policy.Name),
            }),
            PolicyJson.Default.PageViewPolicyView));
    }

    private static Task<AdminResponse> ShowAsync(AdminCall call) => Task.FromResult(
        call.State.Objects.Policies.TryGetValue(call.Name, out var policy)
            ? new AdminResponse(200, policy.Document) { Version = Origins.Version(call.State, Kind, policy.Name) }
            : Problems.NotFound("policy", call.Name, call.State.Objects.Policies.Keys));

    private async Task<AdminResponse> PutAsync(AdminCall call)
    {
        if (Origins.IsProvisioned(call.State, Kind, call.Name))
            return Problems.Provisioned("policy", call.Name);
        if (!EntityName.IsValid(call.Name))
            return Problems.Invalid($"\"{call.Name}\" is not a valid name for a policy; {EntityName.Rule}.");
        var (body, unreadable) = await call.ReadAsync();
        return body is null ? unreadable! : await SetAsync(call, body, "replace");
    }

    private async Task<AdminResponse> RestoreAsync(AdminCall call)
    {
        if (Origins.IsProvisioned(call.State, Kind, call.Name))
            return Problems.Provisioned("policy", call.Name);
        return await versions.FindAsync(call) is { } body
            ? await SetAsync(call, body, "restore")
            : await versions.NotFoundAsync(call);
    }

    private async Task<AdminResponse> PromoteAsync(AdminCall call)
    {
        if (Origins.IsProvisioned(call.State, Kind, call.Name))
            return Problems.Provisioned("policy", call.Name);
        if (PolicyCandidates.Find(call) is not { } candidate)
            return PolicyCandidates.NotFound(call);
        if (call.Request.Query["candidate"] is { Count: > 0 } read && !ETags.Match(read, candidate.Version))
            return Problems.ChangedBy(PolicyCandidates.Kept(call)!);
        var answer = await SetAsync(
            call, Encoding.UTF8.GetBytes(PolicyCandidates.Read(candidate).Text), "promote");
        // If this fails, the remaining candidate equals the published policy, so no decision changes.
        if (answer.Status < 300)
            await PolicyCandidates.EndAsync(changes, call, candidate);
        return answer;
    }

    private async Task<AdminResponse> SetAsync(AdminCall call, byte[] body, string action)
    {
        if (Check(call, body, out var policy, out var warnings) is { } refused)
            return refused;
        if (action != "promote" && CandidateOf(call.State, call.Name)?.Grants is { Count: > 0 } elsewhere)
            warnings.Add($"For {string.Join(", ", elsewhere)} the candidate decides, not this policy.");
        if (action != "promote" && CandidateOf(call.State, call.Name) is { Percent: > 0 and var percent } shared)
        {
            warnings.Add(shared.MayShare(policy!)
                ? $"For {percent} % of the sessions the candidate decides, not this policy."
                : "The candidate will no longer decide for any session, because the candidate counts calls on "
                    + "different counters than the policy.");
        }

        var view = View(call.State, call.Name, policy!.Sha256) with { Warnings = warnings };
        if (call.Request.Query["dryRun"] == "true")
            return AdminResponse.Ok(view, PolicyJson.Default.PolicyView);
        var key = new ControlKey(Kind, call.Name);
        var old = call.State.Documents.Find(key);
        if (old is not null && ControlChanges.CheckVersion(call, old) is { } stale)
            return await WhoAsync(call, stale, call.State);
        if (old is { Damage: null })
            await versions.KeepAsync(old);
        var (version, problem) = await changes.MakeAsync(call, new DocumentChange(
            old is null && action == "replace" ? "create" : action, key, old?.Version ?? 0, body,
            old?.Content.ToArray(), body)
        {
            Changes = old is not { Damage: null } ? null : DocumentChanges.Between(old.Content.Span, body),
        });
        if (problem is not null)
            return await WhoAsync(call, problem, control.State);
        return old is null
            ? AdminResponse.Created(view, PolicyJson.Default.PolicyView,
                $"{AdminRoute.Root}/policies/{call.Name}", version)
            : AdminResponse.Ok(view, PolicyJson.Default.PolicyView, version);
    }

    /// <summary>Returns the reason why a document cannot be a policy; null if it can.</summary>
    /// <param name="call">The request, which names the policy and may accept failing tests.</param>
    /// <param name="body">The content of the document.</param>
    /// <param name="policy">The compiled policy; null if the document is refused.</param>
    /// <param name="warnings">
    /// Parts that are valid and probably not intended, and failing tests that the request accepts.
    /// </param>
    public static AdminResponse? Check(
        AdminCall call, byte[] body, out CompiledPolicy? policy, out List<string> warnings)
    {
        var lists = call.State.Objects.Named;
        var loaded = PolicyLoader.Load(body, call.Name, lists);
        (policy, warnings) = (loaded.Policy, []);
        if (policy is null)
        {
            return Problems.Invalid(
                $"The policy is not valid: {Spelling.Count(loaded.Problems.Length, "problem")}.",
                [.. loaded.Problems.Select(Place)]);
        }

        var failures = CallTests.Run(policy, body, call.Name, lists).Failures.ToList();
        if (failures.Count > 0 && call.Request.Query["force"] != "true")
        {
            return Problems.Invalid(
                Spelling.Count(failures.Count, "test in the policy fails", "tests in the policy fail")
                + ". Correct the policy or the tests, or send force=true.",
                [.. failures.Take(PolicyBounds.ProblemsMax).Select(Place)]);
        }

        var found = PolicyReview.Run(body, call.Name, tools: null, PolicyChecks.Channels(call));
        warnings.AddRange(found.Take(PolicyBounds.ProblemsMax).Concat(failures).Select(static one => one.ToString()));
        return null;
    }

    /// <summary>Adds the change that came first to a problem, if there was a conflict.</summary>
    private async Task<AdminResponse> WhoAsync(AdminCall call, AdminResponse problem, ControlState state)
    {
        if (problem != Problems.Changed || state.Documents.Find(new ControlKey(Kind, call.Name)) is not { } now)
            return problem;
        var made = (await history.ReadAsync(now.Key.ToString(), [now.Version], call.Aborted))
            .GetValueOrDefault(now.Version);
        return Problems.ChangedBy(new ChangedView(ETags.Of(now.Version), made?.By, made?.Time, made?.Reason));
    }

    private async Task<AdminResponse> DeleteAsync(AdminCall call)
    {
        if (call.State.Documents.Find(new ControlKey(Kind, call.Name)) is { Damage: null } old)
            await versions.KeepAsync(old);
        var grants = Users(call.State, call.Name);
        var answer = await changes.RemoveAsync(
            call, Kind, "policy", static old => old.Content.ToArray(),
            () => grants.Count > 0 ? grants : SignIns(call.State, call.Name),
            grants.Count > 0 ? "grants" : "\"oauthPolicy\" of the servers");
        // The candidate is removed too, so that a later policy of that name starts without one.
        if (answer.Status < 300 && PolicyCandidates.Find(call) is { } candidate)
            await PolicyCandidates.EndAsync(changes, call, candidate);
        return answer;
    }

    private static PolicyView View(ControlState state, string name, string sha256) =>
        new(name, sha256, Origins.Of(state, Kind, name), Users(state, name));

    /// <summary>Returns the candidate of a policy; null if there is none.</summary>
    public static CandidateDefinition? CandidateOf(ControlState state, string name) =>
        state.Objects.Candidates.GetValueOrDefault(name);

    /// <summary>Returns the grants that use a policy for any server, sorted.</summary>
    public static List<string> Users(ControlState state, string policy) =>
        [.. state.Objects.Grants.Values
            .Where(grant => grant.Servers.ContainsValue(policy))
            .Select(static grant => grant.Name)
            .Order(StringComparer.Ordinal)];

    /// <summary>Returns the servers whose sign-ins get a policy, sorted.</summary>
    public static List<string> SignIns(ControlState state, string policy) =>
        [.. state.Objects.Servers.Values
            .Where(server => server.OAuthPolicy == policy)
            .Select(static server => server.Name)
            .Order(StringComparer.Ordinal)];

    internal static ProblemPlace Place(PolicyProblem problem) => new(
        problem.Severity == ProblemSeverity.Error ? "error" : "warning",
        problem.Pointer, problem.Message, problem.Line, problem.Column, Code: problem.Kind?.Code);
}
