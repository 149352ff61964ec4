namespace Gateway.Control.Usage.Asking;

/// <summary>The subject of a row in a usage report.</summary>
public enum UsageBy
{
    /// <summary>Allowed, or the reason why a call was refused.</summary>
    Outcome,

    /// <summary>A server.</summary>
    Server,

    /// <summary>A grant.</summary>
    Grant,

    /// <summary>A tool of a server.</summary>
    Tool,
}
