namespace Gateway.Limits.Acquiring;

/// <summary>The next action that an <see cref="AcquirePlan"/> requires of its driver.</summary>
internal enum AcquireStep
{
    /// <summary>Send a request to the counter of <see cref="AcquirePlan.Index"/>, then report its reply.</summary>
    Request,

    /// <summary>Do nothing before <see cref="AcquirePlan.NowMs"/>, then report the time.</summary>
    WaitUntil,

    /// <summary>Give back all of <see cref="AcquirePlan.Released"/>; no request is left to send.</summary>
    Release,

    /// <summary>The plan is done, and nothing has to be given back.</summary>
    Done,
}
