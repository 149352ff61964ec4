using System.Diagnostics;
using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using Gateway.Admin.Alerts;
using Gateway.Admin.Answers;
using Gateway.Admin.Budgets;
using Gateway.Admin.Grants;
using Gateway.Admin.Lists;
using Gateway.Admin.Policies;
using Gateway.Admin.Servers;
using Gateway.Control.ConfigFile;
using Gateway.Control.Contracts;
using Gateway.Control.Documents;
using Gateway.Control.Documents.Kinds;
using Gateway.Control.Snapshots;
using Gateway.Control.Updating;
using Gateway.Limits.Model;
using Gateway.Policy.Budgets;
using Gateway.Policy.Json;
using Gateway.Policy.Lists;
using Gateway.Policy.Reviewing;
using Gateway.Policy.Text;
using Gateway.Proxy.Edge.Listeners;

namespace Gateway.Admin.Applying;

/// <summary>
/// Compares documents with the store. Each object is validated as the API does it, in a state that already has all the
/// others.
/// </summary>
internal sealed class ApplyPlanner(
    ServerChange servers, GrantWriter grants, GrantViews views, ProcessClock clock)
{
    private const int NamesMax = 10;
    private const string TokenMember = "tokenHash";

    public async Task<ApplyPlan> MakeAsync(AdminCall call, ApplyInput input, IReadOnlyList<string> pruned)
    {
        var plan = new ApplyPlan();
        var state = WithoutStored(call.State, pruned);
        state = Lists(plan, state, input.Lists);
        state = Budgets(plan, state, input.Budgets);
        state = await ServersAsync(plan, call, state, input.Servers);
        state = Policies(plan, call, state, input.Policies);
        Grants(plan, call, state, input.Grants);
        Alerts(plan, state, input, pruned);
        foreach (var key in pruned)
            Prune(plan, call.State, state, Key(key));
        return plan;
    }

    private static void Alerts(ApplyPlan plan, ControlState state, ApplyInput input, IReadOnlyList<string> pruned)
    {
        foreach (var (name, written) in input.Alerts)
        {
            var place = JsonPointer.Of([ControlKinds.Alerts, name]);
            if (!IsOurs(plan, state, ControlKinds.Alerts, "alert rule", name))
                continue;
            var (alert, unreadable) = AdminCall.Parse(
                Encoding.UTF8.GetBytes(written.GetRawText()), AlertJson.Default.AlertSpec);
            if (plan.Refuse(place, unreadable))
                continue;
            // A document may describe the rule and its grant together.
            var isOfNew = alert!.Grant is { } grant && input.Grants.ContainsKey(grant);
            if (plan.Refuse(place, AlertRoutes.Check(state, isOfNew ? alert with { Grant = null } : alert)))
                continue;
            AlertSpec.Members.RemoveDefaults(alert);
            var content = JsonSerializer.SerializeToUtf8Bytes(alert, AlertJson.Default.AlertSpec);
            var (key, old) = Old(state, ControlKinds.Alerts, name);
            plan.Add(key, old, old is not null && IsSame(old.Content, content) ? null
                : new(Word(old), key, old?.Version ?? 0, content, old?.Content.ToArray(), content));
        }

        var count = AlertReader.All(state).Select(static one => one.Name).Union(input.Alerts.Keys)
            .Count(name => !pruned.Contains($"{ControlKinds.Alerts}/{name}"));
        if (count > AlertSpec.CountMax)
        {
            plan.Error(JsonPointer.Of([ControlKinds.Alerts]),
                $"there would be {count} alert rules; at most {AlertSpec.CountMax} are allowed, so remove some");
        }
    }

    private static ControlKey Key(string written) =>
        new(written[..written.IndexOf('/', StringComparison.Ordinal)],
            written[(written.IndexOf('/', StringComparison.Ordinal) + 1)..]);

    /// <summary>
    /// Returns the state after the deletions; there, a remaining grant may refer to a deleted object.
    /// </summary>
    private static ControlState WithoutStored(ControlState state, IReadOnlyList<string> pruned)
    {
        var gone = pruned.ToHashSet(StringComparer.Ordinal);
        return state with
        {
            Objects = state.Objects with
            {
                Servers = Kept(state.Objects.Servers, ControlKinds.Servers),
                Policies = Kept(state.Objects.Policies, ControlKinds.Policies),
                Lists = Kept(state.Objects.Lists, ControlKinds.Lists),
                Budgets = Kept(state.Objects.Budgets, ControlKinds.Budgets),
            },
        };

        Dictionary<string, T> Kept<T>(IReadOnlyDictionary<string, T> all, string kind) =>
            all.Where(one => !gone.Contains($"{kind}/{one.Key}")).ToDictionary(StringComparer.Ordinal);
    }

    /// <summary>Returns true if the store can have an object of this name; else adds the reason to the plan.</summary>
    private static bool IsOurs(ApplyPlan plan, ControlState state, string kind, string noun, string name)
    {
        var place = JsonPointer.Of([kind, name]);
        if (!EntityName.IsValid(name))
            plan.Error(place, $"\"{Spelling.Shorten(name)}\" is not a valid name; {EntityName.Rule}");
        else if (Origins.IsProvisioned(state, kind, name))
            plan.Error(place, $"the {noun} \"{name}\" is defined in the configuration file; change it there");
        else
            return true;
        return false;
    }

    private static ControlState Lists(ApplyPlan plan, ControlState state, Dictionary<string, JsonElement> lists)
    {
        var all = new Dictionary<string, NamedList?>(state.Objects.Lists, StringComparer.Ordinal);
        foreach (var (name, written) in lists)
        {
            var place = JsonPointer.Of([ControlKinds.Lists, name]);
            if (!IsOurs(plan, state, ControlKinds.Lists, "list", name))
                continue;
            if (written.ValueKind != JsonValueKind.Array
                || written.EnumerateArray().Any(static value => value.ValueKind != JsonValueKind.String))
            {
                plan.Error(place, "a list must be an array of strings");
                continue;
            }

            string[] values = [.. written.EnumerateArray().Select(static value => value.GetString()!).Distinct()];
            if (NamedList.Problem(values) is { } wrong)
                plan.Error(wrong.Index is { } at ? $"{place}/{at}" : place, wrong.Message);
            else if (!plan.Refuse(place, ListRoutes.Check(state, name, values, out var content)))
            {
                all[name] = new NamedList(values);
                var (key, old) = Old(state, ControlKinds.Lists, name);
                plan.Add(key, old, old?.Content.Span.SequenceEqual(content) == true ? null
                    : new(Word(old), key, old?.Version ?? 0, content, old?.Content.ToArray(), content));
            }
        }

        return state with { Objects = state.Objects with { Lists = all } };
    }

    private ControlState Budgets(ApplyPlan plan, ControlState state, Dictionary<string, JsonElement> budgets)
    {
        var all = new Dictionary<string, Budget>(state.Objects.Budgets, StringComparer.Ordinal);
        foreach (var (name, written) in budgets)
        {
            var place = JsonPointer.Of([ControlKinds.Budgets, name]);
            if (!IsOurs(plan, state, ControlKinds.Budgets, "budget", name) || plan.Refuse(place,
                SharedBudgetRoutes.Check(state, name, Encoding.UTF8.GetBytes(written.GetRawText()), out var budget)))
            {
                continue;
            }

            all[name] = budget!;
            var content = BudgetDocument.Write(budget!, clock.NowMs());
            var (key, old) = Old(state, ControlKinds.Budgets, name);
            plan.Add(key, old, old?.Content.Span.SequenceEqual(content) == true ? null
                : SharedBudgetRoutes.Change(old, key, content));
        }

        return state with { Objects = state.Objects with { Budgets = all } };
    }

    private async Task<ControlState> ServersAsync(
        ApplyPlan plan, AdminCall call, ControlState state, Dictionary<string, JsonElement> written)
    {
        var all = new Dictionary<string, ServerModel>(state.Objects.Servers, StringComparer.Ordinal);
        foreach (var (name, document) in written)
        {
            var place = JsonPointer.Of([ControlKinds.Servers, name]);
            if (!IsOurs(plan, state, ControlKinds.Servers, "server", name))
                continue;
            var (key, old) = Old(state, ControlKinds.Servers, name);
            var known = state.Stored.Servers.GetValueOrDefault(name);
            var of = call.For(name, state);
            var (wanted, unread) = ServerBody.Replacement(Encoding.UTF8.GetBytes(document.GetRawText()), known);
            if (plan.Refuse(place, unread))
                continue;
            var (next, invalid) = await servers.MakeAsync(of, wanted!, known, ServerRoutes.StoredOf(of, known));
            if (plan.Refuse(place, invalid))
                continue;
            var model = servers.Read(name, next!)!;
            all[name] = model;
            var before = known is null ? null : ServerRoutes.Shown(state, known);
            var after = ServerRoutes.Shown(state, model);
            // Secrets are sealed with a new nonce each time, so documents differ even if the servers do not.
            var isSame = ServerReachComparer.Instance.Equals(model, known) && after.AsSpan().SequenceEqual(before);
            plan.Add(key, old, isSame ? null
                : new(Word(old), key, old?.Version ?? 0,
                    ControlJsonContext.Write(next!, ControlJsonContext.Default.ServerDocument), before, after));
        }

        return state with { Objects = state.Objects with { Servers = all } };
    }

    private static ControlState Policies(
        ApplyPlan plan, AdminCall call, ControlState state, Dictionary<string, JsonElement> written)
    {
        var all = new Dictionary<string, PolicyDefinition>(state.Objects.Policies, StringComparer.Ordinal);
        foreach (var (name, document) in written)
        {
            var place = JsonPointer.Of([ControlKinds.Policies, name]);
            var body = Encoding.UTF8.GetBytes(document.GetRawText());
            if (!IsOurs(plan, state, ControlKinds.Policies, "policy", name)
                || plan.Refuse(
                    place, PolicyRoutes.Check(call.For(name, state), body, out var policy, out var warnings)))
            {
                continue;
            }

            plan.Warnings.AddRange(warnings);
            all[name] = new PolicyDefinition(name, policy!, body);
            var (key, old) = Old(state, ControlKinds.Policies, name);
            plan.Add(key, old, old?.Content.Span.Trim(" \r\n\t"u8).SequenceEqual(body) == true ? null
                : new(Word(old), key, old?.Version ?? 0, body, old?.Content.ToArray(), body)
                {
                    Changes = old is null ? null : DocumentChanges.Between(old.Content.Span, body),
                });
        }

        return state with { Objects = state.Objects with { Policies = all } };
    }

    private void Grants(ApplyPlan plan, AdminCall call, ControlState state, Dictionary<string, JsonObject> written)
    {
        var holders = state.Objects.Grants.Values.Where(grant => !written.ContainsKey(grant.Name))
            .ToLookup(static grant => grant.Token, static grant => grant.Name);
        var own = new Dictionary<TokenHash, string>();
        var denied = new List<string>();
        foreach (var (name, document) in written)
        {
            var place = JsonPointer.Of([ControlKinds.Grants, name]);
            if (!IsOurs(plan, state, ControlKinds.Grants, "grant", name)
                || Grant(plan, state, name, document) is not { } grant)
            {
                continue;
            }

            if (holders[grant.Token].FirstOrDefault() is { } twin || own.TryGetValue(grant.Token, out twin))
                plan.Error(place, $"the grants {twin} and {name} have the same token; give each its own");
            own[grant.Token] = name;
            if (grant.Servers.Any(static server => server.Value is null))
                denied.Add(name);
            var (key, old) = Old(state, ControlKinds.Grants, name);
            var content = GrantDocument.Write(grant);
            // The order of members depends on the release that wrote them, so the documents are compared as JSON.
            plan.Add(key, old, old is not null && IsSame(old.Content, content) ? null
                : new(Word(old), key, old?.Version ?? 0, content,
                    state.Stored.Grants.TryGetValue(name, out var before) ? views.Json(state, before) : null,
                    views.Json(state, grant)));
        }

        if (denied.Count > 0)
        {
            plan.Warnings.Add($"{Spelling.Count(denied.Count, "grant has", "grants have")} a server without a policy, "
                + $"so every call there is denied: {Named(denied)}");
        }
    }

    private GrantDefinition? Grant(ApplyPlan plan, ControlState state, string name, JsonObject document)
    {
        var place = JsonPointer.Of([ControlKinds.Grants, name]);
        var old = state.Stored.Grants.GetValueOrDefault(name);
        if (old?.OAuth is not null)
        {
            plan.Error(place, $"the grant \"{name}\" belongs to a client that signed in; choose another name");
            return null;
        }

        var hash = (document[TokenMember] as JsonValue)?.ToString();
        document.Remove(TokenMember);
        var (input, unreadable) = AdminCall.Parse(
            Encoding.UTF8.GetBytes(document.ToJsonString()), GrantJson.Default.GrantInput);
        if (plan.Refuse(place, unreadable))
            return null;
        if (input!.Paused is not null || input.Name is not null)
        {
            plan.Error(place, "\"name\" and \"paused\" are not allowed here: the member's name is the name of the "
                + "grant, and \"gateway grant pause NAME\" pauses a grant");
            return null;
        }

        // A duration counts from the creation of the grant, so that applying the same document later changes nothing.
        var createdMs = old is null ? clock.NowMs() : old.CreatedMs;
        if (input.Expires is { } expires && WrittenTime.TryLength(expires, out var length))
        {
            var from = DateTimeOffset.FromUnixTimeMilliseconds(createdMs ?? clock.NowMs());
            input = input with { Expires = $"{from + length:O}" };
        }

        var token = old?.Token ?? default;
        var wrongHash = hash is not null && !TokenHash.TryParse(hash, out token);
        if (wrongHash)
            plan.Error($"{place}/{TokenMember}", "a token hash is \"sha256:\" and 64 hexadecimal digits");
        var definition = grants.Read(state, name, token, input, old?.ExpiresMs, out var invalid);
        if (plan.Refuse(place, invalid) || wrongHash)
            return null;
        if (old is not null)
            return definition!.WithStateOf(old);
        if (hash is null)
            token = TokenHash.Of(plan.Tokens[name] = AdminKeys.NewToken(GrantRoutes.TokenPrefix));
        return definition! with { Token = token, CreatedMs = createdMs };
    }

    private static bool IsSame(ReadOnlyMemory<byte> before, ReadOnlyMemory<byte> after)
    {
        var options = new JsonDocumentOptions { MaxDepth = ControlDocument.DepthMax };
        using var old = JsonDocument.Parse(before, options);
        using var now = JsonDocument.Parse(after, options);
        return JsonElement.DeepEquals(old.RootElement, now.RootElement);
    }

    private void Prune(ApplyPlan plan, ControlState now, ControlState after, ControlKey key)
    {
        if (now.Documents.Find(key) is not { } old)
            return;
        var users = UsersOf(plan, after, key).ToList();
        if (users.Count > 0)
        {
            plan.Error("", $"{key} cannot be deleted: {Named(users)} "
                + $"{(users.Count == 1 ? "uses" : "use")} it. Change or delete what uses it first");
            return;
        }

        plan.Remove(old, key.Kind switch
        {
            ControlKinds.Grants => now.Stored.Grants.TryGetValue(key.Name, out var grant)
                ? views.Json(now, grant) : null,
            ControlKinds.Servers => now.Stored.Servers.TryGetValue(key.Name, out var server)
                ? ServerRoutes.Shown(now, server) : null,
            ControlKinds.Policies or ControlKinds.Lists or ControlKinds.Budgets or ControlKinds.Alerts =>
                old.Content.ToArray(),
            var other => throw new UnreachableException(other),
        });
    }

    /// <summary>
    /// Returns the remaining objects that refer to an object. Documents were checked in a state without it.
    /// </summary>
    private static IEnumerable<string> UsersOf(ApplyPlan plan, ControlState after, ControlKey key)
    {
        return key.Kind switch
        {
            ControlKinds.Servers => Unplanned(after.Objects.Grants.Values
                .Where(grant => grant.Servers.ContainsKey(key.Name))),
            // The sign-ins of a server are not checked when its document is.
            ControlKinds.Policies => [
                .. Unplanned(after.Objects.Grants.Values.Where(grant => grant.Servers.ContainsValue(key.Name))),
                .. PolicyRoutes.SignIns(after, key.Name)
                    .Select(static server => $"\"oauthPolicy\" of the server {server}")],
            ControlKinds.Lists => after.Objects.Policies.Values
                .Where(policy => policy.Policy.Lists.Any(use => use.Name == key.Name))
                .Select(static policy => policy.Name),
            ControlKinds.Budgets => after.Objects.Policies.Values
                .Where(policy => policy.Policy.Budgets.Contains(key.Name)).Select(static policy => policy.Name),
            ControlKinds.Grants or ControlKinds.Alerts => [],
            var other => throw new UnreachableException(other),
        };

        IEnumerable<string> Unplanned(IEnumerable<GrantDefinition> grants) => grants
            .Select(static grant => grant.Name).Where(name => !plan.Has($"{ControlKinds.Grants}/{name}"));
    }

    private static (ControlKey Key, ControlDocument? Old) Old(ControlState state, string kind, string name)
    {
        var key = new ControlKey(kind, name);
        return (key, state.Documents.Find(key));
    }

    private static string Word(ControlDocument? old) => old is null ? "create" : "replace";

    private static string Named(List<string> names) => string.Join(", ", names.Take(NamesMax))
        + (names.Count > NamesMax ? $" and {names.Count - NamesMax} more" : "");
}
