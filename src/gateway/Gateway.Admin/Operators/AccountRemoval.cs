using Gateway.Admin.Answers;
using Gateway.Admin.Identity.Operators;
using Gateway.Control.Documents;
using Gateway.Control.Updating;
using Microsoft.AspNetCore.Http;

namespace Gateway.Admin.Operators;

/// <summary>
/// Removes the keys of deleted accounts, and ensures that somebody can always administer. The removal of an
/// administrator first rewrites another administrator's document by compare-and-swap. So if two administrators remove
/// each other at the same time, one of the two changes fails.
/// </summary>
internal sealed class AccountRemoval(IControlStore store, SnapshotUpdater control)
{
    /// <summary>
    /// Ensures that an administrator remains. Returns null if that is certain, provided that the following change is a
    /// compare-and-swap on the state read before this; else the reason why it must not be made.
    /// </summary>
    /// <param name="leaving">The account that will not be a sure administrator; null for the administrator's
    /// key.</param>
    /// <exception cref="ControlStoreException">The store cannot be reached.</exception>
    public async Task<AdminResponse?> KeepAdministratorAsync(OperatorAccount? leaving)
    {
        var state = control.State;
        if (leaving is { IsSureAdmin: false } || state.Config.AdminKey is not null)
            return null;
        var stays = OperatorDirectory.Of(state.Documents).Accounts.Values
            .FirstOrDefault(other => other.Name != leaving?.Name && other.IsSureAdmin);
        var key = stays is not null ? new ControlKey(ControlKinds.Operators, stays.Name)
            : leaving is not null && state.AdminKey is not null ? AdminKeys.Document
            : (ControlKey?)null;
        if (key is null || state.Documents.Find(key.Value) is not { } witness)
            return leaving is null ? NobodyElse : Last(leaving.Name);
        var touched = await store.WriteAsync(
            witness.Key, witness.Version, witness.Content, CancellationToken.None);
        return touched.IsWritten ? null : Problems.Changed;
    }

    /// <summary>Deletes the keys, the passkeys, the stored subject and the absence of a deleted account.</summary>
    /// <exception cref="ControlStoreException">The store cannot be reached; the keys are invalid anyway.</exception>
    public async Task DropKeysAsync(string name, IEnumerable<OperatorKey> keys, OperatorPasskeys? passkeys)
    {
        if (control.State.Documents.Find(new ControlKey(ControlKinds.OperatorSubjects, name)) is { } subject)
            await store.DeleteAsync(subject.Key, subject.Version, CancellationToken.None);
        if (control.State.Documents.Find(new ControlKey(ControlKinds.Absences, name)) is { } absence)
            await store.DeleteAsync(absence.Key, absence.Version, CancellationToken.None);
        if (passkeys is not null)
        {
            await store.DeleteAsync(
                new ControlKey(ControlKinds.Passkeys, passkeys.Owner.Name), passkeys.Version, CancellationToken.None);
        }

        foreach (var key in keys)
        {
            await store.DeleteAsync(
                new ControlKey(ControlKinds.OperatorKeys, key.FullName), key.Version, CancellationToken.None);
        }
    }

    private static AdminResponse Last(string name) => Problems.Of(
        StatusCodes.Status409Conflict, "The last administrator",
        $"\"{name}\" is the last administrator who is certain to be able to sign in, and the administrator's key is "
        + "disabled, so nobody could make changes. Create another administrator first, or enable that key.");

    private static AdminResponse NobodyElse => Problems.Of(
        StatusCodes.Status409Conflict, "Nobody else could sign in",
        "No administrator has a password or is linked to a provider, so without this key nobody could make "
        + "changes. First create an operator with the role admin and a password.");
}
