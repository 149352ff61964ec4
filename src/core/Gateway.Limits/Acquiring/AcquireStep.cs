namespace Gateway.Limits.Acquiring;

/// <summary>What an <see cref="AcquirePlan"/> wants done next.</summary>
internal enum AcquireStep
{
    /// <summary>Ask the counter of <see cref="AcquirePlan.Index"/>, then say what it replied.</summary>
    Request,

    /// <summary>Do nothing before <see cref="AcquirePlan.NowMs"/>, then say what time it is.</summary>
    WaitUntil,

    /// <summary>Give back all of <see cref="AcquirePlan.Released"/>; nothing is left to ask.</summary>
    Release,

    /// <summary>It is decided, and nothing has to be given back.</summary>
    Done,
}
