using Gateway.Admin.Answers;
using Gateway.Admin.Identity.Operators;
using Gateway.Control.Documents;
using Gateway.Control.Updating;
using Microsoft.AspNetCore.Http;

namespace Gateway.Admin.Operators;

/// <summary>
/// What goes with an account, and who must stay: somebody can always administer. Whoever takes an administrator away
/// writes another one's document anew first, by compare-and-swap: of two that would take each other away at one
/// instant, that makes one fail.
/// </summary>
internal sealed class AccountRemoval(IControlStore store, SnapshotUpdater control)
{
    /// <summary>
    /// Has somebody stay. Null where that is sure, as long as the change that follows is a compare-and-swap on what was
    /// read before this; else why it must not be made.
    /// </summary>
    /// <param name="leaving">Who will be no sure administrator; null where it is the administrator's key.</param>
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

    /// <summary>Takes out the keys and passkeys of an account that is gone.</summary>
    /// <exception cref="ControlStoreException">The store cannot be reached; they open nothing all the same.</exception>
    public async Task DropKeysAsync(IEnumerable<OperatorKey> keys, OperatorPasskeys? passkeys)
    {
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
        $"\"{name}\" is the last administrator who can surely sign in, and the administrator's key is "
        + "disabled: nobody could change anything any more. Make another administrator first, or enable that key.");

    private static AdminResponse NobodyElse => Problems.Of(
        StatusCodes.Status409Conflict, "Nobody else could sign in",
        "No administrator has a password or is linked to a provider, and without this key nobody could change "
        + "anything. Make one with the role admin and a password first.");
}
