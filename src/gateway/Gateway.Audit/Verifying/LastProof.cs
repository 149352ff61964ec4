using Gateway.Audit.Evidence;

namespace Gateway.Audit.Verifying;

/// <summary>The last checkpoint that proves records.</summary>
/// <param name="Chain">The tree that it is about.</param>
/// <param name="Size">Records of that tree.</param>
/// <param name="Time">When it was signed, by the writer's clock.</param>
/// <param name="At">Where its last record ends.</param>
public sealed record LastProof(string Chain, long Size, DateTimeOffset Time, LogPlace At);
