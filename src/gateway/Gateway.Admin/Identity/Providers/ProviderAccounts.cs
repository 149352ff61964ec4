using System.Buffers.Text;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json.Nodes;
using Gateway.Admin.Identity.Operators;
using Gateway.Admin.Identity.Records;
using Gateway.Control.Documents;
using Gateway.Control.Documents.Kinds;
using Gateway.Control.Snapshots;
using Gateway.Control.Updating;
using Gateway.Limits.Model;
using Microsoft.AspNetCore.Http;

namespace Gateway.Admin.Identity.Providers;

/// <summary>
/// Finds or creates the account of a person at a provider, by issuer and subject alone, because names and mail
/// addresses can be reassigned to somebody else. If the claims give the roles, each sign-in updates them.
/// </summary>
internal sealed class ProviderAccounts(
    SnapshotUpdater control, OperatorStore operators, ChangeWriter changes, ProcessClock clock)
{
    private const int Tries = 5;
    private const int SpareNames = 1000;

    /// <summary>Returns the account, or the reason why the sign-in is refused.</summary>
    /// <exception cref="ControlStoreException">The store cannot be reached.</exception>
    public async Task<(OperatorAccount? Account, ProviderProblem? Problem)> AdmitAsync(
        HttpContext http, ProviderSettings provider, ProviderClaims claims)
    {
        var roles = claims.Roles(provider);
        for (var i = 0; i < Tries; i++)
        {
            // Another gateway may have created it a moment ago.
            await control.RefreshAsync(http.RequestAborted);
            var directory = operators.Current;
            var known = directory.Of(provider.Issuer, claims.Subject);
            if (known.Count > 1)
                return (null, Twice(known));
            var account = known.SingleOrDefault();
            if (account is { IsDisabled: true })
                return (null, Disabled(account));
            var isClaimed = account is null || account.Identity!.HasClaimedRoles;
            if (account is not null && (!isClaimed || account.Stored.Roles.SequenceEqual(roles)))
                return isClaimed && roles.Count == 0 ? (null, NoRole(provider, claims)) : (account, null);
            if (account is null && roles.Count == 0)
                return (null, NoRole(provider, claims));
            if (account is null && directory.Accounts.Count >= OperatorStore.AccountsMax)
                return (null, Full);
            if (!await WriteAsync(http, provider, claims, account, roles))
                return (null, NotRecorded);
        }

        return (null, NotRecorded);
    }

    /// <summary>
    /// Returns true if the account was written, or if another change came first; then the caller reads it again.
    /// </summary>
    private async Task<bool> WriteAsync(
        HttpContext http, ProviderSettings provider, ProviderClaims claims, OperatorAccount? account,
        IReadOnlyList<string> roles)
    {
        var name = account?.Name ?? FreeName(claims.NameFor(provider));
        var next = account is not null
            ? account.Stored with { Roles = roles }
            : new OperatorDocument
            {
                Id = Base64Url.EncodeToString(RandomNumberGenerator.GetBytes(16)),
                Created = DateTimeOffset.FromUnixTimeMilliseconds(clock.NowMs()),
                DisplayName = claims.DisplayName,
                Roles = roles,
                Identity = new IdentityDocument
                {
                    Issuer = provider.Issuer,
                    Subject = claims.Subject,
                    HasClaimedRoles = true,
                },
            };
        var key = new ControlKey(ControlKinds.Operators, name);
        var write = await changes.MakeAsync(
            AdminCaller.ActorAt(http, name, "sign-in") with
            {
                Credential = "provider",
                CredentialId = $"{provider.Name} {claims.Subject}",
            },
            new DocumentChange(
                account is null ? "create" : "roles", key, account?.Version ?? 0,
                ControlJsonContext.Write(next, ControlJsonContext.Default.OperatorDocument),
                account is null ? null : Shown(provider, claims, account.Stored.Roles),
                Shown(provider, claims, roles)));
        return write is not null;
    }

    /// <summary>Returns the details for the records.</summary>
    private static byte[] Shown(ProviderSettings provider, ProviderClaims claims, IReadOnlyList<string> roles) =>
        Encoding.UTF8.GetBytes(new JsonObject
        {
            ["provider"] = provider.Name,
            ["issuer"] = provider.Issuer,
            ["subject"] = claims.Subject,
            ["roles"] = new JsonArray([.. roles.Select(static role => (JsonNode)role)]),
        }.ToJsonString());

    /// <summary>Returns an unused name: a matching name must not give access to another person's account.</summary>
    private string FreeName(string wanted) => Enumerable.Range(1, SpareNames)
        .Select(n => n == 1 ? wanted : $"{wanted}-{n}")
        .First(name => name != AdminCaller.BreakGlassName && !operators.Current.Accounts.ContainsKey(name));

    private static ProviderProblem NoRole(ProviderSettings provider, ProviderClaims claims) => new(
        StatusCodes.Status403Forbidden, "No role",
        $"You are signed in with {provider.DisplayName}, but the provider's claims about you do not give you a role "
            + $"at this gateway. Ask an administrator for access. You are the subject \"{claims.Subject}\" of "
            + $"{provider.Issuer}.");

    private static ProviderProblem Disabled(OperatorAccount account) => new(
        StatusCodes.Status403Forbidden, "Account disabled",
        $"The account {account.Name} is disabled. Ask an administrator to enable it.");

    private static ProviderProblem Twice(IReadOnlyList<OperatorAccount> accounts) => new(
        StatusCodes.Status403Forbidden, "Linked to two accounts",
        $"The accounts {string.Join(" and ", accounts.Select(static one => one.Name))} are linked to you: you cannot "
        + "sign in with either. Ask an administrator to remove one.");

    private static ProviderProblem Full => new(
        StatusCodes.Status403Forbidden, "Too many accounts",
        "The maximum number of operators is reached. Ask an administrator to remove one.");

    private static ProviderProblem NotRecorded => new(
        StatusCodes.Status503ServiceUnavailable, "Try again later",
        "Your account or the record of its change could not be written, so you were not signed in. Try again.");
}
