using Gateway.Control.Documents.Kinds;

namespace Gateway.Admin.SignIn;

/// <summary>A passkey as its owner sees it.</summary>
/// <param name="Operator">Whose it is.</param>
/// <param name="Name">What it is called.</param>
/// <param name="Domain">Where it is good.</param>
/// <param name="IsSynced">Whether it can be on several devices.</param>
/// <param name="Created">When it was added.</param>
/// <param name="LastUsed">When it last signed its owner in.</param>
internal sealed record PasskeyView(
    string Operator, string Name, string Domain, bool IsSynced, DateTimeOffset Created, DateTimeOffset? LastUsed)
{
    public static PasskeyView Of(string owner, PasskeyDocument one) =>
        new(owner, one.Name, one.Domain, one.IsBackupEligible, one.Created, one.Used);
}
