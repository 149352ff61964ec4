using Gateway.Admin.Answers;
using Gateway.Admin.Changes;
using Gateway.Admin.Identity.Records;
using Gateway.Admin.Identity.Roles;
using Gateway.Admin.Pausing;
using Gateway.Control.ConfigFile;
using Gateway.Control.Contracts;
using Gateway.Control.Documents;
using Gateway.Control.Snapshots;
using Gateway.Control.Updating;
using Gateway.Limits.Model;
using Gateway.Proxy.Delegation;
using Gateway.Proxy.Edge.Listeners;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;

namespace Gateway.Admin.Grants;

/// <summary><c>/grants</c>: issues, shows, changes, pauses, resumes and revokes grants.</summary>
internal sealed class GrantRoutes(
    ControlChanges changes, GrantWriter writer, PauseChanges pauses, GrantViews views, CallerConnections connections,
    ProcessClock clock) : IAdminRoutes
{
    private const string Kind = ControlKinds.Grants;
    public const string TokenPrefix = "pgw_";

    public void Map(RouteGroupBuilder api)
    {
        api.MapGet("/grants", ListAsync).Requires(Permissions.Read)
            .WithSummary("Lists the grants.").Produces<PageView<GrantView>>()
            .WithQuery([
                .. Pages.Query(ListingOf(ControlState.Empty)),
                ("status", "Only grants with this status: active, paused or expired."),
                ("server", "Only grants that reach this server."),
                ("policy", "Only grants with this policy."),
                ("selector", "Only grants whose labels match: team=support,env in (prod,test),!legacy.")]);
        api.MapPost("/grants", CreateAsync).Requires(Permissions.Edit)
            .WithSummary("Creates a grant; its token is shown only in this response.")
            .Takes(static () => GrantJson.Default.GrantInput).Produces<GrantCreated>(201)
            .WithQuery(AdminRoute.Reason);
        api.MapGet("/grants/{name}", ShowAsync).Requires(Permissions.Read)
            .WithSummary("Shows a grant.").Produces<GrantView>();
        api.MapPut("/grants/{name}", (AdminCall call) => ChangeAsync(call, "replace", GrantBody.ReplacementAsync))
            .Requires(Permissions.Edit)
            .WithSummary("Replaces a grant's configuration; its token and its pause stay.")
            .Takes(static () => GrantJson.Default.GrantInput, GrantBody.Expires).Produces<GrantView>().NeedsVersion();
        api.MapPatch("/grants/{name}", (AdminCall call) => ChangeAsync(call, "patch", GrantBody.PatchedAsync))
            .Requires(Permissions.Edit)
            .WithSummary("Changes a grant's configuration by a JSON merge patch.")
            .Takes(static () => GrantJson.Default.GrantInput).Produces<GrantView>().NeedsVersion();
        api.MapPost("/grants/{name}/pause", PauseAsync).Requires(Permissions.Pause)
            .Takes(static () => PauseJson.Default.PauseInput)
            .WithSummary("Pauses a grant: its calls are refused until the grant is resumed, or until the given time.")
            .Produces<GrantView>();
        api.MapPost("/grants/{name}/resume", ResumeAsync).Requires(Permissions.Edit)
            .WithSummary("Resumes a grant.").Produces<GrantView>().WithQuery(AdminRoute.Reason);
        api.MapDelete("/grants/{name}", DeleteAsync).Requires(Permissions.Edit)
            .WithSummary("Revokes a grant: its next call is refused, its streams close, and its callers' connections "
                + "are revoked.").Produces(204).NeedsVersion();
    }

    private Task<AdminResponse> ListAsync(AdminCall call)
    {
        var (status, server, policy) = (call.Wanted("status"), call.Wanted("server"), call.Wanted("policy"));
        if (SelectorOf(call, out var selector) is { } unreadable)
            return Task.FromResult(unreadable);
        var all = call.State.Objects.Grants.Values.Where(grant =>
            (selector is null || selector.IsMetBy(grant.Notes?.Labels))
            && (server is null || grant.Servers.ContainsKey(server))
            && (policy is null || grant.Servers.ContainsValue(policy))
            && (status is null || views.StatusOf(call.State, grant) == status));
        var page = Pages.Find(call.Request, all, ListingOf(call.State), out var problem);
        return Task.FromResult(problem ?? AdminResponse.Ok(
            page!.Select(grant => views.Of(call.State, grant) with
            {
                Version = Origins.Version(call.State, Kind, grant.Name),
            }),
            GrantJson.Default.PageViewGrantView));
    }

    /// <summary>
    /// Reads the label selector of a query. An empty selector is a problem: it is probably an unset variable, and must
    /// not select everything.
    /// </summary>
    public static AdminResponse? SelectorOf(AdminCall call, out LabelSelector? selector)
    {
        selector = null;
        if (!call.Request.Query.TryGetValue("selector", out var written))
            return null;
        selector = LabelSelector.Read($"{written}", out var problem);
        return problem is null ? null : Problems.Unreadable($"\"selector\" cannot be read {problem}.");
    }

    private Listing<GrantDefinition> ListingOf(ControlState state) => new(
        static grant => grant.Name,
        TextsOf,
        new Dictionary<string, Func<GrantDefinition, string>>
        {
            ["status"] = grant => views.StatusOf(state, grant),
            ["created"] = static grant => Listing<GrantDefinition>.Instant(grant.CreatedMs),
            ["expires"] = static grant => Listing<GrantDefinition>.Instant(grant.ExpiresMs ?? 999_999_999_999_999),
            ["lastUsed"] = grant => Listing<GrantDefinition>.Instant(views.LastUsedMs(state, grant)),
        });

    // The texts are produced lazily, because in a long list the name decides for most grants.
    private static IEnumerable<string?> TextsOf(GrantDefinition grant)
    {
        yield return grant.Name;
        foreach (var (server, policy) in grant.Servers)
        {
            yield return server;
            yield return policy;
        }

        yield return grant.OAuth?.ClientName;
        yield return grant.OAuth?.Operator;
    }

    private Task<AdminResponse> ShowAsync(AdminCall call) => Task.FromResult(
        call.State.Objects.Grants.TryGetValue(call.Name, out var grant)
            ? AdminResponse.Ok(
                views.Of(call.State, grant) with
                {
                    Urls = views.Urls(call.Request, call.State, grant),
                    Url = views.UrlOfAll(call.Request, call.State, grant),
                    Issuer = call.State.Config.OAuth?.Issuer,
                },
                GrantJson.Default.GrantView,
                Origins.Version(call.State, Kind, grant.Name))
            : Problems.NotFound("grant", call.Name, call.State.Objects.Grants.Keys));

    private async Task<AdminResponse> CreateAsync(AdminCall call)
    {
        var (input, unreadable) = await call.ReadAsync(GrantJson.Default.GrantInput);
        if (input is null)
            return unreadable!;
        var name = input.Name ?? "";
        if (!EntityName.IsValid(name))
            return Problems.Invalid($"\"{name}\" is not a valid name for a grant; {EntityName.Rule}.");
        if (Origins.IsProvisioned(call.State, Kind, name))
            return Problems.Provisioned("grant", name);
        if (call.State.Documents.Find(new ControlKey(Kind, name)) is { Damage: null })
            return Problems.Exists("grant", name);
        var token = AdminKeys.NewToken(TokenPrefix);
        if (writer.Read(call.State, name, TokenHash.Of(token), input, oldExpiresMs: null, out var invalid)
            is not { } read)
        {
            return invalid!;
        }

        var grant = read with { CreatedMs = clock.NowMs() };
        var (version, problem) = await writer.WriteAsync(call, "create", grant, before: null);
        if (problem is not null)
            return problem.Status == 412 ? Problems.Exists("grant", name) : problem;
        var created = new GrantCreated(
            views.Of(call.State, grant) with { Url = views.UrlOfAll(call.Request, call.State, grant) }, token,
            views.Urls(call.Request, call.State, grant));
        return AdminResponse.Created(
            created, GrantJson.Default.GrantCreated, $"{AdminRoute.Root}/grants/{name}", version);
    }

    private async Task<AdminResponse> ChangeAsync(
        AdminCall call, string action,
        Func<AdminCall, GrantDefinition, ValueTask<(GrantInput? Input, AdminResponse? Problem)>> read)
    {
        if (GrantWriter.Find(call, out var old, out var version) is { } missing)
            return missing;
        if (ControlChanges.CheckVersion(call, version) is { } stale)
            return stale;
        var (input, unreadable) = await read(call, old);
        if (input is null)
            return unreadable!;
        if (input.Name is not null && input.Name != call.Name)
            return Problems.Invalid("A grant cannot be renamed, because its counters are stored under its name. "
                + "Create a new grant instead.");
        return writer.Read(call.State, old.Name, old.Token, input, old.ExpiresMs, out var invalid) is { } grant
            ? await ReplaceAsync(call, action, grant.WithStateOf(old), old)
            : invalid!;
    }

    private async Task<AdminResponse> PauseAsync(AdminCall call)
    {
        var (details, problem) = await pauses.ReadAsync(call);
        return details is null ? problem! : await SetPausedAsync(call, paused: true, details);
    }

    private Task<AdminResponse> ResumeAsync(AdminCall call) => SetPausedAsync(call, paused: false);

    private async Task<AdminResponse> SetPausedAsync(AdminCall call, bool paused, PauseDetails? details = null)
    {
        if (!call.State.Objects.Grants.ContainsKey(call.Name))
            return Problems.NotFound("grant", call.Name, call.State.Objects.Grants.Keys);
        // A grant of the file, and a pause with a reason or an end, need a separate document.
        var isProvisioned = Origins.IsProvisioned(call.State, Kind, call.Name);
        var isSeparate = isProvisioned || details is { Reason: not null } or { Until: not null };
        var (version, problem) = isSeparate || !paused
            ? await pauses.SetAsync(call, Pauses.OfGrantName(call.Name), paused, details) : default;
        if (problem is not null)
            return problem;
        return isProvisioned || (isSeparate && paused)
            ? AdminResponse.Ok(
                views.Of(pauses.State, call.State.Objects.Grants[call.Name]), GrantJson.Default.GrantView, version)
            : await SetPausedInStoreAsync(call, paused, isEnded: version is not null);
    }

    /// <param name="call">The request.</param>
    /// <param name="paused">True to pause, false to resume.</param>
    /// <param name="isEnded">True if the pause in a document of its own has just ended.</param>
    private async Task<AdminResponse> SetPausedInStoreAsync(AdminCall call, bool paused, bool isEnded)
    {
        if (GrantWriter.Find(call, out var old, out var stored) is { } missing)
            return missing;
        if ((old.IsPaused || (paused && pauses.State.Pauses.OfGrant(call.Name) is not null))
            && !PauseChanges.IsMeant(call, stored, paused))
        {
            return isEnded ? AdminResponse.Ok(views.Of(pauses.State, old), GrantJson.Default.GrantView)
                : pauses.Another(Pauses.OfGrantName(call.Name));
        }

        // The request is unambiguous whatever else has changed, so it needs no version. It is idempotent.
        return old.IsPaused == paused
            ? AdminResponse.Ok(views.Of(pauses.State, old), GrantJson.Default.GrantView)
            : await ReplaceAsync(call, paused ? "pause" : "resume", old with { IsPaused = paused }, old);
    }

    private async Task<AdminResponse> DeleteAsync(AdminCall call)
    {
        // A document that cannot be read is not a grant and authorizes nothing, but it can be deleted.
        if (!call.State.Stored.Grants.ContainsKey(call.Name)
            && call.State.Documents.Find(new ControlKey(Kind, call.Name)) is not null)
            return await changes.RemoveAsync(call, Kind, "grant", static _ => null, static () => []);
        if (GrantWriter.Find(call, out var old, out var version) is { } missing)
            return missing;
        if (ControlChanges.CheckVersion(call, version) is { } stale)
            return stale;
        var (_, problem) = await changes.MakeAsync(call, new DocumentChange(
            "revoke", new ControlKey(Kind, old.Name), version, null, views.Json(call.State, old), null));
        if (problem is not null)
            return problem;
        await connections.RemoveAsync(one => one.Connection.Grant == old.Name, call.State.Objects.Servers);
        return AdminResponse.NoContent;
    }

    private async Task<AdminResponse> ReplaceAsync(
        AdminCall call, string action, GrantDefinition grant, GrantDefinition old)
    {
        var (version, problem) = await writer.WriteAsync(call, action, grant, old);
        return problem ?? AdminResponse.Ok(views.Of(pauses.State, grant), GrantJson.Default.GrantView, version);
    }
}
