using Gateway.Policy.Problems;

namespace Gateway.Policy.Documents;

/// <summary>Reads <c>mode</c>, of the document or of an entry.</summary>
internal static class ModeReader
{
    /// <summary>Returns true for shadow mode; null if the member is absent.</summary>
    public static bool? Read(MemberReader members) =>
        members.Choice(members.Optional("mode"), "mode", "enforce", "shadow") is { } mode ? mode == "shadow" : null;
}
