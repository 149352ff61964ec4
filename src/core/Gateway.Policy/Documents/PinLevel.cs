namespace Gateway.Policy.Documents;

/// <summary>What happens to a tool whose definition nobody has accepted.</summary>
internal enum PinLevel
{
    /// <summary>Nothing, unless the definition has a finding that no ordinary one has.</summary>
    Off,

    /// <summary>The same, and each call is recorded as one that <see cref="Deny"/> would refuse.</summary>
    Warn,

    /// <summary>It is hidden and refused.</summary>
    Deny,
}
