using Gateway.Policy.Decisions;
using Gateway.Policy.Variants;

namespace Gateway.Policy.Rules;

/// <summary>Checks whether a server could take a tool's name for that of another tool with another rule.</summary>
internal static class NameCheck
{
    /// <summary>Returns the denial; null if the name is unambiguous.</summary>
    /// <param name="names">The names of the policy.</param>
    /// <param name="name">The policy's classification of the name.</param>
    /// <param name="listing">The relation of the name to those that the server lists; null if unknown.</param>
    /// <param name="standing">The status of the tool's definition.</param>
    /// <param name="isRecorded">
    /// True if the denial is only recorded, since all rules in question are in shadow mode.
    /// </param>
    public static PolicyDecision? Evaluate(
        ToolNames names, ToolName name, NameListing? listing, ToolStanding standing, out bool isRecorded)
    {
        isRecorded = false;
        if (name.IsUnclear)
            return BuiltInDecisions.UnclearTool;
        if (listing is { LookAlikes.IsEmpty: false } && !(listing.IsListed && name.IsNamed && AreNamed(names, listing)))
        {
            isRecorded = name.Rule.IsDenialShadow && names.AreClassesShadow && AreShadow(names, listing);
            return BuiltInDecisions.AmbiguousTool;
        }

        if (!name.LooksLikeOther || (listing is { IsListed: true } && standing == ToolStanding.Accepted))
            return null;
        isRecorded = name.IsShadow;
        return BuiltInDecisions.AmbiguousTool;
    }

    // Separate from the method above, which must not allocate a closure for each call.
    private static bool AreNamed(ToolNames names, NameListing listing) =>
        listing.LookAlikes.All(other => names.Of(other).IsNamed);

    private static bool AreShadow(ToolNames names, NameListing listing) =>
        listing.LookAlikes.All(other => names.Of(other) is { Hidden: null, Rule.IsDenialShadow: true });
}
