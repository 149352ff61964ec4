namespace Gateway.Policy.Documents;

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
