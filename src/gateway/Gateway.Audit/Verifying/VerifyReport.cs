namespace Gateway.Audit.Verifying;

/// <summary>What can be said of a log.</summary>
/// <param name="Result"><c>sound</c>, <c>broken</c> or <c>nothing_to_compare</c>.</param>
public sealed record VerifyReport(string Result)
{
    /// <summary>All that was compared is as it was written.</summary>
    public const string Sound = "sound";

    /// <summary>Something is not.</summary>
    public const string Broken = "broken";

    /// <summary>There is no checkpoint, or no record that one is about.</summary>
    public const string Nothing = "nothing_to_compare";

    /// <summary>Whose log it is, as its checkpoints say; null where there is none.</summary>
    public string? Writer { get; init; }

    /// <summary>Records that are as they were written, none missing between them.</summary>
    public long Proved { get; init; }

    /// <summary>Checkpoints that hold.</summary>
    public int Checkpoints { get; init; }

    /// <summary>The newest of them.</summary>
    public DateTimeOffset? Newest { get; init; }

    /// <summary>The last checkpoint that proves records; null where none does.</summary>
    public LastProof? Last { get; init; }

    /// <summary>Records after it, which nothing proves yet.</summary>
    public long Later { get; init; }

    /// <summary>The log, part by part, in order.</summary>
    public IReadOnlyList<VerifiedPart> Parts { get; init; } = [];

    /// <summary>The checkpoints from elsewhere, and what became of each.</summary>
    public IReadOnlyList<OutsideResult> Outside { get; init; } = [];

    /// <summary>The keys that were trusted, by the first bytes of their digests.</summary>
    public IReadOnlyList<string> Keys { get; init; } = [];

    /// <summary>Why those.</summary>
    public string KeysFrom { get; init; } = "";

    /// <summary>What no such comparison proves, or did not here.</summary>
    public IReadOnlyList<string> Limits { get; init; } = [];
}
