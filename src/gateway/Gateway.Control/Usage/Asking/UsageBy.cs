namespace Gateway.Control.Usage.Asking;

/// <summary>What a row of an answer is.</summary>
public enum UsageBy
{
    /// <summary>Allowed, or why a call was refused.</summary>
    Outcome,

    /// <summary>A server.</summary>
    Server,

    /// <summary>A grant.</summary>
    Grant,

    /// <summary>A tool of a server.</summary>
    Tool,
}
