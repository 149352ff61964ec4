using Gateway.Policy.Problems;

namespace Gateway.Policy.Documents;

/// <summary>Reads <c>mode</c>, of the document or of an entry.</summary>
internal static class ModeReader
{
    /// <summary>Whether it says shadow; null where it does not say.</summary>
    public static bool? Read(MemberReader members) =>
        members.Choice(members.Optional("mode"), "mode", "enforce", "shadow") is { } mode ? mode == "shadow" : null;
}
