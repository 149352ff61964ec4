using Gateway.Policy.Results;

namespace Gateway.Audit.Records;

/// <summary>The effect of a policy's <c>results</c> on a server's response.</summary>
/// <param name="Redacted">Each rule that matched, and how often; never the matched text.</param>
/// <param name="Denial">Reason for denying the response; null if it passed.</param>
/// <param name="Shadow">Reason for which it would have been denied if no rule were in shadow mode.</param>
public sealed record ResultRecord(
    IReadOnlyList<RedactionCount> Redacted, ResultDenial? Denial, ResultDenial? Shadow);
