namespace Gateway.Orleans.Documents.Wire;

/// <summary>The outcome of a change.</summary>
[GenerateSerializer]
[Alias("gateway.control-outcome-kind")]
public enum ControlOutcomeKind
{
    /// <summary>Storage did not confirm the change; it may have happened.</summary>
    Unknown = 0,

    /// <summary>The change is durably written.</summary>
    Written = 1,

    /// <summary>The document has another version; nothing changed.</summary>
    Conflict = 2,

    /// <summary>The change is not possible; nothing changed.</summary>
    Refused = 3,
}
