using Gateway.Policy.Results;

namespace Gateway.Audit.Records;

/// <summary>What a policy's <c>results</c> did with what a server answered.</summary>
/// <param name="Redacted">Each rule that found something, and how often; never what it found.</param>
/// <param name="Denial">Why the answer was denied; null where it passed.</param>
/// <param name="Shadow">Why it would have been, were no rule in shadow.</param>
public sealed record ResultRecord(
    IReadOnlyList<RedactionCount> Redacted, ResultDenial? Denial, ResultDenial? Shadow);
