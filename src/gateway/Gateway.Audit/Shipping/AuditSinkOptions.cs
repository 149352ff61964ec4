namespace Gateway.Audit.Shipping;

/// <summary>A place beside the file where records go.</summary>
/// <param name="Name">Its name.</param>
/// <param name="Url">Where batches are posted.</param>
/// <param name="Blocks">
/// Whether a file is kept until it was shipped, and calls are denied when that fills the log; else it is deleted
/// unshipped and counted.
/// </param>
/// <param name="TokenFile">The file of the bearer token, read at each batch; null for none.</param>
public sealed record AuditSinkOptions(string Name, Uri Url, bool Blocks, string? TokenFile);
