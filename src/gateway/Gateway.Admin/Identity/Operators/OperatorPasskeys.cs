using Gateway.Control.Documents.Kinds;

namespace Gateway.Admin.Identity.Operators;

/// <summary>The passkeys of one operator.</summary>
/// <param name="Owner">Whose they are.</param>
/// <param name="Stored">As the store keeps them.</param>
/// <param name="Version">The document's.</param>
public sealed record OperatorPasskeys(OperatorAccount Owner, PasskeysDocument Stored, long Version);
