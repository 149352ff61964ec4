namespace Gateway.Audit.Records;

/// <summary>The component whose failure causes refusals without a rule.</summary>
public enum Trouble
{
    /// <summary>No audit record can be written.</summary>
    Audit,

    /// <summary>The counters do not respond.</summary>
    Limits,

    /// <summary>This machine's clock is not trustworthy.</summary>
    Clock,

    /// <summary>The state shared with other frontends, such as grants and approvals, cannot be reached.</summary>
    Control,
}
