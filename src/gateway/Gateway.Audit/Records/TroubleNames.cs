namespace Gateway.Audit.Records;

/// <summary>What a cause is called in metrics, records and logs.</summary>
public static class TroubleNames
{
    /// <summary>Its name.</summary>
    public static string Name(this Trouble cause) => cause switch
    {
        Trouble.Audit => "audit",
        Trouble.Limits => "limits",
        Trouble.Clock => "clock",
        Trouble.Control => "control",
        _ => throw new NotSupportedException($"Trouble {cause} has no case here."),
    };
}
