using Gateway.Audit.Evidence;

namespace Gateway.Audit.Verifying;

/// <summary>The last checkpoint that proves records.</summary>
/// <param name="Chain">Id of the tree.</param>
/// <param name="Size">Number of records of that tree.</param>
/// <param name="Time">Time of signing, by the writer's clock.</param>
/// <param name="At">Place where its last record ends.</param>
public sealed record LastProof(string Chain, long Size, DateTimeOffset Time, LogPlace At);
