using Gateway.Control.Documents.Kinds;

namespace Gateway.Admin.SignIn;

/// <summary>A passkey in a response.</summary>
/// <param name="Operator">The owner.</param>
/// <param name="Name">The name.</param>
/// <param name="Domain">The domain for which it is valid.</param>
/// <param name="IsSynced">True if it can be on several devices.</param>
/// <param name="Created">The time at which it was added.</param>
/// <param name="LastUsed">The time of the last sign-in with it.</param>
internal sealed record PasskeyView(
    string Operator, string Name, string Domain, bool IsSynced, DateTimeOffset Created, DateTimeOffset? LastUsed)
{
    public static PasskeyView Of(string owner, PasskeyDocument one) =>
        new(owner, one.Name, one.Domain, one.IsBackupEligible, one.Created, one.Used);
}
