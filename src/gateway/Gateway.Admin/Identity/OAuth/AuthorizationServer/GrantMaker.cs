using System.Collections.Immutable;
using System.Text;
using System.Text.Json.Nodes;
using Gateway.Admin.Identity.Operators;
using Gateway.Admin.Identity.Records;
using Gateway.Control.Documents;
using Gateway.Control.Documents.Kinds;
using Gateway.Control.Documents.OAuth;
using Gateway.Control.Snapshots;
using Gateway.Control.Updating;
using Gateway.Proxy.Edge.ProtectedResource;
using Microsoft.AspNetCore.Http;

namespace Gateway.Admin.Identity.OAuth.AuthorizationServer;

/// <summary>
/// Creates grants from operators' consent. A client that signs in again gets the same grant and its counters.
/// </summary>
internal sealed class GrantMaker(SnapshotUpdater control, OAuthStore store, ChangeWriter changes)
{
    private const int LabelLengthMax = 40;
    private const int SpareNames = 1000;

    /// <summary>
    /// Returns the grant that this client already has for a resource by this operator; null for none.
    /// </summary>
    public static GrantDefinition? Known(
        ControlState state, OperatorAccount account, OAuthClient client, string? resource) =>
        resource is null ? null : state.Stored.Grants.Values
            .Where(grant => IsTheirs(grant, account, client, resource)
                && !state.Config.Objects.Grants.ContainsKey(grant.Name))
            .OrderByDescending(grant => grant.OAuth!.ClientId == client.Id)
            .ThenBy(static grant => grant.Name, StringComparer.Ordinal).FirstOrDefault();

    /// <summary>Returns an unused grant name.</summary>
    public static string FreeLabel(ControlState state, OAuthClient client, string? resource)
    {
        var plain = string.Concat(client.Name.Select(static c =>
            char.IsAsciiLetterOrDigit(c) ? char.ToLowerInvariant(c) : '-')).Trim('-');
        while (plain.Contains("--", StringComparison.Ordinal))
            plain = plain.Replace("--", "-", StringComparison.Ordinal);
        var of = resource is null or ResourceNames.All ? "mcp" : resource;
        var label = $"{(plain.Length == 0 ? "client" : plain)}-{of}";
        if (label.Length > LabelLengthMax)
            label = label[..LabelLengthMax].TrimEnd('-', '.', '_');
        return Enumerable.Range(1, SpareNames).Select(n => n == 1 ? label : $"{label}-{n}")
            .FirstOrDefault(name => !state.Objects.Grants.ContainsKey(name)) ?? label;
    }

    /// <summary>Returns true if the name is unused, or belongs to this client's grant.</summary>
    public static bool IsFree(
        ControlState state, OperatorAccount account, OAuthClient client, string resource, string label) =>
        !state.Objects.Grants.ContainsKey(label)
        || (!state.Config.Objects.Grants.ContainsKey(label)
            && state.Stored.Grants.TryGetValue(label, out var known) && IsTheirs(known, account, client, resource));

    /// <summary>Creates the grant, or updates the existing one with the choices; a pause stays.</summary>
    /// <returns>Null if the change was not recorded, or if another change came first.</returns>
    /// <exception cref="ControlStoreException">The store cannot be reached.</exception>
    public async Task<GrantDefinition?> MakeAsync(
        HttpContext http, OperatorSession session, OAuthClient client, ConsentChoice choice, long? expiresMs)
    {
        var account = session.Owner;
        var state = control.State;
        var old = state.Stored.Grants.GetValueOrDefault(choice.Label!);
        var servers = choice.Servers.ToImmutableSortedDictionary(StringComparer.Ordinal);
        var known = old ?? new GrantDefinition(
            choice.Label!, OAuthSecrets.Nobodys(), servers, expiresMs, CreatedMs: store.NowMs);
        var grant = known with
        {
            Servers = servers,
            ExpiresMs = expiresMs,
            CreatedMs = known.CreatedMs ?? store.NowMs,
            Previous = null,
            OAuth = new OAuthGrant(client.Id, client.Name, account.Name, account.Id)
            {
                IsOfAll = choice.Resource == ResourceNames.All,
            },
        };
        var key = new ControlKey(ControlKinds.Grants, grant.Name);
        var write = await changes.MakeAsync(
            SignInRecord.ActorOf(http, account.Name, session), new DocumentChange(
                old is null ? "connect" : "reconnect", key, state.Documents.Find(key)?.Version ?? 0,
                GrantDocument.Write(grant), null,
                Encoding.UTF8.GetBytes(Shown(client, choice).ToJsonString())));
        if (write is not { IsWritten: true })
            return null;
        await store.PutInForceAsync();
        return grant;
    }

    /// <summary>Creates a code for the consent; only its hash is stored.</summary>
    /// <exception cref="ControlStoreException">The store cannot be reached.</exception>
    public async Task<string> MakeCodeAsync(GrantDefinition grant, RequestDocument asked, string resource)
    {
        var code = OAuthSecrets.Code();
        await store.WriteAsync(
            ControlKinds.OAuthCodes, OAuthStore.NameOf(code), 0,
            new CodeDocument
            {
                ClientId = asked.ClientId,
                RedirectUri = asked.RedirectUri,
                Challenge = asked.Challenge,
                Scope = asked.Scope,
                Server = resource,
                Grant = grant.Name,
                GrantToken = grant.Token.ToString(),
                Created = store.Now,
            },
            OAuthJson.Default.CodeDocument);
        return code;
    }

    /// <summary>
    /// A client that registers again is the same client to an operator who allows it under the same name.
    /// </summary>
    private static bool IsTheirs(
        GrantDefinition grant, OperatorAccount account, OAuthClient client, string resource) =>
        grant.OAuth is { } oauth && oauth.OperatorId == account.Id
        && (oauth.IsOfAll ? resource == ResourceNames.All : grant.Servers.ContainsKey(resource))
        && (oauth.ClientId == client.Id || (!client.IsVerified && oauth.ClientName == client.Name));

    /// <summary>Returns the details for the audit record and the history.</summary>
    private static JsonObject Shown(OAuthClient client, ConsentChoice choice)
    {
        var shown = new JsonObject { ["client"] = client.Name, ["clientId"] = client.Id };
        if (choice.Resource == ResourceNames.All)
        {
            var servers = new JsonObject();
            foreach (var (server, policy) in choice.Servers.OrderBy(static one => one.Key, StringComparer.Ordinal))
                servers[server] = policy;
            shown["servers"] = servers;
        }
        else
        {
            shown["server"] = choice.Resource;
            shown["policy"] = choice.Servers[choice.Resource!];
        }

        shown["expires"] = choice.Expires;
        return shown;
    }
}
