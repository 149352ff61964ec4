namespace Gateway.Audit.Records;

/// <summary>Names of causes in metrics, records and logs.</summary>
public static class TroubleNames
{
    /// <summary>Returns the name of a cause.</summary>
    public static string Name(this Trouble cause) => cause switch
    {
        Trouble.Audit => "audit",
        Trouble.Limits => "limits",
        Trouble.Clock => "clock",
        Trouble.Control => "control",
        _ => throw new NotSupportedException($"Trouble {cause} has no case here."),
    };
}

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
