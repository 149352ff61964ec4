using System.Text.Json;
using Gateway.Admin.Identity.Operators;
using Gateway.Admin.Identity.Records;
using Gateway.Admin.Identity.Roles;
using Gateway.Audit.Records;
using Gateway.Control.Documents;
using Gateway.Control.Documents.Kinds;
using Gateway.Control.Snapshots;
using Gateway.Control.Updating;
using Gateway.Limits.Model;
using Gateway.Proxy.Approvals.Requests;

namespace Gateway.Admin.Operators;

/// <summary>
/// The open invitations. Each is used at most once in the fleet: the compare-and-swap that marks it as used comes
/// before the account. A used invitation is stored until it expires, so that its link is not taken for a guess. An
/// invitation is worth no more than its inviter: it ends when the inviter may no longer give its roles.
/// </summary>
internal sealed class Invitations(
    ChangeWriter changes, IControlStore store, SnapshotUpdater control, OperatorStore operators, ProcessClock clock)
    : IExpiring
{
    /// <summary>The maximum number of open invitations.</summary>
    public const int Max = 100;

    /// <summary>The prefix of every token.</summary>
    public const string Prefix = "pgi_";

    private static readonly Actor Sweeper = new("(invitations)") { Origin = "gateway" };

    /// <summary>All stored invitations, also those that no longer work.</summary>
    public IEnumerable<Invitation> All =>
        control.State.Documents.OfKind(ControlKinds.Invitations).Select(Read).OfType<Invitation>();

    /// <summary>Returns the invitation with this token if it still works; otherwise null.</summary>
    public Invitation? Find(TokenHash hash) =>
        All.FirstOrDefault(one => one.Stored.TokenHash == hash.ToString()) is { } found && EndOf(found) is null
            ? found : null;

    /// <summary>
    /// Returns true for the token of an invitation that is stored but no longer works: it was used, or has just ended.
    /// </summary>
    public bool HasEnded(TokenHash hash) => All.Any(one => one.Stored.TokenHash == hash.ToString());

    /// <summary>Returns the action that ends an invitation which no longer works; null if it works.</summary>
    public string? EndOf(Invitation one) =>
        one.Stored.Used ? "use"
        : clock.NowMs() >= one.Stored.Expires.ToUnixTimeMilliseconds() ? "expire"
        : operators.Current.Accounts.ContainsKey(one.Name) || !MayInvite(one) ? "withdraw"
        : null;

    /// <summary>Marks an invitation as used. Returns null if another request was first.</summary>
    /// <exception cref="ControlStoreException">The store cannot be reached; it may have been marked.</exception>
    public async Task<Invitation?> TakeAsync(Actor by, Invitation one) =>
        await MarkAsync(by, "use", one, isUsed: true);

    /// <summary>Makes a taken invitation usable again, unless it was withdrawn since.</summary>
    public async Task GiveBackAsync(Actor by, Invitation taken) =>
        await MarkAsync(by, "reopen", taken, isUsed: false);

    /// <summary>
    /// Removes the invitations that no longer work, so that they do not work again if a clock is set back, or if the
    /// inviter regains a role.
    /// </summary>
    public async ValueTask SweepAsync(CancellationToken cancellationToken)
    {
        foreach (var one in All.ToList())
        {
            var end = EndOf(one);
            // A request that has just marked it may still create the account, or give the invitation back.
            if (end is null || (end == "expire" && !clock.IsTrusted)
                || (end == "use" && clock.NowMs() < one.Stored.Expires.ToUnixTimeMilliseconds()))
                continue;
            if (end == "use")
                await store.DeleteAsync(one.Key, one.Version, cancellationToken);
            else
            {
                await changes.MakeAsync(Sweeper, new DocumentChange(
                    end, one.Key, one.Version, null, Json(one), null));
            }

            await control.RefreshAsync(CancellationToken.None);
        }
    }

    /// <summary>Returns the details for records and responses.</summary>
    public static InvitationView View(Invitation one) => new(
        one.Name, one.Stored.DisplayName, one.Roles.Texts, one.Stored.By, one.Stored.Created, one.Stored.Expires);

    private bool MayInvite(Invitation one)
    {
        if (one.Stored.ById is null)
            return control.State.AdminKey is not null;
        return operators.Current.Accounts.GetValueOrDefault(one.Stored.By) is { IsDisabled: false } inviter
            && inviter.Id == one.Stored.ById && inviter.Roles.IsAdmin && inviter.Roles.Covers(one.Roles);
    }

    private async Task<Invitation?> MarkAsync(Actor by, string action, Invitation one, bool isUsed)
    {
        var next = one.Stored with { Used = isUsed };
        var write = await changes.MakeAsync(by, new DocumentChange(
            action, one.Key, one.Version,
            ControlJsonContext.Write(next, ControlJsonContext.Default.InvitationDocument), null, Json(one)));
        await control.RefreshAsync(CancellationToken.None);
        return write is { IsWritten: true } ? one with { Stored = next, Version = write.Value.Version } : null;
    }

    private static byte[] Json(Invitation one) =>
        JsonSerializer.SerializeToUtf8Bytes(View(one), OperatorJson.Default.InvitationView);

    /// <summary>Returns null for an unreadable document: it admits nobody.</summary>
    private static Invitation? Read(ControlDocument document) =>
        document.ReadOrNull(ControlJsonContext.Default.InvitationDocument) is { } stored
        && RoleSet.Parse(stored.Roles) is { } roles
            ? new(document.Key.Name, stored, roles, document.Version) : null;
}

/// <summary>A stored invitation.</summary>
/// <param name="Name">The name of the account to be created.</param>
/// <param name="Stored">The stored document.</param>
/// <param name="Roles">The roles of that account.</param>
/// <param name="Version">The version of the document.</param>
internal sealed record Invitation(string Name, InvitationDocument Stored, RoleSet Roles, long Version)
{
    /// <summary>The key of the document.</summary>
    public ControlKey Key => new(ControlKinds.Invitations, Name);
}
