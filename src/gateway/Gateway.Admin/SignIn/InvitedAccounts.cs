using System.Text.Json;
using Gateway.Admin.Answers;
using Gateway.Admin.Changes;
using Gateway.Admin.Identity.Operators;
using Gateway.Admin.Identity.Passkeys;
using Gateway.Admin.Identity.Providers;
using Gateway.Admin.Identity.Records;
using Gateway.Admin.Operators;
using Gateway.Control.Documents;
using Gateway.Control.Documents.Kinds;
using Gateway.Control.Snapshots;
using Gateway.Control.Updating;
using Microsoft.AspNetCore.Http;

namespace Gateway.Admin.SignIn;

/// <summary>
/// Creates the accounts of invited people. Everything that can be wrong is checked before the invitation is marked as
/// used; a later failure makes it usable again.
/// </summary>
internal sealed class InvitedAccounts(
    Invitations invitations, OperatorRoutes operators, OperatorStore store, PasskeyRegistration registration,
    SnapshotUpdater control, ControlChanges changes, SessionOpener sessions)
{
    /// <summary>Returns the session to which a passkey is bound until the account exists.</summary>
    public static OperatorSession SessionOf(Invitation one) => new()
    {
        Id = $"invitation-{one.Stored.TokenHash}",
        Owner = new OperatorAccount(
            one.Name,
            new OperatorDocument
            {
                Id = one.Stored.OperatorId,
                DisplayName = one.Stored.DisplayName,
                Roles = one.Roles.Texts,
            },
            one.Roles, 0),
        Created = one.Stored.Created,
        Seen = one.Stored.Created,
        Version = 0,
    };

    /// <summary>Accepts an invitation with a password or a passkey, and signs in.</summary>
    public async Task<AdminResponse> AcceptAsync(AdminCall call, Invitation one, InvitationAnswer input)
    {
        var wanted = Wanted(one) with
        {
            DisplayName = input.DisplayName ?? one.Stored.DisplayName,
            Password = input.Password,
        };
        if (operators.CheckNew(wanted) is { } invalid)
            return invalid;
        PasskeysDocument? passkeys = null;
        if (input.Passkey is { } passkey)
        {
            (passkeys, var problem) = await registration.FinishAsync(
                call.Http, PasskeyRoutes.Place(call), SessionOf(one), old: null, passkey.Name,
                passkey.Credential.GetRawText());
            if (passkeys is null)
                return Problems.Invalid(problem!);
        }

        var refused = await CreateAsync(call, one, wanted, passkeys);
        return refused ?? await sessions.OpenAsync(call, store.Current.Accounts[one.Name]);
    }

    /// <summary>
    /// Accepts the invitation with this hash for a person whom a provider identified. Returns the reason for a refusal.
    /// </summary>
    public async Task<AdminResponse?> LinkAsync(AdminCall call, string hash, IdentifiedPerson person)
    {
        await control.RefreshAsync(call.Aborted);
        if (!TokenHash.TryParse(hash, out var token) || invitations.Find(token) is not { } one)
            return InvitationGuard.NotValid;
        var wanted = Wanted(one) with
        {
            DisplayName = one.Stored.DisplayName ?? person.Claims!.DisplayName,
            Identity = new IdentityView(person.Provider!.Issuer, person.Claims!.Subject),
        };
        return operators.CheckNew(wanted) ?? await CreateAsync(call, one, wanted, passkeys: null);
    }

    private static OperatorInput Wanted(Invitation one) => new() { Name = one.Name, Roles = one.Roles.Texts };

    private async Task<AdminResponse?> CreateAsync(
        AdminCall call, Invitation one, OperatorInput wanted, PasskeysDocument? passkeys)
    {
        call = call.As(new AdminCaller(one.Name, one.Roles, null) { IsInvited = true, Origin = "sign-in" });
        if (await invitations.TakeAsync(call.Actor, one) is not { } taken)
            return InvitationGuard.NotValid;
        var isMade = false;
        try
        {
            // The passkey comes first: an account without any credential would be of no use.
            if (passkeys is not null && await AddAsync(call, one.Name, passkeys) is { } problem)
                return problem;
            var made = await operators.CreateAsync(call, wanted, one.Stored.OperatorId);
            isMade = made.Status == StatusCodes.Status201Created;
            if (!isMade)
                return made;
        }
        finally
        {
            if (!isMade)
                await invitations.GiveBackAsync(call.Actor, taken);
        }

        return null;
    }

    /// <summary>Stores the passkeys. Those of an earlier account of that name are no longer valid.</summary>
    private async Task<AdminResponse?> AddAsync(AdminCall call, string name, PasskeysDocument passkeys)
    {
        var key = new ControlKey(ControlKinds.Passkeys, name);
        var added = PasskeyView.Of(name, passkeys.Passkeys[^1]);
        var (_, problem) = await changes.MakeAsync(call, new DocumentChange(
            $"add passkey {added.Name}", key, call.State.Documents.Find(key)?.Version ?? 0,
            ControlJsonContext.Write(passkeys, ControlJsonContext.Default.PasskeysDocument), null,
            JsonSerializer.SerializeToUtf8Bytes(added, SignInJson.Default.PasskeyView)));
        return problem;
    }
}
