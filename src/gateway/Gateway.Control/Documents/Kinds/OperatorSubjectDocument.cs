using Gateway.Control.Snapshots;

namespace Gateway.Control.Documents.Kinds;

/// <summary>
/// The subject that an operator is as a caller, from the last sign-in at a provider that is also an issuer of
/// <c>identity</c>. It is no part of the operator's document, because previous releases reject unknown members there.
/// </summary>
public sealed record OperatorSubjectDocument
{
    /// <summary>The account's id.</summary>
    public required string OperatorId { get; init; }

    /// <summary>The subject.</summary>
    public required CallerSubject Subject { get; init; }
}
