namespace Gateway.Admin.Events;

/// <summary>What a console may have to ask for anew.</summary>
[Flags]
internal enum EventTopics
{
    None = 0,

    /// <summary>Servers, policies, grants, lists, operators, the configuration file and the like.</summary>
    Control = 1,

    /// <summary>Requests for approval.</summary>
    Approvals = 2,

    /// <summary>Whether servers answer, and whether this gateway decides calls.</summary>
    Health = 4,

    /// <summary>That something was decided since the last time; at most once in some seconds.</summary>
    Usage = 8,
}
