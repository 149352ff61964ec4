using System.Collections.Immutable;

namespace Gateway.Policy.Variants;

/// <summary>How a name relates to the names that a server lists. A caller knows it, never the policy.</summary>
/// <param name="IsListed">Whether the name is listed, byte for byte.</param>
/// <param name="LookAlikes">
/// The other listed names that differ from it only in case, compatibility form or look-alike characters.
/// </param>
public sealed record NameListing(bool IsListed, ImmutableArray<string> LookAlikes)
{
    /// <summary>Not listed, or nothing is known of the server's list.</summary>
    public static NameListing Unknown { get; } = new(false, []);

    /// <summary>Listed, and no other listed name looks like it.</summary>
    public static NameListing Listed { get; } = new(true, []);
}
