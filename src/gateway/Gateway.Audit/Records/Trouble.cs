namespace Gateway.Audit.Records;

/// <summary>Why calls are refused that no rule refuses: the gateway's own trouble, by cause.</summary>
public enum Trouble
{
    /// <summary>No record can be written.</summary>
    Audit,

    /// <summary>The counters cannot be asked.</summary>
    Limits,

    /// <summary>This machine's clock cannot be believed.</summary>
    Clock,

    /// <summary>What is shared with other frontends cannot be reached: grants, approvals.</summary>
    Control,
}
