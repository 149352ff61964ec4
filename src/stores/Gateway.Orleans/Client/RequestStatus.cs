namespace Gateway.Orleans.Client;

/// <summary>The status of a request.</summary>
internal enum RequestStatus
{
    /// <summary>The owner replied.</summary>
    Answered,

    /// <summary>
    /// There was no timely reply: the owner may have issued numbers, which this process will never use.
    /// </summary>
    TimedOut,

    /// <summary>No owner could be reached within the time of a request.</summary>
    Unreachable,
}
