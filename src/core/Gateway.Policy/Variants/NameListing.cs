using System.Collections.Immutable;

namespace Gateway.Policy.Variants;

/// <summary>
/// The relation of a name to the names that a server lists. The caller determines it, never the policy.
/// </summary>
/// <param name="IsListed">True if the name is listed, byte for byte.</param>
/// <param name="LookAlikes">
/// The other listed names that differ from it only in case, compatibility form or look-alike characters.
/// </param>
public sealed record NameListing(bool IsListed, ImmutableArray<string> LookAlikes)
{
    /// <summary>A name that is not listed, or whose server's list is unknown.</summary>
    public static NameListing Unknown { get; } = new(false, []);

    /// <summary>A listed name that no other listed name looks like.</summary>
    public static NameListing Listed { get; } = new(true, []);
}
