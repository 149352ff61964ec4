using Gateway.Policy.Problems;

namespace Gateway.Policy.Documents;

/// <summary>Reads <c>mode</c>, of the document or of an entry.</summary>
internal static class ModeReader
{
    /// <summary>Whether it says shadow; null where it does not say.</summary>
    public static bool? Read(MemberReader members)
    {
        var node = members.Optional("mode");
        if (members.Choice(node, "mode", "enforce", "shadow") is not { } mode)
            return null;
        return mode == "shadow"
            && members.Context.Supports(PolicyFeature.Shadow, node!.Offset, members.PointerTo("mode"), mode);
    }
}
