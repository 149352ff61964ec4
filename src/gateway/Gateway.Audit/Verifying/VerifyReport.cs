using Gateway.Audit.Evidence;

namespace Gateway.Audit.Verifying;

/// <summary>The result of verifying a log.</summary>
/// <param name="Result"><c>sound</c>, <c>broken</c> or <c>nothing_to_compare</c>.</param>
public sealed record VerifyReport(string Result)
{
    /// <summary>Result if everything that was compared is unchanged.</summary>
    public const string Sound = "sound";

    /// <summary>Result if something differs.</summary>
    public const string Broken = "broken";

    /// <summary>Result if there is no checkpoint, or none of the covered records is available.</summary>
    public const string Nothing = "nothing_to_compare";

    /// <summary>Id of the log's writer according to its checkpoints; null if there are none.</summary>
    public string? Writer { get; init; }

    /// <summary>Number of records that are unchanged, with none missing between them.</summary>
    public long Proved { get; init; }

    /// <summary>Number of checkpoints that hold.</summary>
    public int Checkpoints { get; init; }

    /// <summary>Time of the newest of these checkpoints.</summary>
    public DateTimeOffset? Newest { get; init; }

    /// <summary>The last checkpoint that proves records; null if none does.</summary>
    public LastProof? Last { get; init; }

    /// <summary>Number of records after it, which nothing proves yet.</summary>
    public long Later { get; init; }

    /// <summary>The parts of the log, in order.</summary>
    public IReadOnlyList<VerifiedPart> Parts { get; init; } = [];

    /// <summary>
    /// Results for the personal values, which an erasure may remove; null if there are neither values nor erasures.
    /// </summary>
    public VerifiedValues? Values { get; init; }

    /// <summary>Results for the checkpoints from elsewhere.</summary>
    public IReadOnlyList<OutsideResult> Outside { get; init; } = [];

    /// <summary>The trusted keys, by the first bytes of their digests.</summary>
    public IReadOnlyList<string> Keys { get; init; } = [];

    /// <summary>Origin of the trusted keys.</summary>
    public string KeysFrom { get; init; } = "";

    /// <summary>Limits of the verification: facts that it cannot prove, in general or in this case.</summary>
    public IReadOnlyList<string> Limits { get; init; } = [];
}

/// <summary>The last checkpoint that proves records.</summary>
/// <param name="Chain">Id of the tree.</param>
/// <param name="Size">Number of records of that tree.</param>
/// <param name="Time">Time of signing, by the writer's clock.</param>
/// <param name="At">Place where its last record ends.</param>
public sealed record LastProof(string Chain, long Size, DateTimeOffset Time, LogPlace At);
