using Gateway.Policy.Decisions;
using Gateway.Policy.Variants;

namespace Gateway.Policy.Rules;

/// <summary>Whether a server could take a tool's name for that of another tool, which has another rule.</summary>
internal static class NameCheck
{
    /// <summary>The denial; null where the name has one meaning.</summary>
    /// <param name="names">The names of the policy.</param>
    /// <param name="name">What the policy makes of the name.</param>
    /// <param name="listing">How the name relates to those that the server lists; null where nothing is known.</param>
    /// <param name="standing">What is known of the tool's definition.</param>
    /// <param name="isRecorded">The denial is only recorded, since all rules in question are in shadow mode.</param>
    public static PolicyDecision? Judge(
        ToolNames names, ToolName name, NameListing? listing, ToolStanding standing, out bool isRecorded)
    {
        isRecorded = false;
        if (name.IsUnclear)
            return BuiltInDecisions.UnclearTool;
        if (listing is { LookAlikes.IsEmpty: false } && !(listing.IsListed && name.IsNamed && AreNamed(names, listing)))
        {
            isRecorded = name.Rule.IsDenialShadow && AreShadow(names, listing);
            return BuiltInDecisions.AmbiguousTool;
        }

        if (!name.LooksLikeOther || (listing is { IsListed: true } && standing == ToolStanding.Accepted))
            return null;
        isRecorded = name.IsShadow;
        return BuiltInDecisions.AmbiguousTool;
    }

    // Apart from the method above, which must not make a closure for each call.
    private static bool AreNamed(ToolNames names, NameListing listing) =>
        listing.LookAlikes.All(other => names.Of(other).IsNamed);

    private static bool AreShadow(ToolNames names, NameListing listing) =>
        listing.LookAlikes.All(other => names.Of(other) is { Hidden: null, Rule.IsDenialShadow: true });
}
