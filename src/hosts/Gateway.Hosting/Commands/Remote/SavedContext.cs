namespace Gateway.Hosting.Commands.Remote;

/// <summary>A gateway that the operator has named.</summary>
/// <param name="Gateway">The address of its admin API.</param>
/// <param name="Key">Its admin key; null where none was saved.</param>
internal sealed record SavedContext(Uri Gateway, string? Key);
