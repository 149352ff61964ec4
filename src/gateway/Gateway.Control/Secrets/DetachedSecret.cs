namespace Gateway.Control.Secrets;

/// <summary>
/// A stored secret that is withheld because an operator without the permission to manage secrets changed its receiver.
/// It is written as <c>detached:DIGEST:</c> before the sealed text, where the digest names the receiver for which it
/// was entered. The previous release cannot open that, and serves no server whose secret it cannot open.
/// </summary>
/// <remarks>
/// A secret without that prefix is bound to the rest of its document: both are written in one compare-and-swap.
/// </remarks>
public static class DetachedSecret
{
    private const string Prefix = "detached:";

    /// <summary>Returns true if a stored secret is withheld.</summary>
    public static bool IsDetached(string stored)
    {
        ArgumentNullException.ThrowIfNull(stored);
        return stored.StartsWith(Prefix, StringComparison.Ordinal);
    }

    /// <summary>Returns the stored secret in the form that withholds it from all but its original receiver.</summary>
    public static string Detach(string stored, string receiver) =>
        IsDetached(stored) ? stored : $"{Prefix}{receiver}:{stored}";

    /// <summary>Returns the stored secret in the form that is sent, if this is its original receiver.</summary>
    public static string Attach(string stored, string receiver)
    {
        ArgumentNullException.ThrowIfNull(stored);
        var bound = $"{Prefix}{receiver}:";
        return stored.StartsWith(bound, StringComparison.Ordinal) ? stored[bound.Length..] : stored;
    }
}
