namespace Gateway.Orleans.Documents.Wire;

/// <summary>What became of a change.</summary>
[GenerateSerializer]
[Alias("gateway.control-outcome-kind")]
public enum ControlOutcomeKind
{
    /// <summary>Storage did not say: it may have happened.</summary>
    Unknown = 0,

    /// <summary>It is written, durably.</summary>
    Written = 1,

    /// <summary>Another version is there; nothing changed.</summary>
    Conflict = 2,

    /// <summary>It cannot be; nothing changed.</summary>
    Refused = 3,
}
