namespace Gateway.Admin.Events;

/// <summary>The data that a console may have to reload.</summary>
[Flags]
internal enum EventTopics
{
    None = 0,

    /// <summary>Servers, policies, grants, lists, operators, the configuration file and the like.</summary>
    Control = 1,

    /// <summary>Requests for approval.</summary>
    Approvals = 2,

    /// <summary>The health of servers, and of this gateway.</summary>
    Health = 4,

    /// <summary>New decisions; at most once every few seconds.</summary>
    Usage = 8,
}
