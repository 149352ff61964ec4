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
/// Finds or makes the account of whom a provider names, by issuer and subject alone: names and mail addresses can be
/// given to somebody else. Where the claims give the roles, they are written anew at each sign-in.
/// </summary>
internal sealed class ProviderAccounts(
    SnapshotUpdater control, OperatorStore operators, ChangeWriter changes, ProcessClock clock)
{
    private const int Tries = 5;
    private const int SpareNames = 1000;

    /// <summary>The account, or why nobody comes in.</summary>
    /// <exception cref="ControlStoreException">The store cannot be reached.</exception>
    public async Task<(OperatorAccount? Account, ProviderProblem? Problem)> AdmitAsync(
        HttpContext http, ProviderSettings provider, ProviderClaims claims)
    {
        var roles = claims.Roles(provider);
        for (var i = 0; i < Tries; i++)
        {
            // Another gateway may have made it a moment ago.
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

    /// <summary>True where it was written, or another change came first, after which all is looked at anew.</summary>
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
            Caller.ActorAt(http, name, "sign-in") with
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

    /// <summary>What records say of it.</summary>
    private static byte[] Shown(ProviderSettings provider, ProviderClaims claims, IReadOnlyList<string> roles) =>
        Encoding.UTF8.GetBytes(new JsonObject
        {
            ["provider"] = provider.Name,
            ["issuer"] = provider.Issuer,
            ["subject"] = claims.Subject,
            ["roles"] = new JsonArray([.. roles.Select(static role => (JsonNode)role)]),
        }.ToJsonString());

    /// <summary>Nobody gets another one's account by being called so.</summary>
    private string FreeName(string wanted) => Enumerable.Range(1, SpareNames)
        .Select(n => n == 1 ? wanted : $"{wanted}-{n}")
        .First(name => name != Caller.BreakGlassName && !operators.Current.Accounts.ContainsKey(name));

    private static ProviderProblem NoRole(ProviderSettings provider, ProviderClaims claims) => new(
        StatusCodes.Status403Forbidden, "No role here",
        $"You are signed in with {provider.DisplayName}, and nothing that it says about you gives you a role at this "
        + $"gateway. Ask an administrator. You are the subject \"{claims.Subject}\" of {provider.Issuer}.");

    private static ProviderProblem Disabled(OperatorAccount account) => new(
        StatusCodes.Status403Forbidden, "Disabled",
        $"The account {account.Name} is disabled. Ask an administrator.");

    private static ProviderProblem Twice(IReadOnlyList<OperatorAccount> accounts) => new(
        StatusCodes.Status403Forbidden, "Two accounts",
        $"The accounts {string.Join(" and ", accounts.Select(static one => one.Name))} are both linked to you, so "
        + "neither opens. Ask an administrator to remove one.");

    private static ProviderProblem Full => new(
        StatusCodes.Status403Forbidden, "No more accounts",
        "There are as many operators as there may be. Ask an administrator.");

    private static ProviderProblem NotRecorded => new(
        StatusCodes.Status503ServiceUnavailable, "Try again later",
        "Your account could not be written, or its change not recorded, so nobody was signed in. Try again.");
}
