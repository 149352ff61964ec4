namespace Gateway.Control.Usage.Keeping;

/// <summary>The reason for a write of figures.</summary>
public enum UsageWrite
{
    /// <summary>A query: only changed figures are written.</summary>
    Changes,

    /// <summary>The regular write, which shows that this frontend is present, whatever it counted.</summary>
    Presence,

    /// <summary>The last write, at the end of the process.</summary>
    Last,
}
