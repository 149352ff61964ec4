namespace Gateway.Faults.FailPoints;

/// <summary>
/// The points at which a gateway ends as by <c>kill -9</c>, and the wrong assumptions that it can make.
/// </summary>
internal static class Points
{
    /// <summary>A reservation was requested, and the store has not received it.</summary>
    public const string BeforeReserving = "before-reserving";

    /// <summary>The store has accepted the write, and the counter has not received the result.</summary>
    public const string AfterReserving = "after-reserving";

    /// <summary>The call has its permit, and its decision is not recorded.</summary>
    public const string BeforeRecord = "before-record";

    /// <summary>The permit is spent and the call is sent; no part of a response was read.</summary>
    public const string BeforeAnswer = "before-answer";

    /// <summary>
    /// The gateway assumes that it is the only owner of every counter: it takes blocks, reads ahead, and trusts its
    /// last read.
    /// </summary>
    public const string SoleOwner = "sole-owner";

    /// <summary>Like <see cref="SoleOwner"/>, over a store whose last writer wins: no promise holds.</summary>
    public const string LastWriterWins = "last-writer-wins";

    /// <summary>A journal that accepts writes and stores nothing: no promise holds.</summary>
    public const string NeverWritten = "never-written";

    /// <summary>The points at which a gateway may be killed and still keeps its promise.</summary>
    public static IReadOnlyList<string> OfDeath { get; } =
        [BeforeReserving, AfterReserving, BeforeRecord, BeforeAnswer];
}
