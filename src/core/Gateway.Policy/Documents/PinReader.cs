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

/// <summary>The treatment of a tool whose definition nobody has accepted.</summary>
internal enum PinLevel
{
    /// <summary>No effect, unless the definition has a finding that no ordinary one has.</summary>
    Off,

    /// <summary>As <see cref="Off"/>, but each call is recorded as one that <see cref="Deny"/> would refuse.</summary>
    Warn,

    /// <summary>The tool is hidden and refused.</summary>
    Deny,
}
