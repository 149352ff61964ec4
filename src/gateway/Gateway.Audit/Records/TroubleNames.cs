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
