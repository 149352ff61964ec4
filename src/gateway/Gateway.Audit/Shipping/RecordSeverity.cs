namespace Gateway.Audit.Shipping;

/// <summary>Severity of a record; the numbers are those of syslog (RFC 5424, 6.2.1).</summary>
public enum RecordSeverity
{
    /// <summary>Records were lost.</summary>
    Error = 3,

    /// <summary>A call was refused.</summary>
    Warning = 4,

    /// <summary>Somebody changed or decided something.</summary>
    Notice = 5,

    /// <summary>Any other record.</summary>
    Information = 6,
}
