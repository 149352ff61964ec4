using Gateway.Audit.Evidence;

namespace Gateway.Audit.Verifying;

/// <summary>The personal values of a log, compared with the hashes in its records.</summary>
/// <param name="Kept">Number of unchanged values.</param>
/// <param name="Changed">Number of values that differ from their hash, which is tampering.</param>
/// <param name="Missing">Number of values that are missing without an erasure record, which is tampering.</param>
/// <param name="Pending">
/// Number of records whose values an erasure names and that still have them: it was interrupted.
/// </param>
/// <param name="Erasures">The erasures.</param>
public sealed record VerifiedValues(
    long Kept, long Changed, long Missing, long Pending, IReadOnlyList<ErasedValues> Erasures);

/// <summary>The values that one erasure removed.</summary>
/// <param name="Id">The erasure's id, as in its records.</param>
/// <param name="At">The place of its first record with places.</param>
/// <param name="Values">Number of values that it removed from the records that still exist.</param>
public sealed record ErasedValues(string Id, LogPlace At, long Values);
