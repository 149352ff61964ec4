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

    /// <summary>A policy.</summary>
    Policy,

    /// <summary>The subject of a caller, from the audit log of the frontend that serves the query.</summary>
    Caller,

    /// <summary>The issuer of callers, from the same log.</summary>
    CallerIssuer,

    /// <summary>The OAuth client of callers, from the same log.</summary>
    CallerClient,

    /// <summary>The party that acts for callers, from the same log.</summary>
    CallerActor,

    /// <summary>A limit of a policy or a budget, with its use against its maximum.</summary>
    Budget,
}
