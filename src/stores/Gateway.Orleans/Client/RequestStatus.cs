namespace Gateway.Orleans.Client;

/// <summary>What came of a question.</summary>
internal enum RequestStatus
{
    /// <summary>It was answered.</summary>
    Answered,

    /// <summary>No answer in time: the owner may have given numbers, which this process will never use.</summary>
    TimedOut,

    /// <summary>No owner could be reached within the time that a question may take.</summary>
    Unreachable,
}
