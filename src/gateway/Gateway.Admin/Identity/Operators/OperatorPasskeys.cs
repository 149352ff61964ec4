using Gateway.Control.Documents.Kinds;

namespace Gateway.Admin.Identity.Operators;

/// <summary>The passkeys of one operator.</summary>
/// <param name="Owner">The operator.</param>
/// <param name="Stored">The stored document.</param>
/// <param name="Version">The version of the document.</param>
public sealed record OperatorPasskeys(OperatorAccount Owner, PasskeysDocument Stored, long Version);
