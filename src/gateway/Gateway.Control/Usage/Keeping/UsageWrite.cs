namespace Gateway.Control.Usage.Keeping;

/// <summary>Why figures are written.</summary>
public enum UsageWrite
{
    /// <summary>Somebody asks: only what has changed.</summary>
    Changes,

    /// <summary>It is time to say that this frontend is there, whatever it counted.</summary>
    Presence,

    /// <summary>The process ends, and counts no more.</summary>
    Last,
}
