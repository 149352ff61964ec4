using Gateway.Policy.Problems;

namespace Gateway.Policy.Documents;

/// <summary>Reads <c>pin</c>, of the document or of an entry.</summary>
internal static class PinReader
{
    private const string Name = "pin";

    /// <summary>Returns the level; null if the member is absent.</summary>
    public static PinLevel? Read(MemberReader members) =>
        members.Choice(members.Optional(Name), Name, "off", "warn", "deny") switch
        {
            "off" => PinLevel.Off,
            "warn" => PinLevel.Warn,
            "deny" => PinLevel.Deny,
            _ => null,
        };
}
